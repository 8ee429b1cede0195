// Questions about pings.
#include "sql/reads.h"

namespace mainspring::sql {

std::vector<store::Ping> SqlPingReads::of_job(base::JobId id, base::Instant from,
                                              base::Instant until) {
  std::vector<store::Ping> out;
  Rows rows = database_.query(
      "SELECT p.started_at, p.finished_at, p.exit_code, p.host FROM jobs AS j"
      " CROSS JOIN pings AS p ON p.job = j.key WHERE j.id = ?1 AND p.started_at >= ?2"
      " AND p.started_at < ?3 ORDER BY p.started_at, p.host LIMIT ?4",
      id, from, until, store::kPageLimit);
  while (rows.next()) {
    store::Ping& ping = out.emplace_back();
    rows.read(ping.started_at, ping.finished_at, ping.exit_code, ping.host);
  }
  return out;
}

}  // namespace mainspring::sql
