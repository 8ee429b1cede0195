#include "cli/sse_reader.h"

#include <algorithm>
#include <utility>

namespace mainspring::cli {
namespace {

constexpr std::size_t kMostBytes = 16 << 20;  // of a line, and of an event
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::vector<SseEvent> SseReader::read(std::string_view bytes) {
  std::vector<SseEvent> events;
  for (const char c : bytes) {
    const bool ends_pair = c == '\n' && after_return_;
    after_return_ = c == '\r';
    if (ends_pair) continue;
    if (c == '\n' || c == '\r') {
      read_line(line_, events);
      line_.clear();
    } else if (line_.size() < kMostBytes) {
      line_ += c;
    }
  }
  return events;
}

void SseReader::read_line(std::string_view line, std::vector<SseEvent>& events) {
  if (std::exchange(is_first_line_, false) && line.starts_with(kByteOrderMark))
    line.remove_prefix(kByteOrderMark.size());
  if (line.empty()) {
    if (has_payload_) events.push_back(event_);
    event_ = {.id = event_.id};
    has_payload_ = false;
    return;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "id" && !value.contains('\0')) event_.id = value;
  if (field == "event") event_.type = value.empty() ? "message" : value;
  if (field == "data") {
    if (has_payload_) event_.payload += '\n';
    event_.payload += value.substr(0, kMostBytes - std::min(event_.payload.size(), kMostBytes));
    has_payload_ = true;
  }
}

}  // namespace mainspring::cli
