// TurnWatch: a thread that notices when another node has written, and how far this machine's clock
// is from the database's. Internal to this module.
//
// It asks for the last turn at intervals, and that alone is enough; where it reaches the server
// without a pooler, it also listens, hears of each turn at once, and asks less often. It has a
// connection of its own. Threads: made and destroyed by one; the callback is called on its thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "postgres/clock_offset.h"
#include "postgres/database.h"
#include "postgres/turns.h"

namespace mainspring::postgres {

class TurnWatch {
 public:
  static constexpr std::chrono::milliseconds kPoll{100};
  static constexpr std::chrono::milliseconds kPollWhileListening{1'000};

  // `on_news` is called when the last turn is another than the one before.
  // All must outlive this.
  struct Parts {
    LastTurn& last;
    ClockOffset& clock;
  };
  TurnWatch(Address address, Parts parts, std::function<void()> on_news);
  ~TurnWatch();
  TurnWatch(const TurnWatch&) = delete;
  TurnWatch& operator=(const TurnWatch&) = delete;

  bool is_listening() const { return is_listening_; }

 private:
  void run();
  void poll();
  void listen();
  void learn(std::int64_t seq);
  void rest();

  PgDatabase database_;
  const Parts parts_;
  const std::function<void()> on_news_;
  std::int64_t listening_session_ = 0;  // of the database; none: 0
  std::atomic<bool> is_listening_{false};
  std::atomic<bool> is_ending_{false};
  int wake_ = -1;  // an eventfd
  std::thread thread_;
};

}  // namespace mainspring::postgres
