// Upkeep: the role that advances operations piece by piece, plans backfills, trims history and has
// expectations checked. One thread of its own, which sleeps until one of these is due or the store
// tells it of a change.
//
// Any number of upkeeps may run on one store: a piece that was done counts once. Where several
// nodes share it, the first by rank (plan/share.h) does the work, and the others rest.
//
// Clocks: deadlines are spans of the monotonic clock, so that no change of wall time delays or
// repeats anything; only expectations are due at instants, and no sleep is longer than
// kLongestSleep.
//
// Failures: what the store cannot do now is repeated after a pause; the thread never ends by them.
// Ownership: the parts are borrowed and outlive stop(); `log` is called from upkeep's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "env/random.h"
#include "plan/share.h"
#include "store/store.h"

namespace mainspring::upkeep {

struct Parts {
  store::Store& store;
  const env::Clock& clock;
  env::Random& random;
  base::Log log = {};
};

struct Settings {
  model::RetentionSpec retention;            // where a job says nothing
  std::optional<base::Duration> events_age;  // absent: events are kept for ever
};

inline constexpr base::Duration kLongestSleep{10'000};
// Notices may be lost; an operation they told of is found after this at the latest.
inline constexpr base::Duration kSweep{30'000};
inline constexpr base::Duration kTrimEvery{60'000};
// After a failure of the store; doubled up to the second value.
inline constexpr base::Duration kFirstPause{100};
inline constexpr base::Duration kLongestPause{5'000};

class Inbox;

class Upkeep {
 public:
  Upkeep(Parts parts, Settings settings, const plan::Share& share = {});
  ~Upkeep();  // stop()
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  void start();
  // What is kept, from now on. Any thread.
  void configure(Settings settings);
  // Whether it is this node's turn, from now on. Any thread.
  void set_share(const plan::Share& share);
  void stop();  // returns when the thread has ended, after the piece under way; idempotent

 private:
  const Parts parts_;
  std::mutex mutex_;
  Settings settings_;
  bool is_on_duty_ = true;
  std::int64_t changes_ = 0;      // of both
  std::shared_ptr<Inbox> inbox_;  // shared with notices, which may come late
  std::jthread thread_;
};

}  // namespace mainspring::upkeep
