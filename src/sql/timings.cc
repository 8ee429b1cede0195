#include "sql/timings.h"

namespace mainspring::sql {

std::vector<model::RunTiming> load_timings(Database& database, std::int64_t job,
                                           std::int64_t limit) {
  std::vector<model::RunTiming> out;
  // A run that an earlier version retried has no first due time any more.
  Rows rows = database.query(
      "SELECT state, CASE WHEN first_due_at IS NULL AND due_at > started_at THEN NULL"
      " ELSE coalesce(first_due_at, due_at) END, started_at, finished_at"
      " FROM runs_done INDEXED BY runs_done_by_finish WHERE job = ?1"
      " ORDER BY finished_at DESC, id DESC LIMIT ?2",
      job, limit);
  while (rows.next()) {
    model::RunTiming& run = out.emplace_back();
    rows.read(run.state, run.due_at, run.started_at, run.finished_at);
  }
  return out;
}

}  // namespace mainspring::sql
