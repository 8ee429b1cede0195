// Postman: posts one body at a time and says what came of it, without blocking. Internal to
// tracing.
//
// Threads: one, but for wake(). Source: libcurl's multi interface.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"

namespace mainspring::tracing {

struct Answer {
  int status = 0;       // 0: there was none
  std::string problem;  // why not
  std::string body;     // at most kAnswerLimit bytes of it
  std::optional<base::Duration> retry_after;
};

class Postman {
 public:
  // Throws std::runtime_error when libcurl cannot start.
  Postman(std::string url, const std::map<std::string, std::string>& headers);
  ~Postman();  // drops what is under way

  bool is_busy() const { return is_busy_; }
  // Not while it is busy.
  void post(std::string body);
  // Goes on; the answer once it is there.
  std::optional<Answer> step();
  // Until something can go on, wake() is called, or the time is over.
  void wait(base::Duration most);
  void wake();  // any thread

 private:
  struct Curl;

  const std::string url_;
  std::unique_ptr<Curl> curl_;
  std::string body_;
  Answer answer_;
  bool is_busy_ = false;
};

inline constexpr std::size_t kAnswerLimit = 64 << 10;

}  // namespace mainspring::tracing
