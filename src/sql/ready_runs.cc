#include "sql/ready_runs.h"

#include <algorithm>
#include <cmath>

namespace mainspring::sql {
namespace {

using model::OnLimit;
using model::RunState;

constexpr double kAlmostOne = 1 - 1e-9;

double burst_of(const model::RateSpec& rate) {
  return static_cast<double>(rate.burst > 0 ? rate.burst : rate.count);
}

double tokens_per_ms(const model::RateSpec& rate) {
  return static_cast<double>(rate.count) / static_cast<double>(rate.per.count());
}

template <class Map, class Name>
void erase_empty(Map& map, const Name& name) {
  if (const auto found = map.find(name); found != map.end() && found->second.empty()) {
    map.erase(found);
  }
}

}  // namespace

QueueGate refilled(QueueGate gate, base::Instant now) {
  if (!gate.rate || now <= gate.tokens_at) return gate;
  const auto elapsed = static_cast<double>((now - gate.tokens_at).count());
  gate.tokens = std::min(burst_of(*gate.rate), gate.tokens + elapsed * tokens_per_ms(*gate.rate));
  gate.tokens_at = now;
  return gate;
}

bool has_token(const QueueGate& gate) { return !gate.rate || gate.tokens >= kAlmostOne; }

base::Instant next_token_at(const QueueGate& gate) {
  if (has_token(gate)) return gate.tokens_at;
  const double wait = (kAlmostOne - gate.tokens) / tokens_per_ms(*gate.rate);
  return gate.tokens_at + base::Duration{static_cast<std::int64_t>(std::ceil(wait))};
}

std::chrono::seconds retry_after(const QueueGate& gate, base::Instant now) {
  // How quickly runs end is not known: a small queue may have a place soon, and of a deep one many
  // are turned away.
  constexpr std::int64_t kRunsPerSecond = 100;
  constexpr std::int64_t kLongestGuess = 30;
  constexpr std::chrono::seconds kShortest{1};
  const QueueGate current = refilled(gate, now);
  if (gate.is_paused || (gate.rate && !has_token(current))) {
    const auto opens_at = gate.is_paused ? gate.paused_until : next_token_at(current);
    if (!opens_at) return std::chrono::seconds{kLongestGuess};
    return std::clamp(std::chrono::ceil<std::chrono::seconds>(*opens_at - now), kShortest,
                      kLongestRetry);
  }
  const std::int64_t guess = gate.depth.value_or(0) / kRunsPerSecond;
  return std::chrono::seconds{std::clamp<std::int64_t>(guess, 1, kLongestGuess)};
}

// ---- questions -----------------------------------------------------------------------------

std::optional<base::RunId> ReadyRuns::next(const Judge& judge) const {
  for (const auto& [running, key] : loads_) {
    // The head of each kind of needs, as a heap: most claims take the first.
    std::vector<std::pair<HeadKey, const Needs*>> heads;
    for (const auto& [needs, runs] : tenants_.at(key).heads)
      heads.emplace_back(*runs.begin(), &needs);
    const auto comes_later = [](const auto& a, const auto& b) { return b.first < a.first; };
    std::ranges::make_heap(heads, comes_later);
    for (; !heads.empty(); heads.pop_back()) {
      std::ranges::pop_heap(heads, comes_later);
      const auto& [head, needs] = heads.back();
      const auto& [priority, share, due_at, id] = head;
      const Verdict verdict = judge(*needs, {priority, due_at, id});
      if (verdict == Verdict::take) return id;
      if (verdict == Verdict::wait) return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<QueueShare> ReadyRuns::next_share(const QueueName& name, int slots) const {
  const auto tenant = tenants_.find(name.tenant);
  if (tenant == tenants_.end() || tenant->second.weighted == 0) return std::nullopt;
  const auto queue = tenant->second.queues.find(name.name);
  int weight = 1;
  double work = 0;
  if (queue != tenant->second.queues.end()) {
    work = queue->second.share.work;
    if (queue->second.gate) weight = queue->second.gate->weight.value_or(1);
  }
  const double tag = std::max(work, tenant->second.latest_tag());
  return QueueShare{tag, tag + static_cast<double>(slots) / weight};
}

QueueShare ReadyRuns::share(const QueueName& name) const {
  const auto tenant = tenants_.find(name.tenant);
  if (tenant == tenants_.end()) return {};
  const auto queue = tenant->second.queues.find(name.name);
  return queue == tenant->second.queues.end() ? QueueShare{} : queue->second.share;
}

std::optional<ReadyRuns::Excess> ReadyRuns::find_excess() const {
  if (excess_.empty()) return std::nullopt;
  const auto& [tenant_key, text] = *excess_.begin();
  const Tenant& tenant = tenants_.at(tenant_key);
  const Key& key = tenant.keys.at(text);
  const base::RunId oldest = key.under_way.empty() ? base::RunId{} : key.under_way.begin()->second;
  for (const LaneName& name : key.lanes) {
    if (name.limit.then != OnLimit::skip || has_room(tenant, name.limit)) continue;
    return Excess{std::get<base::RunId>(*tenant.lanes.at(name).runs.begin()), oldest};
  }
  return Excess{oldest, oldest, true};
}

const QueueGate* ReadyRuns::find_gate(const QueueName& name) const {
  const auto tenant = tenants_.find(name.tenant);
  if (tenant == tenants_.end()) return nullptr;
  const auto queue = tenant->second.queues.find(name.name);
  return queue != tenant->second.queues.end() && queue->second.gate ? &*queue->second.gate
                                                                    : nullptr;
}

ReadyRuns::QueueCounts ReadyRuns::counts(const QueueName& name) const {
  QueueCounts out;
  const auto tenant = tenants_.find(name.tenant);
  if (tenant == tenants_.end()) return out;
  const auto found = tenant->second.queues.find(name.name);
  if (found == tenant->second.queues.end()) return out;
  const Queue& queue = found->second;
  out.waiting = std::ssize(queue.waiting);
  out.running = queue.running;
  if (!queue.waiting.empty()) out.oldest = queue.waiting.begin()->first;
  return out;
}

std::vector<QueueName> ReadyRuns::due(base::Instant now) const {
  std::vector<QueueName> out;
  for (const auto& [at, name] : wakes_) {
    if (at > now) break;
    out.push_back(name);
  }
  return out;
}

std::optional<base::Instant> ReadyRuns::next_due() const {
  return wakes_.empty() ? std::nullopt : std::optional{wakes_.begin()->first};
}

// ---- changes -------------------------------------------------------------------------------

ReadyRuns::LaneName ReadyRuns::lane_of(const LiveRun& run) {
  LaneName out{run.needs, run.queue, run.limit};
  if (run.attempts > 0) out.limit.then = OnLimit::queue;  // a retry waits: its work has begun
  if (out.limit.text.empty()) out.limit = {};
  return out;
}

ReadyRuns::HeadKey ReadyRuns::head_key(const Tenant& tenant, const Queue& queue,
                                       const ReadyKey& run) {
  const auto& [priority, due_at, id] = run;
  return {priority, tenant.weighted > 0 ? queue.share.work : 0, due_at, id};
}

bool ReadyRuns::is_open(const Queue& queue) {
  if (!queue.gate) return true;
  const QueueGate& gate = *queue.gate;
  return !gate.is_paused && has_token(gate) && (!gate.limit || queue.running < *gate.limit);
}

bool ReadyRuns::has_room(const Tenant& tenant, const Limit& limit) {
  if (limit.text.empty()) return true;
  const auto key = tenant.keys.find(limit.text);
  return key == tenant.keys.end() || key->second.count() < limit.count;
}

// A full key with waiting runs that must not wait, or for which nobody has made room yet.
bool ReadyRuns::has_excess(const Tenant& tenant, const Key& key) {
  std::int64_t wanted = 0;
  for (const LaneName& name : key.lanes) {
    if (name.limit.then == OnLimit::queue || has_room(tenant, name.limit)) continue;
    if (name.limit.then == OnLimit::skip) return true;
    wanted += std::ssize(tenant.lanes.at(name).runs);
  }
  return !key.under_way.empty() && key.stopping < wanted;
}

void ReadyRuns::link(const LiveRun& run) {
  Tenant& tenant = tenants_[run.tenant];
  const std::int64_t running = tenant.running;
  if (run.state == RunState::running) {
    count(run, 1);
  } else {
    tenant.queues[run.queue].waiting.emplace(run.due_at, run.id);
    if (run.hold == Hold::none) {
      const LaneName lane = lane_of(run);
      tenant.lanes[lane].runs.insert(ready_key(run));
      if (!lane.limit.text.empty()) tenant.keys[lane.limit.text].lanes.insert(lane);
      refresh(run.tenant, lane);
    }
    refresh_queue(run.tenant, run.queue);
  }
  settle_load(run.tenant, running);
}

void ReadyRuns::unlink(const LiveRun& run) {
  Tenant& tenant = tenants_.at(run.tenant);
  const std::int64_t running = tenant.running;
  if (run.state == RunState::running) {
    count(run, -1);
  } else {
    tenant.queues.at(run.queue).waiting.erase({run.due_at, run.id});
    if (run.hold == Hold::none) {
      const LaneName lane = lane_of(run);
      tenant.lanes.at(lane).runs.erase(ready_key(run));
      refresh(run.tenant, lane);
    }
    refresh_queue(run.tenant, run.queue);
  }
  settle_load(run.tenant, running);
}

void ReadyRuns::set_gate(const QueueName& name, std::optional<QueueGate> gate) {
  Tenant& tenant = tenants_[name.tenant];
  const std::int64_t running = tenant.running;
  const bool was_sharing = tenant.weighted > 0;
  Queue& queue = tenant.queues[name.name];
  if (queue.gate && queue.gate->weight) --tenant.weighted;
  queue.gate = std::move(gate);
  if (queue.gate && queue.gate->weight) ++tenant.weighted;
  refresh_queue(name.tenant, name.name);
  if (was_sharing != (tenant.weighted > 0)) refresh_shares(name.tenant);
  settle_load(name.tenant, running);
}

void ReadyRuns::set_share(const QueueName& name, const QueueShare& share) {
  Tenant& tenant = tenants_[name.tenant];
  const std::int64_t running = tenant.running;
  Queue& queue = tenant.queues[name.name];
  if (queue.share != QueueShare{}) tenant.tags.extract(queue.share.tag);
  queue.share = share;
  if (queue.share != QueueShare{}) tenant.tags.insert(queue.share.tag);
  refresh_queue(name.tenant, name.name);
  settle_load(name.tenant, running);
}

// The queues begin or cease to share: all of them stand elsewhere.
void ReadyRuns::refresh_shares(TenantKey tenant_key) {
  std::vector<std::string> names;
  for (const auto& [name, queue] : tenants_.at(tenant_key).queues)
    names.push_back(name);
  for (const std::string& name : names)
    refresh_queue(tenant_key, name);
}

void ReadyRuns::count(const LiveRun& run, std::int64_t change) {
  Tenant& tenant = tenants_.at(run.tenant);
  tenant.running += change;
  tenant.queues[run.queue].running += change;
  if (!run.limit.text.empty()) {
    Key& key = tenant.keys[run.limit.text];
    const TimeKey place{run.attempt_started_at, run.id};
    if (run.cancel) {
      key.stopping += change;
    } else if (change > 0) {
      key.under_way.insert(place);
    } else {
      key.under_way.erase(place);
    }
    refresh_key(run.tenant, run.limit.text);
  }
  refresh_queue(run.tenant, run.queue);
}

void ReadyRuns::refresh(TenantKey tenant_key, const LaneName& name) {
  Tenant& tenant = tenants_.at(tenant_key);
  Lane& lane = tenant.lanes.at(name);
  const bool is_shown = !lane.runs.empty() && has_room(tenant, name.limit);
  const auto wanted = is_shown ? std::optional{*lane.runs.begin()} : std::nullopt;
  if (lane.shown != wanted) {
    Heads& above = tenant.queues[name.queue].heads[name.needs];
    if (lane.shown) above.runs.erase(*lane.shown);
    if (wanted) above.runs.insert(*wanted);
    lane.shown = wanted;
    show_queue(tenant_key, name.queue, name.needs);
    refresh_wake(tenant_key, name.queue);  // a key may have got room by a run of another queue
  }
  const std::string key = name.limit.text;
  const bool is_gone = lane.runs.empty();
  if (is_gone && !key.empty()) tenant.keys.at(key).lanes.erase(name);
  if (is_gone) tenant.lanes.erase(LaneName{name});  // `name` may stand in what goes
  if (key.empty()) return;
  const Key& counted = tenant.keys.at(key);
  if (has_excess(tenant, counted)) {
    excess_.emplace(tenant_key, key);
  } else {
    excess_.erase({tenant_key, key});
  }
  if (counted.lanes.empty() && counted.count() == 0) tenant.keys.erase(key);
}

void ReadyRuns::refresh_key(TenantKey tenant_key, const std::string& text) {
  Tenant& tenant = tenants_.at(tenant_key);
  const std::set<LaneName> lanes = tenant.keys.at(text).lanes;
  for (const LaneName& lane : lanes)
    refresh(tenant_key, lane);
  const auto key = tenant.keys.find(text);
  if (key != tenant.keys.end() && key->second.lanes.empty() && key->second.count() == 0) {
    tenant.keys.erase(key);
  }
}

void ReadyRuns::show_queue(TenantKey tenant_key, const std::string& name, const Needs& needs) {
  Tenant& tenant = tenants_.at(tenant_key);
  Queue& queue = tenant.queues.at(name);
  const auto found = queue.heads.find(needs);
  if (found == queue.heads.end()) return;
  Heads& heads = found->second;
  const bool is_shown = !heads.runs.empty() && is_open(queue);
  const auto wanted =
      is_shown ? std::optional{head_key(tenant, queue, *heads.runs.begin())} : std::nullopt;
  if (heads.shown != wanted) {
    std::set<HeadKey>& above = tenant.heads[needs];
    if (heads.shown) above.erase(*heads.shown);
    if (wanted) above.insert(*wanted);
    heads.shown = wanted;
  }
  const bool is_gone = heads.runs.empty();
  erase_empty(tenant.heads, Needs{needs});
  if (is_gone) queue.heads.erase(found);
}

void ReadyRuns::refresh_queue(TenantKey tenant_key, const std::string& name) {
  Tenant& tenant = tenants_.at(tenant_key);
  Queue& queue = tenant.queues.at(name);
  std::vector<Needs> classes;
  for (const auto& [needs, heads] : queue.heads)
    classes.push_back(needs);
  for (const Needs& needs : classes)
    show_queue(tenant_key, name, needs);
  refresh_wake(tenant_key, name);
  const QueueName full{tenant_key, name};
  changed_.insert(full);
  if (queue.gate || !queue.waiting.empty() || queue.running > 0) return;
  if (queue.share == QueueShare{}) tenant.queues.erase(full.name);
}

// When time opens the queue for what stands at its head.
void ReadyRuns::refresh_wake(TenantKey tenant_key, const std::string& name) {
  Queue& queue = tenants_.at(tenant_key).queues.at(name);
  std::optional<base::Instant> wake;
  if (queue.gate && queue.gate->is_paused) {
    wake = queue.gate->paused_until;
  } else if (queue.gate && !has_token(*queue.gate) && !queue.heads.empty()) {
    wake = next_token_at(*queue.gate);
  }
  if (queue.wake == wake) return;
  const QueueName full{tenant_key, name};
  if (queue.wake) wakes_.erase({*queue.wake, full});
  if (wake) wakes_.emplace(*wake, full);
  queue.wake = wake;
}

// Where the tenant stands among those that have something ready.
void ReadyRuns::settle_load(TenantKey tenant_key, std::int64_t running_before) {
  const auto tenant = tenants_.find(tenant_key);
  loads_.erase({running_before, tenant_key});
  if (!tenant->second.heads.empty()) loads_.emplace(tenant->second.running, tenant_key);
  if (tenant->second == Tenant{}) tenants_.erase(tenant);
}

bool operator==(const ReadyRuns& a, const ReadyRuns& b) {
  return a.tenants_ == b.tenants_ && a.loads_ == b.loads_ && a.excess_ == b.excess_ &&
         a.wakes_ == b.wakes_;
}

}  // namespace mainspring::sql
