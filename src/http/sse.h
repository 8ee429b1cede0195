// Server-sent events as text, and back.
//
// Source: WHATWG HTML, section 9.2 (text/event-stream).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mainspring::http {

inline constexpr std::string_view kEventStreamType = "text/event-stream";

struct SseEvent {
  std::string id;     // empty: none; CR, LF and NUL are dropped
  std::string event;  // empty: "message"; CR and LF are dropped
  std::string data;   // any text; its line ends arrive as LF
  std::optional<std::chrono::milliseconds> retry;

  friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

std::string format_event(const SseEvent& event);

// An id alone: no event, but where a client resumes from now on.
std::string format_id(std::string_view id);

// ": text": ignored by clients; keeps proxies from closing a quiet stream.
std::string format_comment(std::string_view text);

// The client's side. Feed pieces of any size; an event is returned when its empty line is read.
// An event without data is dropped, as the standard says; id and retry stay in force.
class SseParser {
 public:
  std::vector<SseEvent> feed(std::string_view bytes);
  const std::string& last_id() const { return last_id_; }

 private:
  void read_line(std::string_view line, std::vector<SseEvent>& out);

  std::string line_;
  SseEvent event_;
  std::string last_id_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool is_first_line_ = true;
};

}  // namespace mainspring::http
