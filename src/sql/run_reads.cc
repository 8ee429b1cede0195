// Questions about one run: all of it, its attempts, its log.
#include <limits>

#include "sql/json_column.h"
#include "sql/reads.h"
#include "sql/timings.h"

namespace mainspring::sql {
namespace {

constexpr std::int64_t kAttemptLimit = 10'000;  // of one run

template <class T>
void read_json(const std::optional<std::string>& text, std::optional<T>& out) {
  if (text) out = from_column<T>(*text);
}

void read_payload(Database& database, model::Run& run) {
  Rows rows =
      database.query("SELECT params, trace FROM run_payloads WHERE run = ?1", run.summary.id);
  if (!rows.next()) return;
  std::string params;
  std::optional<std::string> trace;
  rows.read(params, trace);
  run.params = from_column<std::map<std::string, json::Value>>(params);
  read_json(trace, run.trace);
}

// The attempt that runs now has no row of its own yet.
void add_current(Database& database, base::RunId id, std::vector<model::Attempt>& out) {
  Rows rows = database.query(
      "SELECT r.attempts, r.epoch, w.id, w.name, r.attempt_started_at FROM tenants AS t"
      " CROSS JOIN runs_live AS r ON r.tenant = t.key AND r.id = ?1"
      " CROSS JOIN workers AS w ON w.key = r.worker WHERE r.attempt_started_at IS NOT NULL",
      id);
  if (!rows.next()) return;
  model::Attempt attempt;
  rows.read(attempt.number, attempt.epoch, attempt.worker_id, attempt.worker, attempt.started_at);
  out.push_back(std::move(attempt));
}

std::vector<model::Attempt> load_attempts(Database& database, base::RunId id) {
  std::vector<model::Attempt> out;
  Rows rows = database.query(
      "SELECT a.number, a.epoch, w.id, w.name, a.started_at, a.finished_at, a.outcome"
      " FROM attempts AS a CROSS JOIN workers AS w ON w.key = a.worker"
      " WHERE a.run = ?1 ORDER BY a.number LIMIT ?2",
      id, kAttemptLimit);
  while (rows.next()) {
    model::Attempt attempt;
    std::string outcome;
    rows.read(attempt.number, attempt.epoch, attempt.worker_id, attempt.worker, attempt.started_at,
              attempt.finished_at, outcome);
    attempt.outcome = from_column<model::Outcome>(outcome);
    out.push_back(std::move(attempt));
  }
  add_current(database, id, out);
  return out;
}

Rows start_log(Database& database, const store::LogQuery& query) {
  if (!query.attempt) {
    return database.walk(
        "SELECT attempt, seq, stream, at, bytes FROM log_chunks WHERE run = ?1"
        " AND (attempt, seq) > (?2, ?3) ORDER BY attempt, seq",
        query.run_id, query.after_attempt, query.after_seq);
  }
  std::int64_t after = 0;
  if (query.after_attempt == *query.attempt) after = query.after_seq;
  if (query.after_attempt > *query.attempt) after = std::numeric_limits<std::int64_t>::max();
  return database.walk(
      "SELECT attempt, seq, stream, at, bytes FROM log_chunks WHERE run = ?1"
      " AND attempt = ?2 AND seq > ?3 ORDER BY seq",
      query.run_id, *query.attempt, after);
}

}  // namespace

bool SqlRunReads::read_live(TenantKey tenant, model::Run& run) {
  model::RunSummary& s = run.summary;
  Rows rows = database_.query(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, s.id, r.parent_run, r.cancel, r.progress, r.rerun_of, r.operation,"
      " coalesce(r.key_text, ''), r.first_due_at, r.queue_until, r.extended_until"
      " FROM runs_live AS r"
      " CROSS JOIN jobs AS j ON j.key = r.job LEFT JOIN schedules AS s ON s.key = r.schedule"
      " WHERE r.tenant = ?1 AND r.id = ?2",
      tenant, s.id);
  if (!rows.next()) return false;
  std::optional<std::string> cancel;
  std::optional<std::string> progress;
  rows.read(s.id, s.job_id, s.job, s.job_version, s.state, s.reason, s.trigger, s.requested_by,
            s.queue, s.priority, s.attempts, s.created_at, s.scheduled_at, s.due_at, s.started_at,
            s.exit_code, run.schedule_id, run.parent_run, cancel, progress, run.rerun_of,
            run.operation_id, run.concurrency_key, run.first_due_at, run.queue_until,
            run.extended_until);
  read_json(cancel, run.cancel);
  read_json(progress, run.progress);
  return true;
}

bool SqlRunReads::read_done(TenantKey tenant, model::Run& run) {
  model::RunSummary& s = run.summary;
  Rows rows = database_.query(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, r.finished_at, s.id, r.parent_run, r.cancel, r.progress, r.rerun_of,"
      " r.operation, coalesce(r.key_text, ''), r.first_due_at FROM runs_done AS r"
      " CROSS JOIN jobs AS j ON j.key = r.job LEFT JOIN schedules AS s ON s.key = r.schedule"
      " WHERE r.tenant = ?1 AND r.id = ?2",
      tenant, s.id);
  if (!rows.next()) return false;
  std::optional<std::string> cancel;
  std::optional<std::string> progress;
  rows.read(s.id, s.job_id, s.job, s.job_version, s.state, s.reason, s.trigger, s.requested_by,
            s.queue, s.priority, s.attempts, s.created_at, s.scheduled_at, s.due_at, s.started_at,
            s.exit_code, s.finished_at, run.schedule_id, run.parent_run, cancel, progress,
            run.rerun_of, run.operation_id, run.concurrency_key, run.first_due_at);
  read_json(cancel, run.cancel);
  read_json(progress, run.progress);
  return true;
}

std::optional<model::Run> SqlRunReads::find(std::string_view tenant, base::RunId id) {
  const Snapshot snapshot(database_);
  const auto key = find_tenant(database_, tenant);
  if (!key) return std::nullopt;
  model::Run run;
  run.summary.id = id;
  run.summary.tenant = tenant;
  if (!read_live(*key, run) && !read_done(*key, run)) return std::nullopt;
  read_payload(database_, run);
  if (run.summary.attempts > 0) run.attempts = load_attempts(database_, id);
  for (const model::Attempt& attempt : run.attempts) {
    if (attempt.outcome) run.outcome = attempt.outcome;
  }
  return run;
}

std::vector<model::Attempt> SqlRunReads::attempts(base::RunId id) {
  const Snapshot snapshot(database_);
  return load_attempts(database_, id);
}

std::vector<model::RunTiming> SqlRunReads::timings(base::JobId job, std::int64_t limit) {
  Rows rows = database_.query("SELECT key FROM jobs WHERE id = ?1", job);
  if (!rows.next()) return {};
  std::int64_t key = 0;
  rows.read(key);
  return load_timings(database_, key, page_size(limit));
}

std::vector<store::StoredLogChunk> SqlRunReads::log(const store::LogQuery& query) {
  const Snapshot snapshot(database_);
  std::vector<store::StoredLogChunk> out;
  std::int64_t room = query.limit_bytes;
  Rows rows = start_log(database_, query);
  // At least one chunk, however small the limit: a reader must get on.
  while ((out.empty() || room > 0) && rows.next()) {
    store::StoredLogChunk stored;
    model::LogChunk& chunk = stored.chunk;
    rows.read(stored.attempt, chunk.seq, chunk.stream, chunk.at, chunk.bytes);
    room -= std::ssize(chunk.bytes.bytes);
    if (room < 0 && !out.empty()) break;
    out.push_back(std::move(stored));
  }
  return out;
}

std::vector<std::pair<model::RunState, std::int64_t>> SqlRunReads::count_live(
    std::string_view tenant) {
  std::vector<std::pair<model::RunState, std::int64_t>> out;
  const auto key = find_tenant(database_, tenant);
  const auto counts = key ? counts_.of_tenant(*key) : LiveIndex::StateCounts{};
  for (std::size_t state = 0; state < counts.size(); ++state)
    out.emplace_back(static_cast<model::RunState>(state), counts[state]);
  return out;
}

}  // namespace mainspring::sql
