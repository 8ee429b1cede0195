#include "sql/live_rows.h"

#include <algorithm>
#include <array>
#include <span>

#include "sql/json_column.h"
#include "sql/placing.h"
#include "sql/queue_row.h"

namespace mainspring::sql {
namespace {

// Runs that one statement asks for: a few hundred statements refresh what the largest group of
// commands touches, and each is sent and answered at once.
constexpr std::size_t kRunsPerQuestion = 32;

void load_queues(Database& database, LiveIndex& live) {
  Rows rows = database.query("SELECT tenant, name, spec, pause, tokens, tokens_at FROM queues");
  while (rows.next()) {
    const QueueRow row = read_queue(rows);
    live.put_gate(row.name, gate_of(row));
  }
}

void load_shares(Database& database, LiveIndex& live) {
  Rows rows = database.query("SELECT tenant, name, tag, work FROM queue_shares");
  while (rows.next()) {
    QueueName name;
    QueueShare share;
    rows.read(name.tenant, name.name, share.tag, share.work);
    live.put_share(name, share);
  }
}

void read_pauses(Rows rows, LiveIndex& live) {
  while (rows.next()) {
    JobKey job = 0;
    std::string text;
    rows.read(job, text);
    const auto pause = from_column<model::Pause>(text);
    if (pause.until) live.put_pause_end(job, pause.until);
  }
}

std::vector<LiveRun> read_runs(Rows rows) {
  std::vector<LiveRun> out;
  while (rows.next()) {
    LiveRun& run = out.emplace_back();
    std::optional<std::string> takes;
    std::optional<std::string> placement;
    rows.read(run.id, run.tenant, run.job, run.version, run.schedule, run.overlap, run.state,
              run.hold, run.priority, run.attempts, run.cancel, run.queue, run.needs.slots, takes,
              placement, run.limit.text, run.limit.count, run.limit.then, run.debounce_key,
              run.scheduled_at, run.due_at, run.queue_until, run.epoch, run.worker, run.lease_until,
              run.attempt_started_at);
    if (takes) run.needs.take = take_of(from_column<model::WorkerResources>(*takes));
    if (placement) run.needs.wish = wish_of(from_column<model::PlacementSpec>(*placement), run.job);
  }
  return out;
}

void load_runs(Database& database, LiveIndex& live) {
  const std::vector<LiveRun> runs = read_runs(database.query(
      "SELECT id, tenant, job, version, schedule, overlap, state, hold, priority, attempts,"
      " CASE WHEN cancel IS NULL THEN NULL WHEN cancel->>'mode' = 'kill' THEN 1 ELSE 0 END,"
      " queue, slots, takes, placement, key_text, key_limit, on_limit, debounce_key, scheduled_at, "
      "due_at,"
      " queue_until, epoch, worker, lease_until, attempt_started_at FROM runs_live AS every_run"));
  for (const LiveRun& run : runs) {
    live.put(run);
    live.adopt();
  }
}

// Up to kRunsPerQuestion of them.
void put_some(Database& database, TenantKey tenant, std::span<const base::RunId> ids,
              LiveIndex& live) {
  std::array<base::RunId, kRunsPerQuestion> places;
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = ids[std::min(i, ids.size() - 1)];
  const std::vector<LiveRun> found = read_runs(database.query(
      "SELECT id, tenant, job, version, schedule, overlap, state, hold, priority, attempts,"
      " CASE WHEN cancel IS NULL THEN NULL WHEN cancel->>'mode' = 'kill' THEN 1 ELSE 0 END,"
      " queue, slots, takes, placement, key_text, key_limit, on_limit, debounce_key, scheduled_at, "
      "due_at,"
      " queue_until, epoch, worker, lease_until, attempt_started_at FROM runs_live"
      " WHERE tenant = ?1 AND id IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
      " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)",
      tenant, places));
  for (const LiveRun& run : found)
    live.put(run);
}

// All of them go before any comes back: a key or a place may have passed from one to another.
void refresh_runs(Database& database, const std::vector<TenantRuns>& changed, LiveIndex& live) {
  std::map<TenantKey, std::set<base::RunId>> runs;
  for (const TenantRuns& some : changed)
    runs[some.tenant].insert(some.runs.begin(), some.runs.end());
  for (const auto& [tenant, ids] : runs) {
    for (const base::RunId id : ids)
      if (live.find(id) != nullptr) live.erase(id);
  }
  live.adopt();
  for (const auto& [tenant, distinct] : runs) {
    const std::vector<base::RunId> ids(distinct.begin(), distinct.end());
    for (std::span<const base::RunId> rest(ids); !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), kRunsPerQuestion));
      put_some(database, tenant, some, live);
      live.adopt();
      rest = rest.subspan(some.size());
    }
  }
}

void refresh_queue(Database& database, const QueueName& name, LiveIndex& live) {
  const auto row = find_queue(database, name);
  live.put_gate(name, row ? std::optional{gate_of(*row)} : std::nullopt);
  live.put_share(name, load_share(database, name));
}

void refresh_pause(Database& database, JobKey job, LiveIndex& live) {
  live.put_pause_end(job, std::nullopt);
  read_pauses(database.query("SELECT key, pause FROM jobs"
                             " WHERE key = ?1 AND paused = 1 AND deleted_at IS NULL",
                             job),
              live);
}

}  // namespace

void load_live(Database& database, LiveIndex& live) {
  live.clear();
  load_queues(database, live);
  load_shares(database, live);
  read_pauses(database.query("SELECT j.key, j.pause FROM tenants AS t CROSS JOIN jobs AS j"
                             " ON j.tenant = t.key AND j.paused = 1 AND j.deleted_at IS NULL"),
              live);
  load_runs(database, live);
  live.adopt();
}

void refresh_live(Database& database, const Changes& changes, LiveIndex& live) {
  for (const QueueName& name : std::set(changes.queues.begin(), changes.queues.end()))
    refresh_queue(database, name, live);
  for (const JobKey job : std::set(changes.pauses.begin(), changes.pauses.end()))
    refresh_pause(database, job, live);
  refresh_runs(database, changes.runs, live);
  live.adopt();
}

}  // namespace mainspring::sql
