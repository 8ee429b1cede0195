// PauseJob, ResumeJob, and the pauses that end or begin by themselves.
#include <fmt/core.h>

#include "base/check.h"
#include "sql/admission.h"
#include "sql/apply.h"
#include "sql/expectations.h"
#include "sql/json_column.h"
#include "sql/moves.h"
#include "sql/pauses.h"

namespace mainspring::sql {
namespace {

using model::Meanwhile;
using model::RunState;

std::unexpected<base::Error> no_job(base::JobId id) {
  return base::fail(base::Code::not_found, fmt::format("there is no job {}", id.text()));
}

void tell(Core& core, std::string_view type, const JobRow& job, base::Instant now,
          json::Object payload) {
  payload["job"] = job.name;
  payload["version"] = job.version;
  core.add_event({job.tenant, type, job.id.text(), now, std::move(payload)});
}

void tell_paused(Core& core, const JobRow& job, const model::Pause& pause, base::Instant now) {
  json::Object payload;
  if (!pause.by.empty()) payload["by"] = pause.by;
  if (!pause.note.empty()) payload["note"] = pause.note;
  if (pause.until) payload["until"] = base::format_instant(*pause.until);
  payload["meanwhile"] = json::to_text(pause.meanwhile);
  tell(core, "job.paused", job, now, std::move(payload));
}

// The stretch that the planner must leave out: from a pause that drops to its end.
void begin_drop(Core& core, JobKey job, base::Instant now) {
  core.database().run(
      "UPDATE schedules SET paused_at = ?2, resumed_at = NULL WHERE job = ?1 AND retired_at IS"
      " NULL",
      job, now);
}
void end_drop(Core& core, JobKey job, base::Instant now) {
  core.database().run(
      "UPDATE schedules SET resumed_at = ?2 WHERE job = ?1 AND retired_at IS NULL"
      " AND paused_at IS NOT NULL AND resumed_at IS NULL",
      job, now);
}

// The planner decides anew what is not due.
void replan(Core& core, JobKey job, base::Instant now) {
  std::vector<ScheduleKey> keys;
  Rows rows =
      core.database().query("SELECT key FROM schedules WHERE job = ?1 AND retired_at IS NULL", job);
  while (rows.next())
    rows.read(keys.emplace_back());
  for (const ScheduleKey key : keys)
    retract_ahead(core, key, now);
}

// Held fires come due now, in their order, and start to wait only now.
void release_held(Core& core, JobKey job, base::Instant now) {
  for (const base::RunId id : core.live().held(job)) {
    const LiveRun* held = core.live().find(id);
    if (held == nullptr) continue;  // one before it has stopped it
    LiveRun run = *held;
    const auto spec = core.load_spec(run.job, run.version);
    if (spec->timeout.queue) run.queue_until = now + *spec->timeout.queue;
    set_hold(core, run, {now});
    admit(core, LiveRun{*core.live().find(id)}, now);
  }
}

}  // namespace

void pause_job(Core& core, const JobRow& job, const model::Pause& asked) {
  const bool dropped = job.pause && job.pause->meanwhile == Meanwhile::drop;
  model::Pause pause = asked;
  if (job.pause) pause.at = job.pause->at;
  core.database().run("UPDATE jobs SET paused = 1, pause = ?2, updated_at = ?3 WHERE key = ?1",
                      job.key, to_column(pause), asked.at);
  core.forget_definitions();
  core.live().put_pause_end(job.key, pause.until);
  pause_watch(core, job.key);
  if (pause.meanwhile == Meanwhile::drop) {
    if (!dropped) begin_drop(core, job.key, asked.at);
    replan(core, job.key, asked.at);
  } else if (dropped) {
    end_drop(core, job.key, asked.at);
  }
  core.notify(store::JobChanged{job.tenant_name, job.id});
  if (!job.pause) tell_paused(core, job, pause, asked.at);
}

void resume_job(Core& core, const JobRow& job, const Resumption& resumption) {
  core.database().run(
      "UPDATE jobs SET paused = 0, pause = NULL, failures = 0, updated_at = ?2 WHERE key = ?1",
      job.key, resumption.now);
  core.forget_definitions();
  core.live().put_pause_end(job.key, std::nullopt);
  if (job.pause && job.pause->meanwhile == Meanwhile::drop) {
    end_drop(core, job.key, resumption.at);
    replan(core, job.key, resumption.at);
  }
  release_held(core, job.key, resumption.now);
  resume_watch(core, job.key, resumption.at);
  core.notify(store::JobChanged{job.tenant_name, job.id});
  json::Object payload;
  if (!resumption.by.empty()) payload["by"] = resumption.by;
  tell(core, "job.resumed", job, resumption.now, std::move(payload));
}

void count_failures(Core& core, const LiveRun& run, const RunResult& result) {
  const JobRowPtr job = core.get_job(run.job);
  const auto limit = core.load_spec(job->key, job->version)->pause_after_failures;
  if (!limit) return;
  if (result.state == RunState::succeeded) {
    core.database().run("UPDATE jobs SET failures = 0 WHERE key = ?1 AND failures > 0", job->key);
    return;
  }
  if (result.state != RunState::failed && result.state != RunState::timed_out) return;
  Rows rows = core.database().query(
      "UPDATE jobs SET failures = failures + 1 WHERE key = ?1 RETURNING failures,"
      " deleted_at IS NOT NULL",
      job->key);
  int failures = 0;
  bool is_deleted = false;
  if (rows.next()) rows.read(failures, is_deleted);
  if (failures < *limit || job->pause || is_deleted) return;
  model::Pause pause;
  pause.by = kOurselves;
  pause.note = failures == 1 ? fmt::format("{} failed", run.id.text())
                             : fmt::format("{} runs failed one after another; the last is {}",
                                           failures, run.id.text());
  pause.at = result.now;
  pause_job(core, *job, pause);
}

void forget_streak(Core& core, JobKey job) {
  core.database().run("DELETE FROM failing WHERE job = ?1", job);
}

void note_streak(Core& core, const LiveRun& run, const RunResult& result) {
  if (result.state == RunState::succeeded) return forget_streak(core, run.job);
  if (result.state != RunState::failed && result.state != RunState::timed_out) return;
  core.database().run(
      "INSERT INTO failing(job, tenant, since, streak, run, failed_at)"
      " SELECT key, tenant, ?2, 1, ?3, ?2 FROM jobs WHERE key = ?1 AND deleted_at IS NULL"
      " ON CONFLICT(job) DO UPDATE SET streak = failing.streak + 1, run = excluded.run,"
      " failed_at = excluded.failed_at",
      run.job, result.now, run.id);
}

base::Result<store::Done> apply(Core& core, const store::PauseJob& command) {
  JobRowPtr job = core.find_job(command.tenant, command.job_id);
  if (job == nullptr) return no_job(command.job_id);
  if (command.until && *command.until <= command.now) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("the pause would end at {}, which is past; give a later time, "
                                  "or none",
                                  base::format_instant(*command.until)));
  }
  // What was due before the pause is none of its business.
  materialise(core, command.settle, command.now);
  promote_due(core, command.now);
  job = core.find_job(command.tenant, command.job_id);  // an earlier pause may have ended
  CHECK(job != nullptr);
  pause_job(core, *job, {command.by, command.note, command.now, command.until, command.meanwhile});
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::ResumeJob& command) {
  JobRowPtr job = core.find_job(command.tenant, command.job_id);
  if (job == nullptr) return no_job(command.job_id);
  materialise(core, command.settle, command.now);
  job = core.find_job(command.tenant, command.job_id);
  CHECK(job != nullptr);
  if (job->pause) resume_job(core, *job, {command.by, command.now, command.now});
  return store::Done{};
}

}  // namespace mainspring::sql
