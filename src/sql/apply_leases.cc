// ClaimRuns, RenewLeases, AppendLog, ReportProgress, FinishAttempt, ExpireLeases.
#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "sql/apply.h"
#include "sql/apply_connections.h"
#include "sql/expectations.h"
#include "sql/json_column.h"
#include "sql/moves.h"
#include "sql/queue_row.h"
#include "store/log_lines.h"

namespace mainspring::sql {
namespace {

using model::RunState;

constexpr std::int64_t kClaimBatch = 1'000;   // a worker has far fewer slots than this
constexpr std::int64_t kExpireBatch = 1'000;  // keeps a commit short; the next command goes on

std::unexpected<base::Error> no_worker(base::WorkerId id) {
  return base::fail(base::Code::not_found,
                    fmt::format("worker {} is not registered; register it first", id.text()));
}

// The run, when `lease` is the one that holds it.
const LiveRun* find_held(Core& core, const store::LeaseRef& lease) {
  const LiveRun* run = core.live().find(lease.run_id);
  const bool is_held =
      run != nullptr && run->state == RunState::running && run->epoch == lease.epoch;
  return is_held ? run : nullptr;
}

// The same, when it belongs to the worker that the command speaks of.
template <class C>
const LiveRun* find_held_by_sender(Core& core, const C& command) {
  const LiveRun* run = find_held(core, command.lease);
  if (run == nullptr || !command.worker_id) return run;
  return core.get_worker(run->worker).id == *command.worker_id ? run : nullptr;
}

std::unexpected<base::Error> lease_lost(const store::LeaseRef& lease) {
  return base::fail(base::Code::lease_lost,
                    fmt::format("lease {} of {} is no longer held; stop the work, its report "
                                "does not count",
                                lease.epoch, lease.run_id.text()));
}

// Whose log.
struct LogPlace {
  TenantKey tenant = 0;
  base::RunId run;
  int attempt = 1;
  bool is_live = true;  // else the run has ended
};

LogPlace log_of(const LiveRun& run) { return {run.tenant, run.id, run.attempts, true}; }

// Of a run that has left the live table.
std::optional<TenantKey> find_done(Core& core, base::RunId run) {
  Rows rows = core.database().query(
      "SELECT tenant FROM runs_done WHERE tenant IN (SELECT key FROM tenants) AND id = ?1", run);
  if (!rows.next()) return std::nullopt;
  TenantKey tenant = 0;
  rows.read(tenant);
  return tenant;
}

// The log of an attempt that held this lease and ended `lost`.
std::optional<LogPlace> find_lost(Core& core, const store::AppendLog& command) {
  LogPlace place{.tenant = 0, .run = command.lease.run_id};
  std::string outcome;
  base::WorkerId worker;
  {
    Rows rows = core.database().query(
        "SELECT a.number, a.outcome, w.id FROM attempts AS a"
        " CROSS JOIN workers AS w ON w.key = a.worker WHERE a.run = ?1 AND a.epoch = ?2",
        command.lease.run_id, command.lease.epoch);
    if (!rows.next()) return std::nullopt;
    rows.read(place.attempt, outcome, worker);
  }
  if (command.worker_id && *command.worker_id != worker) return std::nullopt;
  if (from_column<model::Outcome>(outcome).status != model::OutcomeStatus::lost) {
    return std::nullopt;
  }
  if (const LiveRun* live = core.live().find(place.run)) {
    place.tenant = live->tenant;
    return place;
  }
  const auto tenant = find_done(core, place.run);
  if (!tenant) return std::nullopt;
  place.tenant = *tenant;
  place.is_live = false;
  return place;
}

// The end of what is stored of the attempt's log.
struct LogEnd {
  std::int64_t seq = std::numeric_limits<std::int64_t>::min();
  std::optional<store::PlacedChunk> chunk;
};

LogEnd load_log_end(Core& core, const LogPlace& place) {
  Rows rows = core.database().query(
      "SELECT seq, stream, coalesce(first_line, 1), coalesce(last_line, 1), coalesce(is_open, 0)"
      " FROM log_chunks WHERE run = ?1 AND attempt = ?2 ORDER BY seq DESC LIMIT 1",
      place.run, place.attempt);
  LogEnd out;
  if (!rows.next()) return out;
  store::PlacedChunk& chunk = out.chunk.emplace();
  rows.read(out.seq, chunk.stream, chunk.lines.first, chunk.lines.last, chunk.lines.is_open);
  return out;
}

// Whether it was not stored before. One behind the end cannot have been, and nobody waits to know.
bool add_chunk(Core& core, const LogPlace& place, const model::LogChunk& chunk, LogEnd& end) {
  const auto lines = store::place_lines(end.chunk, chunk.stream, chunk.bytes.bytes);
  if (chunk.seq > end.seq) {
    core.database().run(
        "INSERT INTO log_chunks(run, attempt, seq, stream, at, bytes, first_line, last_line,"
        " is_open) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        place.run, place.attempt, chunk.seq, chunk.stream, chunk.at, chunk.bytes, lines.first,
        lines.last, lines.is_open);
    end.seq = chunk.seq;
  } else if (core.database().change(
                 "INSERT INTO log_chunks(run, attempt, seq, stream, at, bytes, first_line,"
                 " last_line, is_open) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                 " ON CONFLICT(run, attempt, seq) DO NOTHING",
                 place.run, place.attempt, chunk.seq, chunk.stream, chunk.at, chunk.bytes,
                 lines.first, lines.last, lines.is_open) == 0) {
    return false;
  }
  end.chunk = store::PlacedChunk{lines, chunk.stream};
  return true;
}

void count_log_bytes(Core& core, const LogPlace& place, std::int64_t bytes) {
  if (place.is_live) {
    core.database().run(
        "UPDATE runs_live SET log_bytes = log_bytes + ?3 WHERE tenant = ?1 AND id = ?2",
        place.tenant, place.run, bytes);
  } else {
    core.database().run(
        "UPDATE runs_done SET log_bytes = log_bytes + ?3 WHERE tenant = ?1 AND id = ?2",
        place.tenant, place.run, bytes);
  }
}

// Chunks that are stored already are left as they are.
void append_log(Core& core, const LogPlace& place, const std::vector<model::LogChunk>& chunks) {
  if (chunks.empty()) return;
  std::int64_t bytes = 0;
  LogEnd end = load_log_end(core, place);
  for (const model::LogChunk& chunk : chunks) {
    if (add_chunk(core, place, chunk, end)) bytes += std::ssize(chunk.bytes.bytes);
  }
  if (bytes > 0) count_log_bytes(core, place, bytes);
  core.notify(store::LogGrew{place.run});
}

// What only the row says, and what the run was given: the one thing to wait for.
void read_claimed(Core& core, const LiveRun& run, store::ClaimedRun& out) {
  Rows rows = core.database().query(
      "SELECT r.trigger, r.requested_by, r.created_at, coalesce(r.started_at, ?3), r.exit_code,"
      " p.params, p.trace FROM runs_live AS r LEFT JOIN run_payloads AS p ON p.run = r.id"
      " WHERE r.tenant = ?1 AND r.id = ?2",
      run.tenant, run.id, run.attempt_started_at);
  CHECK(rows.next());
  std::optional<std::string> params;
  std::optional<std::string> trace;
  out.run = summary_of(run, *core.get_job(run.job));
  rows.read(out.run.trigger, out.run.requested_by, out.run.created_at, out.run.started_at,
            out.run.exit_code, params, trace);
  if (!params) return;
  Payload payload = payload_of(*params, trace);
  out.params = std::move(payload.params);
  out.trace = std::move(payload.trace);
}

void write_claim(Core& core, const LiveRun& run) {
  core.database().run(
      "UPDATE runs_live SET state = ?3, reason = '', attempts = ?4, epoch = ?5, worker = ?6,"
      " lease_until = ?7, attempt_started_at = ?8, queue_until = NULL,"
      " started_at = coalesce(started_at, ?8) WHERE tenant = ?1 AND id = ?2",
      run.tenant, run.id, run.state, run.attempts, run.epoch, run.worker, run.lease_until,
      run.attempt_started_at);
}

void tell_started(Core& core, const store::ClaimedRun& claimed, const LiveRun& run,
                  std::string_view worker) {
  json::Object payload;
  payload["job"] = claimed.run.job;
  payload["run"] = run.id.text();
  payload["state"] = json::to_text(run.state);
  payload["attempt"] = run.attempts;
  payload["worker"] = worker;
  core.add_event(
      {run.tenant, "run.started", run.id.text(), run.attempt_started_at, std::move(payload)});
}

// Everything that its worker needs.
store::ClaimedRun describe_claim(Core& core, const LiveRun& run) {
  store::ClaimedRun out;
  read_claimed(core, run, out);
  write_claim(core, run);
  out.epoch = run.epoch;
  out.attempt = run.attempts;
  out.lease_until = run.lease_until;
  out.spec = *core.load_spec(run.job, run.version);
  out.connections = load_connections(core, run.tenant, out.spec);
  core.live().put(run);
  return out;
}

store::ClaimedRun claim(Core& core, LiveRun run, const WorkerRow& worker,
                        const store::ClaimRuns& command) {
  const auto state = model::next_state(run.state, model::Move::claim);
  CHECK(state.has_value());
  run.state = *state;
  ++run.attempts;
  ++run.epoch;
  run.worker = worker.key;
  run.lease_until = command.now + command.lease;
  run.attempt_started_at = command.now;
  run.queue_until.reset();
  store::ClaimedRun out = describe_claim(core, run);
  take_token(core, {run.tenant, run.queue}, command.now);
  take_share(core, {run.tenant, run.queue}, run.needs.slots);
  if (run.attempts == 1) end_occurrence(core, run, {model::Ending::ran, {}, command.now});
  tell_started(core, out, run, worker.name);
  if (run.attempts > 1) return out;
  core.count(store::RunStarted{out.run.trigger, command.now - run.due_at});
  note_start(core, run, command.now);
  return out;
}

// What a node was asked before it was frozen it does when it thaws, after the worker has got longer
// leases through another: nobody may end those before the worker does.
void prolong(LiveRun& run, base::Instant until) {
  run.lease_until = std::max(run.lease_until, until);
}

// What the worker holds without knowing: the answer that said so was lost on its way. Returns the
// slots that it takes.
std::int64_t give_again(Core& core, const WorkerRow& worker, const store::ClaimRuns& command,
                        store::RunsClaimed& reply) {
  std::int64_t slots = 0;
  for (const base::RunId id : core.live().leased_to(worker.key)) {
    LiveRun run = *core.live().find(id);
    if (std::ranges::count(*command.known, store::LeaseRef{id, run.epoch}) > 0) continue;
    prolong(run, command.now + command.lease);
    slots += run.needs.slots;
    reply.runs.push_back(describe_claim(core, run));
  }
  return slots;
}

store::RenewedLease renew(Core& core, const store::LeaseRef& lease, WorkerKey worker,
                          base::Instant until) {
  store::RenewedLease out;
  out.run_id = lease.run_id;
  const LiveRun* held = find_held(core, lease);
  if (held == nullptr || held->worker != worker) return out;
  LiveRun run = *held;
  prolong(run, until);
  Rows rows = core.database().query(
      "UPDATE runs_live SET lease_until = ?3 WHERE tenant = ?1 AND id = ?2"
      " RETURNING cancel, extended_until",
      run.tenant, run.id, run.lease_until);
  CHECK(rows.next());
  std::optional<std::string> cancel;
  rows.read(cancel, out.extended_until);
  core.live().put(run);
  out.until = run.lease_until;
  if (cancel) out.cancel = from_column<model::CancelRequest>(*cancel);
  return out;
}

// A heartbeat of a worker that was given up brings it back.
void hear_from(Core& core, const WorkerRow& worker, base::Instant now) {
  const bool is_back = worker.state == model::WorkerState::offline;
  core.database().run(
      "UPDATE workers SET heartbeat_at = ?2, state = CASE state WHEN 2 THEN 0 ELSE state END"
      " WHERE key = ?1",
      worker.key, now);
  if (!is_back) return;
  tell(core, {"node.joined", worker.id, worker.name, now});
  core.forget_workers();
}

// The answer to a report that was accepted before, if this is the same report.
std::optional<store::AttemptFinished> find_earlier(Core& core,
                                                   const store::FinishAttempt& command) {
  Rows rows = core.database().query(
      "SELECT outcome, then_state, retry_at FROM attempts WHERE run = ?1 AND epoch = ?2",
      command.lease.run_id, command.lease.epoch);
  if (!rows.next()) return std::nullopt;
  std::string outcome;
  store::AttemptFinished reply;
  rows.read(outcome, reply.state, reply.retry_at);
  if (outcome != to_column(command.outcome)) return std::nullopt;
  return reply;
}

void tell_refused(Core& core, const store::FinishAttempt& command) {
  json::Object payload;
  payload["run"] = command.lease.run_id.text();
  payload["epoch"] = command.lease.epoch;
  payload["status"] = json::to_text(command.outcome.status);
  payload["reason"] = "the lease was lost before the report came";
  const LiveRun* live = core.live().find(command.lease.run_id);
  const auto tenant =
      live != nullptr ? std::optional{live->tenant} : find_done(core, command.lease.run_id);
  if (!tenant) return;  // a run that never was: nobody to tell
  core.add_refusal({*tenant, "run.report_refused", command.lease.run_id.text(), command.now,
                    std::move(payload)});
}

}  // namespace

base::Result<store::RunsClaimed> apply(Core& core, const store::ClaimRuns& command) {
  const WorkerRow* found = core.find_worker(command.worker_id);
  if (found == nullptr) return no_worker(command.worker_id);
  const WorkerRow worker = *found;
  store::RunsClaimed reply;
  promote_due(core, command.now);
  reply.next_due = core.live().next_due();
  const auto limit = std::clamp<std::int64_t>(command.limit, 0, kClaimBatch);
  const std::int64_t again = command.known ? give_again(core, worker, command, reply) : 0;
  if (!worker.takes_runs()) return reply;
  Placing placing({core.present_workers(), core.live(), core.left()}, worker, limit - again,
                  command.now);
  while (placing.free_slots() > 0) {
    const auto next =
        core.live().ready().next([&placing](const Needs& needs, const ReadyKey& head) {
          return placing.judge(needs, head);
        });
    if (!next) break;
    const LiveRun run = *core.live().find(*next);
    placing.note_taken(run.needs, run.id);
    reply.runs.push_back(claim(core, run, worker, command));
  }
  reply.next_due = core.live().next_due();  // a rate has something to say now
  if (const auto look = placing.next_look())
    reply.next_due = std::min(reply.next_due.value_or(*look), *look);
  return reply;
}

base::Result<store::LeasesRenewed> apply(Core& core, const store::RenewLeases& command) {
  const WorkerRow* found = core.find_worker(command.worker_id);
  if (found == nullptr) return no_worker(command.worker_id);
  const WorkerRow worker = *found;
  store::LeasesRenewed reply;
  for (const store::LeaseRef& lease : command.leases)
    reply.leases.push_back(renew(core, lease, worker.key, command.now + command.lease));
  reply.drain_until = worker.drain_until;
  hear_from(core, worker, command.now);
  return reply;
}

base::Result<store::Done> apply(Core& core, const store::AppendLog& command) {
  if (const LiveRun* run = find_held_by_sender(core, command)) {
    append_log(core, log_of(*run), command.chunks);
    return store::Done{};
  }
  const auto lost = command.is_late ? find_lost(core, command) : std::nullopt;
  if (!lost) return lease_lost(command.lease);
  append_log(core, *lost, command.chunks);
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::ReportProgress& command) {
  const LiveRun* run = find_held_by_sender(core, command);
  if (run == nullptr) return lease_lost(command.lease);
  core.database().run("UPDATE runs_live SET progress = ?3 WHERE tenant = ?1 AND id = ?2",
                      run->tenant, run->id, to_column(command.progress));
  return store::Done{};
}

base::Result<store::AttemptFinished> apply(Core& core, const store::FinishAttempt& command) {
  if (const LiveRun* run = find_held_by_sender(core, command)) {
    append_log(core, log_of(*run), command.log);
    return end_attempt(core, *run, {command.outcome, command.entropy, command.now});
  }
  if (auto earlier = find_earlier(core, command)) return *earlier;
  tell_refused(core, command);
  return lease_lost(command.lease);
}

base::Result<store::DueState> apply(Core& core, const store::ExpireLeases& command) {
  store::DueState reply;
  for (const base::RunId id : core.live().expired(command.now, kExpireBatch)) {
    const LiveRun run = *core.live().find(id);
    AttemptEnd end{.outcome = {}, .entropy = command.entropy, .now = command.now};
    end.outcome.error = model::Failure{
        "lost",
        fmt::format("worker {} was not heard of before its lease ran out at {}",
                    core.get_worker(run.worker).name, base::format_instant(run.lease_until)),
        {}};
    lose_attempt(core, run, end);
  }
  reply.next_due = core.live().next_due();
  reply.next_expiry = core.live().next_expiry();
  return reply;
}

}  // namespace mainspring::sql
