// Questions about workers, and about the tokens with which they join.
#include <algorithm>

#include "sql/json_column.h"
#include "sql/placing.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

// Columns: key, id, name, state, slots, labels, version, started_at, heartbeat_at, resources,
// remote, cordoned, drain_until.
model::Worker read_worker(const Rows& rows, const LiveCounts& counts) {
  WorkerKey key = 0;
  model::Worker worker;
  std::string labels;
  std::string resources;
  rows.read(key, worker.id, worker.name, worker.state, worker.slots, labels, worker.version,
            worker.started_at, worker.heartbeat_at, resources, worker.is_remote, worker.is_cordoned,
            worker.drain_until);
  worker.labels = from_column<model::Labels>(labels);
  worker.resources = from_column<model::WorkerResources>(resources);
  const Use use = counts.use_of(key);
  worker.busy = static_cast<int>(use.slots);
  worker.used = resources_of({use.cpu_millis, use.memory_bytes, static_cast<int>(use.gpus), 0});
  const bool is_online = worker.state == model::WorkerState::online;
  if (is_online && worker.drain_until) worker.state = model::WorkerState::draining;
  return worker;
}

}  // namespace

std::vector<model::Worker> SqlWorkerReads::all() {
  std::vector<model::Worker> out;
  Rows rows = database_.query(
      "SELECT key, id, name, state, slots, labels, version, started_at, heartbeat_at, resources,"
      " remote, cordoned, drain_until FROM workers WHERE removed_at IS NULL");
  while (rows.next())
    out.push_back(read_worker(rows, counts_));
  std::ranges::sort(out, {}, &model::Worker::id);
  return out;
}

std::optional<model::Worker> SqlWorkerReads::find(base::WorkerId id) {
  Rows rows = database_.query(
      "SELECT key, id, name, state, slots, labels, version, started_at, heartbeat_at, resources,"
      " remote, cordoned, drain_until FROM workers WHERE id = ?1 AND removed_at IS NULL",
      id);
  if (!rows.next()) return std::nullopt;
  return read_worker(rows, counts_);
}

std::optional<store::WorkerGrant> SqlWorkerReads::find_grant(const base::Blob& sha256) {
  Rows rows = database_.query(
      "SELECT c.worker, t.name, w.name, c.labels, c.slots_limit FROM worker_credentials AS c"
      " JOIN tenants AS t ON t.key = c.tenant JOIN workers AS w ON w.id = c.worker"
      " WHERE c.sha256 = ?1",
      sha256);
  if (!rows.next()) return std::nullopt;
  store::WorkerGrant grant;
  std::string labels;
  rows.read(grant.worker_id, grant.tenant, grant.name, labels, grant.slots_limit);
  grant.labels = from_column<model::Labels>(labels);
  return grant;
}

std::vector<store::JoinToken> SqlTokenReads::all_join_tokens(std::string_view tenant) {
  std::vector<store::JoinToken> out;
  const auto key = find_tenant(database_, tenant);
  if (!key) return out;
  Rows rows = database_.query(
      "SELECT id, uses, used, labels, slots_limit, created_by, created_at, expires_at"
      " FROM join_tokens WHERE tenant = ?1 ORDER BY id LIMIT ?2",
      *key, store::kTokensPerTenant);
  while (rows.next()) {
    store::JoinToken token;
    std::string labels;
    rows.read(token.id, token.uses, token.used, labels, token.slots_limit, token.created_by,
              token.created_at, token.expires_at);
    token.labels = from_column<model::Labels>(labels);
    out.push_back(std::move(token));
  }
  return out;
}

}  // namespace mainspring::sql
