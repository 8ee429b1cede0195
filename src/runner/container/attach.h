// Attach: the connection over which a container's output comes, and its stdin goes. It is there
// before the container is started, so that no byte is missed.
//
// An HTTP request that the engine answers with 101 (or, long ago, 200); from then on the connection
// carries frames one way and the bytes of stdin the other. libcurl makes the connection, so that
// sockets, TCP and TLS are the same here.
//
// Threads: one owner. Errors: unavailable (the way to the engine), not_found (no such container),
// conflict (the engine refuses).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runner/container/engine.h"
#include "runner/container/frames.h"

namespace mainspring::runner {

class Attach {
 public:
  // Waits for the upgrade. With `input`, absent or not, those bytes are sent while read() and
  // write() are called, and then the container's stdin is closed.
  static base::Result<Attach> open(const Engine& engine, const std::string& container,
                                   std::optional<std::string> input);
  Attach(Attach&&) noexcept;
  Attach& operator=(Attach&&) noexcept;
  ~Attach();

  int fd() const;  // -1 once closed
  short events() const;

  // What is there now; at most kTurn bytes, so that nobody else starves. False: nothing was.
  // Errors: unavailable, when the connection broke or carries no frames; it is closed then.
  base::Result<bool> read(const FrameParser::Sink& sink);
  void write();

  bool is_open() const { return fd() >= 0; }
  bool is_whole() const { return parser_.is_whole(); }

 private:
  struct Line;
  explicit Attach(std::unique_ptr<Line> line);
  base::Result<void> upgrade(const std::string& request);
  base::Result<std::size_t> read_head(std::string& head);

  std::unique_ptr<Line> line_;
  FrameParser parser_;
  std::string early_;  // frames that came together with the head
  std::string input_;
  std::size_t sent_ = 0;
  bool has_input_ = false;  // and stdin is not closed yet
};

inline constexpr std::size_t kTurn = 1 << 20;

}  // namespace mainspring::runner
