#include "sql/moves.h"

#include <fmt/core.h>

#include "base/check.h"
#include "sql/expectations.h"
#include "sql/json_column.h"
#include "sql/pauses.h"

namespace mainspring::sql {
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
  payload["job"] = core.get_job(run.job)->name;
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

// "cancelled by ada: no longer needed".
std::string cancel_words(const model::CancelRequest& request) {
  std::string words = "cancelled";
  if (!request.by.empty()) words += " by " + request.by;
  if (!request.reason.empty()) words += ": " + request.reason;
  return words;
}

std::string load_cancel_words(Core& core, const LiveRun& run) {
  Rows rows = core.database().query("SELECT cancel FROM runs_live WHERE tenant = ?1 AND id = ?2",
                                    run.tenant, run.id);
  std::optional<std::string> request;
  if (rows.next()) rows.read(request);
  return request ? cancel_words(from_column<model::CancelRequest>(*request)) : "cancelled";
}

// The verdict on an attempt; a run that was asked to stop is not tried again.
model::Verdict decide(Core& core, const LiveRun& run, const AttemptEnd& end) {
  const auto spec = core.load_spec(run.job, run.version);
  model::Verdict verdict = model::judge(spec->retry, run.attempts, end.outcome, end.entropy);
  if (run.cancel && verdict.move != Move::succeed) {
    verdict = {Move::cancel, base::Duration{0}, load_cancel_words(core, run)};
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
      " first_due_at = coalesce(first_due_at, due_at), lease_until = NULL, attempt_started_at = "
      "NULL WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, run.state, verdict.reason, run.due_at, end.outcome.exit_code);
  core.live().put(run);
  tell(core, run, {"run.retrying", run.state, verdict.reason, end.now, end.outcome.exit_code});
  core.count(store::RunRetried{});
  note_retry(core, run, end.now);
}

std::optional<std::string> placement_of(const LiveRun& run) {
  const Wish* const wish = run.needs.wish.get();
  return wish == nullptr ? std::nullopt : std::optional{to_column(wish->spec)};
}

std::optional<std::string> takes_of(const LiveRun& run) {
  if (run.needs.take.is_nothing()) return std::nullopt;
  return to_column(resources_of(run.needs.take));
}

// A fire that did not become a run makes room for another of a schedule that ends after so many.
void uncount(Core& core, const LiveRun& run) {
  Rows rows = core.database().query(
      "UPDATE schedules SET runs = runs - 1,"
      " exhausted = CASE WHEN spec->>'max_runs' IS NULL THEN exhausted ELSE 0 END"
      " WHERE key = ?1 RETURNING spec->>'max_runs' IS NOT NULL",
      run.schedule);
  bool is_bounded = false;
  if (rows.next()) rows.read(is_bounded);
  const JobRowPtr job = core.get_job(run.job);
  if (is_bounded) core.notify(store::JobChanged{job->tenant_name, job->id});
}

}  // namespace

void insert_run(Core& core, const RunDraft& draft) {
  const LiveRun& run = draft.live;
  core.database().run(
      "INSERT INTO runs_live(tenant, id, job, version, schedule, state, trigger, requested_by,"
      " queue, priority, created_at, scheduled_at, due_at, parent_run, overlap, slots, placement,"
      " key_text, key_limit, on_limit, hold, queue_until, debounce_key, debounce_until, rerun_of,"
      " operation, takes)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
      " nullif(?18, ''), ?19, ?20, ?21, ?22, nullif(?23, ''), ?24, ?25, ?26, ?27)",
      run.tenant, run.id, run.job, run.version, stored(run.schedule), run.state, draft.trigger,
      draft.requested_by, run.queue, run.priority, draft.created_at, run.scheduled_at, run.due_at,
      draft.parent_run, run.overlap, run.needs.slots, placement_of(run), run.limit.text,
      run.limit.count, run.limit.then, run.hold, run.queue_until, run.debounce_key,
      draft.debounce_until, draft.rerun_of, draft.operation_id, takes_of(run));
  core.live().put(run);
  core.count(store::RunAccepted{draft.trigger});
  if (!draft.operation_id) expect_run(core, run);
  if (run.state != RunState::queued) return;
  tell(core, run, {"run.queued", run.state, {}, draft.created_at});
  core.notify(store::RunsReady{1});
}

model::RunSummary summary_of(const LiveRun& run, const JobRow& job) {
  model::RunSummary out;
  out.id = run.id;
  out.tenant = job.tenant_name;
  out.job_id = job.id;
  out.job = job.name;
  out.job_version = run.version;
  out.state = run.state;
  out.queue = run.queue;
  out.priority = run.priority;
  out.attempts = run.attempts;
  out.scheduled_at = run.scheduled_at;
  out.due_at = run.due_at;
  return out;
}

void rewrite_run(Core& core, const LiveRun& run) {
  core.database().run(
      "UPDATE runs_live SET version = ?3, priority = ?4, queue = ?5, slots = ?6, placement = ?7,"
      " key_text = nullif(?8, ''), key_limit = ?9, on_limit = ?10, queue_until = ?11, takes = ?12"
      " WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, run.version, run.priority, run.queue, run.needs.slots, placement_of(run),
      run.limit.text, run.limit.count, run.limit.then, run.queue_until, takes_of(run));
  core.live().put(run);
  expect_run_anew(core, run);
}

void write_payload(Core& core, base::RunId run, const Payload& payload) {
  if (payload.params.empty() && !payload.trace) return;
  std::optional<std::string> trace;
  if (payload.trace) trace = to_column(*payload.trace);
  core.database().run(
      "INSERT INTO run_payloads(run, params, trace) VALUES (?1, ?2, ?3)"
      " ON CONFLICT(run) DO UPDATE SET params = excluded.params, trace = excluded.trace",
      run, to_column(payload.params), trace);
}

Payload payload_of(const std::string& params, const std::optional<std::string>& trace) {
  Payload payload{from_column<Params>(params)};
  if (trace) payload.trace = from_column<model::TraceContext>(*trace);
  return payload;
}

Payload load_payload(Core& core, base::RunId run) {
  Rows rows = core.database().query("SELECT params, trace FROM run_payloads WHERE run = ?1", run);
  if (!rows.next()) return {};
  std::string params;
  std::optional<std::string> trace;
  rows.read(params, trace);
  return payload_of(params, trace);
}

void queue_run(Core& core, LiveRun run, const Queueing& queueing) {
  run.state = moved(run.state, Move::become_due);
  run.hold = queueing.hold;
  core.database().run(
      "UPDATE runs_live SET state = ?3, reason = ?4, hold = ?5 WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, run.state, queueing.reason, run.hold);
  core.live().put(run);
  tell(core, run, {"run.queued", run.state, queueing.reason, queueing.now});
  if (run.hold == Hold::none) core.notify(store::RunsReady{1});
}

void set_hold(Core& core, LiveRun run, const Queueing& queueing) {
  run.hold = queueing.hold;
  core.database().run(
      "UPDATE runs_live SET reason = ?3, hold = ?4, queue_until = ?5"
      " WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, queueing.reason, run.hold, run.queue_until);
  core.live().put(run);
  if (run.state == RunState::queued && run.hold == Hold::none) core.notify(store::RunsReady{1});
}

void cancel_run(Core& core, const LiveRun& before, const model::CancelRequest& request) {
  LiveRun run = before;
  const bool is_running = run.state == RunState::running;
  if (is_running && run.cancel && *run.cancel >= request.mode) return;  // the first is remembered
  if (is_running) {
    core.database().run("UPDATE runs_live SET cancel = ?3 WHERE tenant = ?1 AND id = ?2",
                        run.tenant, run.id, to_column(request));
    run.cancel = request.mode;
    core.live().put(run);
    core.notify(store::CancelAsked{run.id, core.get_worker(run.worker).id, request.mode});
    return;
  }
  const std::string reason = cancel_words(request);
  if (is_unstarted(run)) end_occurrence(core, run, {model::Ending::cancelled, reason, request.at});
  end_run(core, run, {Move::cancel, reason, request.at, std::nullopt, to_column(request)});
}

void end_run(Core& core, const LiveRun& run, const RunEnd& end) {
  const RunState state = moved(run.state, end.move);
  core.database().run(
      "INSERT INTO runs_done(tenant, id, job, version, schedule, state, reason, trigger,"
      " requested_by, queue, priority, attempts, created_at, scheduled_at, due_at, started_at,"
      " exit_code, parent_run, cancel, progress, key_text, rerun_of, operation, log_bytes,"
      " first_due_at, finished_at)"
      " SELECT tenant, id, job, version, schedule, ?3, ?4, trigger, requested_by, queue, priority,"
      " attempts, created_at, scheduled_at, due_at, started_at, coalesce(?5, exit_code),"
      " parent_run, coalesce(?7, cancel), progress, key_text, rerun_of, operation,"
      " log_bytes, first_due_at, ?6 FROM runs_live WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, state, end.reason, end.exit_code, end.now, end.cancel);
  core.database().run("DELETE FROM runs_live WHERE tenant = ?1 AND id = ?2", run.tenant, run.id);
  const LiveRun gone = run;  // the index may own `run`
  core.live().erase(gone.id);
  tell(core, gone, {event_of(state), state, end.reason, end.now, end.exit_code});
  core.count(store::RunEnded{state});
  core.count_ended({gone.tenant, end.now, state});
  note_streak(core, gone, {state, end.now});
  note_finish(core, gone, {state, end.now});
  if (gone.attempts > 0) count_failures(core, gone, {state, end.now});
}

void end_occurrence(Core& core, const LiveRun& run, const OccurrenceEnd& end) {
  if (run.schedule == 0) return;
  const auto ended = core.database().change(
      "UPDATE occurrences SET ending = ?4, decided_at = ?5,"
      " detail = CASE WHEN ?6 = '' THEN detail ELSE ?6 END, run = coalesce(?7, run)"
      " WHERE schedule = ?1 AND at = ?2 AND run = ?3 AND ending IS NULL",
      run.schedule, run.scheduled_at, run.id, end.ending, end.now, end.detail, end.run);
  if (ended > 0) core.count(store::OccurrencesEnded{end.ending, 1});
  if (end.ending != model::Ending::ran) uncount(core, run);
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
  core.count(store::AttemptEnded{end.outcome.status, end.now - run.attempt_started_at});
  if (verdict.move == Move::retry_later) {
    retry_later(core, run, verdict, end);
  } else {
    const bool says_it_all = verdict.move == Move::succeed;
    end_run(core, run,
            {verdict.move, says_it_all ? std::string{} : verdict.reason, end.now,
             end.outcome.exit_code});
  }
  if (!core.live().ready().empty()) core.notify(store::RunsReady{1});  // what ended made room
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

}  // namespace mainspring::sql
