#include "sql/removal.h"

namespace mainspring::sql {
namespace {

// To free a large chunk SQLite visits each of its pages: this much costs about as much as a row.
constexpr std::int64_t kBytesPerRow = 16 << 10;

struct ChunkRow {
  int attempt = 1;
  std::int64_t seq = 0;
  std::int64_t bytes = 0;
};

std::vector<ChunkRow> find_chunks(Core& core, base::RunId run, std::int64_t limit) {
  std::vector<ChunkRow> out;
  Rows rows = core.database().query(
      "SELECT attempt, seq, length(bytes) FROM log_chunks WHERE run = ?1 LIMIT ?2", run, limit);
  while (rows.next()) {
    ChunkRow& row = out.emplace_back();
    rows.read(row.attempt, row.seq, row.bytes);
  }
  return out;
}

}  // namespace

bool remove_log(Core& core, const PastRun& run, RemovalRoom& room) {
  if (room.rows <= 0) return false;
  const std::int64_t limit = room.rows;
  const std::vector<ChunkRow> chunks = find_chunks(core, run.id, limit);
  std::int64_t freed = 0;
  for (const ChunkRow& chunk : chunks) {
    if (room.rows <= 0) break;
    core.database().run("DELETE FROM log_chunks WHERE run = ?1 AND attempt = ?2 AND seq = ?3",
                        run.id, chunk.attempt, chunk.seq);
    room.rows -= 1 + chunk.bytes / kBytesPerRow;
    room.log_chunks += 1;
    freed += chunk.bytes;
  }
  const bool is_done = room.rows > 0 && std::ssize(chunks) < limit;
  core.database().run(
      "UPDATE runs_done SET log_bytes = CASE WHEN ?4 = 1 OR log_bytes < ?3 THEN 0"
      " ELSE log_bytes - ?3 END"
      " WHERE tenant = ?1 AND id = ?2 AND log_bytes > 0",
      run.tenant, run.id, freed, is_done);
  return is_done;
}

bool remove_run(Core& core, const PastRun& run, RemovalRoom& room) {
  if (!remove_log(core, run, room)) return false;
  Database& database = core.database();
  // A run has few attempts: the manifest limits them.
  room.rows -= database.change("DELETE FROM attempts WHERE run = ?1", run.id);
  room.rows -= database.change("DELETE FROM run_payloads WHERE run = ?1", run.id);
  room.rows -=
      database.change("DELETE FROM runs_done WHERE tenant = ?1 AND id = ?2", run.tenant, run.id);
  return true;
}

}  // namespace mainspring::sql
