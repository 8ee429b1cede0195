// The list of runs: the live table and the history, merged newest first. Every source is walked by
// an index in the order of ids; what no index filters is filtered here, within kScanLimit rows.
#include <algorithm>
#include <chrono>

#include "model/run_query.h"
#include "sql/cursor.h"
#include "sql/label_filter.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

using model::RunState;

constexpr char kList = 'r';

// Rows looked at for one page. A filter that lets few through gives a short page with a cursor
// rather than a long wait.
constexpr std::int64_t kScanLimit = 20'000;

// Ids carry the time they were made; a run is accepted within this of it. A fire that is written
// ahead has the later of its own instant and that of its plan, so a missed one is as young as its
// run.
constexpr base::Duration kIdSlack = std::chrono::hours{1};

// An empty list of wishes lets everything through.
template <class T>
bool has(const std::vector<T>& wishes, const T& value) {
  return wishes.empty() || std::ranges::find(wishes, value) != wishes.end();
}

// The part of the list that is asked for: lowest <= id < below.
struct Query {
  TenantKey tenant = 0;
  const store::RunFilter& filter;
  std::int64_t limit = 0;
  base::RunId lowest;
  base::RunId below;
  LabelFilter& labels;

  bool names(std::string_view job) const {
    return filter.jobs.empty() || std::ranges::any_of(filter.jobs, [&](std::string_view pattern) {
             return model::matches_glob(pattern, job);
           });
  }
  bool wants(RunState state) const { return has(filter.states, state); }
};

struct Found {
  std::vector<model::RunSummary> runs;
  base::RunId complete_from;  // every match at or above this id is in `runs`
};

base::RunId id_at(base::Instant instant) {
  return base::RunId::make(std::max(instant, base::Instant{}), base::IdEntropy{});
}

base::RunId highest_id() {
  base::IdBytes bytes;
  bytes.fill(0xff);
  return base::RunId{bytes};
}

bool matches(const Query& query, const model::RunSummary& run) {
  const store::RunFilter& filter = query.filter;
  if (!query.wants(run.state)) return false;
  if (filter.job_id && run.job_id != *filter.job_id) return false;
  if (!query.names(run.job) || !has(filter.ids, run.id)) return false;
  if (!has(filter.queues, run.queue)) return false;
  if (!filter.selector.empty() && !query.labels.lets_through(run.job_id)) return false;
  if (!has(filter.triggers, run.trigger)) return false;
  if (filter.created_from && run.created_at < *filter.created_from) return false;
  return !filter.created_until || run.created_at < *filter.created_until;
}

// Takes up to limit + 1 matches: one more than a page shows whether another follows.
void collect(const Query& query, Rows rows, Found& found) {
  std::int64_t taken = 0;
  std::int64_t looked_at = 0;
  while (taken <= query.limit && rows.next()) {
    model::RunSummary run;
    rows.read(run.id, run.job_id, run.job, run.job_version, run.state, run.reason, run.trigger,
              run.requested_by, run.queue, run.priority, run.attempts, run.created_at,
              run.scheduled_at, run.due_at, run.started_at, run.exit_code, run.finished_at);
    if (++looked_at == kScanLimit) found.complete_from = std::max(found.complete_from, run.id);
    const base::RunId id = run.id;
    if (matches(query, run)) {
      run.tenant = query.filter.tenant;
      found.runs.push_back(std::move(run));
      ++taken;
    }
    if (looked_at == kScanLimit) return;
    if (taken > query.limit) found.complete_from = std::max(found.complete_from, id);
  }
}

Rows live_of_tenant(Database& database, const Query& query) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, NULL FROM runs_live AS r CROSS JOIN jobs AS j ON j.key = r.job"
      " WHERE r.tenant = ?1 AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest);
}

Rows live_of_job(Database& database, const Query& query) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, NULL FROM jobs AS j CROSS JOIN runs_live AS r ON r.job = j.key"
      " WHERE j.id = ?4 AND j.tenant = ?1 AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest, *query.filter.job_id);
}

Rows live_of_operation(Database& database, const Query& query) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, NULL FROM runs_live AS r INDEXED BY runs_live_of_operation"
      " CROSS JOIN jobs AS j ON j.key = r.job WHERE r.operation = ?4 AND r.tenant = ?1"
      " AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest, *query.filter.operation_id);
}

Rows live_in_state(Database& database, const Query& query, RunState state) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, NULL FROM runs_live AS r INDEXED BY runs_under_way"
      " CROSS JOIN jobs AS j ON j.key = r.job WHERE r.tenant = ?1 AND r.state = ?4"
      " AND r.state IN (2, 3) AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest, state);
}

Rows done_of_tenant(Database& database, const Query& query) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, r.finished_at FROM runs_done AS r CROSS JOIN jobs AS j ON j.key = r.job"
      " WHERE r.tenant = ?1 AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest);
}

Rows done_of_job(Database& database, const Query& query) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, r.finished_at FROM jobs AS j CROSS JOIN runs_done AS r ON r.job = j.key"
      " WHERE j.id = ?4 AND j.tenant = ?1 AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest, *query.filter.job_id);
}

Rows done_of_operation(Database& database, const Query& query) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, r.finished_at FROM runs_done AS r INDEXED BY runs_done_of_operation"
      " CROSS JOIN jobs AS j ON j.key = r.job WHERE r.operation = ?4 AND +r.tenant = ?1"
      " AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest, *query.filter.operation_id);
}

Rows done_in_state(Database& database, const Query& query, RunState state) {
  return database.walk(
      "SELECT r.id, j.id, j.name, r.version, r.state, r.reason, r.trigger, r.requested_by,"
      " r.queue, r.priority, r.attempts, r.created_at, r.scheduled_at, r.due_at, r.started_at,"
      " r.exit_code, r.finished_at FROM runs_done AS r CROSS JOIN jobs AS j ON j.key = r.job"
      " WHERE r.tenant = ?1 AND r.state = ?4 AND r.id < ?2 AND r.id >= ?3 ORDER BY r.id DESC",
      query.tenant, query.below, query.lowest, state);
}

void collect_live(Database& database, const Query& query, Found& found) {
  const bool wants_ahead = query.wants(RunState::scheduled) || query.wants(RunState::queued);
  const bool wants_under_way = query.wants(RunState::running) || query.wants(RunState::waiting);
  if (!wants_ahead && !wants_under_way) return;
  if (query.filter.operation_id) {
    return collect(query, live_of_operation(database, query), found);
  }
  if (query.filter.job_id) return collect(query, live_of_job(database, query), found);
  if (wants_ahead) return collect(query, live_of_tenant(database, query), found);
  for (const RunState state : {RunState::running, RunState::waiting}) {
    if (query.wants(state)) collect(query, live_in_state(database, query, state), found);
  }
}

void collect_done(Database& database, const Query& query, Found& found) {
  std::vector<RunState> states;
  for (const RunState state : query.filter.states) {
    const bool is_new = std::ranges::find(states, state) == states.end();
    if (model::is_final(state) && is_new) states.push_back(state);
  }
  if (states.empty() && !query.filter.states.empty()) return;
  if (query.filter.operation_id) {
    return collect(query, done_of_operation(database, query), found);
  }
  if (query.filter.job_id) return collect(query, done_of_job(database, query), found);
  if (states.empty()) return collect(query, done_of_tenant(database, query), found);
  for (const RunState state : states)
    collect(query, done_in_state(database, query, state), found);
}

base::Result<base::RunId> parse_place(std::string_view text) {
  const auto place = parse_cursor(kList, text);
  if (!place) return base::fail(place.error());
  if (!*place) return highest_id();
  base::IdBytes bytes{};
  if ((*place)->size() != bytes.size()) return bad_cursor();
  std::ranges::copy(**place, bytes.begin());
  return base::RunId{bytes};
}

std::string cursor_at(base::RunId id) {
  return make_cursor(kList, {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
}

// The newest `limit` of what was found, no further down than every source was read.
store::Listed<model::RunSummary> cut(const Query& query, Found found) {
  store::Listed<model::RunSummary> out;
  std::ranges::sort(found.runs, std::greater{}, &model::RunSummary::id);
  for (model::RunSummary& run : found.runs) {
    if (std::ssize(out.items) == query.limit) {
      out.next = cursor_at(out.items.back().id);
      return out;
    }
    if (run.id < found.complete_from) break;
    out.items.push_back(std::move(run));
  }
  if (!found.complete_from.is_nil()) out.next = cursor_at(found.complete_from);
  return out;
}

void narrow_to_ids(Query& query) {
  const auto [first, last] = std::ranges::minmax(query.filter.ids);
  query.lowest = std::max(query.lowest, first);
  base::IdBytes bytes = last.bytes();
  for (auto byte = bytes.rbegin(); byte != bytes.rend() && ++*byte == 0;)
    ++byte;
  query.below = std::min(query.below, base::RunId{bytes});
}

}  // namespace

base::Result<store::Listed<model::RunSummary>> SqlRunReads::list(const store::RunFilter& filter,
                                                                 const store::Page& page) {
  const auto place = parse_place(page.after);
  if (!place) return base::fail(place.error());
  const Snapshot snapshot(database_);
  const auto tenant = find_tenant(database_, filter.tenant);
  if (!tenant) return store::Listed<model::RunSummary>{};
  LabelFilter labels(database_, filter.selector);
  Query query{*tenant, filter, page_size(page.limit), {}, *place, labels};
  if (filter.created_from) query.lowest = id_at(*filter.created_from - kIdSlack);
  if (filter.created_until) {
    query.below = std::min(query.below, id_at(*filter.created_until + kIdSlack));
  }
  if (!filter.ids.empty()) narrow_to_ids(query);
  Found found;
  collect_live(database_, query, found);
  collect_done(database_, query, found);
  return cut(query, std::move(found));
}

}  // namespace mainspring::sql
