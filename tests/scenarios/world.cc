#include "scenarios/world.h"

#include <algorithm>
#include <stdexcept>

#include "model/manifest.h"
#include "plan/fresh_ids.h"
#include "plan/settle.h"

namespace mainspring::scenarios {
namespace {

// The worker of a test never misses a heartbeat.
constexpr base::Duration kLease = std::chrono::hours{24 * 365};
// A step that never ends is a mistake of the program under test.
constexpr int kStepsPerInstant = 100'000;

void check(const base::Result<void>& result) {
  if (!result) throw std::runtime_error(base::to_text(result.error()));
}

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::to_text(result.error()));
  return std::move(*result);
}

}  // namespace

// ---- DirectStore -----------------------------------------------------------------------------

DirectStore::DirectStore(const std::string& path) : path_(path), engine_(path) {
  engine_.database().execute("PRAGMA synchronous = OFF");  // no test cuts the power
}

std::unique_ptr<store::Reads> DirectStore::open_reads() {
  return std::make_unique<sqlite::Reads>(path_, engine_.counts());
}

void DirectStore::submit(store::Request request, store::Completion completion) {
  completion(submit_and_wait(std::move(request)));
}

base::Result<store::Reply> DirectStore::submit_and_wait(store::Request request) {
  const std::vector<store::Request> group{std::move(request)};
  sql::GroupResult result = engine_.apply(group);
  for (const store::Listener& listener : listeners_)
    if (!result.notices.empty()) listener(result.notices);
  return std::move(result.replies.front());
}

// ---- World -----------------------------------------------------------------------------------

World::World(const std::string& directory, base::Instant start)
    : path_(directory + "/mainspring.db"), clock_(start), random_(7) {
  open();
}

World::~World() { close(); }

void World::open() {
  store_ = std::make_unique<DirectStore>(path_);
  store_->add_listener([this](const std::vector<store::Notice>& notices) { hear(notices); });
  reads_ = store_->open_reads();
  round_ = std::make_unique<scheduler::Round>(scheduler::Parts{*store_, clock_, random_, {}},
                                              scheduler::Settings{.lease = kLease},
                                              store_->open_reads());
  if (has_upkeep_) start_upkeep();
}

void World::start_upkeep() {
  has_upkeep_ = true;
  upkeep_ = std::make_unique<upkeep::Round>(upkeep::Parts{*store_, clock_, random_, {}},
                                            upkeep::Settings{}, store_->open_reads());
}

void World::close() {
  upkeep_.reset();
  round_.reset();
  reads_.reset();
  store_.reset();
  (void)inbox_.take();
  (void)upkeep_inbox_.take();
}

void World::restart() {
  close();
  open();
}

void World::be_down(base::Instant until) {
  close();
  for (Pool& pool : pools_)
    pool.under_way.clear();
  clock_.advance(std::chrono::duration_cast<base::Duration>(until - clock_.now()));
  open();
  register_workers();
  settle();
}

void World::add_worker(int slots, model::Labels labels, model::WorkerResources resources) {
  pools_.push_back({fresh<base::WorkerId>(), slots, std::move(labels), resources, {}});
  register_workers();
}

void World::register_workers() {
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    model::Worker worker;
    worker.id = pools_[i].id;
    worker.name = "worker-" + std::to_string(i + 1);
    worker.slots = pools_[i].slots;
    worker.labels = pools_[i].labels;
    worker.resources = pools_[i].resources;
    worker.started_at = worker.heartbeat_at = now();
    if (!pools_[i].under_way.empty()) continue;  // it goes on as it was
    taken(apply(store::RegisterWorker{worker, 1, now()}));
  }
}

std::vector<model::SchedulePlan> World::settled(base::JobId job) {
  plan::FreshIds ids(clock_, random_);
  return plan::settle(reads().schedules().of_job(job), now(), ids);
}

base::Result<void> World::apply_manifest(std::string_view yaml) {
  auto manifest = model::parse_manifest(yaml, model::ManifestFormat::yaml);
  if (!manifest) return base::fail(std::move(manifest.error()));
  store::ApplyJobs command{tenant, {}, "ada", now()};
  command.queues = std::move(manifest->queues);
  command.calendars = std::move(manifest->calendars);
  for (model::JobSpec& spec : manifest->jobs) {
    expects_ = expects_ || spec.expect;
    store::JobDraft draft;
    draft.fresh_id = fresh<base::JobId>();
    for (std::size_t i = 0; i < spec.schedule.size(); ++i)
      draft.fresh_schedule_ids.push_back(fresh<base::ScheduleId>());
    draft.spec = std::move(spec);
    const auto stored = reads().jobs().find_by_name(tenant, draft.spec.name);
    if (stored) std::ranges::move(settled(stored->id), std::back_inserter(command.settle));
    command.jobs.push_back(std::move(draft));
  }
  auto applied = apply(std::move(command));
  if (!applied) return base::fail(std::move(applied.error()));
  return {};
}

model::Job World::job(const std::string& name) {
  auto found = reads().jobs().find_by_name(tenant, name);
  if (!found) throw std::runtime_error("there is no job " + name);
  ids_[name] = found->id;
  return std::move(*found);
}

base::JobId World::job_id(const std::string& name) {
  const auto known = ids_.find(name);
  return known == ids_.end() ? job(name).id : known->second;
}

base::Result<store::RunsSubmitted> World::submit(const std::string& name,
                                                 const std::map<std::string, json::Value>& params) {
  const model::Job found = job(name);
  auto bound = model::bind_params(found.spec, params);
  if (!bound) return base::fail(std::move(bound.error()));
  store::NewRun run;
  run.id = fresh<base::RunId>();
  run.job_id = found.id;
  run.params = std::move(*bound);
  run.due_at = now();
  return apply(store::SubmitRuns{tenant, {run}, "ada", now()});
}

void World::hear(const std::vector<store::Notice>& notices) {
  inbox_.tell(notices);
  upkeep_inbox_.tell(notices);
  for (const store::Notice& notice : notices)
    if (const auto* asked = std::get_if<store::CancelAsked>(&notice)) cancels_.push_back(*asked);
}

void World::stop(const store::CancelAsked& asked) {
  for (Pool& pool : pools_) {
    const auto found = pool.under_way.find(asked.run_id);
    if (found == pool.under_way.end()) continue;
    const auto run = reads().runs().find(tenant, asked.run_id);
    const bool is_kill = asked.mode == model::CancelMode::kill;
    const base::Duration pause =
        is_kill ? base::Duration{0} : work_[run->summary.job].takes_to_stop;
    found->second.ends_at = std::min(found->second.ends_at, now() + pause);
    found->second.outcome = {};
    found->second.outcome.status = model::OutcomeStatus::cancelled;
  }
}

bool World::finish_due() {
  for (Pool& pool : pools_) {
    const auto due = std::ranges::find_if(
        pool.under_way, [&](const auto& entry) { return entry.second.ends_at <= now(); });
    if (due == pool.under_way.end()) continue;
    const UnderWay done = due->second;
    pool.under_way.erase(due);
    // Refused where the lease is gone: then the store has dealt with the run.
    (void)apply(store::FinishAttempt{done.lease, done.outcome, 1, now()});
    return true;
  }
  return false;
}

bool World::keep_up() {
  if (!upkeep_) return false;
  upkeep_->hear(upkeep_inbox_.take());
  if (upkeep_->time_left() > base::Duration{0}) return false;
  check(upkeep_->run());
  return true;
}

bool World::claim() {
  look_at_.reset();
  for (Pool& pool : pools_) {
    int free = pool.slots;
    for (const auto& [id, run] : pool.under_way)
      free -= run.slots;
    if (free <= 0) continue;
    const auto claimed = taken(apply(store::ClaimRuns{pool.id, free, kLease, now()}));
    if (claimed.next_due)
      look_at_ = std::min(look_at_.value_or(*claimed.next_due), *claimed.next_due);
    for (const store::ClaimedRun& run : claimed.runs) {
      const Work& work = work_[run.run.job];
      pool.under_way[run.run.id] = {
          {run.run.id, run.epoch}, now() + work.takes, work.outcome, run.spec.resources.slots};
    }
    if (!claimed.runs.empty()) return true;
  }
  return false;
}

void World::settle() {
  for (int steps = 0; steps < kStepsPerInstant; ++steps) {
    for (const store::CancelAsked& asked : std::exchange(cancels_, {}))
      stop(asked);
    round_->hear(inbox_.take());
    if (between_steps) between_steps();
    if (finish_due()) continue;
    if (round_->next() <= now()) {
      check(round_->run());
      continue;
    }
    if (keep_up() || claim() || !cancels_.empty()) continue;
    return check_expectations();
  }
  throw std::runtime_error("the scheduler does not come to rest at " + base::format_instant(now()));
}

// As upkeep does; jobs that expect nothing need none of it.
void World::check_expectations() {
  if (!expects_) return;
  do {
    expected_at_ = taken(apply(store::CheckExpectations{now()})).next_due;
  } while (expected_at_ && *expected_at_ <= now());
}

base::Instant World::next_step() const {
  base::Instant next = round_->next();
  if (expected_at_) next = std::min(next, *expected_at_);
  if (look_at_ && *look_at_ > now()) next = std::min(next, *look_at_);
  if (upkeep_) next = std::min(next, now() + upkeep_->time_left());
  for (const Pool& pool : pools_)
    for (const auto& [id, run] : pool.under_way)
      next = std::min(next, run.ends_at);
  return next;
}

void World::run_until(base::Instant until) {
  settle();
  for (base::Instant next = next_step(); next < until; next = next_step()) {
    clock_.advance(std::max(next - now(), base::Duration{0}));
    settle();
  }
  clock_.advance(std::max(until - now(), base::Duration{0}));
}

store::Reads& World::reads() { return *reads_; }

std::vector<model::Occurrence> World::ledger(base::JobId job) {
  std::vector<model::Occurrence> all;
  store::Page page{.limit = store::kPageLimit, .after = ""};
  do {
    auto listed = taken(reads().schedules().occurrences({.tenant = tenant, .job_id = job}, page));
    std::ranges::move(listed.items, std::back_inserter(all));
    page.after = listed.next;
  } while (!page.after.empty());
  std::ranges::reverse(all);
  return all;
}

std::vector<model::Run> World::runs() {
  std::vector<model::Run> all;
  store::Page page{.limit = store::kPageLimit, .after = ""};
  do {
    const auto listed = taken(reads().runs().list({.tenant = tenant}, page));
    for (const model::RunSummary& run : listed.items)
      all.push_back(*reads().runs().find(tenant, run.id));
    page.after = listed.next;
  } while (!page.after.empty());
  std::ranges::reverse(all);
  return all;
}

}  // namespace mainspring::scenarios
