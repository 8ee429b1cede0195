// A filtered log: the lines that match and so many lines around each, as grep -C gives them, a page
// at a time. Lines in no page twice, in their order, whatever the pages' sizes.
//
// Threads: whichever owns the reads. Time: the search's own bound, and a few look-ups per match.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/reads.h"

namespace mainspring::api {

inline constexpr std::int64_t kMostContext = 50;

struct LogFilter {
  store::LogSearch search;   // `after` is the place's business
  std::int64_t context = 0;  // lines before and after each match; forward searches only
};

// Between two pages: up to where lines were compared, the last one given, and up to where lines are
// due because they follow a match. All within one attempt.
struct FilterPlace {
  int attempt = 0;  // 0: the beginning
  std::int64_t looked_at = 0;
  std::int64_t given = 0;
  std::int64_t due = 0;
};
std::string format_place(const FilterPlace& place);
// "" is the beginning. Errors: invalid_argument.
base::Result<FilterPlace> parse_place(std::string_view text);

struct FilteredLine {
  store::LogLine line;
  bool is_match = true;
};
struct FilterPage {
  std::vector<FilteredLine> items;
  std::int64_t count = 0;  // matching lines that the page came by
  FilterPlace place;       // where to go on
  bool is_complete = false;
};

// Errors: invalid_argument (the pattern).
base::Result<FilterPage> load_filter_page(store::RunReads& runs, const LogFilter& filter,
                                          const FilterPlace& place);

// Leaves the page's lines from the n-th on to the next page. `began`: the page's own place. n > 0.
void cut_page(FilterPage& page, std::size_t n, const LogFilter& filter, const FilterPlace& began);

}  // namespace mainspring::api
