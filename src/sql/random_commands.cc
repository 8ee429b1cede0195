#include "sql/random_commands.h"

#include <fmt/core.h>

#include <chrono>

namespace mainspring::sql {

using namespace std::chrono_literals;

std::vector<store::Request> RandomCommands::begin() {
  store::PutQueue slow{"default", {}, "ada", now_};
  slow.spec.name = "slow";
  slow.spec.limit = 2;
  return {{slow, std::nullopt}};
}

std::vector<store::Request> RandomCommands::next(Database& database) {
  database_ = &database;
  std::vector<store::Request> group;
  for (std::int64_t i = below(6); i >= 0; --i)
    group.push_back({command(), std::nullopt});
  database_ = nullptr;
  return group;
}

void RandomCommands::learn(std::span<const store::Request> group,
                           std::span<const base::Result<store::Reply>> replies) {
  for (std::size_t i = 0; i < group.size(); ++i)
    if (replies[i]) learn_one(group[i].command, *replies[i]);
  now_ += base::Duration{below(4'000)};
}

void RandomCommands::learn_one(const store::Command& command, const store::Reply& reply) {
  if (const auto* applied = std::get_if<store::JobsApplied>(&reply)) {
    jobs_.push_back(applied->jobs[0].id);
  }
  if (const auto* claimed = std::get_if<store::RunsClaimed>(&reply)) {
    learn_claims(std::get<store::ClaimRuns>(command), *claimed);
  }
}

void RandomCommands::learn_claims(const store::ClaimRuns& command,
                                  const store::RunsClaimed& claimed) {
  std::int64_t slots = 0;
  for (const store::ClaimedRun& run : claimed.runs) {
    auto& last = epochs_[run.run.id];
    if (run.epoch <= last) {
      throw std::logic_error(fmt::format("{} was leased with the fencing number {} after {}",
                                         run.run.id.text(), run.epoch, last));
    }
    last = run.epoch;
    held_.push_back({run.run.id, run.epoch});
    if (held_.size() > 30) held_.erase(held_.begin());
    slots += run.spec.resources.slots;
  }
  if (slots > command.limit) {
    throw std::logic_error(fmt::format("a claim for {} slots was given {}", command.limit, slots));
  }
}

std::int64_t RandomCommands::below(std::int64_t limit) {
  return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
}

template <class T>
T RandomCommands::any_of(const std::vector<T>& values) {
  return values.empty() ? T{} : values[static_cast<std::size_t>(below(std::ssize(values)))];
}

template <class Id>
Id RandomCommands::fresh() {
  base::IdEntropy entropy{};
  for (auto& byte : entropy)
    byte = static_cast<std::uint8_t>(random_());
  return Id::make(now_, entropy);
}

store::Command RandomCommands::pause() {
  if (below(2) == 0) {
    store::PauseJob out{"default", any_of(jobs_), "", "ada", now_};
    if (below(2) == 0) out.until = now_ + base::Duration{1 + below(20'000)};
    if (below(2) == 0) out.meanwhile = model::Meanwhile::hold;
    return out;
  }
  return store::ResumeJob{"default", any_of(jobs_), "ada", now_};
}

store::Command RandomCommands::change_queue() {
  const std::string name = below(2) == 0 ? "slow" : "default";
  if (below(3) == 0) {
    store::PauseQueue out{"default", name, std::nullopt, "ada", now_};
    if (below(3) == 0) out.pause.emplace().until = now_ + base::Duration{1 + below(9'000)};
    return out;
  }
  if (name == "default" && below(3) == 0) {
    return store::DeleteQueue{"default", name, "ada", now_};
  }
  store::PutQueue out{"default", {}, "ada", now_};
  out.spec.name = name;
  out.spec.limit = name == "slow" ? 2 : 1 + below(5);
  if (below(2) == 0) out.spec.rate = model::RateSpec{1 + below(5), 10s, below(4)};
  if (below(2) == 0) out.spec.depth = 5 + below(20);
  if (below(3) == 0) out.spec.weight = static_cast<int>(1 + below(5));
  return out;
}

store::Command RandomCommands::change_run() {
  if (below(3) > 0) {
    const auto mode = static_cast<model::CancelMode>(below(2));
    return store::CancelRun{"default", any_of(runs_), "ada", "", now_, mode};
  }
  store::ExtendRun out{"default", any_of(runs_), {}, {}, "ada", now_};
  if (below(2) == 0) out.run = 30s;
  if (below(2) == 0) out.queue = 30s;
  return out;
}

store::Command RandomCommands::command() {
  switch (below(22)) {
    case 0:
      return apply_jobs();
    case 1:
      return below(20) == 0
                 ? store::Command{store::DeleteJob{"default", any_of(jobs_), {}, "ada", now_}}
                 : pause();
    case 2:
    case 3:
      return submit();
    case 4:
    case 5:
      return materialise();
    case 6:
      return store::PromoteDue{now_};
    case 7:
    case 8:
      return store::ClaimRuns{any_of(workers_), below(4), 20s, now_};
    case 9:
      return store::RenewLeases{any_of(workers_), held_, 20s, now_};
    case 10:
      return store::ExpireLeases{random_(), now_};
    case 11:
      return change_run();
    case 12:
      return register_worker();
    case 13:
      return change_queue();
    case 14:
      return operate();
    case 15:
      return store::CheckExpectations{now_};
    default:
      return finish();
  }
}

store::Command RandomCommands::apply_jobs() {
  store::JobDraft draft;
  draft.fresh_id = fresh<base::JobId>();
  draft.spec.name = std::string(1, static_cast<char>('a' + below(5)));
  draft.spec.priority = static_cast<int>(below(3));
  draft.spec.retry.max_attempts = static_cast<int>(1 + below(3));
  draft.spec.retry.backoff.initial = 2s;
  for (std::int64_t i = below(3); i > 0; --i) {
    model::ScheduleSpec schedule;
    schedule.every = std::chrono::seconds{1 + below(3)};
    schedule.overlap = static_cast<model::Overlap>(below(6));
    if (below(3) == 0) schedule.max_runs = 1 + below(20);
    draft.spec.schedule.push_back(schedule);
    draft.fresh_schedule_ids.push_back(fresh<base::ScheduleId>());
    schedules_.push_back(draft.fresh_schedule_ids.back());
  }
  set_policies(draft.spec);
  if (below(4) == 0) draft.if_version = below(3);
  return store::ApplyJobs{"default", {draft}, "ada", now_};
}

void RandomCommands::set_policies(model::JobSpec& spec) {
  if (below(2) == 0) spec.queue = "slow";
  if (below(2) == 0) {
    spec.concurrency =
        model::ConcurrencySpec{static_cast<int>(1 + below(2)), below(2) == 0 ? "" : "shared",
                               static_cast<model::OnLimit>(below(3))};
  }
  if (below(4) == 0) spec.dedupe = model::DedupeSpec{"once", 5s};
  if (below(5) == 0) spec.debounce = model::DebounceSpec{2s, 5s, ""};
  if (below(3) == 0) spec.timeout.queue = base::Duration{1 + below(9'000)};
  if (below(2) == 0) spec.timeout.run = 60s;
  if (below(4) == 0) spec.resources.slots = 2;
  if (below(6) == 0) spec.placement.labels["zone"] = "b";
  if (below(6) == 0) {
    const auto op = static_cast<model::LabelOp>(below(4));
    spec.placement.constraints = {{"zone", op, {}}};
    if (op == model::LabelOp::in || op == model::LabelOp::not_in)
      spec.placement.constraints[0].values = {"a"};
  }
  if (below(6) == 0) spec.placement.prefer = {{"zone", "b", 5}};
  if (below(6) == 0) spec.placement.spread = model::SpreadSpec{"zone"};
  if (below(3) == 0) spec.resources.cpu = 0.5;
  if (below(5) == 0) spec.resources.gpus = 1;
  if (below(2) == 0) spec.expect = expectation();
  if (below(4) == 0) spec.pause_after_failures = static_cast<int>(1 + below(3));
}

model::ExpectSpec RandomCommands::expectation() {
  model::ExpectSpec out;
  if (below(2) == 0) out.start_within = base::Duration{1'000 + below(5'000)};
  if (below(2) == 0) out.finish_within = base::Duration{6'000 + below(30'000)};
  if (below(2) == 0) out.every = base::Duration{1'000 + below(60'000)};
  return out;
}

// An id that a submission must not take; what was deleted is free again.
base::RunId RandomCommands::taken_run() {
  const base::RunId id = any_of(runs_);
  const bool is_there = database_
                            ->query(
                                "SELECT 1 FROM runs_live WHERE id = ?1"
                                " UNION ALL SELECT 1 FROM runs_done WHERE id = ?1",
                                id)
                            .next();
  return is_there ? id : fresh<base::RunId>();
}

store::Command RandomCommands::submit() {
  store::SubmitRuns out{"default", {}, "ada", now_};
  for (std::int64_t i = below(3); i >= 0; --i) {
    store::NewRun run;
    run.id = below(20) == 0 ? taken_run() : fresh<base::RunId>();
    run.job_id = any_of(jobs_);
    run.due_at = now_ + base::Duration{below(3'000) - 1'000};
    if (below(4) == 0) run.overlap = static_cast<model::Overlap>(below(6));
    runs_.push_back(run.id);
    out.runs.push_back(run);
  }
  return out;
}

store::Command RandomCommands::materialise() {
  store::Materialise out{{}, now_};
  for (std::int64_t i = below(3); i >= 0; --i) {
    model::SchedulePlan plan;
    plan.schedule_id = any_of(schedules_);
    Rows rows =
        (*database_).query("SELECT planned_until FROM schedules WHERE id = ?1", plan.schedule_id);
    if (rows.next()) rows.read(plan.from);
    plan.until = plan.from + base::Duration{1 + below(5'000)};
    plan.exhausted = below(50) == 0;
    plan.fires.push_back({plan.until, fresh<base::RunId>(), "local", ""});
    if (below(3) == 0) plan.fires[0].due_at = plan.until + base::Duration{below(900)};
    runs_.push_back(plan.fires[0].run_id);
    out.plans.push_back(plan);
  }
  return out;
}

store::Command RandomCommands::operate() {
  if (below(4) == 0) {
    operations_.push_back(fresh<base::OperationId>());
    model::OperationSpec spec;
    spec.kind = static_cast<model::OperationKind>(below(3));
    spec.selection = model::RunSelection{};
    return store::StartOperation{operations_.back(), "default", spec, "ada", now_};
  }
  if (below(8) == 0) {
    model::RetentionSpec keep;
    keep.runs = below(50);
    keep.age = 60s;
    return store::TrimHistory{keep, 20, now_};
  }
  if (below(8) == 0) return store::CancelOperation{"default", any_of(operations_), "ada", now_};
  store::AdvanceOperation piece;
  piece.id = any_of(operations_);
  piece.limit = 1 + below(5);
  piece.now = now_;
  for (std::int64_t i = 0; i < piece.limit; ++i)
    piece.ids.push_back(fresh<base::RunId>());
  return piece;
}

store::Command RandomCommands::register_worker() {
  model::Worker worker;
  worker.name = "w";
  worker.slots = static_cast<int>(1 + below(4));
  if (below(2) == 0) worker.labels["zone"] = below(2) == 0 ? "a" : "b";
  worker.resources.cpu = static_cast<double>(below(3));
  worker.resources.gpus = static_cast<int>(below(2));
  if (workers_.size() < 3 || below(12) == 0) {
    if (workers_.size() < 3) workers_.push_back(fresh<base::WorkerId>());
    worker.id = any_of(workers_);
    return store::RegisterWorker{worker, random_(), now_};
  }
  const bool is_online = below(3) > 0;
  const auto state =
      is_online ? model::WorkerState::online : static_cast<model::WorkerState>(below(3));
  return store::SetWorkerState{any_of(workers_), state, now_};
}

store::Command RandomCommands::finish() {
  store::FinishAttempt out{any_of(held_), {}, random_(), now_};
  if (below(2) == 0) out.outcome.status = static_cast<model::OutcomeStatus>(below(6));
  return out;
}

}  // namespace mainspring::sql
