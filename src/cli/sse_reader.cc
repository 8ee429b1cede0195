#include "cli/sse_reader.h"

namespace mainspring::cli {
namespace {

constexpr std::size_t kLongestLine = 16 << 20;

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
    } else if (line_.size() < kLongestLine) {
      line_ += c;
    }
  }
  return events;
}

void SseReader::read_line(std::string_view line, std::vector<SseEvent>& events) {
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
  if (field == "id") event_.id = value;
  if (field == "event") event_.type = value;
  if (field == "data") {
    if (has_payload_) event_.payload += '\n';
    event_.payload += value;
    has_payload_ = true;
  }
}

}  // namespace mainspring::cli
