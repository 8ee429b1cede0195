#include "sqlite/moves.h"

#include <fmt/core.h>

#include "base/check.h"
#include "sqlite/json_column.h"

namespace mainspring::sqlite {
namespace {

using model::Move;
using model::RunState;

// A move that the rules refuse is a mistake of this module: every caller has looked at the state.
RunState moved(RunState from, Move move) {
  const auto next = model::next_state(from, move);
  CHECK(next.has_value());
  return *next;
}

struct RunFact {
  std::string_view type;
  RunState state;
  std::string reason;
  base::Instant now;
  std::optional<int> exit_code = {};
};

void tell(Core& core, const LiveRun& run, const RunFact& fact) {
  json::Object payload;
  payload["job"] = core.get_job(run.job).name;
  payload["run"] = run.id.text();
  payload["state"] = json::to_text(fact.state);
  payload["attempt"] = run.attempts;
  if (fact.exit_code) payload["exit_code"] = *fact.exit_code;
  if (!fact.reason.empty()) payload["reason"] = fact.reason;
  core.add_event({run.tenant, fact.type, run.id.text(), fact.now, std::move(payload)});
}

std::string_view event_of(RunState state) {
  switch (state) {
    case RunState::succeeded:
      return "run.succeeded";
    case RunState::failed:
      return "run.failed";
    case RunState::cancelled:
      return "run.cancelled";
    case RunState::timed_out:
      return "run.timed_out";
    default:
      return "run.skipped";
  }
}

std::optional<ScheduleKey> stored(ScheduleKey key) {
  return key == 0 ? std::nullopt : std::optional{key};
}

// The verdict on an attempt; a run that was asked to stop is not tried again.
model::Verdict decide(Core& core, const LiveRun& run, const AttemptEnd& end) {
  const auto spec = core.load_spec(run.job, run.version);
  model::Verdict verdict = model::judge(spec->retry, run.attempts, end.outcome, end.entropy);
  if (run.cancel_asked && verdict.move != Move::succeed) {
    verdict = {Move::cancel, base::Duration{0}, "cancelled while it was running"};
  }
  return verdict;
}

void retry_later(Core& core, LiveRun run, const model::Verdict& verdict, const AttemptEnd& end) {
  run.state = moved(run.state, Move::retry_later);
  run.due_at = end.now + verdict.delay;
  run.worker = 0;
  run.lease_until = run.attempt_started_at = {};
  core.database().run(
      "UPDATE runs_live SET state = ?3, reason = ?4, due_at = ?5, exit_code = ?6, worker = NULL,"
      " lease_until = NULL, attempt_started_at = NULL WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, run.state, verdict.reason, run.due_at, end.outcome.exit_code);
  core.live().put(run);
  tell(core, run, {"run.retrying", run.state, verdict.reason, end.now, end.outcome.exit_code});
}

}  // namespace

void insert_run(Core& core, const RunDraft& draft) {
  const LiveRun& run = draft.live;
  core.database().run(
      "INSERT INTO runs_live(tenant, id, job, version, schedule, state, trigger, requested_by,"
      " queue, priority, created_at, scheduled_at, due_at, parent_run,"
      " rerun_of, operation)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
      run.tenant, run.id, run.job, run.version, stored(run.schedule), run.state, draft.trigger,
      draft.requested_by, draft.queue, run.priority, draft.created_at, run.scheduled_at, run.due_at,
      draft.parent_run, draft.rerun_of, draft.operation);
  core.live().put(run);
  if (run.state != RunState::queued) return;
  tell(core, run, {"run.queued", run.state, {}, draft.created_at});
  core.notify(store::RunsReady{1});
}

model::RunSummary summary_of(const RunDraft& draft, const JobRow& job) {
  const LiveRun& run = draft.live;
  model::RunSummary out;
  out.id = run.id;
  out.tenant = job.tenant_name;
  out.job_id = job.id;
  out.job = job.name;
  out.job_version = run.version;
  out.state = run.state;
  out.trigger = draft.trigger;
  out.requested_by = draft.requested_by;
  out.queue = draft.queue;
  out.priority = run.priority;
  out.created_at = draft.created_at;
  out.scheduled_at = run.scheduled_at;
  out.due_at = run.due_at;
  return out;
}

void queue_run(Core& core, LiveRun run, base::Instant now) {
  run.state = moved(run.state, Move::become_due);
  core.database().run("UPDATE runs_live SET state = ?3, reason = '' WHERE tenant = ?1 AND id = ?2",
                      run.tenant, run.id, run.state);
  core.live().put(run);
  tell(core, run, {"run.queued", run.state, {}, now});
  core.notify(store::RunsReady{1});
}

void end_run(Core& core, const LiveRun& run, const RunEnd& end) {
  const RunState state = moved(run.state, end.move);
  core.database().run(
      "INSERT INTO runs_done(tenant, id, job, version, schedule, state, reason, trigger,"
      " requested_by, queue, priority, attempts, created_at, scheduled_at, due_at, started_at,"
      " exit_code, parent_run, cancel, progress, rerun_of, operation, log_bytes, finished_at)"
      " SELECT tenant, id, job, version, schedule, ?3, ?4, trigger, requested_by, queue, priority,"
      " attempts, created_at, scheduled_at, due_at, started_at, coalesce(?5, exit_code),"
      " parent_run, cancel, progress, rerun_of, operation, log_bytes, ?6 FROM runs_live WHERE "
      "tenant = ?1 AND id = ?2",
      run.tenant, run.id, state, end.reason, end.exit_code, end.now);
  core.database().run("DELETE FROM runs_live WHERE tenant = ?1 AND id = ?2", run.tenant, run.id);
  const LiveRun gone = run;  // the index may own `run`
  core.live().erase(gone.id);
  tell(core, gone, {event_of(state), state, end.reason, end.now, end.exit_code});
}

void end_occurrence(Core& core, const LiveRun& run, const OccurrenceEnd& end) {
  if (run.schedule == 0) return;
  core.database().run(
      "UPDATE occurrences SET ending = ?4, decided_at = ?5,"
      " detail = CASE WHEN ?6 = '' THEN detail ELSE ?6 END"
      " WHERE schedule = ?1 AND at = ?2 AND run = ?3 AND ending IS NULL",
      run.schedule, run.scheduled_at, run.id, end.ending, end.now, end.detail);
}

void supersede(Core& core, const LiveRun& run, const RunEnd& end) {
  end_occurrence(core, run, {model::Ending::superseded, end.reason, end.now});
  end_run(core, run, end);
}

store::AttemptFinished end_attempt(Core& core, const LiveRun& before, const AttemptEnd& end) {
  const LiveRun run = before;
  const model::Verdict verdict = decide(core, run, end);
  store::AttemptFinished reply;
  reply.state = moved(run.state, verdict.move);
  if (verdict.move == Move::retry_later) reply.retry_at = end.now + verdict.delay;
  core.database().run(
      "INSERT INTO attempts(run, number, epoch, worker, started_at, finished_at, outcome,"
      " then_state, retry_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      run.id, run.attempts, run.epoch, run.worker, run.attempt_started_at, end.now,
      to_column(end.outcome), reply.state, reply.retry_at);
  if (verdict.move == Move::retry_later) {
    retry_later(core, run, verdict, end);
  } else {
    const bool says_it_all = verdict.move == Move::succeed;
    end_run(core, run,
            {verdict.move, says_it_all ? std::string{} : verdict.reason, end.now,
             end.outcome.exit_code});
  }
  return reply;
}

void lose_attempt(Core& core, const LiveRun& run, const AttemptEnd& end) {
  AttemptEnd lost = end;
  lost.entropy ^= std::hash<base::RunId>{}(run.id);
  lost.outcome = {};
  lost.outcome.status = model::OutcomeStatus::lost;
  lost.outcome.error = end.outcome.error;
  end_attempt(core, run, lost);
}

}  // namespace mainspring::sqlite
