// Materialise, PromoteDue.
#include <fmt/core.h>

#include "model/manifest.h"
#include "sql/admission.h"
#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/moves.h"
#include "sql/pauses.h"
#include "sql/queue_row.h"

namespace mainspring::sql {
namespace {

using model::Ending;

// One command moves at most this many, so that a commit stays short; the next one goes on.
constexpr std::int64_t kPromoteBatch = 10'000;

struct ScheduleRow {
  ScheduleKey key = 0;
  JobKey job = 0;
  std::int64_t version = 1;
  model::Trigger trigger = model::Trigger::cron;
  model::Overlap overlap = model::Overlap::skip;
  std::string spec;
};

// The schedule, when it still plans and stands at `from`.
std::optional<ScheduleRow> find_schedule(Core& core, base::ScheduleId id, base::Instant from) {
  Rows rows = core.database().query(
      "SELECT key, job, version, trigger, overlap, spec FROM schedules"
      " WHERE id = ?1 AND retired_at IS NULL AND planned_until = ?2 AND exhausted = 0",
      id, from);
  if (!rows.next()) return std::nullopt;
  ScheduleRow row;
  rows.read(row.key, row.job, row.version, row.trigger, row.overlap, row.spec);
  return row;
}

// What the schedule gives its runs, and the defaults of the rest.
Params params_of(const ScheduleRow& schedule, const model::JobSpec& spec) {
  if (spec.params.empty()) return {};
  Params given = from_column<model::ScheduleSpec>(schedule.spec).params;
  auto bound = model::bind_params(spec, given);
  return bound ? std::move(*bound) : given;
}

bool write_fire(Core& core, const ScheduleRow& schedule, const model::PlannedFire& fire,
                base::Instant now) {
  const JobRowPtr job = core.get_job(schedule.job);
  const auto added = core.database().change(
      "INSERT INTO occurrences(schedule, at, local, tenant, job, run, detail)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(schedule, at, local) DO NOTHING",
      schedule.key, fire.at, fire.local, job->tenant, job->key, fire.run_id, fire.detail);
  if (added == 0) return false;
  const auto spec = core.load_spec(job->key, schedule.version);
  const Params params = params_of(schedule, *spec);
  RunDraft draft;
  draft.live.id = fire.run_id;
  draft.live.tenant = job->tenant;
  draft.live.job = job->key;
  draft.live.version = schedule.version;
  draft.live.schedule = schedule.key;
  draft.live.overlap = schedule.overlap;
  draft.live.priority = spec->priority;
  draft.live.scheduled_at = fire.at;
  draft.live.due_at = fire.due_at.value_or(fire.at);
  if (spec->timeout.queue) draft.live.queue_until = draft.live.due_at + *spec->timeout.queue;
  describe_fire(draft.live, *job, *spec, params);
  draft.trigger = schedule.trigger;
  draft.created_at = now;
  insert_run(core, draft);
  write_payload(core, draft.live.id, {params});
  return true;
}

void tell_missed(Core& core, const JobRow& job, const model::SchedulePlan& plan,
                 const model::PlannedEnding& ending, base::Instant now) {
  json::Object payload;
  payload["job"] = job.name;
  payload["schedule"] = plan.schedule_id.text();
  payload["at"] = base::format_instant(ending.at);
  if (ending.through) payload["through"] = base::format_instant(*ending.through);
  payload["count"] = ending.count;
  if (!ending.detail.empty()) payload["reason"] = ending.detail;
  core.add_event({job.tenant, "schedule.missed", job.id.text(), now, std::move(payload)});
}

void write_ending(Core& core, const ScheduleRow& schedule, const model::SchedulePlan& plan,
                  const model::PlannedEnding& ending, base::Instant now) {
  const JobRowPtr job = core.get_job(schedule.job);
  const auto added = core.database().change(
      "INSERT INTO occurrences(schedule, at, local, tenant, job, through, count, ending,"
      " run, detail, decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
      " ON CONFLICT(schedule, at, local) DO NOTHING",
      schedule.key, ending.at, ending.local, job->tenant, job->key, ending.through, ending.count,
      ending.ending, ending.run_id, ending.detail, now);
  if (added > 0) core.count(store::OccurrencesEnded{ending.ending, ending.count});
  if (added > 0 && ending.ending == Ending::missed_expired) {
    tell_missed(core, *job, plan, ending, now);
  }
}

void expire_waiting(Core& core, const LiveRun& run, base::Instant now) {
  const auto waited = *run.queue_until - run.due_at;
  const std::string why =
      fmt::format("it waited for {} and did not start", base::format_duration(waited));
  end_occurrence(core, run, {Ending::missed_expired, why, now});
  end_run(core, run, {model::Move::time_out, why, now});
}

// What is due at `now`, in the order of time.
void promote_some(Core& core, base::Instant now, store::DueState& reply) {
  for (const base::RunId id : core.live().due(now, kPromoteBatch)) {
    const LiveRun* found = core.live().find(id);
    if (found == nullptr) continue;  // one before it has stopped it
    switch (admit(core, LiveRun{*found}, now)) {
      case Admitted::queued:
        ++reply.promoted;
        break;
      case Admitted::held:
        break;
      case Admitted::ended:
        ++reply.skipped;
    }
  }
  for (const base::RunId id : core.live().stale(now, kPromoteBatch)) {
    const LiveRun* found = core.live().find(id);
    if (found == nullptr) continue;
    expire_waiting(core, LiveRun{*found}, now);
    ++reply.skipped;
  }
}

// Pauses that have ended. What came due while one lasted meets it first.
void end_pauses(Core& core, base::Instant now, store::DueState& reply) {
  while (const auto job = core.live().find_pause_ended(now)) {
    const base::Instant end = *core.live().next_pause_end();
    promote_some(core, end, reply);
    resume_job(core, *core.get_job(*job), {kOurselves, end, now});
  }
}

}  // namespace

store::Materialised materialise(Core& core, const std::vector<model::SchedulePlan>& plans,
                                base::Instant now) {
  store::Materialised reply;
  for (const model::SchedulePlan& plan : plans) {
    const auto schedule = find_schedule(core, plan.schedule_id, plan.from);
    if (!schedule) continue;
    std::int64_t fires = 0;
    for (const model::PlannedFire& fire : plan.fires)
      fires += write_fire(core, *schedule, fire, now) ? 1 : 0;
    for (const model::PlannedEnding& ending : plan.endings)
      write_ending(core, *schedule, plan, ending, now);
    core.database().run(
        "UPDATE schedules SET planned_until = ?2, exhausted = ?3, runs = runs + ?4 WHERE key = ?1",
        schedule->key, plan.until, plan.exhausted, fires);
    reply.fires += fires;
    ++reply.plans_applied;
  }
  return reply;
}

base::Result<store::Materialised> apply(Core& core, const store::Materialise& command) {
  return materialise(core, command.plans, command.now);
}

store::DueState promote_due(Core& core, base::Instant now) {
  store::DueState reply;
  retract_missed(core, now, kPromoteBatch);
  end_pauses(core, now, reply);
  refresh_queues(core, now);
  promote_some(core, now, reply);
  settle(core, now);
  reply.next_due = core.live().next_due();
  reply.next_expiry = core.live().next_expiry();
  return reply;
}

base::Result<store::DueState> apply(Core& core, const store::PromoteDue& command) {
  return promote_due(core, command.now);
}

}  // namespace mainspring::sql
