// Scheduler: the role that turns schedules into fires. One thread of its own: it plans fires ahead
// (timetable.h), promotes what is due at its instant, ends leases that ran out, and sleeps until
// the next of these or until the store tells it of a change.
//
// Any number of schedulers may run on one store: everything they write is idempotent. So that they
// do not all do the same, each plans its share of the jobs (plan/share.h), and one promotes and
// expires, while the others stand in for it, each a little later than the one before.
//
// Clocks: instants are wall time and the sleep is not, so no sleep is longer than kLongestSleep: a
// clock set forward delays nothing by more than that, one set back repeats nothing, because the
// ledger says what is planned already.
//
// Failures: what the store cannot do now is repeated after a pause; the thread never ends by them.
// Ownership: the parts are borrowed and outlive stop(); `log` is called from the scheduler's
// thread.
#pragma once

#include <memory>
#include <thread>

#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "env/random.h"
#include "plan/share.h"
#include "store/store.h"

namespace mainspring::scheduler {

struct Parts {
  store::Store& store;
  const env::Clock& clock;
  env::Random& random;
  base::Log log = {};
};

struct Settings {
  base::Duration horizon{60'000};  // how far ahead fires are written
  base::Duration lease{10'000};    // of the workers: how soon a lease can run out
  plan::Share share = {};          // at first
};

inline constexpr base::Duration kLongestSleep{10'000};
// Notices may be lost; what they told is found after this at the latest.
inline constexpr base::Duration kSweep{30'000};
// By how much later than the one before it each stand-in promotes what is due.
inline constexpr base::Duration kStandIn{1'000};
// After a failure of the store; doubled up to the second value.
inline constexpr base::Duration kFirstPause{100};
inline constexpr base::Duration kLongestPause{5'000};
// Changed jobs waiting to be read again; beyond it all jobs are, which is no slower by then.
inline constexpr std::size_t kPendingJobs = 10'000;

class Inbox;

class Scheduler {
 public:
  Scheduler(Parts parts, Settings settings);
  ~Scheduler();  // stop()
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  void start();
  // What is this node's, from now on. Any thread.
  void set_share(plan::Share share);
  void stop();  // returns when the thread has ended; idempotent

 private:
  const Parts parts_;
  const Settings settings_;
  std::shared_ptr<Inbox> inbox_;  // shared with notices, which may come late
  std::jthread thread_;
};

}  // namespace mainspring::scheduler
