#include "sql/run_search.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "json/codec.h"

namespace mainspring::sql {
namespace {

using model::OperationKind;
using model::RunState;

// A fire is written ahead under an id of its own instant, which is this far off at the most.
constexpr base::Duration kIdsAhead = std::chrono::hours{2};

bool is_live_kind(OperationKind kind) { return kind == OperationKind::cancel_runs; }

// No run that the selection means has a higher id.
base::RunId last_id(const Quarry& quarry, const Horizon& horizon) {
  std::optional<base::Instant> made = horizon.asked_at;
  if (const auto until = quarry.wish.created_until; until && (!made || *until < *made))
    made = until;
  if (made) return base::RunId::make(std::max(*made + kIdsAhead, base::Instant{}), {});
  base::IdBytes highest;
  highest.fill(0xff);
  return base::RunId{highest};
}

base::Result<void> check_states(const model::OperationSpec& spec) {
  for (const RunState state : spec.selection->states) {
    if (model::is_final(state) != is_live_kind(spec.kind)) continue;
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{} is for runs that have {}ended; leave out the state {}",
                                  json::to_text(spec.kind), is_live_kind(spec.kind) ? "not " : "",
                                  json::to_text(state)));
  }
  return {};
}

}  // namespace

base::Result<JobKey> find_job_key(Database& database, TenantKey tenant,
                                  std::string_view name_or_id) {
  JobKey key = 0;
  if (const auto id = base::JobId::parse(name_or_id)) {
    Rows rows = database.query("SELECT key FROM jobs WHERE id = ?1 AND +tenant = ?2", *id, tenant);
    if (rows.next()) rows.read(key);
  } else {
    Rows rows = database.query(
        "SELECT key FROM jobs WHERE tenant = ?1 AND name = ?2 AND deleted_at IS NULL", tenant,
        name_or_id);
    if (rows.next()) rows.read(key);
  }
  if (key != 0) return key;
  return base::fail(base::Code::not_found, fmt::format("there is no job '{}'", name_or_id));
}

base::Result<Quarry> find_quarry(Database& database, TenantKey tenant,
                                 const model::OperationSpec& spec) {
  if (!spec.selection || spec.kind == OperationKind::backfill) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{} needs a selection of runs", json::to_text(spec.kind)));
  }
  if (auto checked = check_states(spec); !checked) return base::fail(std::move(checked.error()));
  const model::RunSelection& wish = *spec.selection;
  if (wish.created_from && wish.created_until && *wish.created_from >= *wish.created_until) {
    return base::fail(base::Code::invalid_argument,
                      "created_from is not before created_until: no run is between them");
  }
  if (auto labels = model::parse_selector(wish.selector); !labels) {
    return base::fail(std::move(labels.error()));
  }
  if (wish.job.empty()) return make_quarry(tenant, spec, std::nullopt);
  const auto job = find_job_key(database, tenant, wish.job);
  if (!job) return base::fail(job.error());
  return make_quarry(tenant, spec, *job);
}

Quarry make_quarry(TenantKey tenant, const model::OperationSpec& spec, std::optional<JobKey> job) {
  auto labels = model::parse_selector(spec.selection->selector);
  CHECK(labels.has_value());
  return {tenant, job, spec.kind, *spec.selection, std::move(*labels)};
}

struct RunSearch::Row {
  base::RunId id;
  JobKey job = 0;
  RunState state = RunState::queued;
  model::Trigger trigger = model::Trigger::api;
  std::string queue;
  base::Instant created_at;
  std::optional<base::OperationId> operation;
  bool is_ahead = false;  // a fire that is only planned
};

RunSearch::RunSearch(Database& database, Quarry quarry, const Horizon& horizon, LabelsOf labels_of)
    : database_(database),
      quarry_(std::move(quarry)),
      horizon_(horizon),
      labels_of_(std::move(labels_of)),
      last_(last_id(quarry_, horizon_)) {}

Stretch RunSearch::next(base::RunId after, std::int64_t limit) {
  Stretch out;
  out.reached = after;
  std::vector<Row> found;
  {
    Rows rows = start(after, limit);
    while (rows.next()) {
      Row& row = found.emplace_back();
      rows.read(row.id, row.job, row.state, row.trigger, row.queue, row.created_at, row.operation,
                row.is_ahead);
    }
  }
  for (const Row& row : found) {
    if (matches(row)) out.runs.push_back(row.id);
    out.reached = row.id;
  }
  out.looked_at = std::ssize(found);
  out.is_last = out.looked_at < limit;
  return out;
}

Rows RunSearch::start(base::RunId after, std::int64_t limit) {
  return is_live_kind(quarry_.kind) ? start_live(after, limit) : start_done(after, limit);
}

Rows RunSearch::start_live(base::RunId after, std::int64_t limit) {
  if (quarry_.job) {
    return database_.query(
        "SELECT id, job, state, trigger, queue, created_at, operation,"
        " state = 0 AND schedule IS NOT NULL AND attempts = 0 FROM runs_live"
        " WHERE job = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
        *quarry_.job, after, last_, limit);
  }
  return database_.query(
      "SELECT id, job, state, trigger, queue, created_at, operation,"
      " state = 0 AND schedule IS NOT NULL AND attempts = 0 FROM runs_live"
      " WHERE tenant = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
      quarry_.tenant, after, last_, limit);
}

Rows RunSearch::start_done(base::RunId after, std::int64_t limit) {
  if (quarry_.job) {
    return database_.query(
        "SELECT id, job, state, trigger, queue, created_at, operation, 0"
        " FROM runs_done INDEXED BY runs_done_of_job"
        " WHERE job = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
        *quarry_.job, after, last_, limit);
  }
  if (quarry_.wish.states.size() == 1) {
    return database_.query(
        "SELECT id, job, state, trigger, queue, created_at, operation, 0 FROM runs_done"
        " WHERE tenant = ?1 AND state = ?5 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
        quarry_.tenant, after, last_, limit, quarry_.wish.states.front());
  }
  return database_.query(
      "SELECT id, job, state, trigger, queue, created_at, operation, 0 FROM runs_done"
      " WHERE tenant = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
      quarry_.tenant, after, last_, limit);
}

bool RunSearch::matches(const Row& row) {
  const model::RunSelection& wish = quarry_.wish;
  // What is only planned is meant by who names the state: cancelling all that waits leaves the next
  // fires of schedules alone.
  const bool is_named = std::ranges::find(wish.states, row.state) != wish.states.end();
  if (wish.states.empty() ? row.is_ahead : !is_named) return false;
  if (horizon_.asked_at && row.created_at > *horizon_.asked_at) return false;
  if (horizon_.own && row.operation == horizon_.own) return false;
  if (wish.trigger && row.trigger != *wish.trigger) return false;
  if (!wish.queue.empty() && row.queue != wish.queue) return false;
  if (wish.created_from && row.created_at < *wish.created_from) return false;
  if (wish.created_until && row.created_at >= *wish.created_until) return false;
  return quarry_.labels.empty() || has_labels(row.job);
}

bool RunSearch::has_labels(JobKey job) {
  const auto known = has_labels_.find(job);
  if (known != has_labels_.end()) return known->second;
  return has_labels_[job] = model::matches(quarry_.labels, labels_of_(job));
}

}  // namespace mainspring::sql
