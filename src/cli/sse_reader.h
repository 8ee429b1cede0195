// SseReader: bytes of a text/event-stream in, events out.
//
// Source: WHATWG HTML, "Server-sent events", 9.2.6. Threads: one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainspring::cli {

struct SseEvent {
  std::string id = {};  // the last one the stream named
  std::string type = "message";
  std::string payload = {};

  friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

class SseReader {
 public:
  // The events that these bytes complete. One over 16 MiB is cut off: no event of ours is as large.
  std::vector<SseEvent> read(std::string_view bytes);

 private:
  void read_line(std::string_view line, std::vector<SseEvent>& events);

  std::string line_;
  SseEvent event_;
  bool has_payload_ = false;
  bool after_return_ = false;
  bool is_first_line_ = true;
};

}  // namespace mainspring::cli
