#include "store/conformance.h"

#include <vector>

#include "store/conformance_kit.h"

namespace mainspring::store {

using namespace std::chrono_literals;
namespace conformance {

void fail(const std::string& text, Where where) {
  throw std::runtime_error(fmt::format("{}:{}: {}", where.file_name(), where.line(), text));
}

void expect(bool condition, Where where) {
  if (!condition) fail("the expectation does not hold", where);
}

void expect_code(const base::Error& error, base::Code code, Where where) {
  if (error.code == code && !error.message.empty()) return;
  fail(fmt::format("got {} ({}), wanted {}", base::code_row(error.code).name, error.message,
                   base::code_row(code).name),
       where);
}

Reads& World::reads() {
  if (!reads_) reads_ = subject_.store().open_reads();
  return *reads_;
}

void World::reopen() {
  reads_.reset();
  subject_.reopen();
}

model::JobSpec World::spec(std::string name) {
  model::JobSpec out;
  out.name = std::move(name);
  out.command.argv = {"/bin/true"};
  return out;
}

model::ScheduleSpec World::every(base::Duration interval) {
  model::ScheduleSpec out;
  out.every = interval;
  return out;
}

JobDraft World::draft(model::JobSpec job) {
  JobDraft out;
  out.fresh_id = fresh<base::JobId>();
  for (std::size_t i = 0; i < job.schedule.size(); ++i)
    out.fresh_schedule_ids.push_back(fresh<base::ScheduleId>());
  out.spec = std::move(job);
  return out;
}

AppliedJob World::put(model::JobSpec job, Where where) {
  return apply(ApplyJobs{tenant, {draft(std::move(job))}, "ada", now}, where).jobs.at(0);
}

NewRun World::new_run(base::JobId job) {
  NewRun out;
  out.id = fresh<base::RunId>();
  out.job_id = job;
  out.due_at = now;
  return out;
}

base::RunId World::submit(base::JobId job, Where where) {
  return apply(SubmitRuns{tenant, {new_run(job)}, "ada", now}, where).runs.at(0).id;
}

base::WorkerId World::worker(std::string name) {
  model::Worker worker;
  worker.id = fresh<base::WorkerId>();
  worker.name = std::move(name);
  worker.slots = 4;
  worker.started_at = worker.heartbeat_at = now;
  const base::WorkerId id = worker.id;
  apply(RegisterWorker{std::move(worker), 7, now});
  return id;
}

std::vector<ClaimedRun> World::claim(base::WorkerId worker, std::int64_t limit) {
  return apply(ClaimRuns{worker, limit, 10s, now}).runs;
}

ClaimedRun World::claim_one(base::WorkerId worker, Where where) {
  auto runs = claim(worker, 1);
  if (runs.size() != 1) fail("there was nothing to claim", where);
  return std::move(runs.front());
}

model::Outcome World::failed(int exit_code) {
  model::Outcome out;
  out.status = model::OutcomeStatus::failed;
  out.exit_code = exit_code;
  return out;
}

AttemptFinished World::finish(const ClaimedRun& run, model::Outcome outcome) {
  return apply(FinishAttempt{lease(run), std::move(outcome), 7, now});
}

RunCancelled World::cancel(base::RunId run) {
  return apply(CancelRun{tenant, run, "ada", "no longer wanted", now});
}

model::Run World::run(base::RunId id, Where where) {
  auto run = reads().runs().find(tenant, id);
  if (!run) fail(fmt::format("there is no {}", id.text()), where);
  return std::move(*run);
}

model::Schedule World::schedule(base::JobId job, Where where) {
  auto schedules = reads().schedules().of_job(job);
  if (schedules.size() != 1) {
    fail(fmt::format("the job has {} schedules, not one", schedules.size()), where);
  }
  return std::move(schedules.front());
}

base::RunId World::plan_fire(base::JobId job, base::Duration wait) {
  const model::Schedule standing = schedule(job);
  model::SchedulePlan plan;
  plan.schedule_id = standing.id;
  plan.from = standing.planned_until;
  plan.until = std::max(standing.planned_until, now + wait);
  model::PlannedFire fire;
  fire.at = now + wait;
  fire.run_id = fresh<base::RunId>();
  fire.local = base::format_instant(fire.at).substr(0, 19);
  plan.fires.push_back(fire);
  apply(Materialise{{plan}, now});
  return fire.run_id;
}

model::Occurrence World::occurrence(base::JobId job, base::Instant at, Where where) {
  auto found = reads().schedules().occurrences_at(job, at);
  if (found.size() != 1) {
    fail(fmt::format("{} occurrences at that instant, not one", found.size()), where);
  }
  return std::move(found.front());
}

std::string World::events(std::string_view type_prefix) {
  std::string out;
  std::int64_t position = 0;
  EventFilter filter{tenant, std::string{type_prefix}, {}};
  for (auto batch = reads().events().after(filter, position, 100); !batch.empty();
       batch = reads().events().after(filter, position, 100)) {
    for (const model::Event& event : batch) {
      if (!out.empty()) out += ",";
      out += event.type;
      position = event.position;
    }
  }
  return out;
}

}  // namespace conformance

std::span<const ConformanceCase> conformance_cases() {
  static const std::vector<ConformanceCase> all = [] {
    std::vector<ConformanceCase> out;
    for (const auto cases : {conformance::job_cases(),        conformance::run_cases(),
                             conformance::log_cases(),        conformance::retry_cases(),
                             conformance::lease_cases(),      conformance::time_cases(),
                             conformance::order_cases(),      conformance::cut_off_cases(),
                             conformance::join_cases(),       conformance::calendar_cases(),
                             conformance::overlap_cases(),    conformance::pause_cases(),
                             conformance::wait_cases(),       conformance::key_cases(),
                             conformance::queue_cases(),      conformance::placement_cases(),
                             conformance::resource_cases(),   conformance::choice_cases(),
                             conformance::share_cases(),      conformance::list_cases(),
                             conformance::durability_cases(), conformance::operation_cases(),
                             conformance::history_cases(),    conformance::lateness_cases(),
                             conformance::prediction_cases(), conformance::silence_cases(),
                             conformance::timing_cases(),     conformance::ping_cases(),
                             conformance::backup_cases(),     conformance::overview_cases(),
                             conformance::node_cases(),       conformance::connection_cases()}) {
      out.insert(out.end(), cases.begin(), cases.end());
    }
    return out;
  }();
  return all;
}

}  // namespace mainspring::store
