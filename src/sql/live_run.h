// LiveRun: a run that has not ended, as the writer's memory holds it. Internal to this module.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "base/id.h"
#include "base/time.h"
#include "model/job.h"
#include "model/queue.h"
#include "model/run.h"

namespace mainspring::sql {

// Row keys: the short integers that tables use for each other. 0 is none.
using TenantKey = std::int64_t;
using JobKey = std::int64_t;
using ScheduleKey = std::int64_t;
using WorkerKey = std::int64_t;

// Why a run whose time has come is held back. A column, so the numbers stay.
enum class Hold {
  none,
  paused,    // scheduled: until its job is resumed
  overlap,   // queued: until nothing of its job is in its way
  debounce,  // scheduled: later submissions move it
};

// What a run takes of a worker beside slots. Whole numbers, so that sums come back to zero.
struct Take {
  std::int64_t cpu_millis = 0;  // thousandths of a core
  std::int64_t memory_bytes = 0;
  int gpus = 0;
  std::int64_t gpu_memory_bytes = 0;  // each of the gpus has it: compared, not used up

  bool is_nothing() const { return *this == Take{}; }
  friend auto operator<=>(const Take&, const Take&) = default;
};

// What the runs of a worker take of it.
struct Use {
  std::int64_t slots = 0;
  std::int64_t cpu_millis = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t gpus = 0;

  friend bool operator==(const Use&, const Use&) = default;
};

// Where a run may be placed, and should. Runs that spread count with those of their own job alone.
struct Wish {
  model::PlacementSpec spec;
  JobKey spread_job = 0;

  friend auto operator<=>(const Wish&, const Wish&) = default;
};

// A wish, or none: most runs have none, and pay two words for that. Compares as its value does.
class WishRef {
 public:
  WishRef() = default;
  explicit WishRef(Wish wish)
      : wish_(wish == Wish{} ? nullptr : std::make_shared<const Wish>(std::move(wish))) {}

  const Wish* get() const { return wish_.get(); }

  friend bool operator==(const WishRef& a, const WishRef& b) { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const WishRef& a, const WishRef& b) {
    if (a.wish_ == b.wish_) return std::weak_ordering::equivalent;
    if (a.wish_ == nullptr || b.wish_ == nullptr) {
      return (a.wish_ != nullptr) <=> (b.wish_ != nullptr);
    }
    return *a.wish_ <=> *b.wish_;
  }

 private:
  std::shared_ptr<const Wish> wish_;
};

// What a run needs of a worker.
struct Needs {
  int slots = 1;
  Take take = {};
  WishRef wish = {};

  friend bool operator==(const Needs&, const Needs&) = default;
  friend std::weak_ordering operator<=>(const Needs&, const Needs&) = default;
};

// The concurrency key of a run; empty text: it has none.
struct Limit {
  std::string text;
  int count = 0;
  model::OnLimit then = model::OnLimit::queue;

  friend auto operator<=>(const Limit&, const Limit&) = default;
};

struct LiveRun {
  base::RunId id;
  TenantKey tenant = 0;
  JobKey job = 0;
  std::int64_t version = 1;
  ScheduleKey schedule = 0;               // of a run that time fired
  std::optional<model::Overlap> overlap;  // of runs that time or a backfill fired
  model::RunState state = model::RunState::scheduled;
  Hold hold = Hold::none;
  int priority = 0;
  int attempts = 0;
  std::optional<model::CancelMode> cancel;  // asked for
  std::string queue;
  Needs needs;
  Limit limit;
  std::string debounce_key;  // while hold is debounce
  base::Instant scheduled_at;
  base::Instant due_at;
  std::optional<base::Instant> queue_until;  // before the first attempt
  std::int64_t epoch = 0;
  WorkerKey worker = 0;
  base::Instant lease_until;  // while running
  base::Instant attempt_started_at;

  friend bool operator==(const LiveRun&, const LiveRun&) = default;
};

// Not picked up yet, not even once: pausing, changing or deleting its job still undoes it.
inline bool is_unstarted(const LiveRun& run) {
  return run.attempts == 0 &&
         (run.state == model::RunState::scheduled || run.state == model::RunState::queued);
}

// Only written ahead, or held by a pause: in nobody's way.
inline bool is_ahead(const LiveRun& run) {
  return run.state == model::RunState::scheduled && run.attempts == 0;
}

using ReadyKey = std::tuple<int, base::Instant, base::RunId>;  // the first is minus priority
using TimeKey = std::pair<base::Instant, base::RunId>;

inline ReadyKey ready_key(const LiveRun& run) { return {-run.priority, run.due_at, run.id}; }

}  // namespace mainspring::sql
