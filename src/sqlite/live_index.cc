#include "sqlite/live_index.h"

#include <numeric>

#include "base/check.h"

namespace mainspring::sqlite {
namespace {

using model::RunState;

// What overlap must not see: a run that is only written ahead.
bool is_ahead(const LiveRun& run) { return run.state == RunState::scheduled && run.attempts == 0; }

template <class Keys>
std::vector<base::RunId> first_until(const Keys& keys, base::Instant end, std::int64_t limit) {
  std::vector<base::RunId> out;
  for (const auto& [at, id] : keys) {
    if (at >= end || std::ssize(out) >= limit) break;
    out.push_back(id);
  }
  return out;
}

}  // namespace

const LiveRun* LiveIndex::find(base::RunId id) const {
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : &found->second;
}

void LiveIndex::put(const LiveRun& run) {
  CHECK(!model::is_final(run.state));
  remember(run.id);
  if (const auto found = runs_.find(run.id); found != runs_.end()) unlink(found->second);
  runs_.insert_or_assign(run.id, run);
  link(run);
}

void LiveIndex::erase(base::RunId id) {
  const auto found = runs_.find(id);
  CHECK(found != runs_.end());
  remember(id);
  unlink(found->second);
  runs_.erase(found);
}

std::vector<base::RunId> LiveIndex::ready(std::int64_t limit) const {
  std::vector<base::RunId> out;
  for (const auto& [priority, due, id] : ready_) {
    if (std::ssize(out) >= limit) break;
    out.push_back(id);
  }
  return out;
}

std::vector<base::RunId> LiveIndex::due(base::Instant now, std::int64_t limit) const {
  return first_until(scheduled_, now + base::Duration{1}, limit);
}

std::vector<base::RunId> LiveIndex::expired(base::Instant now, std::int64_t limit) const {
  return first_until(leases_, now, limit);
}

std::optional<base::Instant> LiveIndex::next_due() const {
  if (scheduled_.empty()) return std::nullopt;
  return scheduled_.begin()->first;
}

std::optional<base::Instant> LiveIndex::next_expiry() const {
  if (leases_.empty()) return std::nullopt;
  return leases_.begin()->first;
}

std::optional<base::RunId> LiveIndex::find_in_the_way(JobKey job, base::RunId except) const {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return std::nullopt;
  for (const base::RunId id : found->second.active) {
    if (id != except) return id;
  }
  return std::nullopt;
}

std::vector<base::RunId> LiveIndex::of_job(JobKey job) const {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return {};
  std::vector<base::RunId> out(found->second.ahead.begin(), found->second.ahead.end());
  out.insert(out.end(), found->second.active.begin(), found->second.active.end());
  return out;
}

std::vector<base::RunId> LiveIndex::leased_to(WorkerKey worker) const {
  const auto found = by_worker_.find(worker);
  if (found == by_worker_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::int64_t LiveIndex::leases_of(WorkerKey worker) const {
  const auto found = by_worker_.find(worker);
  return found == by_worker_.end() ? 0 : std::ssize(found->second);
}

std::int64_t LiveIndex::live_of(TenantKey tenant) const {
  const auto found = counts_.find(tenant);
  if (found == counts_.end()) return 0;
  return std::accumulate(found->second.begin(), found->second.end(), std::int64_t{0});
}

void LiveIndex::undo() {
  while (!undo_.empty()) {
    const auto [id, before] = undo_.back();
    undo_.pop_back();
    if (const auto found = runs_.find(id); found != runs_.end()) {
      unlink(found->second);
      runs_.erase(found);
    }
    if (!before) continue;
    runs_.emplace(id, *before);
    link(*before);
  }
}

void LiveIndex::clear() { *this = LiveIndex{}; }

void LiveIndex::remember(base::RunId id) {
  const LiveRun* run = find(id);
  undo_.emplace_back(id, run != nullptr ? std::optional{*run} : std::nullopt);
}

void LiveIndex::link(const LiveRun& run) {
  if (run.state == RunState::queued) ready_.emplace(-run.priority, run.due_at, run.id);
  if (run.state == RunState::scheduled) scheduled_.emplace(run.due_at, run.id);
  if (run.state == RunState::running) {
    leases_.emplace(run.lease_until, run.id);
    by_worker_[run.worker].insert(run.id);
  }
  JobRuns& job = by_job_[run.job];
  (is_ahead(run) ? job.ahead : job.active).insert(run.id);
  ++counts_[run.tenant].at(static_cast<std::size_t>(run.state));
}

void LiveIndex::unlink(const LiveRun& run) {
  if (run.state == RunState::queued) ready_.erase({-run.priority, run.due_at, run.id});
  if (run.state == RunState::scheduled) scheduled_.erase({run.due_at, run.id});
  if (run.state == RunState::running) {
    leases_.erase({run.lease_until, run.id});
    const auto worker = by_worker_.find(run.worker);
    worker->second.erase(run.id);
    if (worker->second.empty()) by_worker_.erase(worker);
  }
  const auto job = by_job_.find(run.job);
  (is_ahead(run) ? job->second.ahead : job->second.active).erase(run.id);
  if (job->second.ahead.empty() && job->second.active.empty()) by_job_.erase(job);
  const auto counts = counts_.find(run.tenant);
  --counts->second.at(static_cast<std::size_t>(run.state));
  if (counts->second == StateCounts{}) counts_.erase(counts);
}

bool operator==(const LiveIndex& a, const LiveIndex& b) {
  return a.runs_ == b.runs_ && a.ready_ == b.ready_ && a.scheduled_ == b.scheduled_ &&
         a.leases_ == b.leases_ && a.by_job_ == b.by_job_ && a.by_worker_ == b.by_worker_ &&
         a.counts_ == b.counts_;
}

}  // namespace mainspring::sqlite
