// Taking back what is written ahead.
#include <algorithm>
#include <map>

#include "sql/expectations.h"
#include "sql/moves.h"

namespace mainspring::sql {
namespace {

using model::RunState;

struct Planned {
  JobKey job = 0;
  base::Instant until;
};

Planned load_planned(Core& core, ScheduleKey schedule) {
  Planned out;
  Rows rows =
      core.database().query("SELECT job, planned_until FROM schedules WHERE key = ?1", schedule);
  if (rows.next()) rows.read(out.job, out.until);
  return out;
}

// A row that stands for several occurrences may reach beyond `now`; it stays whole.
base::Instant end_of_known(Core& core, ScheduleKey schedule, base::Instant now) {
  Rows rows = core.database().query(
      "SELECT through FROM occurrences WHERE schedule = ?1 AND at <= ?2 ORDER BY at DESC LIMIT 1",
      schedule, now);
  std::optional<base::Instant> through;
  if (rows.next()) rows.read(through);
  return std::max(now, through.value_or(now));
}

bool is_written_ahead(Core& core, const LiveRun& run) {
  if (run.schedule == 0 || run.attempts > 0) return false;
  Rows rows = core.database().query(
      "SELECT created_at < scheduled_at FROM runs_live WHERE tenant = ?1 AND id = ?2", run.tenant,
      run.id);
  bool is_ahead = false;
  if (rows.next()) rows.read(is_ahead);
  return is_ahead;
}

// What comes due during a pause meets the pause, whenever somebody looks.
bool is_paused_at(const JobRow& job, base::Instant due) {
  return job.pause && (!job.pause->until || due <= *job.pause->until);
}

void forget_run(Core& core, const LiveRun& run) {
  core.database().run("DELETE FROM runs_live WHERE tenant = ?1 AND id = ?2", run.tenant, run.id);
  core.database().run("DELETE FROM run_payloads WHERE run = ?1", run.id);
  forget_expectations(core, run.id);
  core.live().erase(run.id);
}

// The last instant whose time had come, by whatever clock: after one that was set back it lies
// ahead of `now`, and what became of it is no plan any more.
// ran, skipped_overlap, deduplicated and skipped_limit (0, 1, 6, 10) are never foreseen; another
// ending was not if it is no older than its instant.
base::Instant end_of_fired(Core& core, ScheduleKey schedule, base::Instant now) {
  Rows rows = core.database().query(
      "SELECT max(coalesce(o.through, o.at)) FROM occurrences AS o"
      " WHERE o.schedule = ?1 AND o.at > ?2 AND CASE WHEN o.ending IS NULL"
      " THEN NOT EXISTS (SELECT 1 FROM runs_live AS r WHERE r.tenant = o.tenant AND r.id = o.run"
      "  AND r.state = 0 AND r.attempts = 0)"
      " ELSE o.ending IN (0, 1, 6, 10) OR o.decided_at >= o.at END",
      schedule, now);
  std::optional<base::Instant> last;
  if (rows.next()) rows.read(last);
  return std::max(now, last.value_or(now));
}

}  // namespace

void retract_ahead(Core& core, ScheduleKey schedule, base::Instant now) {
  const Planned planned = load_planned(core, schedule);
  const base::Instant from = end_of_known(core, schedule, end_of_fired(core, schedule, now));
  std::int64_t forgotten = 0;
  for (const base::RunId id : core.live().of_job(planned.job)) {
    const LiveRun run = *core.live().find(id);
    const bool is_ahead = run.state == RunState::scheduled && run.attempts == 0;
    if (run.schedule != schedule || !is_ahead || run.scheduled_at <= from) continue;
    forget_run(core, run);
    ++forgotten;
  }
  // Fires without an ending, and endings that the planner foresaw; what a person decided stays.
  core.database().run(
      "DELETE FROM occurrences WHERE schedule = ?1 AND at > ?2 AND (ending IS NULL"
      " OR ending IN (2, 3, 4, 5, 7, 11))",
      schedule, from);
  core.database().run(
      "UPDATE schedules SET planned_until = CASE WHEN planned_until < ?2 THEN planned_until ELSE ?2"
      " END, exhausted = 0, runs = runs - ?3 WHERE key = ?1",
      schedule, from, forgotten);
}

void retract_missed(Core& core, base::Instant now, std::int64_t limit) {
  constexpr base::Duration kTick{1};
  std::map<ScheduleKey, base::Instant> first;
  std::map<ScheduleKey, JobKey> jobs;
  for (const base::RunId id : core.live().due(now - model::kMisfireThreshold - kTick, limit)) {
    const LiveRun& run = *core.live().find(id);
    if (is_paused_at(*core.get_job(run.job), run.due_at) || !is_written_ahead(core, run)) continue;
    const auto [at, is_new] = first.try_emplace(run.schedule, run.scheduled_at);
    at->second = std::min(at->second, run.scheduled_at);
    jobs[run.schedule] = run.job;
  }
  for (const auto& [schedule, at] : first) {
    retract_ahead(core, schedule, at - kTick);
    const JobRowPtr job = core.get_job(jobs.at(schedule));
    core.notify(store::JobChanged{job->tenant_name, job->id});
  }
}

}  // namespace mainspring::sql
