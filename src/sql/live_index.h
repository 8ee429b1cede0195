// LiveIndex: every run that has not ended, in memory, in the orders that commands ask for, so that
// a claim is an update by primary key and not a search. Derived from runs_live: filled at start,
// and changed by the writer beside each row. It holds nothing that the tables do not.
//
// Belongs to the writer's thread. Pure: no I/O. About 700 bytes per run; store::kLiveRunsPerTenant
// bounds it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "sql/live_run.h"
#include "sql/ready_runs.h"

namespace mainspring::sql {

class LiveIndex {
 public:
  using StateCounts = std::array<std::int64_t, 4>;  // by RunState, up to `waiting`

  const LiveRun* find(base::RunId id) const;
  void put(const LiveRun& run);  // adds, or replaces the run of that id
  void erase(base::RunId id);

  // What a pause or the limits of a queue say; absent: there is none.
  void put_gate(const QueueName& queue, std::optional<QueueGate> gate);
  void put_share(const QueueName& queue, const QueueShare& share);
  void put_pause_end(JobKey job, std::optional<base::Instant> until);

  // The queued runs that may start now.
  const ReadyRuns& ready() const { return ready_; }
  std::set<QueueName> take_changed_queues() { return ready_.take_changed(); }
  // Up to `limit` scheduled runs due at `now` or before, the earliest first.
  std::vector<base::RunId> due(base::Instant now, std::int64_t limit) const;
  // Queued runs that have waited longer than they may, the earliest first.
  std::vector<base::RunId> stale(base::Instant now, std::int64_t limit) const;
  // Running runs whose lease ran out before `now`, the earliest first.
  std::vector<base::RunId> expired(base::Instant now, std::int64_t limit) const;
  // The first job whose pause ends at `now` or before.
  std::optional<JobKey> find_pause_ended(base::Instant now) const;
  std::optional<base::Instant> next_pause_end() const;
  // When time has something to do.
  std::optional<base::Instant> next_due() const;
  std::optional<base::Instant> next_expiry() const;

  // Runs of the job that have been due, have not ended and are not buffered: what overlap sees.
  std::vector<base::RunId> in_the_way(JobKey job) const;
  // One of these, else the first that is buffered.
  std::optional<base::RunId> find_in_the_way(JobKey job, base::RunId except) const;
  // Buffered by overlap, or held by a pause, the earliest first.
  std::vector<base::RunId> buffered(JobKey job) const;
  std::vector<base::RunId> held(JobKey job) const;
  std::int64_t count_buffered(JobKey job) const;
  std::int64_t count_held(JobKey job) const;
  // A buffered run that nothing keeps any more.
  std::optional<base::RunId> find_releasable() const;
  std::optional<base::RunId> find_debounced(JobKey job, const std::string& key) const;
  std::vector<base::RunId> of_job(JobKey job) const;
  std::vector<base::RunId> leased_to(WorkerKey worker) const;
  std::int64_t leases_of(WorkerKey worker) const;

  std::size_t size() const { return runs_.size(); }
  std::int64_t live_of(TenantKey tenant) const;
  const std::map<TenantKey, StateCounts>& counts() const { return counts_; }
  const std::map<WorkerKey, Use>& uses() const { return uses_; }
  Use use_of(WorkerKey worker) const;  // by the attempts that it runs
  // How many attempts of a job that spreads each worker runs.
  const std::map<WorkerKey, std::int64_t>& spread_of(JobKey job) const;

  // Everything put or erased since the last keep() can be taken back.
  void keep();
  void undo();
  void clear();

  // What was kept since the last take_touched(), where that is collected.
  struct Touched {
    std::map<TenantKey, std::set<base::RunId>> runs;
    std::set<QueueName> queues;
    std::set<JobKey> pauses;
  };
  void collect_touched() { is_collecting_ = true; }
  Touched take_touched();
  // As keep(), for what the tables say already: it is not collected.
  void adopt();

  friend bool operator==(const LiveIndex& a, const LiveIndex& b);

 private:
  struct JobRuns {
    std::set<base::RunId> ahead;  // scheduled, never started
    std::set<base::RunId> active;
    std::set<TimeKey> buffered;
    std::set<TimeKey> held;
    std::map<std::string, base::RunId> debounced;

    friend bool operator==(const JobRuns&, const JobRuns&) = default;
  };
  using RunBefore = std::pair<base::RunId, std::optional<LiveRun>>;
  using GateBefore = std::pair<QueueName, std::optional<QueueGate>>;
  using ShareBefore = std::pair<QueueName, QueueShare>;
  using PauseBefore = std::pair<JobKey, std::optional<base::Instant>>;

  void remember(base::RunId id);
  void touch(const RunBefore& before);
  void link(const LiveRun& run);
  void unlink(const LiveRun& run);
  void count_use(const LiveRun& run, std::int64_t change);
  void link_to_job(const LiveRun& run);
  void unlink_from_job(const LiveRun& run);
  void settle_job(JobKey job);
  void restore(const RunBefore& before);
  void set_pause_end(JobKey job, std::optional<base::Instant> until);

  std::unordered_map<base::RunId, LiveRun> runs_;
  ReadyRuns ready_;
  std::set<TimeKey> scheduled_;  // those held by a pause left out
  std::set<TimeKey> deadlines_;  // of queued runs that may not wait for ever
  std::set<TimeKey> leases_;
  std::unordered_map<JobKey, JobRuns> by_job_;
  std::map<WorkerKey, std::set<base::RunId>> by_worker_;
  std::map<WorkerKey, Use> uses_;
  std::map<JobKey, std::map<WorkerKey, std::int64_t>> spreads_;
  std::map<TenantKey, StateCounts> counts_;
  std::set<JobKey> releasable_;  // jobs with buffered runs and nothing in the way
  std::map<JobKey, base::Instant> pause_ends_;
  std::set<std::pair<base::Instant, JobKey>> pause_times_;
  std::vector<std::variant<RunBefore, GateBefore, ShareBefore, PauseBefore>> undo_;
  bool is_collecting_ = false;
  Touched touched_;
};

}  // namespace mainspring::sql
