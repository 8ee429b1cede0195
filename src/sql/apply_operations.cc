// StartOperation, AdvanceOperation, CancelOperation: work on many runs, one short piece a command.
#include <fmt/core.h>

#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/removal.h"
#include "sql/run_search.h"

namespace mainspring::sql {
namespace {

using model::OperationKind;
using model::OperationState;
using model::RunState;

// A row of `operations` while a command works on it; save() writes back what changes.
struct Operation {
  std::int64_t key = 0;
  base::OperationId id;
  TenantKey tenant = 0;
  std::string tenant_name;
  OperationState state = OperationState::running;
  std::int64_t is_open = 1;
  std::optional<JobKey> job;
  model::OperationSpec spec;
  std::string by;
  base::RunId reached;
  std::optional<base::Instant> planned_until;
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t skipped = 0;
  std::string detail;
  base::Instant created_at;
  std::optional<base::Instant> finished_at;
};

std::optional<Operation> find_operation(Core& core, base::OperationId id) {
  Rows rows = core.database().query(
      "SELECT o.key, o.id, o.tenant, t.name, o.state, o.open, o.job, o.spec, o.requested_by,"
      " o.reached, o.planned_until, o.total, o.done, o.skipped, o.detail, o.created_at,"
      " o.finished_at FROM operations AS o JOIN tenants AS t ON t.key = o.tenant WHERE o.id = ?1",
      id);
  if (!rows.next()) return std::nullopt;
  Operation out;
  std::string spec;
  rows.read(out.key, out.id, out.tenant, out.tenant_name, out.state, out.is_open, out.job, spec,
            out.by, out.reached, out.planned_until, out.total, out.done, out.skipped, out.detail,
            out.created_at, out.finished_at);
  out.spec = from_column<model::OperationSpec>(spec);
  return out;
}

void save(Core& core, const Operation& operation) {
  core.database().run(
      "UPDATE operations SET state = ?2, open = ?3, reached = ?4, planned_until = ?5, total = ?6,"
      " done = ?7, skipped = ?8, detail = ?9, finished_at = ?10 WHERE key = ?1",
      operation.key, operation.state, operation.is_open, operation.reached, operation.planned_until,
      operation.total, operation.done, operation.skipped, operation.detail, operation.finished_at);
}

void tell(Core& core, const Operation& operation, std::string_view type, base::Instant now) {
  json::Object payload;
  payload["kind"] = json::to_text(operation.spec.kind);
  payload["state"] = json::to_text(operation.state);
  payload["by"] = operation.by;
  if (!operation.spec.reason.empty()) payload["reason"] = operation.spec.reason;
  if (operation.job) payload["job"] = core.get_job(*operation.job)->name;
  payload["total"] = operation.total;
  payload["done"] = operation.done;
  payload["skipped"] = operation.skipped;
  if (!operation.detail.empty()) payload["detail"] = operation.detail;
  core.add_event({operation.tenant, type, operation.id.text(), now, std::move(payload)});
  core.notify(store::OperationChanged{operation.id});
}

struct OperationEnd {
  OperationState state = OperationState::completed;
  std::string detail;
  base::Instant now;
};

void finish(Core& core, Operation& operation, OperationEnd end) {
  operation.state = end.state;
  operation.is_open = 0;
  operation.detail = std::move(end.detail);
  operation.finished_at = end.now;
  tell(core, operation,
       end.state == OperationState::failed ? "operation.failed" : "operation.completed", end.now);
}

std::unexpected<base::Error> no_operation(base::OperationId id) {
  return base::fail(base::Code::not_found, fmt::format("there is no operation {}", id.text()));
}

// ---- starting ------------------------------------------------------------------------------

bool has_schedule(Core& core, JobKey job, base::ScheduleId id) {
  return core.database()
      .query("SELECT 1 FROM schedules WHERE id = ?1 AND +job = ?2 AND retired_at IS NULL", id, job)
      .next();
}

base::Result<JobKey> check_backfill(Core& core, TenantKey tenant, const model::BackfillSpec& spec) {
  const JobRowPtr job = core.find_job(tenant, spec.job_id);
  if (job == nullptr) {
    return base::fail(base::Code::not_found, fmt::format("there is no job {}", spec.job_id.text()));
  }
  const JobKey key = job->key;
  if (core.load_spec(key, job->version)->shadow) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("job '{}' only shadows another scheduler and runs nothing; "
                                  "promote it first",
                                  core.get_job(key)->name));
  }
  if (spec.schedule_id && !has_schedule(core, key, *spec.schedule_id)) {
    return base::fail(base::Code::not_found,
                      fmt::format("job '{}' has no schedule {}", core.get_job(key)->name,
                                  spec.schedule_id->text()));
  }
  if (spec.from >= spec.until) {
    return base::fail(
        base::Code::invalid_argument,
        fmt::format("the range is empty: {} is not before {}", base::format_instant(spec.from),
                    base::format_instant(spec.until)));
  }
  return key;
}

// What the operation names, looked up; NULL is any job.
base::Result<std::optional<JobKey>> check_spec(Core& core, TenantKey tenant,
                                               const model::OperationSpec& spec) {
  if (spec.kind == OperationKind::backfill) {
    if (!spec.backfill) {
      return base::fail(base::Code::invalid_argument, "a backfill needs a job and a range");
    }
    const auto job = check_backfill(core, tenant, *spec.backfill);
    if (!job) return base::fail(job.error());
    return *job;
  }
  const auto quarry = find_quarry(core.database(), tenant, spec);
  if (!quarry) return base::fail(quarry.error());
  return quarry->job;
}

base::Result<void> check_room(Core& core, const store::StartOperation& command, TenantKey tenant) {
  if (core.database().query("SELECT 1 FROM operations WHERE id = ?1", command.id).next()) {
    return base::fail(base::Code::conflict,
                      fmt::format("there is an operation {} already", command.id.text()));
  }
  Rows rows = core.database().query(
      "SELECT count(*) FROM operations WHERE tenant = ?1 AND open = 1", tenant);
  std::int64_t count = 0;
  if (rows.next()) rows.read(count);
  if (count < store::kOperationsRunning) return {};
  return base::fail(base::Code::overloaded,
                    fmt::format("{} operations are under way, as many as may; wait until one has "
                                "ended, or cancel one",
                                count));
}

// ---- pieces --------------------------------------------------------------------------------

Stretch search(Core& core, const Operation& operation, std::int64_t limit) {
  RunSearch search(core.database(), make_quarry(operation.tenant, operation.spec, operation.job),
                   {operation.created_at, operation.id}, [&core](JobKey job) {
                     return core.load_spec(job, core.get_job(job)->version)->labels;
                   });
  return search.next(operation.reached, limit);
}

// The reason that each run keeps, so that it leads back to the operation.
std::string reason_of(const Operation& operation) {
  const std::string& reason = operation.spec.reason;
  return fmt::format("{}{}{}{}", reason, reason.empty() ? "" : " (", operation.id.text(),
                     reason.empty() ? "" : ")");
}

bool cancel_one(Core& core, const Operation& operation, base::RunId run, base::Instant now) {
  return apply(core, store::CancelRun{operation.tenant_name, run, operation.by,
                                      reason_of(operation), now})
      .has_value();
}

// The run that repeats another; absent when that is gone.
std::optional<store::NewRun> make_rerun(Core& core, const Operation& operation, base::RunId old) {
  store::NewRun out;
  {
    Rows rows = core.database().query(
        "SELECT j.id, r.version, r.priority FROM runs_done AS r CROSS JOIN jobs AS j"
        " ON j.key = r.job WHERE r.tenant = ?1 AND r.id = ?2",
        operation.tenant, old);
    if (!rows.next()) return std::nullopt;
    rows.read(out.job_id, out.job_version.emplace(), out.priority.emplace());
  }
  Rows rows = core.database().query("SELECT params FROM run_payloads WHERE run = ?1", old);
  if (rows.next()) {
    std::string params;
    rows.read(params);
    out.params = from_column<std::map<std::string, json::Value>>(params);
  }
  out.trigger = model::Trigger::retry;
  out.rerun_of = old;
  out.operation_id = operation.id;
  return out;
}

// Whether a run came of it. Errors: overloaded; what else stands in the way skips this run.
base::Result<bool> rerun_one(Core& core, const Operation& operation, base::RunId old,
                             const store::NewRun& fresh) {
  auto run = make_rerun(core, operation, old);
  if (!run) return false;
  run->id = fresh.id;
  run->due_at = fresh.due_at;
  auto reply = apply(
      core,
      store::SubmitRuns{operation.tenant_name, {std::move(*run)}, operation.by, fresh.due_at});
  if (reply) return reply->duplicates.empty();
  if (reply.error().code == base::Code::overloaded) return base::fail(std::move(reply.error()));
  return false;
}

// Deals with the runs of a stretch, one after the other.
base::Result<void> deal_with(Core& core, Operation& operation, const Stretch& stretch,
                             const store::AdvanceOperation& command) {
  RemovalRoom room{command.limit};
  for (std::size_t i = 0; i < stretch.runs.size(); ++i) {
    const base::RunId run = stretch.runs[i];
    bool is_done = false;
    if (operation.spec.kind == OperationKind::cancel_runs) {
      is_done = cancel_one(core, operation, run, command.now);
    } else if (operation.spec.kind == OperationKind::delete_runs) {
      if (!remove_run(core, {operation.tenant, run}, room)) return {};  // goes on in the next piece
      is_done = true;
    } else {
      if (i >= command.ids.size()) return base::fail(base::Code::internal, "a piece lacks ids");
      store::NewRun fresh;
      fresh.id = command.ids[i];
      fresh.due_at = command.now;
      const auto submitted = rerun_one(core, operation, run, fresh);
      if (!submitted) return base::fail(submitted.error());
      is_done = *submitted;
    }
    ++operation.total;
    ++(is_done ? operation.done : operation.skipped);
    operation.reached = run;
  }
  operation.reached = stretch.reached;
  if (stretch.is_last) {
    finish(core, operation, {OperationState::completed, {}, command.now});
  }
  return {};
}

base::Result<void> advance_bulk(Core& core, Operation& operation,
                                const store::AdvanceOperation& command) {
  return deal_with(core, operation, search(core, operation, command.limit), command);
}

bool has_unfinished(Core& core, base::OperationId id) {
  return core.database().query("SELECT 1 FROM runs_live WHERE operation = ?1 LIMIT 1", id).next();
}

base::Result<void> submit_fires(Core& core, Operation& operation,
                                const store::AdvanceOperation& command) {
  const model::BackfillSpec& backfill = *operation.spec.backfill;
  store::SubmitRuns submit{operation.tenant_name, {}, operation.by, command.now};
  for (const model::PlannedFire& fire : command.fires) {
    store::NewRun& run = submit.runs.emplace_back();
    run.id = fire.run_id;
    run.job_id = backfill.job_id;
    run.trigger = model::Trigger::backfill;
    run.params = backfill.params;
    run.due_at = command.now;
    run.scheduled_at = fire.at;
    run.operation_id = operation.id;
    run.overlap = backfill.overlap;
  }
  const auto fires = std::ssize(command.fires);
  std::int64_t repeated = 0;
  if (fires > 0) {
    auto reply = apply(core, submit);
    if (!reply) return base::fail(std::move(reply.error()));
    repeated = std::ssize(reply->duplicates);
  }
  operation.total += fires;
  operation.done += fires - repeated;
  operation.skipped += repeated;
  operation.planned_until = command.planned_until;
  return {};
}

base::Result<void> advance_backfill(Core& core, Operation& operation,
                                    const store::AdvanceOperation& command) {
  const model::BackfillSpec& backfill = *operation.spec.backfill;
  const JobRowPtr job = core.get_job(*operation.job);
  const bool is_planned = operation.planned_until >= backfill.until;
  if (!is_planned && core.find_job(operation.tenant, job->id) == nullptr) {
    finish(core, operation, {OperationState::failed, "the job was deleted", command.now});
    return {};
  }
  if (!is_planned && backfill.schedule_id &&
      !has_schedule(core, *operation.job, *backfill.schedule_id)) {
    finish(core, operation,
           {OperationState::failed,
            "the schedule changed meanwhile; start a backfill of what is left", command.now});
    return {};
  }
  if (!is_planned && command.planned_until && command.planned_from == operation.planned_until) {
    if (auto submitted = submit_fires(core, operation, command); !submitted) return submitted;
  }
  if (operation.planned_until >= backfill.until && !has_unfinished(core, operation.id)) {
    finish(core, operation, {OperationState::completed, {}, command.now});
  }
  return {};
}

// Of a backfill that was cancelled: what waits of it ends too.
void cancel_waiting(Core& core, Operation& operation, const store::AdvanceOperation& command) {
  std::vector<base::RunId> waiting;
  {
    Rows rows = core.database().query(
        "SELECT id FROM runs_live WHERE operation = ?1 AND +state IN (0, 1) LIMIT ?2", operation.id,
        command.limit);
    while (rows.next())
      rows.read(waiting.emplace_back());
  }
  for (const base::RunId run : waiting)
    cancel_one(core, operation, run, command.now);
  if (std::ssize(waiting) < command.limit) operation.is_open = 0;
}

}  // namespace

base::Result<store::OperationStarted> apply(Core& core, const store::StartOperation& command) {
  const TenantKey tenant = core.ensure_tenant(command.tenant);
  if (auto room = check_room(core, command, tenant); !room) {
    return base::fail(std::move(room.error()));
  }
  const auto job = check_spec(core, tenant, command.spec);
  if (!job) return base::fail(job.error());
  const auto planned_until = command.spec.kind == OperationKind::backfill
                                 ? std::optional{command.spec.backfill->from}
                                 : std::nullopt;
  core.database().run(
      "INSERT INTO operations(id, tenant, kind, state, open, job, spec, requested_by, reached,"
      " planned_until, created_at) VALUES (?1, ?2, ?3, 0, 1, ?4, ?5, ?6, ?7, ?8, ?9)",
      command.id, tenant, command.spec.kind, *job, to_column(command.spec), command.by,
      base::RunId{}, planned_until, command.now);
  tell(core, *find_operation(core, command.id), "operation.started", command.now);
  return store::OperationStarted{command.id};
}

base::Result<store::OperationAdvanced> apply(Core& core, const store::AdvanceOperation& command) {
  auto found = find_operation(core, command.id);
  if (!found) return no_operation(command.id);
  Operation& operation = *found;
  if (operation.is_open == 0) return store::OperationAdvanced{operation.state, 0};
  const std::int64_t before = operation.done;
  base::Result<void> advanced;
  if (operation.state == OperationState::cancelled) {
    cancel_waiting(core, operation, command);
  } else if (operation.spec.kind == OperationKind::backfill) {
    advanced = advance_backfill(core, operation, command);
  } else {
    advanced = advance_bulk(core, operation, command);
  }
  if (!advanced) return base::fail(std::move(advanced.error()));
  save(core, operation);
  return store::OperationAdvanced{operation.state, operation.done - before};
}

base::Result<store::Done> apply(Core& core, const store::CancelOperation& command) {
  const auto tenant = core.find_tenant(command.tenant);
  auto found = tenant ? find_operation(core, command.id) : std::nullopt;
  if (!found || found->tenant != *tenant) return no_operation(command.id);
  Operation& operation = *found;
  if (operation.state != OperationState::running) {
    return base::fail(base::Code::conflict,
                      fmt::format("operation {} is {} already", command.id.text(),
                                  json::to_text(operation.state)));
  }
  operation.state = OperationState::cancelled;
  operation.is_open = operation.spec.kind == OperationKind::backfill ? 1 : 0;
  operation.finished_at = command.now;
  operation.detail = fmt::format("cancelled by {}", command.by);
  if (operation.is_open != 0) operation.detail += "; its waiting runs are cancelled too";
  tell(core, operation, "operation.cancelled", command.now);
  save(core, operation);
  return store::Done{};
}

}  // namespace mainspring::sql
