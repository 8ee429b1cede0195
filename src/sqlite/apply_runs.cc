// SubmitRuns, CancelRun.
#include <fmt/core.h>

#include "sqlite/apply.h"
#include "sqlite/json_column.h"
#include "sqlite/moves.h"

namespace mainspring::sqlite {
namespace {

using model::RunState;

bool is_taken(Core& core, TenantKey tenant, base::RunId id) {
  if (core.live().find(id) != nullptr) return true;
  return core.database()
      .query("SELECT 1 FROM runs_done WHERE tenant = ?1 AND id = ?2", tenant, id)
      .next();
}

RunDraft draft_of(Core& core, const JobRow& job, const store::NewRun& run) {
  const std::int64_t version = run.job_version.value_or(job.version);
  const auto spec = core.load_spec(job.key, version);
  RunDraft draft;
  draft.live.id = run.id;
  draft.live.tenant = job.tenant;
  draft.live.job = job.key;
  draft.live.version = version;
  draft.live.priority = run.priority.value_or(spec->priority);
  draft.live.scheduled_at = run.scheduled_at.value_or(run.due_at);
  draft.live.due_at = run.due_at;
  draft.trigger = run.trigger;
  draft.queue = spec->queue;
  draft.parent_run = run.parent_run;
  draft.rerun_of = run.rerun_of;
  draft.operation = run.operation_id;
  return draft;
}

void insert_params(Core& core, const store::NewRun& run) {
  if (run.params.empty()) return;
  core.database().run("INSERT INTO run_payloads(run, params) VALUES (?1, ?2)", run.id,
                      to_column(run.params));
}

base::Result<store::RunCancelled> cancel_running(Core& core, LiveRun run,
                                                 const store::CancelRun& command) {
  if (run.cancel_asked) return store::RunCancelled{run.state};  // the first to ask is remembered
  run.cancel_asked = true;
  core.database().run("UPDATE runs_live SET cancel = ?3 WHERE tenant = ?1 AND id = ?2", run.tenant,
                      run.id,
                      to_column(model::CancelRequest{command.by, command.reason, command.now}));
  core.live().put(run);
  core.notify(store::CancelAsked{run.id, core.get_worker(run.worker).id});
  return store::RunCancelled{run.state};
}

base::Result<store::RunCancelled> cancel_now(Core& core, const LiveRun& live,
                                             const store::CancelRun& command) {
  const LiveRun run = live;
  std::string reason = fmt::format("cancelled by {}", command.by);
  if (!command.reason.empty()) reason += ": " + command.reason;
  core.database().run("UPDATE runs_live SET cancel = ?3 WHERE tenant = ?1 AND id = ?2", run.tenant,
                      run.id,
                      to_column(model::CancelRequest{command.by, command.reason, command.now}));
  if (is_unstarted(run)) end_occurrence(core, run, {model::Ending::cancelled, reason, command.now});
  end_run(core, run, {model::Move::cancel, reason, command.now});
  return store::RunCancelled{RunState::cancelled};
}

}  // namespace

base::Result<store::RunsSubmitted> apply(Core& core, const store::SubmitRuns& command) {
  store::RunsSubmitted reply;
  const auto tenant = core.find_tenant(command.tenant);
  for (const store::NewRun& run : command.runs) {
    const JobRow* found = tenant ? core.find_job(*tenant, run.job_id) : nullptr;
    if (found == nullptr) {
      return base::fail(base::Code::not_found,
                        fmt::format("there is no job {}", run.job_id.text()));
    }
    const JobRow job = *found;
    if (is_taken(core, job.tenant, run.id)) {
      return base::fail(base::Code::conflict,
                        fmt::format("there is a run {} already", run.id.text()));
    }
    if (core.live().live_of(job.tenant) >= store::kLiveRunsPerTenant) {
      return base::fail(base::Code::overloaded,
                        fmt::format("tenant '{}' has {} runs that have not ended, as many as it "
                                    "may; wait until some end, or cancel some",
                                    command.tenant, store::kLiveRunsPerTenant));
    }
    RunDraft draft = draft_of(core, job, run);
    draft.requested_by = command.by;
    draft.created_at = command.now;
    draft.live.state = run.due_at <= command.now ? RunState::queued : RunState::scheduled;
    insert_run(core, draft);
    insert_params(core, run);
    reply.runs.push_back(summary_of(draft, job));
  }
  return reply;
}

base::Result<store::RunCancelled> apply(Core& core, const store::CancelRun& command) {
  const auto tenant = core.find_tenant(command.tenant);
  const LiveRun* run = core.live().find(command.run_id);
  if (run != nullptr && tenant && run->tenant == *tenant) {
    if (run->state == RunState::running) return cancel_running(core, *run, command);
    return cancel_now(core, *run, command);
  }
  if (tenant && run == nullptr && is_taken(core, *tenant, command.run_id)) {
    return base::fail(
        base::Code::conflict,
        fmt::format("run {} has ended; there is nothing to cancel", command.run_id.text()));
  }
  return base::fail(base::Code::not_found,
                    fmt::format("there is no run {}", command.run_id.text()));
}

}  // namespace mainspring::sqlite
