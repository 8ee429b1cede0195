// Runner: what a worker asks of a `command`, `container`, `js` ... implementation.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "model/job.h"
#include "model/run.h"

namespace mainspring::execution {

// One attempt, complete: a runner asks nobody for more.
struct Order {
  base::RunId run_id;
  std::string tenant;
  int attempt = 1;
  std::int64_t epoch = 0;
  std::int64_t job_version = 1;
  base::Instant scheduled_at;
  model::Trigger trigger = model::Trigger::manual;
  std::map<std::string, json::Value> params;
  std::vector<int> gpus;      // by their numbers on the machine: its own while it runs
  model::TraceContext trace;  // under which the program's own spans stand; may be empty
  std::shared_ptr<const model::JobSpec> spec;
  std::vector<model::ConnectionSpec> connections = {};  // those that the job names and that exist

  const model::ConnectionSpec* find_connection(std::string_view name) const;
};

enum class StopCause {
  cancelled,   // a person or a policy wants it
  lease_lost,  // somebody else may be about to run it
};

// Ends a running attempt, waking the runner without polling, or gives it more time. `cause`,
// written before, says why it is to end. A lost lease, and a cancel that gives no grace, request
// both stops; either may come while an attempt that was asked to end has its grace, whose rest is
// then void.
struct StopSignal {
  std::stop_source source;  // end by the full ladder: ask, grace, kill
  std::stop_source kill;    // end at once
  std::atomic<StopCause> cause = StopCause::cancelled;
  // On env::Clock::monotonic(): what has not begun by then must not, since somebody else may. A
  // node that stood still may read it before it is told that the lease is lost. Only ever later.
  std::atomic<base::Duration> begin_by = base::Duration::max();
  // The run timeout, if there is one, ends it no earlier. Only ever later; read when it matters.
  std::atomic<base::Instant> extended_until = base::Instant{};
};

// Where a runner puts what the attempt says while it runs. Called from the thread inside run().
class Report {
 public:
  virtual ~Report();
  // Output as it arrives, any bytes. May block for a bounded time when the store is behind: that is
  // the back-pressure a flooding job feels.
  virtual void output(model::LogStream stream, std::string_view bytes) = 0;
  virtual void progress(double fraction, std::string_view message) = 0;
};

// Threads: run() is called from many slots at once, each with its own Order and Report.
// Errors: every failure of the work, a program that is not there included, is an Outcome; only what
// nobody can act on is thrown, and the slot records it as `failed`.
class Runner {
 public:
  virtual ~Runner();
  virtual model::Outcome run(const Order& order, const StopSignal& stop, Report& report) = 0;
};

}  // namespace mainspring::execution
