#include "sql/live_index.h"

#include <numeric>

#include "base/check.h"

namespace mainspring::sql {
namespace {

using model::RunState;

bool is_buffered(const LiveRun& run) { return run.hold == Hold::overlap; }
bool has_deadline(const LiveRun& run) { return run.state == RunState::queued && run.queue_until; }

template <class... T>
struct Cases : T... {
  using T::operator()...;
};

std::vector<base::RunId> ids_of(const std::set<TimeKey>& keys) {
  std::vector<base::RunId> out;
  out.reserve(keys.size());
  for (const auto& [at, id] : keys)
    out.push_back(id);
  return out;
}

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

void LiveIndex::put_gate(const QueueName& queue, std::optional<QueueGate> gate) {
  const QueueGate* before = ready_.find_gate(queue);
  undo_.emplace_back(GateBefore{queue, before != nullptr ? std::optional{*before} : std::nullopt});
  ready_.set_gate(queue, std::move(gate));
}

void LiveIndex::put_share(const QueueName& queue, const QueueShare& share) {
  undo_.emplace_back(ShareBefore{queue, ready_.share(queue)});
  ready_.set_share(queue, share);
}

void LiveIndex::put_pause_end(JobKey job, std::optional<base::Instant> until) {
  const auto before = pause_ends_.find(job);
  undo_.emplace_back(
      PauseBefore{job, before != pause_ends_.end() ? std::optional{before->second} : std::nullopt});
  set_pause_end(job, until);
}

void LiveIndex::set_pause_end(JobKey job, std::optional<base::Instant> until) {
  if (const auto before = pause_ends_.find(job); before != pause_ends_.end()) {
    pause_times_.erase({before->second, job});
    pause_ends_.erase(before);
  }
  if (!until) return;
  pause_ends_.emplace(job, *until);
  pause_times_.emplace(*until, job);
}

std::vector<base::RunId> LiveIndex::due(base::Instant now, std::int64_t limit) const {
  return first_until(scheduled_, now + base::Duration{1}, limit);
}

std::vector<base::RunId> LiveIndex::stale(base::Instant now, std::int64_t limit) const {
  return first_until(deadlines_, now + base::Duration{1}, limit);
}

std::vector<base::RunId> LiveIndex::expired(base::Instant now, std::int64_t limit) const {
  return first_until(leases_, now, limit);
}

std::optional<JobKey> LiveIndex::find_pause_ended(base::Instant now) const {
  if (pause_times_.empty() || pause_times_.begin()->first > now) return std::nullopt;
  return pause_times_.begin()->second;
}

std::optional<base::Instant> LiveIndex::next_pause_end() const {
  return pause_times_.empty() ? std::nullopt : std::optional{pause_times_.begin()->first};
}

std::optional<base::Instant> LiveIndex::next_due() const {
  std::optional<base::Instant> next = ready_.next_due();
  const auto sooner = [&next](const auto& times) {
    if (!times.empty() && (!next || times.begin()->first < *next)) next = times.begin()->first;
  };
  sooner(scheduled_);
  sooner(deadlines_);
  sooner(pause_times_);
  return next;
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
  for (const auto& [at, id] : found->second.buffered) {
    if (id != except) return id;
  }
  return std::nullopt;
}

std::vector<base::RunId> LiveIndex::in_the_way(JobKey job) const {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return {};
  return {found->second.active.begin(), found->second.active.end()};
}

std::vector<base::RunId> LiveIndex::buffered(JobKey job) const {
  const auto found = by_job_.find(job);
  return found == by_job_.end() ? std::vector<base::RunId>{} : ids_of(found->second.buffered);
}

std::vector<base::RunId> LiveIndex::held(JobKey job) const {
  const auto found = by_job_.find(job);
  return found == by_job_.end() ? std::vector<base::RunId>{} : ids_of(found->second.held);
}

std::int64_t LiveIndex::count_buffered(JobKey job) const {
  const auto found = by_job_.find(job);
  return found == by_job_.end() ? 0 : std::ssize(found->second.buffered);
}

std::int64_t LiveIndex::count_held(JobKey job) const {
  const auto found = by_job_.find(job);
  return found == by_job_.end() ? 0 : std::ssize(found->second.held);
}

std::optional<base::RunId> LiveIndex::find_releasable() const {
  if (releasable_.empty()) return std::nullopt;
  return by_job_.at(*releasable_.begin()).buffered.begin()->second;
}

std::optional<base::RunId> LiveIndex::find_debounced(JobKey job, const std::string& key) const {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return std::nullopt;
  const auto waiting = found->second.debounced.find(key);
  if (waiting == found->second.debounced.end()) return std::nullopt;
  return waiting->second;
}

std::vector<base::RunId> LiveIndex::of_job(JobKey job) const {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return {};
  std::vector<base::RunId> out(found->second.ahead.begin(), found->second.ahead.end());
  out.insert(out.end(), found->second.active.begin(), found->second.active.end());
  for (const auto& [at, id] : found->second.buffered)
    out.push_back(id);
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

void LiveIndex::keep() {
  if (is_collecting_) {
    for (const auto& change : undo_)
      std::visit(Cases{[this](const RunBefore& run) { touch(run); },
                       [this](const GateBefore& gate) { touched_.queues.insert(gate.first); },
                       [this](const ShareBefore& share) { touched_.queues.insert(share.first); },
                       [this](const PauseBefore& end) { touched_.pauses.insert(end.first); }},
                 change);
  }
  undo_.clear();
}

void LiveIndex::touch(const RunBefore& before) {
  const LiveRun* run = before.second ? &*before.second : find(before.first);
  if (run != nullptr) touched_.runs[run->tenant].insert(before.first);
}

void LiveIndex::adopt() { undo_.clear(); }

LiveIndex::Touched LiveIndex::take_touched() { return std::exchange(touched_, {}); }

void LiveIndex::undo() {
  while (!undo_.empty()) {
    const auto before = std::move(undo_.back());
    undo_.pop_back();
    std::visit(
        Cases{[this](const RunBefore& run) { restore(run); },
              [this](const GateBefore& gate) { ready_.set_gate(gate.first, gate.second); },
              [this](const ShareBefore& share) { ready_.set_share(share.first, share.second); },
              [this](const PauseBefore& end) { set_pause_end(end.first, end.second); }},
        before);
  }
}

void LiveIndex::restore(const RunBefore& before) {
  if (const auto found = runs_.find(before.first); found != runs_.end()) {
    unlink(found->second);
    runs_.erase(found);
  }
  if (!before.second) return;
  runs_.emplace(before.first, *before.second);
  link(*before.second);
}

void LiveIndex::clear() {
  const bool is_collecting = is_collecting_;
  *this = LiveIndex{};
  is_collecting_ = is_collecting;
}

void LiveIndex::remember(base::RunId id) {
  const LiveRun* run = find(id);
  undo_.emplace_back(RunBefore{id, run != nullptr ? std::optional{*run} : std::nullopt});
}

void LiveIndex::link(const LiveRun& run) {
  if (run.state == RunState::queued || run.state == RunState::running) ready_.link(run);
  if (run.state == RunState::scheduled && run.hold != Hold::paused) {
    scheduled_.emplace(run.due_at, run.id);
  }
  if (has_deadline(run)) deadlines_.emplace(*run.queue_until, run.id);
  if (run.state == RunState::running) {
    leases_.emplace(run.lease_until, run.id);
    by_worker_[run.worker].insert(run.id);
    count_use(run, 1);
  }
  link_to_job(run);
  ++counts_[run.tenant].at(static_cast<std::size_t>(run.state));
}

void LiveIndex::unlink(const LiveRun& run) {
  if (run.state == RunState::queued || run.state == RunState::running) ready_.unlink(run);
  if (run.state == RunState::scheduled) scheduled_.erase({run.due_at, run.id});
  if (has_deadline(run)) deadlines_.erase({*run.queue_until, run.id});
  if (run.state == RunState::running) {
    leases_.erase({run.lease_until, run.id});
    const auto worker = by_worker_.find(run.worker);
    worker->second.erase(run.id);
    count_use(run, -1);
    if (worker->second.empty()) by_worker_.erase(worker);
  }
  unlink_from_job(run);
  const auto counts = counts_.find(run.tenant);
  --counts->second.at(static_cast<std::size_t>(run.state));
  if (counts->second == StateCounts{}) counts_.erase(counts);
}

void LiveIndex::count_use(const LiveRun& run, std::int64_t change) {
  Use& use = uses_[run.worker];
  use.slots += change * run.needs.slots;
  use.cpu_millis += change * run.needs.take.cpu_millis;
  use.memory_bytes += change * run.needs.take.memory_bytes;
  use.gpus += change * run.needs.take.gpus;
  if (use == Use{}) uses_.erase(run.worker);
  const Wish* const wish = run.needs.wish.get();
  if (wish == nullptr || wish->spread_job == 0) return;
  auto& spread = spreads_[wish->spread_job];
  if ((spread[run.worker] += change) == 0) spread.erase(run.worker);
  if (spread.empty()) spreads_.erase(wish->spread_job);
}

Use LiveIndex::use_of(WorkerKey worker) const {
  const auto found = uses_.find(worker);
  return found == uses_.end() ? Use{} : found->second;
}

const std::map<WorkerKey, std::int64_t>& LiveIndex::spread_of(JobKey job) const {
  static const std::map<WorkerKey, std::int64_t> kNowhere;
  const auto found = spreads_.find(job);
  return found == spreads_.end() ? kNowhere : found->second;
}

void LiveIndex::link_to_job(const LiveRun& run) {
  JobRuns& job = by_job_[run.job];
  if (is_buffered(run)) {
    job.buffered.emplace(run.due_at, run.id);
  } else {
    (is_ahead(run) ? job.ahead : job.active).insert(run.id);
  }
  if (run.hold == Hold::paused) job.held.emplace(run.due_at, run.id);
  if (run.hold == Hold::debounce) job.debounced.emplace(run.debounce_key, run.id);
  settle_job(run.job);
}

void LiveIndex::unlink_from_job(const LiveRun& run) {
  JobRuns& job = by_job_.at(run.job);
  if (is_buffered(run)) {
    job.buffered.erase({run.due_at, run.id});
  } else {
    (is_ahead(run) ? job.ahead : job.active).erase(run.id);
  }
  if (run.hold == Hold::paused) job.held.erase({run.due_at, run.id});
  if (run.hold == Hold::debounce) job.debounced.erase(run.debounce_key);
  settle_job(run.job);
}

void LiveIndex::settle_job(JobKey key) {
  const auto job = by_job_.find(key);
  if (!job->second.buffered.empty() && job->second.active.empty()) {
    releasable_.insert(key);
  } else {
    releasable_.erase(key);
  }
  if (job->second == JobRuns{}) by_job_.erase(job);
}

bool operator==(const LiveIndex& a, const LiveIndex& b) {
  return a.runs_ == b.runs_ && a.ready_ == b.ready_ && a.scheduled_ == b.scheduled_ &&
         a.deadlines_ == b.deadlines_ && a.leases_ == b.leases_ && a.by_job_ == b.by_job_ &&
         a.by_worker_ == b.by_worker_ && a.uses_ == b.uses_ && a.spreads_ == b.spreads_ &&
         a.counts_ == b.counts_ && a.releasable_ == b.releasable_ &&
         a.pause_times_ == b.pause_times_;
}

}  // namespace mainspring::sql
