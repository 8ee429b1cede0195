#include "scheduler/timetable.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "plan/fresh_ids.h"

namespace mainspring::scheduler {
namespace {

std::size_t fires_of(const std::vector<model::SchedulePlan>& plans) {
  std::size_t fires = 0;
  for (const auto& plan : plans)
    fires += plan.fires.size();
  return fires;
}

}  // namespace

Timetable::Timetable(Parts parts, const Settings& settings)
    : parts_(std::move(parts)), settings_(settings) {}

void Timetable::set_share(plan::Share share) {
  share_ = std::move(share);
  reload();  // what is not in it any more leaves the queue when it wakes
}

void Timetable::reload() {
  load_after_ = base::ScheduleId{};
  changed_.clear();  // all are read again
}

std::optional<base::Instant> Timetable::next_wake() const {
  if (load_after_ || !changed_.empty()) return base::Instant{};
  const auto first = queue_.first();
  if (!first) return std::nullopt;
  return first->at;
}

std::optional<base::Instant> Timetable::take_earliest_fire() {
  return std::exchange(earliest_fire_, std::nullopt);
}

base::Result<void> Timetable::plan_some() {
  // Fires that are due soon go before schedules that nobody has looked at yet.
  const auto first = queue_.first();
  const bool is_due = !changed_.empty() || (first && first->at <= parts_.clock.now());
  if (load_after_ && !is_due) return load_page();
  const std::vector<Wake> taken = take_due();
  const auto restore = [&] {
    for (const Wake& wake : taken)
      queue_.set(wake);
  };
  try {
    auto result = plan_taken(taken);
    if (!result) restore();
    return result;
  } catch (...) {
    restore();
    throw;
  }
}

// ---- which jobs
// ----------------------------------------------------------------------------------

std::vector<Wake> Timetable::take_due() {
  std::vector<Wake> taken;
  const base::Instant now = parts_.clock.now();
  while (!changed_.empty() && taken.size() < kJobsPerBatch) {
    const base::JobId job = *changed_.begin();
    changed_.erase(changed_.begin());
    taken.push_back({job, now});
    queue_.remove(job);
  }
  while (taken.size() < kJobsPerBatch) {
    const auto first = queue_.first();
    if (!first || first->at > now) break;
    taken.push_back(*first);
    queue_.remove(first->job);
  }
  return taken;
}

base::Result<void> Timetable::load_page() {
  const auto page = parts_.reads.schedules().active(*load_after_, kJobsPerBatch);
  bool is_last = std::cmp_less(page.size(), kJobsPerBatch);
  base::ScheduleId reached = *load_after_;
  std::size_t fires = 0;
  Batch batch;
  for (const model::Schedule& schedule : page) {
    if (fires >= kFiresPerBatch) {
      is_last = false;
      break;
    }
    reached = schedule.id;
    if (!share_.has(schedule.job_id)) continue;
    plan_one(schedule, batch.emplace_back(JobPlan{{schedule.job_id, kNoWake}, {}}));
    fires += fires_of(batch.back().plans);
  }
  if (auto written = write(batch); !written) return written;
  if (is_last)
    load_after_.reset();
  else
    load_after_ = reached;
  return {};
}

base::Result<void> Timetable::plan_taken(const std::vector<Wake>& taken) {
  std::size_t fires = 0;
  Batch batch;
  for (const Wake& wake : taken) {
    if (fires >= kFiresPerBatch) {
      queue_.set(wake);  // due still; after the next promotion
      continue;
    }
    batch.push_back(plan_job(wake));
    fires += fires_of(batch.back().plans);
  }
  return write(batch);
}

// ---- what becomes of one job
// ---------------------------------------------------------------------

Timetable::JobPlan Timetable::plan_job(const Wake& taken) {
  JobPlan job{{taken.job, kNoWake}, {}};
  if (!share_.has(taken.job)) return job;
  for (const model::Schedule& schedule : parts_.reads.schedules().of_job(taken.job))
    plan_one(schedule, job);
  return job;
}

void Timetable::plan_one(const model::Schedule& schedule, JobPlan& job) {
  if (schedule.exhausted) return;
  plan::FreshIds ids(parts_.clock, parts_.random);
  const base::Instant now = parts_.clock.now();
  auto planned =
      plan::plan_schedule({schedule, now, now + settings_.horizon, settings_.node_started_at}, ids);
  if (planned) {
    add(schedule, std::move(*planned), job);
    return;
  }
  parts_.log.say(base::LogLevel::warn,
                 fmt::format("a schedule cannot be planned: {}", planned.error().message),
                 {{"schedule_id", schedule.id.text()},
                  {"job", schedule.job},
                  {"code", std::string{base::code_row(planned.error().code).name}}});
  job.wake.at = std::min(job.wake.at, parts_.clock.now() + kBadPlanPause);
}

void Timetable::add(const model::Schedule& schedule, plan::Planned planned, JobPlan& job) {
  job.wake.at = std::min(job.wake.at, wake_for(schedule, planned));
  if (plan::is_needed(planned.plan)) job.plans.push_back(std::move(planned.plan));
}

base::Instant Timetable::wake_for(const model::Schedule& schedule,
                                  const plan::Planned& planned) const {
  if (!planned.next) return kNoWake;
  if (!planned.can_be_ahead) return *planned.next;
  const base::Duration spread = settings_.horizon / 4;
  const auto hash = static_cast<std::int64_t>(std::hash<base::JobId>{}(schedule.job_id) >> 1);
  const base::Duration lead{settings_.horizon / 2 + base::Duration{hash % (spread.count() + 1)}};
  return *planned.next - lead;
}

// ---- writing
// -------------------------------------------------------------------------------------

base::Result<void> Timetable::write(const Batch& batch) {
  const auto reply = materialise(batch);
  if (!reply && base::code_row(reply.error().code).retryable) return base::fail(reply.error());
  if (!reply) return write_one_by_one(batch);
  std::size_t plans = 0;
  for (const JobPlan& job : batch)
    plans += job.plans.size();
  // A plan that was left out was made by somebody else: look again where the schedule stands.
  const bool is_all = std::cmp_equal(reply->plans_applied, plans);
  for (const JobPlan& job : batch)
    settle(job, is_all || job.plans.empty() ? kNoWake : parts_.clock.now() + kReplanPause);
  return {};
}

base::Result<void> Timetable::write_one_by_one(const Batch& batch) {
  for (const JobPlan& job : batch) {
    const auto reply = materialise({&job, 1});
    if (reply) {
      settle(job, kNoWake);
      continue;
    }
    if (base::code_row(reply.error().code).retryable) return base::fail(reply.error());
    parts_.log.say(base::LogLevel::warn,
                   fmt::format("the store refused a plan: {}", reply.error().message),
                   {{"job_id", job.wake.job.text()},
                    {"code", std::string{base::code_row(reply.error().code).name}}});
    queue_.set({job.wake.job, parts_.clock.now() + kBadPlanPause});
  }
  return {};
}

base::Result<store::Materialised> Timetable::materialise(std::span<const JobPlan> jobs) {
  store::Materialise command;
  command.now = parts_.clock.now();
  for (const JobPlan& job : jobs)
    command.plans.insert(command.plans.end(), job.plans.begin(), job.plans.end());
  if (command.plans.empty()) return store::Materialised{};
  for (const model::SchedulePlan& plan : command.plans)
    if (!plan.fires.empty()) {
      const model::PlannedFire& first = plan.fires.front();
      earliest_fire_ = std::min(earliest_fire_.value_or(kNoWake), first.due_at.value_or(first.at));
    }
  return store::apply(parts_.writer, std::move(command));
}

void Timetable::settle(const JobPlan& job, base::Instant not_later_than) {
  Wake wake = job.wake;
  wake.at = std::min(wake.at, not_later_than);
  if (wake.at != kNoWake) queue_.set_earlier(wake);
}

}  // namespace mainspring::scheduler
