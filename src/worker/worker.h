// Worker: the role that executes runs. It claims what its free slots can take, keeps the leases
// alive, carries cancels to the runners and their output and outcomes to the store.
//
//   timer thread  1   registers, claims, renews, loses what it could not renew, ships logs
//   slot threads  N   run attempts; each lives as long as the worker, because the kernel ends a
//                     program when the thread that started it ends
//
// Nothing of the worker waits for the store except a slot with its own attempt: a store that hangs
// costs the leases, and with them the work, before anybody else may start the same runs.
//
// Threads: start() and stop() from one thread; the rest as said.
// Ownership: the parts are borrowed. The clock, the random source and whatever `log` uses outlive
// the writer's last completion; the runners outlive stop().
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "env/random.h"
#include "execution/runner.h"
#include "model/job.h"
#include "store/store.h"
#include "trace/span.h"
#include "worker/shipment.h"

namespace mainspring::worker {

struct Parts {
  store::Writer& writer;
  const env::Clock& clock;
  env::Random& random;
  std::map<model::JobType, execution::Runner*> runners;  // a type without one fails its runs
  base::Log log = {};                                    // any thread
  const trace::Recorder* traces = nullptr;               // nullptr: the node takes no part in any
  // Told at which reading of the monotonic clock all work must be gone, unless it is told again;
  // nothing: there is none. For a watchdog that acts where this process cannot. Any thread; must
  // not block.
  std::function<void(std::optional<base::Duration>)> hold_until = {};
};

struct Settings {
  base::WorkerId id;  // kept across restarts of the node
  std::string name;
  int slots = 1;
  std::map<std::string, std::string> labels;
  std::string version;
  model::WorkerResources resources;  // what the machine has
  base::Duration lease{10'000};
  base::Duration heartbeat{2'000};
  ShipmentLimits shipment;
};

// Before the end of a lease, its work is killed: time for SIGKILL to reach every process. A quarter
// of the lease where that is less.
inline constexpr base::Duration kKillMargin{2'000};
// With nothing running, heartbeats only say that the node lives; each may cost a write to disk.
inline constexpr int kIdleHeartbeats = 3;  // times the heartbeat
// A clock that was set forward delays a claim by no more than this.
inline constexpr base::Duration kLongestSleep{10'000};
// Notices may be lost; what they told is found after this at the latest.
inline constexpr base::Duration kSweep{30'000};
// How long stop() waits for the store to take its last word.
inline constexpr base::Duration kFarewell{2'000};

class Desk;

class Worker {
 public:
  Worker(Parts parts, Settings settings);
  ~Worker();  // stop(0)
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();

  // Claims nothing more, lets running attempts go on for `drain`, then ends them by the ladder of a
  // cancel; their runs are reported as lost and will be tried again. Returns when all threads have
  // ended. Idempotent.
  void stop(base::Duration drain);

  int busy() const;  // attempts claimed and not yet reported

 private:
  std::shared_ptr<Desk> desk_;  // shared with completions and notices, which may come late
  int slots_;
  std::jthread timer_;
  std::vector<std::jthread> threads_;
};

}  // namespace mainspring::worker
