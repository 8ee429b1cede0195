// TurnWatch: a thread that notices when another node has written, and how far this machine's clock
// is from the database's. Internal to this module.
//
// It asks for the last turn at intervals, and that alone is enough; where it reaches the server
// without a pooler, it also listens, hears of each turn at once, and asks less often. It has a
// connection of its own. Threads: made and destroyed by one; the callback is called on its thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.h"
#include "base/time.h"
#include "postgres/database.h"
#include "postgres/turns.h"

namespace mainspring::postgres {

// What the database's clock says, less what ours does. Of several measurements that of the shortest
// round trip is the best: half of that is what it may be wrong by.
class ClockOffset {
 public:
  struct Sample {
    std::chrono::microseconds offset{};
    std::chrono::microseconds round_trip{};
  };
  void add(Sample sample);  // forgets all but the last kKept
  std::optional<Sample> best() const;

 private:
  static constexpr std::size_t kKept = 16;
  mutable std::mutex mutex_;
  std::array<Sample, kKept> samples_{};
  std::size_t count_ = 0;
};

class TurnWatch {
 public:
  static constexpr std::chrono::milliseconds kPoll{100};
  static constexpr std::chrono::milliseconds kPollWhileListening{1'000};

  // `on_news` is called when the last turn is another than the one before.
  TurnWatch(Address address, LastTurn& last, std::function<void()> on_news);
  ~TurnWatch();
  TurnWatch(const TurnWatch&) = delete;
  TurnWatch& operator=(const TurnWatch&) = delete;

  const ClockOffset& clock() const { return clock_; }
  bool is_listening() const { return is_listening_; }

 private:
  void run();
  void poll();
  void listen();
  void learn(std::int64_t seq);
  void rest();

  PgDatabase database_;
  LastTurn& last_;
  const std::function<void()> on_news_;
  ClockOffset clock_;
  std::int64_t listening_session_ = 0;  // of the database; none: 0
  std::atomic<bool> is_listening_{false};
  std::atomic<bool> is_ending_{false};
  int wake_ = -1;  // an eventfd
  std::thread thread_;
};

}  // namespace mainspring::postgres
