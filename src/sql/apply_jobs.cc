// ApplyJobs, DeleteJob.
#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "sql/admission.h"
#include "sql/apply.h"
#include "sql/apply_calendars.h"
#include "sql/apply_connections.h"
#include "sql/expectations.h"
#include "sql/json_column.h"
#include "sql/moves.h"
#include "sql/pauses.h"

namespace mainspring::sql {
namespace {

using model::JobSpec;
using model::Move;
using model::RunState;
using model::ScheduleSpec;
using store::ApplyEffect;

// A job as the draft found it, or the one it becomes.
struct Standing {
  JobKey key = 0;
  base::JobId id;
  TenantKey tenant = 0;
  std::int64_t version = 0;  // 0: there is none
};

struct Author {
  std::string_view name;
  base::Instant now;
};

Standing find_standing(Core& core, TenantKey tenant, const std::string& name) {
  Standing out;
  out.tenant = tenant;
  Rows rows = core.database().query(
      "SELECT key, id, version FROM jobs WHERE tenant = ?1 AND name = ?2 AND deleted_at IS NULL",
      tenant, name);
  if (rows.next()) rows.read(out.key, out.id, out.version);
  return out;
}

base::Result<void> check_version(const std::string& name, std::int64_t version,
                                 std::optional<std::int64_t> wanted) {
  if (!wanted || *wanted == version) return {};
  if (*wanted == 0) {
    return base::fail(base::Code::precondition_failed,
                      fmt::format("there is a job '{}' already, at version {}", name, version));
  }
  if (version == 0) {
    return base::fail(
        base::Code::precondition_failed,
        fmt::format("there is no job '{}', and the change asks for version {}", name, *wanted));
  }
  return base::fail(
      base::Code::precondition_failed,
      fmt::format("job '{}' is at version {}, not {}; read it again", name, version, *wanted));
}

void tell(Core& core, std::string_view type, const Standing& job, std::string_view name,
          const Author& author) {
  json::Object payload;
  payload["job"] = name;
  payload["version"] = job.version;
  if (!author.name.empty()) payload["by"] = author.name;
  core.add_event({job.tenant, type, job.id.text(), author.now, std::move(payload)});
}

// ---- schedules -----------------------------------------------------------------------------

struct StoredSchedule {
  ScheduleKey key = 0;
  ScheduleSpec spec;
};

std::vector<StoredSchedule> load_schedules(Core& core, JobKey job) {
  std::vector<StoredSchedule> out;
  Rows rows = core.database().query(
      "SELECT key, spec FROM schedules WHERE job = ?1 AND retired_at IS NULL", job);
  while (rows.next()) {
    StoredSchedule schedule;
    std::string text;
    rows.read(schedule.key, text);
    schedule.spec = from_column<ScheduleSpec>(text);
    out.push_back(std::move(schedule));
  }
  std::ranges::sort(out, {}, &StoredSchedule::key);
  return out;
}

model::Trigger trigger_of(const ScheduleSpec& spec) {
  if (spec.cron) return model::Trigger::cron;
  if (spec.every) return model::Trigger::every;
  return spec.at ? model::Trigger::at : model::Trigger::delay;
}

void insert_schedule(Core& core, const Standing& job, base::ScheduleId id, const ScheduleSpec& spec,
                     base::Instant now) {
  const JobRowPtr row = core.get_job(job.key);
  std::optional<base::Instant> paused_at;
  if (row->pause && row->pause->meanwhile == model::Meanwhile::drop) paused_at = now;
  core.database().run(
      "INSERT INTO schedules(id, job, version, trigger, overlap, spec, created_at, planned_until,"
      " calendar, paused_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, nullif(?8, ''), ?9)",
      id, job.key, job.version, trigger_of(spec), spec.overlap, to_column(spec), now, spec.calendar,
      paused_at);
}

void supersede_runs(Core& core, const Standing& job, ScheduleKey schedule, const RunEnd& end) {
  for (const base::RunId id : core.live().of_job(job.key)) {
    const LiveRun run = *core.live().find(id);
    if (run.schedule == schedule && is_unstarted(run)) supersede(core, run, end);
  }
}

void retire(Core& core, const Standing& job, ScheduleKey schedule, const RunEnd& end) {
  core.database().run("UPDATE schedules SET retired_at = ?2 WHERE key = ?1", schedule, end.now);
  supersede_runs(core, job, schedule, end);
}

// A run that time will fire becomes one of the job's newest version.
void adopt_version(Core& core, LiveRun run, const JobSpec& spec) {
  const JobRowPtr job = core.get_job(run.job);
  run.version = job->version;
  run.priority = spec.priority;
  run.queue_until.reset();
  if (spec.timeout.queue) run.queue_until = run.due_at + *spec.timeout.queue;
  describe_fire(run, *job, spec, load_payload(core, run.id).params);
  rewrite_run(core, run);
}

// What is written ahead for a schedule that stays runs the new version.
void move_on(Core& core, const Standing& job, ScheduleKey schedule, const JobSpec& spec) {
  core.database().run("UPDATE schedules SET version = ?2 WHERE key = ?1", schedule, job.version);
  for (const base::RunId id : core.live().of_job(job.key)) {
    LiveRun run = *core.live().find(id);
    if (run.schedule != schedule || run.state != RunState::scheduled || run.attempts > 0) continue;
    adopt_version(core, run, spec);
  }
}

void write_schedules(Core& core, const Standing& job, const store::JobDraft& draft,
                     base::Instant now) {
  std::vector<StoredSchedule> stored = load_schedules(core, job.key);
  std::vector<std::size_t> fresh;
  for (std::size_t i = 0; i < draft.spec.schedule.size(); ++i) {
    const auto same = std::ranges::find(stored, draft.spec.schedule[i], &StoredSchedule::spec);
    if (same == stored.end()) {
      fresh.push_back(i);
      continue;
    }
    move_on(core, job, same->key, draft.spec);
    stored.erase(same);
  }
  for (const StoredSchedule& schedule : stored) {
    retire(core, job, schedule.key,
           {Move::skip, fmt::format("the schedule changed in version {}", job.version), now});
  }
  for (const std::size_t i : fresh)
    insert_schedule(core, job, draft.fresh_schedule_ids[i], draft.spec.schedule[i], now);
}

// ---- jobs ----------------------------------------------------------------------------------

void write_labels(Core& core, const Standing& job, const JobSpec& spec) {
  for (const auto& [key, value] : spec.labels) {
    core.database().run(
        "INSERT INTO job_labels(tenant, label, name, job) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT(tenant, label, name) DO UPDATE SET job = excluded.job",
        job.tenant, key + "=" + value, spec.name, job.key);
  }
}

void erase_labels(Core& core, const Standing& job, const JobSpec& spec) {
  for (const auto& [key, value] : spec.labels) {
    core.database().run("DELETE FROM job_labels WHERE tenant = ?1 AND label = ?2 AND name = ?3",
                        job.tenant, key + "=" + value, spec.name);
  }
}

void write_version(Core& core, const Standing& job, const JobSpec& spec, const Author& author) {
  core.database().run(
      "INSERT INTO job_versions(job, version, spec, author, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5)",
      job.key, job.version, to_column(spec), author.name, author.now);
}

Standing create(Core& core, TenantKey tenant, const store::JobDraft& draft, const Author& author) {
  Standing job;
  job.id = draft.fresh_id;
  job.tenant = tenant;
  job.version = 1;
  {
    Rows rows = core.database().query(
        "INSERT INTO jobs(id, tenant, name, version, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, 1, ?4, ?4) RETURNING key",
        job.id, tenant, draft.spec.name, author.now);
    CHECK(rows.next());
    rows.read(job.key);
  }
  core.forget_definitions();
  write_version(core, job, draft.spec, author);
  write_labels(core, job, draft.spec);
  write_users(core, job.tenant, job.key, draft.spec);
  write_schedules(core, job, draft, author.now);
  core.database().run("UPDATE schedules SET shadow = ?2 WHERE job = ?1 AND retired_at IS NULL",
                      job.key, draft.spec.shadow);
  if (draft.spec.expect && draft.spec.expect->every)
    watch_job(core, job.key, *draft.spec.expect->every, author.now);
  tell(core, "job.created", job, draft.spec.name, author);
  return job;
}

void update(Core& core, Standing& job, const store::JobDraft& draft, const Author& author) {
  const auto before = core.load_spec(job.key, job.version);
  erase_labels(core, job, *before);
  erase_users(core, job.tenant, job.key, *before);
  ++job.version;
  core.database().run("UPDATE jobs SET version = ?2, updated_at = ?3 WHERE key = ?1", job.key,
                      job.version, author.now);
  core.forget_definitions();
  write_version(core, job, draft.spec, author);
  write_labels(core, job, draft.spec);
  write_users(core, job.tenant, job.key, draft.spec);
  write_schedules(core, job, draft, author.now);
  core.database().run("UPDATE schedules SET shadow = ?2 WHERE job = ?1 AND retired_at IS NULL",
                      job.key, draft.spec.shadow);
  // What it keeps may have changed: see TrimHistory.
  core.database().run("UPDATE trims SET due_at = ?2, pause = 0 WHERE job = ?1", job.key,
                      author.now);
  if (draft.spec.expect && draft.spec.expect->every) {
    watch_job(core, job.key, *draft.spec.expect->every, author.now);
  } else {
    unwatch_job(core, job.key);
  }
  tell(core, "job.updated", job, draft.spec.name, author);
}

base::Result<void> check_room(Core& core, TenantKey tenant) {
  std::int64_t count = 0;
  Rows rows = core.database().query("SELECT count FROM job_counts WHERE tenant = ?1", tenant);
  if (rows.next()) rows.read(count);
  if (count < store::kJobsPerTenant) return {};
  return base::fail(base::Code::too_large,
                    fmt::format("the tenant has {} jobs, as many as it may; delete some first",
                                store::kJobsPerTenant));
}

void count_jobs(Core& core, TenantKey tenant, std::int64_t change) {
  core.database().run(
      "INSERT INTO job_counts(tenant, count) VALUES (?1, ?2)"
      " ON CONFLICT(tenant) DO UPDATE SET count = job_counts.count + excluded.count",
      tenant, change);
}

base::Result<store::AppliedJob> apply_draft(Core& core, TenantKey tenant,
                                            const store::JobDraft& draft, const Author& author) {
  Standing job = find_standing(core, tenant, draft.spec.name);
  auto version = check_version(draft.spec.name, job.version, draft.if_version);
  if (!version) return base::fail(std::move(version.error()));
  if (draft.fresh_schedule_ids.size() < draft.spec.schedule.size()) {
    return base::fail(base::Code::internal, "a job draft lacks ids for its schedules");
  }
  ApplyEffect effect = ApplyEffect::created;
  if (job.version == 0) {
    auto room = check_room(core, tenant);
    if (!room) return base::fail(std::move(room.error()));
    job = create(core, tenant, draft, author);
    count_jobs(core, tenant, 1);
  } else if (*core.load_spec(job.key, job.version) == draft.spec) {
    effect = ApplyEffect::unchanged;
  } else {
    effect = ApplyEffect::updated;
    update(core, job, draft, author);
  }
  return store::AppliedJob{job.id, draft.spec.name, job.version, effect};
}

std::unexpected<base::Error> no_job(base::JobId id) {
  return base::fail(base::Code::not_found, fmt::format("there is no job {}", id.text()));
}

// Runs not started end with their definition; the ones under way, retries included, go on.
void drop_unstarted(Core& core, JobKey job, const RunEnd& end) {
  for (const base::RunId id : core.live().of_job(job)) {
    const LiveRun run = *core.live().find(id);
    if (!is_unstarted(run)) continue;
    if (run.schedule != 0) {
      supersede(core, run, end);
    } else {
      end_run(core, run, {Move::cancel, end.reason, end.now});
    }
  }
}

// `job` is a copy: forgetting the definitions forgets the row that was found.
void drop_job(Core& core, JobRow job, const Author& author) {
  const Standing standing{job.key, job.id, job.tenant, job.version};
  core.database().run("UPDATE schedules SET retired_at = ?2 WHERE job = ?1 AND retired_at IS NULL",
                      job.key, author.now);
  drop_unstarted(core, job.key, {Move::skip, "the job was deleted", author.now});
  const auto spec = core.load_spec(job.key, job.version);
  erase_labels(core, standing, *spec);
  erase_users(core, standing.tenant, standing.key, *spec);
  core.database().run("DELETE FROM pings WHERE job = ?1", job.key);
  core.database().run("UPDATE jobs SET deleted_at = ?2, updated_at = ?2 WHERE key = ?1", job.key,
                      author.now);
  count_jobs(core, job.tenant, -1);
  core.forget_definitions();
  core.live().put_pause_end(job.key, std::nullopt);
  unwatch_job(core, job.key);
  forget_streak(core, job.key);
  tell(core, "job.deleted", standing, job.name, author);
}

void prune(Core& core, const store::ApplyJobs& command) {
  for (const base::JobId id : command.prune) {
    const JobRowPtr found = core.find_job(command.tenant, id);
    if (found == nullptr) continue;
    drop_job(core, *found, {command.author, command.now});
    core.notify(store::JobChanged{command.tenant, id});
  }
}

}  // namespace

base::Result<store::JobsApplied> apply(Core& core, const store::ApplyJobs& command) {
  const TenantKey tenant = core.ensure_tenant(command.tenant);
  const Author author{command.author, command.now};
  materialise(core, command.settle, command.now);
  store::JobsApplied reply;
  for (const model::CalendarSpec& spec : command.calendars) {
    auto put = put_calendar(core, {command.tenant, spec, command.author, command.now});
    if (!put) return base::fail(std::move(put.error()));
  }
  for (const model::ConnectionSpec& spec : command.connections) {
    auto put = put_connection(core, {command.tenant, spec, command.author, command.now});
    if (!put) return base::fail(std::move(put.error()));
  }
  for (const model::QueueSpec& queue : command.queues) {
    auto put = apply(core, store::PutQueue{command.tenant, queue, command.author, command.now});
    if (!put) return base::fail(std::move(put.error()));
  }
  for (const store::JobDraft& draft : command.jobs) {
    auto calendars = check_calendars(core, tenant, draft.spec);
    if (!calendars) return base::fail(std::move(calendars.error()));
    auto connections = check_connections(core, tenant, draft.spec);
    if (!connections) return base::fail(std::move(connections.error()));
    auto applied = apply_draft(core, tenant, draft, author);
    if (!applied) return base::fail(std::move(applied.error()));
    if (applied->effect != ApplyEffect::unchanged) {
      core.notify(store::JobChanged{command.tenant, applied->id});
    }
    reply.jobs.push_back(std::move(*applied));
  }
  prune(core, command);
  return reply;
}

base::Result<store::Done> apply(Core& core, const store::DeleteJob& command) {
  JobRowPtr found = core.find_job(command.tenant, command.job_id);
  if (found == nullptr) return no_job(command.job_id);
  auto version = check_version(found->name, found->version, command.if_version);
  if (!version) return base::fail(std::move(version.error()));
  materialise(core, command.settle, command.now);
  found = core.find_job(command.tenant, command.job_id);
  CHECK(found != nullptr);
  drop_job(core, *found, {command.by, command.now});
  core.notify(store::JobChanged{command.tenant, command.job_id});
  return store::Done{};
}

}  // namespace mainspring::sql
