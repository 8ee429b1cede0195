// What the handlers of logs share: query parameters, and lines as the API shows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/call.h"
#include "api/log_filter.h"
#include "store/log_questions.h"

namespace mainspring::api {

// An answer with lines stays below: a page shows hundreds of them at most, over any network.
inline constexpr std::size_t kLogPageBytes = 96'000;
inline constexpr std::size_t kLinePiece = 64 << 10;  // of one line, where that fits

// Errors: invalid_argument, naming the parameter.
base::Result<std::optional<int>> query_attempt(const Call& call);
base::Result<std::optional<std::int64_t>> query_positive(const Call& call, std::string_view name);
base::Result<std::optional<model::LogStream>> query_stream(const Call& call);
// q, regex, ignore_case, stream, attempt and context. The pattern is not checked yet.
base::Result<LogFilter> query_filter(const Call& call, base::RunId run_id);

// Bytes that are not UTF-8 become U+FFFD, one each: a line is for reading, the download for bytes.
std::string as_text(std::string_view bytes);

// A LogLineView or a LogMatchView, by what they have in common.
template <class View>
View make_line(const store::LogLine& line) {
  View view;
  view.attempt = line.attempt;
  view.line = line.number;
  view.stream = line.stream;
  view.at = line.at;
  view.text = as_text(line.text.bytes);
  if (line.is_cut()) view.length = line.length;
  return view;
}

}  // namespace mainspring::api
