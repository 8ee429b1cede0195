#include "store/log_lines.h"

#include <algorithm>

namespace mainspring::store {
namespace {

std::int64_t count_breaks(std::string_view text) { return std::ranges::count(text, '\n'); }

std::size_t line_end(std::string_view text, std::size_t from) {
  return std::min(text.find('\n', from), text.size());
}

}  // namespace

LineSpan place_lines(const std::optional<PlacedChunk>& before, model::LogStream stream,
                     std::string_view bytes) {
  LineSpan span;
  if (before) {
    const bool goes_on = before->lines.is_open && before->stream == stream;
    span.first = before->lines.last + (goes_on ? 0 : 1);
  }
  span.is_open = !bytes.ends_with('\n');
  span.last = span.first + count_breaks(bytes) - (span.is_open ? 0 : 1);
  return span;
}

void LineScanner::feed(const model::LogChunk& chunk, const Emit& emit) {
  if (chunk.stream != stream_) finish(emit);
  stream_ = chunk.stream;
  at_ = chunk.at;
  const std::string_view bytes = chunk.bytes.bytes;
  const std::size_t last_break = bytes.rfind('\n');
  if (last_break == std::string_view::npos) {
    rest_ += bytes;
    return;
  }
  std::string_view whole = bytes.substr(0, last_break + 1);
  std::string joined;
  if (!rest_.empty()) {
    joined = std::move(rest_);
    joined += whole;
    whole = joined;
  }
  rest_ = bytes.substr(last_break + 1);
  const std::int64_t next = line_ + count_breaks(whole);
  emit({line_, next - 1, stream_, at_, whole});
  line_ = next;
}

void LineScanner::finish(const Emit& emit) {
  if (rest_.empty()) return;
  emit({line_, line_, stream_, at_, rest_});
  ++line_;
  rest_.clear();
}

Next each_line(const LineBlock& block, const std::function<Next(const FoundLine&)>& found) {
  std::int64_t number = block.first_line;
  for (std::size_t from = 0; from < block.text.size(); ++number) {
    const std::size_t end = line_end(block.text, from);
    if (found({number, block.text.substr(from, end - from)}) == Next::stop) return Next::stop;
    from = end + 1;
  }
  return Next::go_on;
}

}  // namespace mainspring::store
