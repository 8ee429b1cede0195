#include "api/log_lines.h"

#include <algorithm>
#include <climits>

#include <fmt/core.h>

#include "base/text.h"
#include "json/codec.h"

namespace mainspring::api {

base::Result<std::optional<int>> query_attempt(const Call& call) {
  const auto attempt = call.query_integer("attempt");
  if (!attempt) return base::fail(attempt.error());
  if (!*attempt) return std::nullopt;
  if (**attempt < 1 || **attempt > INT_MAX)
    return base::fail(base::Code::invalid_argument,
                      fmt::format("attempt: {} is no attempt; they count from 1", **attempt));
  return static_cast<int>(**attempt);
}

base::Result<std::optional<std::int64_t>> query_positive(const Call& call, std::string_view name) {
  const auto value = call.query_integer(name);
  if (!value) return base::fail(value.error());
  if (*value && **value < 1) {
    return base::fail(base::Code::invalid_argument, fmt::format("{}: give 1 or more", name));
  }
  return *value;
}

base::Result<std::optional<model::LogStream>> query_stream(const Call& call) {
  const std::string name = call.query("stream");
  if (name.empty()) return std::nullopt;
  const auto stream = json::parse_enum<model::LogStream>(name);
  if (!stream) return base::fail(at_parameter("stream", stream.error()));
  return *stream;
}

base::Result<LogFilter> query_filter(const Call& call, base::RunId run_id) {
  LogFilter filter{.search = {.run_id = run_id, .pattern = {.text = call.query("q")}}};
  const auto attempt = query_attempt(call);
  if (!attempt) return base::fail(attempt.error());
  const auto stream = query_stream(call);
  if (!stream) return base::fail(stream.error());
  const auto regex = call.query_flag("regex");
  if (!regex) return base::fail(regex.error());
  const auto ignore_case = call.query_flag("ignore_case");
  if (!ignore_case) return base::fail(ignore_case.error());
  const auto context = call.query_integer("context");
  if (!context) return base::fail(context.error());
  filter.context = context->value_or(0);
  if (filter.context < 0 || filter.context > kMostContext) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("context: {} is not between 0 and {}", filter.context,
                                  kMostContext));
  }
  filter.search.attempt = *attempt;
  filter.search.stream = *stream;
  if (*regex) filter.search.pattern.syntax = store::Syntax::regex;
  if (*ignore_case) filter.search.pattern.letters = store::Case::ignored;
  return filter;
}

std::string as_text(std::string_view bytes) {
  if (base::is_utf8(bytes)) return std::string(bytes);
  std::string out;
  while (!bytes.empty()) {
    const std::size_t length = base::utf8_length(bytes);
    out += length == 0 ? std::string_view{"\uFFFD"} : bytes.substr(0, length);
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace mainspring::api
