#include "http/sse.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/core.h>

namespace mainspring::http {
namespace {

std::string one_line(std::string_view text) {
  std::string out{text};
  std::erase_if(out, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  return out;
}

void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
  while (true) {
    const std::size_t end = text.find_first_of("\r\n");
    out += prefix;
    out += text.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

}  // namespace

std::string format_event(const SseEvent& event) {
  std::string out;
  if (!event.id.empty()) out += "id: " + one_line(event.id) + "\n";
  if (!event.event.empty()) out += "event: " + one_line(event.event) + "\n";
  if (event.retry) out += fmt::format("retry: {}\n", event.retry->count());
  append_lines(out, "data: ", event.data);
  return out + "\n";
}

std::string format_id(std::string_view id) { return "id: " + one_line(std::string{id}) + "\n\n"; }

std::string format_comment(std::string_view text) {
  std::string out;
  append_lines(out, ": ", text);
  return out + "\n";
}

std::vector<SseEvent> SseParser::feed(std::string_view bytes) {
  std::vector<SseEvent> out;
  for (const char c : bytes) {
    const bool ends_crlf = c == '\n' && after_cr_;
    after_cr_ = c == '\r';
    if (ends_crlf) continue;
    if (c != '\r' && c != '\n') {
      line_ += c;
      continue;
    }
    read_line(line_, out);
    line_.clear();
  }
  return out;
}

void SseParser::read_line(std::string_view line, std::vector<SseEvent>& out) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (std::exchange(is_first_line_, false) && line.starts_with(kByteOrderMark))
    line.remove_prefix(kByteOrderMark.size());
  if (line.empty()) {
    if (has_data_) {
      event_.data.pop_back();
      event_.id = last_id_;
      out.push_back(std::move(event_));
    }
    event_ = {};
    has_data_ = false;
    return;
  }
  const std::string_view field = line.substr(0, line.find(':'));
  std::string_view value = line.substr(std::min(line.size(), field.size() + 1));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    event_.data.append(value).push_back('\n');
    has_data_ = true;
  } else if (field == "event") {
    event_.event = value;
  } else if (field == "id") {
    if (!value.contains('\0')) last_id_ = value;
  } else if (field == "retry") {
    std::int64_t millis = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), millis);
    if (error == std::errc{} && end == value.data() + value.size() && millis >= 0) {
      event_.retry = std::chrono::milliseconds{millis};
    }
  }
}

}  // namespace mainspring::http
