// LiveIndex: every run that has not ended, in memory, in the orders that commands ask for, so that
// a claim is an update by primary key and not a search. Derived from runs_live: filled at start,
// and changed by the writer beside each row. It holds nothing that the tables do not.
//
// Belongs to the writer's thread. Pure: no I/O. About 400 bytes per run; store::kLiveRunsPerTenant
// bounds it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "model/job.h"
#include "model/run.h"

namespace mainspring::sqlite {

// Row keys: the short integers that tables use for each other. 0 is none.
using TenantKey = std::int64_t;
using JobKey = std::int64_t;
using ScheduleKey = std::int64_t;
using WorkerKey = std::int64_t;

struct LiveRun {
  base::RunId id;
  TenantKey tenant = 0;
  JobKey job = 0;
  std::int64_t version = 1;
  ScheduleKey schedule = 0;  // of a run that time fired
  model::Overlap overlap = model::Overlap::skip;
  model::RunState state = model::RunState::scheduled;
  int priority = 0;
  int attempts = 0;
  bool cancel_asked = false;
  base::Instant scheduled_at;
  base::Instant due_at;
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

class LiveIndex {
 public:
  using StateCounts = std::array<std::int64_t, 4>;  // by RunState, up to `waiting`

  const LiveRun* find(base::RunId id) const;
  void put(const LiveRun& run);  // adds, or replaces the run of that id
  void erase(base::RunId id);

  // Up to `limit` queued runs: higher priority first, then earlier due, then older.
  std::vector<base::RunId> ready(std::int64_t limit) const;
  // Up to `limit` scheduled runs due at `now` or before, the earliest first.
  std::vector<base::RunId> due(base::Instant now, std::int64_t limit) const;
  // Running runs whose lease ran out before `now`, the earliest first.
  std::vector<base::RunId> expired(base::Instant now, std::int64_t limit) const;
  std::optional<base::Instant> next_due() const;
  std::optional<base::Instant> next_expiry() const;

  // A run of the job, other than `except`, that has been due and has not ended: what overlap sees.
  std::optional<base::RunId> find_in_the_way(JobKey job, base::RunId except) const;
  std::vector<base::RunId> of_job(JobKey job) const;
  std::vector<base::RunId> leased_to(WorkerKey worker) const;
  std::int64_t leases_of(WorkerKey worker) const;

  std::size_t size() const { return runs_.size(); }
  std::int64_t live_of(TenantKey tenant) const;
  const std::map<TenantKey, StateCounts>& counts() const { return counts_; }
  const std::map<WorkerKey, std::set<base::RunId>>& leases_by_worker() const { return by_worker_; }

  // Everything put or erased since the last keep() can be taken back.
  void keep() { undo_.clear(); }
  void undo();
  void clear();

  friend bool operator==(const LiveIndex& a, const LiveIndex& b);

 private:
  using ReadyKey = std::tuple<int, base::Instant, base::RunId>;  // the first is minus priority
  using TimeKey = std::pair<base::Instant, base::RunId>;
  struct JobRuns {
    std::set<base::RunId> ahead;  // scheduled, never started
    std::set<base::RunId> active;

    friend bool operator==(const JobRuns&, const JobRuns&) = default;
  };

  void remember(base::RunId id);
  void link(const LiveRun& run);
  void unlink(const LiveRun& run);

  std::unordered_map<base::RunId, LiveRun> runs_;
  std::set<ReadyKey> ready_;
  std::set<TimeKey> scheduled_;
  std::set<TimeKey> leases_;
  std::unordered_map<JobKey, JobRuns> by_job_;
  std::map<WorkerKey, std::set<base::RunId>> by_worker_;
  std::map<TenantKey, StateCounts> counts_;
  std::vector<std::pair<base::RunId, std::optional<LiveRun>>> undo_;
};

}  // namespace mainspring::sqlite
