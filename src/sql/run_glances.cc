// Questions about many runs of a job at a glance, and about the runs of all jobs by the minute.
#include <algorithm>

#include "sql/reads.h"

namespace mainspring::sql {
namespace {

using store::RunGlance;

// Of runs that have not ended: those that wait for a later time have the highest ids.
constexpr std::int64_t kLiveLimit = 1'000;

void read_glances(Rows rows, std::vector<RunGlance>& out) {
  while (rows.next()) {
    RunGlance& run = out.emplace_back();
    rows.read(run.id, run.state, run.trigger, run.scheduled_at, run.due_at, run.started_at,
              run.finished_at);
  }
}

}  // namespace

std::vector<RunGlance> SqlRunReads::recent(base::JobId job, std::int64_t limit) {
  const auto most = static_cast<std::size_t>(page_size(limit));
  const Snapshot snapshot(database_);
  std::vector<RunGlance> out;
  read_glances(
      database_.query("SELECT r.id, r.state, r.trigger, r.scheduled_at,"
                      " coalesce(r.first_due_at, r.due_at), r.started_at, NULL FROM jobs AS j"
                      " CROSS JOIN runs_live AS r ON r.job = j.key WHERE j.id = ?1"
                      " ORDER BY r.id DESC LIMIT ?2",
                      job, kLiveLimit),
      out);
  std::erase_if(out, [](const RunGlance& run) {
    return run.state == model::RunState::scheduled && !run.started_at;
  });
  if (out.size() > most) out.resize(most);
  // A run that an earlier version retried has no first due time any more.
  read_glances(
      database_.query("SELECT r.id, r.state, r.trigger, r.scheduled_at,"
                      " CASE WHEN r.first_due_at IS NULL AND r.due_at > r.started_at THEN NULL"
                      " ELSE coalesce(r.first_due_at, r.due_at) END, r.started_at, r.finished_at"
                      " FROM jobs AS j CROSS JOIN runs_done AS r ON r.job = j.key WHERE j.id = ?1"
                      " ORDER BY r.id DESC LIMIT ?2",
                      job, page_size(limit)),
      out);
  std::ranges::sort(out, std::greater{}, &RunGlance::id);
  if (out.size() > most) out.resize(most);
  return out;
}

std::vector<RunGlance> SqlRunReads::finished(base::JobId job, std::int64_t limit) {
  std::vector<RunGlance> out;
  read_glances(
      database_.query("SELECT r.id, r.state, r.trigger, r.scheduled_at,"
                      " CASE WHEN r.first_due_at IS NULL AND r.due_at > r.started_at THEN NULL"
                      " ELSE coalesce(r.first_due_at, r.due_at) END, r.started_at, r.finished_at"
                      " FROM jobs AS j CROSS JOIN runs_done AS r INDEXED BY runs_done_by_finish"
                      " ON r.job = j.key WHERE j.id = ?1"
                      " ORDER BY r.finished_at DESC, r.id DESC LIMIT ?2",
                      job, page_size(limit)),
      out);
  return out;
}

std::vector<store::EndedRuns> SqlRunReads::ended_per_minute(std::string_view tenant,
                                                            base::Instant from) {
  std::vector<store::EndedRuns> out;
  const auto key = find_tenant(database_, tenant);
  if (!key) return out;
  Rows rows = database_.query(
      "SELECT minute, state, count FROM ended_per_minute"
      " WHERE tenant = ?1 AND minute >= ?2 ORDER BY minute, state",
      *key, std::chrono::floor<std::chrono::minutes>(from).time_since_epoch().count());
  while (rows.next()) {
    store::EndedRuns& each = out.emplace_back();
    std::int64_t minute = 0;  // since the epoch
    rows.read(minute, each.state, each.count);
    each.minute = base::Instant{std::chrono::minutes{minute}};
  }
  return out;
}

}  // namespace mainspring::sql
