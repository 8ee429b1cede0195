#include "store/log_lines.h"

#include <algorithm>

namespace mainspring::store {
namespace {

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

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
  emit({line_, stream_, at_, whole});
  line_ += count_breaks(whole);
}

void LineScanner::finish(const Emit& emit) {
  if (rest_.empty()) return;
  emit({line_, stream_, at_, rest_});
  ++line_;
  rest_.clear();
}

LineFinder::LineFinder(std::string wanted, Case letters)
    : wanted_(letters == Case::ignored ? to_lower(wanted) : std::move(wanted)), letters_(letters) {}

Next LineFinder::search(const LineBlock& block,
                        const std::function<Next(const FoundLine&)>& found) {
  if (letters_ == Case::ignored) folded_ = to_lower(block.text);
  const std::string_view text = letters_ == Case::ignored ? folded_ : block.text;
  std::int64_t number = block.first_line;
  std::size_t counted = 0;  // the breaks before it are in `number`
  for (std::size_t at = text.find(wanted_); at != std::string_view::npos;) {
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = line_end(text, at);
    number += count_breaks(text.substr(counted, begin - counted));
    counted = begin;
    if (found({number, block.text.substr(begin, end - begin)}) == Next::stop) return Next::stop;
    at = text.find(wanted_, end);
  }
  return Next::go_on;
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
