// Questions about the lines of logs, and their answers; log_lines.h says what a line is.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/id.h"
#include "model/run.h"
#include "store/line_finder.h"

namespace mainspring::store {

inline constexpr std::size_t kLineShown = 4 << 10;  // of one line in a list; the rest on demand

struct LogLine {
  int attempt = 1;
  std::int64_t number = 1;
  model::LogStream stream = model::LogStream::out;
  base::Instant at;         // when the last of it arrived
  base::Blob text;          // without its break; cut to whole characters
  std::int64_t length = 0;  // bytes of all of it
  bool is_cut() const { return std::cmp_greater(length, text.bytes.size()); }
};

// How much there is of one attempt's log.
struct LogExtent {
  int attempt = 1;
  std::int64_t lines = 0;
  bool is_open = false;  // the last line has not ended: it may grow
  base::Instant first_at;
  base::Instant last_at;
};

struct LineQuery {
  base::RunId run_id = {};
  std::optional<int> attempt = {};  // absent: the last that has a log
  std::int64_t from = 1;
  std::int64_t limit = 50;
  std::optional<std::int64_t> last = {};  // instead: so many lines at the end
  std::size_t line_bytes = kLineShown;
};
struct LogLines {
  LogExtent extent;  // 0 lines: the attempt has no log
  std::vector<LogLine> items;
};

struct LinePlace {
  int attempt = 0;
  std::int64_t line = 0;
};
enum class LogOrder { forward, backward };
struct LogSearch {
  base::RunId run_id = {};
  std::optional<int> attempt = {};  // absent: all
  LinePattern pattern = {};
  std::optional<model::LogStream> stream = {};  // only lines of it
  std::int64_t from = 1;                        // the first line looked at, of each attempt
  std::optional<std::int64_t> to = {};          // the last one
  LogOrder order = LogOrder::forward;
  std::optional<LinePlace> after = {};  // go on behind it, in the order of the search
  std::int64_t limit = 50;              // 0: matching lines are counted, not given
  std::size_t line_bytes = kLineShown;
  std::int64_t page_bytes = 8 << 20;              // about, of text in one answer
  std::optional<base::Duration> patience = {};    // about, for one answer; absent: no limit
};
struct LogMatches {
  std::vector<LogLine> items;
  std::int64_t count = 0;    // matching lines that this answer came by
  LinePlace looked_at;       // up to and with this line; one that may still grow is not in it
  bool is_complete = false;  // nothing follows
};

}  // namespace mainspring::store
