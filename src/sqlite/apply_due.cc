// Materialise, PromoteDue.
#include <fmt/core.h>

#include "sqlite/apply.h"
#include "sqlite/moves.h"

namespace mainspring::sqlite {
namespace {

using model::Ending;
using model::RunState;

// One command moves at most this many, so that a commit stays short; the next one goes on.
constexpr std::int64_t kPromoteBatch = 10'000;

struct ScheduleRow {
  ScheduleKey key = 0;
  JobKey job = 0;
  std::int64_t version = 1;
  model::Trigger trigger = model::Trigger::cron;
  model::Overlap overlap = model::Overlap::skip;
};

// The schedule, when it still plans and stands at `from`.
std::optional<ScheduleRow> find_schedule(Core& core, base::ScheduleId id, base::Instant from) {
  Rows rows = core.database().query(
      "SELECT key, job, version, trigger, overlap FROM schedules"
      " WHERE id = ?1 AND retired_at IS NULL AND planned_until = ?2 AND exhausted = 0",
      id, from);
  if (!rows.next()) return std::nullopt;
  ScheduleRow row;
  rows.read(row.key, row.job, row.version, row.trigger, row.overlap);
  return row;
}

bool write_fire(Core& core, const ScheduleRow& schedule, const model::PlannedFire& fire,
                base::Instant now) {
  const JobRow job = core.get_job(schedule.job);
  const auto added = core.database().run(
      "INSERT OR IGNORE INTO occurrences(schedule, at, local, tenant, job, run, detail)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      schedule.key, fire.at, fire.local, job.tenant, job.key, fire.run_id, fire.detail);
  if (added == 0) return false;
  const auto spec = core.load_spec(job.key, schedule.version);
  RunDraft draft;
  draft.live.id = fire.run_id;
  draft.live.tenant = job.tenant;
  draft.live.job = job.key;
  draft.live.version = schedule.version;
  draft.live.schedule = schedule.key;
  draft.live.overlap = schedule.overlap;
  draft.live.priority = spec->priority;
  draft.live.scheduled_at = draft.live.due_at = fire.at;
  draft.trigger = schedule.trigger;
  draft.queue = spec->queue;
  draft.created_at = now;
  insert_run(core, draft);
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
  const JobRow job = core.get_job(schedule.job);
  const auto added = core.database().run(
      "INSERT OR IGNORE INTO occurrences(schedule, at, local, tenant, job, through, count, ending,"
      " run, detail, decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      schedule.key, ending.at, ending.local, job.tenant, job.key, ending.through, ending.count,
      ending.ending, ending.run_id, ending.detail, now);
  if (added > 0 && ending.ending == Ending::missed_expired) {
    tell_missed(core, job, plan, ending, now);
  }
}

// Why a run of time must not start although it is due; empty when it may.
std::optional<OccurrenceEnd> find_hindrance(Core& core, const LiveRun& run, base::Instant now) {
  if (run.schedule == 0 || run.attempts > 0) return std::nullopt;
  if (core.get_job(run.job).paused) {
    return OccurrenceEnd{Ending::skipped_paused, "the job was paused", now};
  }
  if (run.overlap != model::Overlap::skip) return std::nullopt;
  const auto other = core.live().find_in_the_way(run.job, run.id);
  if (!other) return std::nullopt;
  return OccurrenceEnd{Ending::skipped_overlap, fmt::format("{} had not finished", other->text()),
                       now};
}

}  // namespace

base::Result<store::Materialised> apply(Core& core, const store::Materialise& command) {
  store::Materialised reply;
  for (const model::SchedulePlan& plan : command.plans) {
    const auto schedule = find_schedule(core, plan.schedule_id, plan.from);
    if (!schedule) continue;
    for (const model::PlannedFire& fire : plan.fires)
      reply.fires += write_fire(core, *schedule, fire, command.now) ? 1 : 0;
    for (const model::PlannedEnding& ending : plan.endings)
      write_ending(core, *schedule, plan, ending, command.now);
    core.database().run("UPDATE schedules SET planned_until = ?2, exhausted = ?3 WHERE key = ?1",
                        schedule->key, plan.until, plan.exhausted);
    ++reply.plans_applied;
  }
  return reply;
}

store::DueState promote_due(Core& core, base::Instant now) {
  store::DueState reply;
  for (const base::RunId id : core.live().due(now, kPromoteBatch)) {
    const LiveRun run = *core.live().find(id);
    if (const auto hindrance = find_hindrance(core, run, now)) {
      end_occurrence(core, run, *hindrance);
      end_run(core, run, {model::Move::skip, hindrance->detail, now});
      ++reply.skipped;
    } else {
      queue_run(core, run, now);
      ++reply.promoted;
    }
  }
  reply.next_due = core.live().next_due();
  reply.next_expiry = core.live().next_expiry();
  return reply;
}

base::Result<store::DueState> apply(Core& core, const store::PromoteDue& command) {
  return promote_due(core, command.now);
}

}  // namespace mainspring::sqlite
