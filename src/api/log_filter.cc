#include "api/log_filter.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

namespace mainspring::api {
namespace {

struct Range {
  int attempt = 1;
  std::int64_t from = 1;
  std::int64_t to = 1;
};

// The ranges of lines around the matches, joined where they touch.
std::vector<Range> ranges_around(const std::vector<store::LogLine>& matches,
                                 const FilterPlace& place, std::int64_t context) {
  std::vector<Range> out;
  if (place.due > place.given) out.push_back({place.attempt, place.given + 1, place.due});
  for (const store::LogLine& match : matches) {
    const std::int64_t given = match.attempt == place.attempt ? place.given : 0;
    const Range range{match.attempt, std::max(given + 1, match.number - context),
                      match.number + context};
    const bool touches = !out.empty() && out.back().attempt == range.attempt &&
                         range.from <= out.back().to + 1;
    if (touches)
      out.back().to = std::max(out.back().to, range.to);
    else
      out.push_back(range);
  }
  return out;
}

class ContextPage {
 public:
  ContextPage(store::RunReads& runs, const LogFilter& filter, store::LogMatches found)
      : runs_(runs), filter_(filter), found_(std::move(found)) {}

  // What lies behind the place that the search came to has not been compared yet: it comes later.
  FilterPage make(const FilterPlace& place) {
    FilterPage page{.items = {},
                    .count = found_.count,
                    .place = {found_.looked_at.attempt, found_.looked_at.line, 0, 0},
                    .is_complete = found_.is_complete};
    if (place.attempt == page.place.attempt) page.place = {place.attempt, found_.looked_at.line,
                                                           place.given, place.due};
    for (Range range : ranges_around(found_.items, place, filter_.context)) {
      if (range.attempt == page.place.attempt) {
        page.place.due = range.to;
        if (!found_.is_complete) range.to = std::min(range.to, page.place.looked_at);
        page.place.given = std::max(page.place.given, range.to);
      }
      add(range, page.items);
    }
    return page;
  }

 private:
  void add(const Range& range, std::vector<FilteredLine>& out) {
    for (std::int64_t from = range.from; from <= range.to;) {
      const auto lines = runs_.lines({.run_id = filter_.search.run_id,
                                      .attempt = range.attempt,
                                      .from = from,
                                      .limit = std::min(range.to - from + 1, store::kPageLimit),
                                      .line_bytes = filter_.search.line_bytes});
      if (lines.items.empty()) return;
      from = lines.items.back().number + 1;
      for (const store::LogLine& line : lines.items) {
        if (filter_.search.stream && line.stream != *filter_.search.stream) continue;
        out.push_back({line, is_match(line)});
      }
    }
  }

  bool is_match(const store::LogLine& line) {
    while (next_ < found_.items.size() && is_before(found_.items[next_], line)) ++next_;
    return next_ < found_.items.size() && !is_before(line, found_.items[next_]);
  }
  static bool is_before(const store::LogLine& a, const store::LogLine& b) {
    return std::pair(a.attempt, a.number) < std::pair(b.attempt, b.number);
  }

  store::RunReads& runs_;
  const LogFilter& filter_;
  store::LogMatches found_;
  std::size_t next_ = 0;  // the first match that was not given yet
};

}  // namespace

std::string format_place(const FilterPlace& place) {
  return fmt::format("{}.{}.{}.{}", place.attempt, place.looked_at, place.given, place.due);
}

base::Result<FilterPlace> parse_place(std::string_view text) {
  if (text.empty()) return FilterPlace{};
  std::array<std::int64_t, 4> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  bool is_good = true;
  for (std::size_t i = 0; i < numbers.size() && is_good; ++i) {
    if (i > 0) is_good = at != end && *at++ == '.';
    const auto [next, error] = std::from_chars(at, end, numbers[i]);
    is_good = is_good && error == std::errc{} && numbers[i] >= 0;
    at = next;
  }
  constexpr std::int64_t kMostAttempts = 1 << 30;
  if (!is_good || at != end || numbers[0] < 1 || numbers[0] > kMostAttempts) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("cursor: '{}' is not one that a search gave", text));
  }
  return FilterPlace{static_cast<int>(numbers[0]), numbers[1], numbers[2], numbers[3]};
}

base::Result<FilterPage> load_filter_page(store::RunReads& runs, const LogFilter& filter,
                                          const FilterPlace& place) {
  store::LogSearch search = filter.search;
  if (place.attempt > 0) search.after = store::LinePlace{place.attempt, place.looked_at};
  if (search.limit > 0) search.limit = std::max<std::int64_t>(1, search.limit / (2 * filter.context + 1));
  auto found = runs.search(search);
  if (!found) return base::fail(std::move(found.error()));
  // Nothing was compared: the place stays.
  if (found->looked_at.attempt == 0) found->looked_at = {place.attempt, place.looked_at};
  if (filter.context > 0) return ContextPage(runs, filter, std::move(*found)).make(place);
  FilterPage page{.items = {},
                  .count = found->count,
                  .place = {found->looked_at.attempt, found->looked_at.line, 0, 0},
                  .is_complete = found->is_complete};
  for (store::LogLine& line : found->items)
    page.items.push_back({std::move(line)});
  return page;
}

void cut_page(FilterPage& page, std::size_t n, const LogFilter& filter, const FilterPlace& began) {
  if (n >= page.items.size()) return;
  page.items.resize(n);
  const store::LogLine& last = page.items.back().line;
  page.place = {last.attempt, last.number, 0, 0};
  page.is_complete = false;
  page.count = std::ranges::count_if(page.items, &FilteredLine::is_match);
  if (filter.context == 0) return;
  page.place.given = last.number;
  if (began.attempt == last.attempt) page.place.due = began.due;
  for (const FilteredLine& each : page.items) {
    if (each.is_match && each.line.attempt == last.attempt)
      page.place.due = each.line.number + filter.context;
  }
}

}  // namespace mainspring::api
