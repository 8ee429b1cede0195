// SubmitRuns, CancelRun, ExtendRun.
#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "sql/admission.h"
#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/moves.h"

namespace mainspring::sql {
namespace {

using model::RunState;

bool is_taken(Core& core, TenantKey tenant, base::RunId id) {
  if (core.live().find(id) != nullptr) return true;
  return core.database()
      .query("SELECT 1 FROM runs_done WHERE tenant = ?1 AND id = ?2", tenant, id)
      .next();
}

std::unexpected<base::Error> no_run(base::RunId id) {
  return base::fail(base::Code::not_found, fmt::format("there is no run {}", id.text()));
}

// A run as it was asked for, and what its job's version says of it.
struct Asked {
  const store::SubmitRuns& command;
  const store::NewRun& run;
  JobRow job;
  std::shared_ptr<const model::JobSpec> spec;
};

base::Result<Asked> find_asked(Core& core, const store::SubmitRuns& command,
                               const store::NewRun& run) {
  const JobRowPtr found = core.find_job(command.tenant, run.job_id);
  if (found == nullptr) {
    return base::fail(base::Code::not_found, fmt::format("there is no job {}", run.job_id.text()));
  }
  JobRow job = *found;
  job.version = run.job_version.value_or(job.version);
  if (run.job_version && !core.has_version(job.key, job.version)) {
    return base::fail(base::Code::not_found,
                      fmt::format("job '{}' has no version {}", job.name, job.version));
  }
  if (is_taken(core, job.tenant, run.id)) {
    return base::fail(base::Code::conflict,
                      fmt::format("there is a run {} already", run.id.text()));
  }
  auto spec = core.load_spec(job.key, job.version);
  return Asked{command, run, std::move(job), std::move(spec)};
}

// ---- the run that stands for an earlier submission -----------------------------------------

model::RunSummary load_summary(Core& core, const JobRow& job, base::RunId id) {
  Rows rows = core.database().query(
      "SELECT version, state, reason, trigger, requested_by, queue, priority, attempts,"
      " created_at, scheduled_at, due_at, started_at, NULL, exit_code FROM runs_live"
      " WHERE tenant = ?1 AND id = ?2 UNION ALL"
      " SELECT version, state, reason, trigger, requested_by, queue, priority, attempts,"
      " created_at, scheduled_at, due_at, started_at, finished_at, exit_code FROM runs_done"
      " WHERE tenant = ?1 AND id = ?2",
      job.tenant, id);
  CHECK(rows.next());
  model::RunSummary out;
  rows.read(out.job_version, out.state, out.reason, out.trigger, out.requested_by, out.queue,
            out.priority, out.attempts, out.created_at, out.scheduled_at, out.due_at,
            out.started_at, out.finished_at, out.exit_code);
  out.id = id;
  out.tenant = job.tenant_name;
  out.job_id = job.id;
  out.job = job.name;
  return out;
}

std::optional<base::Instant> load_debounce_until(Core& core, const LiveRun& run) {
  Rows rows = core.database().query(
      "SELECT debounce_until FROM runs_live WHERE tenant = ?1 AND id = ?2", run.tenant, run.id);
  std::optional<base::Instant> until;
  if (rows.next()) rows.read(until);
  return until;
}

// Moves the waiting run later and gives it what this submission brings.
base::Result<void> take_in(Core& core, const Asked& asked, LiveRun run) {
  const base::Instant from = std::max(asked.command.now, asked.run.due_at);
  auto fit = describe(run, asked.job, *asked.spec, asked.run.params);
  if (!fit) return fit;
  const base::Instant wished = from + asked.spec->debounce->wait;
  const base::Instant latest = load_debounce_until(core, run).value_or(wished);
  run.due_at = std::min(std::max(run.due_at, wished), latest);
  core.database().run("UPDATE runs_live SET due_at = ?3 WHERE tenant = ?1 AND id = ?2", run.tenant,
                      run.id, run.due_at);
  if (asked.spec->timeout.queue) run.queue_until = run.due_at + *asked.spec->timeout.queue;
  run.version = asked.job.version;
  rewrite_run(core, run);
  core.database().run("DELETE FROM run_payloads WHERE run = ?1", run.id);
  write_payload(core, run.id, {asked.run.params, asked.run.trace});
  return {};
}

// ---- acceptance ----------------------------------------------------------------------------

base::Result<void> check_room(Core& core, const LiveRun& run, const Asked& asked) {
  if (core.live().live_of(run.tenant) >= store::kLiveRunsPerTenant) {
    return base::fail(base::Code::overloaded,
                      fmt::format("tenant '{}' has {} runs that have not ended, as many as it "
                                  "may; wait until some end, or cancel some",
                                  asked.command.tenant, store::kLiveRunsPerTenant));
  }
  const QueueName queue{run.tenant, run.queue};
  const QueueGate* gate = core.live().ready().find_gate(queue);
  if (gate == nullptr || !gate->depth || run.state != RunState::queued) return {};
  if (core.live().ready().counts(queue).waiting < *gate->depth) return {};
  base::Error full{base::Code::overloaded,
                   fmt::format("queue '{}' holds {} waiting runs, as many as it may; try again "
                               "when some have started",
                               run.queue, *gate->depth),
                   {}};
  full.retry_after = retry_after(*gate, asked.command.now);
  return base::fail(std::move(full));
}

base::Result<RunDraft> draft_of(const Asked& asked) {
  const store::NewRun& run = asked.run;
  const base::Instant now = asked.command.now;
  RunDraft draft;
  draft.live.id = run.id;
  draft.live.tenant = asked.job.tenant;
  draft.live.job = asked.job.key;
  draft.live.version = asked.job.version;
  draft.live.overlap = run.overlap;
  draft.live.priority = run.priority.value_or(asked.spec->priority);
  draft.live.scheduled_at = run.scheduled_at.value_or(run.due_at);
  draft.live.due_at = run.due_at;
  if (asked.spec->timeout.queue) {
    draft.live.queue_until = std::max(run.due_at, now) + *asked.spec->timeout.queue;
  }
  draft.live.state = run.due_at <= now ? RunState::queued : RunState::scheduled;
  draft.trigger = run.trigger;
  draft.requested_by = asked.command.by;
  draft.created_at = now;
  draft.parent_run = run.parent_run;
  draft.rerun_of = run.rerun_of;
  draft.operation_id = run.operation_id;
  auto fit = describe(draft.live, asked.job, *asked.spec, run.params);
  if (!fit) return base::fail(std::move(fit.error()));
  return draft;
}

// The first submission of a debounced job waits for others.
void debounce(RunDraft& draft, const Asked& asked, std::string key) {
  const model::DebounceSpec& spec = *asked.spec->debounce;
  const base::Instant from = std::max(asked.command.now, asked.run.due_at);
  draft.live.state = RunState::scheduled;
  draft.live.hold = Hold::debounce;
  draft.live.debounce_key = std::move(key);
  draft.live.due_at = from + spec.wait;
  if (spec.max_wait) {
    draft.debounce_until = from + *spec.max_wait;
    draft.live.due_at = std::min(draft.live.due_at, *draft.debounce_until);
  }
  if (asked.spec->timeout.queue) {
    draft.live.queue_until = draft.live.due_at + *asked.spec->timeout.queue;
  }
}

using Stand = std::optional<base::RunId>;  // the earlier run that stands for the submission

// The entry to remember, when the run is accepted.
base::Result<std::optional<DedupeEntry>> dedupe_entry(const Asked& asked) {
  if (!asked.spec->dedupe || asked.run.rerun_of) return std::nullopt;
  auto key = evaluate_key(asked.spec->dedupe->key, *asked.spec, asked.run.params);
  if (!key) return base::fail(std::move(key.error()));
  if (key->empty()) return std::nullopt;
  return DedupeEntry{std::move(*key), asked.run.id, asked.command.now + asked.spec->dedupe->window};
}

base::Result<Stand> meet_debounce(Core& core, RunDraft& draft, const Asked& asked) {
  if (!asked.spec->debounce || asked.run.rerun_of) return std::nullopt;
  auto key = evaluate_key(asked.spec->debounce->key, *asked.spec, asked.run.params);
  if (!key) return base::fail(std::move(key.error()));
  if (const auto waiting = core.live().find_debounced(asked.job.key, *key)) {
    auto taken = take_in(core, asked, LiveRun{*core.live().find(*waiting)});
    if (!taken) return base::fail(std::move(taken.error()));
    return waiting;
  }
  debounce(draft, asked, std::move(*key));
  return std::nullopt;
}

// Only what a backfill asks for meets pause and overlap.
void insert(Core& core, RunDraft draft, const Asked& asked) {
  const bool is_bound = draft.live.overlap && draft.live.state == RunState::queued;
  if (is_bound) draft.live.state = RunState::scheduled;
  insert_run(core, draft);
  write_payload(core, asked.run.id, {asked.run.params, asked.run.trace});
  if (is_bound) admit(core, draft.live, asked.command.now);
}

// The id of the run that stands for the submission.
base::Result<base::RunId> accept(Core& core, const Asked& asked) {
  const base::Instant now = asked.command.now;
  auto draft = draft_of(asked);
  if (!draft) return base::fail(std::move(draft.error()));
  auto entry = dedupe_entry(asked);
  if (!entry) return base::fail(std::move(entry.error()));
  if (*entry) {
    const auto first = find_duplicate(core, asked.job.key, (*entry)->key, now);
    if (first && is_taken(core, asked.job.tenant, *first)) return *first;
  }
  auto waiting = meet_debounce(core, *draft, asked);
  if (!waiting) return base::fail(std::move(waiting.error()));
  if (*waiting) return **waiting;
  auto room = check_room(core, draft->live, asked);
  if (!room) return base::fail(std::move(room.error()));
  insert(core, std::move(*draft), asked);
  if (*entry) remember_key(core, asked.job.key, **entry, now);
  return asked.run.id;
}

struct Accepted {
  Asked asked;
  base::RunId id;  // of the run that stands for what was asked
};

// What was just written needs no reading, where nothing has happened to it since.
model::RunSummary summary_of(Core& core, const Accepted& accepted) {
  const Asked& asked = accepted.asked;
  const LiveRun* live = core.live().find(accepted.id);
  const bool is_untouched = accepted.id == asked.run.id && live != nullptr &&
                            live->hold == Hold::none && !live->overlap && live->attempts == 0;
  if (!is_untouched) return load_summary(core, asked.job, accepted.id);
  model::RunSummary out = summary_of(*live, asked.job);
  out.trigger = asked.run.trigger;
  out.requested_by = asked.command.by;
  out.created_at = asked.command.now;
  return out;
}

}  // namespace

base::Result<store::RunsSubmitted> apply(Core& core, const store::SubmitRuns& command) {
  store::RunsSubmitted reply;
  std::vector<Accepted> accepted;
  for (const store::NewRun& run : command.runs) {
    auto asked = find_asked(core, command, run);
    if (!asked) return base::fail(std::move(asked.error()));
    auto id = accept(core, *asked);
    if (!id) return base::fail(std::move(id.error()));
    if (*id != run.id) reply.duplicates.push_back(*id);
    accepted.push_back({std::move(*asked), *id});
  }
  settle(core, command.now);
  for (const Accepted& each : accepted)
    reply.runs.push_back(summary_of(core, each));
  return reply;
}

base::Result<store::RunCancelled> apply(Core& core, const store::CancelRun& command) {
  const auto tenant = core.find_tenant(command.tenant);
  const LiveRun* run = core.live().find(command.run_id);
  if (run != nullptr && tenant && run->tenant == *tenant) {
    const bool is_running = run->state == RunState::running;
    cancel_run(core, LiveRun{*run}, {command.by, command.reason, command.now, command.mode});
    return store::RunCancelled{is_running ? RunState::running : RunState::cancelled};
  }
  if (tenant && run == nullptr && is_taken(core, *tenant, command.run_id)) {
    return base::fail(
        base::Code::conflict,
        fmt::format("run {} has ended; there is nothing to cancel", command.run_id.text()));
  }
  return no_run(command.run_id);
}

base::Result<store::Done> apply(Core& core, const store::ExtendRun& command) {
  const auto tenant = core.find_tenant(command.tenant);
  const LiveRun* found = core.live().find(command.run_id);
  if (!tenant) return no_run(command.run_id);
  if (found == nullptr && is_taken(core, *tenant, command.run_id)) {
    return base::fail(
        base::Code::conflict,
        fmt::format("run {} has ended; there is nothing to extend", command.run_id.text()));
  }
  if (found == nullptr || found->tenant != *tenant) return no_run(command.run_id);
  LiveRun run = *found;
  if (command.queue && !is_unstarted(run)) {
    return base::fail(
        base::Code::conflict,
        fmt::format("run {} has started; it no longer waits in its queue", run.id.text()));
  }
  const auto spec = core.load_spec(run.job, run.version);
  if (command.queue && run.queue_until) {
    run.queue_until = std::max(*run.queue_until, command.now + *command.queue);
    core.database().run("UPDATE runs_live SET queue_until = ?3 WHERE tenant = ?1 AND id = ?2",
                        run.tenant, run.id, run.queue_until);
    core.live().put(run);
  }
  if (!command.run || !spec->timeout.run) return store::Done{};
  const base::Instant until = command.now + *command.run;
  Rows rows = core.database().query(
      "UPDATE runs_live SET extended_until ="
      " CASE WHEN extended_until > ?3 THEN extended_until ELSE ?3 END"
      " WHERE tenant = ?1 AND id = ?2 RETURNING extended_until",
      run.tenant, run.id, until);
  base::Instant extended;
  if (rows.next()) rows.read(extended);
  if (run.state != RunState::running) return store::Done{};
  core.notify(store::ExtensionGiven{run.id, core.get_worker(run.worker).id, extended});
  return store::Done{};
}

}  // namespace mainspring::sql
