// PutJoinToken, DeleteJoinToken, JoinWorker: how a worker that is not a node's own becomes one.
#include <fmt/core.h>

#include "sql/apply.h"
#include "sql/json_column.h"

namespace mainspring::sql {
namespace {

struct JoinTokenRow {
  base::TokenId id;
  TenantKey tenant = 0;
  std::int64_t uses = 0;
  std::int64_t used = 0;
  std::string labels;
  std::optional<int> slots_limit;
  std::string created_by;
  base::Instant expires_at;
};

std::optional<JoinTokenRow> find_join_token(Core& core, const base::Blob& sha256) {
  Rows rows = core.database().query(
      "SELECT id, tenant, uses, used, labels, slots_limit, created_by, expires_at"
      " FROM join_tokens WHERE sha256 = ?1",
      sha256);
  if (!rows.next()) return std::nullopt;
  JoinTokenRow row;
  rows.read(row.id, row.tenant, row.uses, row.used, row.labels, row.slots_limit, row.created_by,
            row.expires_at);
  return row;
}

store::WorkerJoined bound_to(const std::string& labels, std::optional<int> slots_limit) {
  return {from_column<model::Labels>(labels), slots_limit};
}

// A join whose answer was lost is asked for again, with the same secrets.
struct Earlier {
  base::Blob sha256;
  base::Blob join_sha256;
  store::WorkerJoined reply;
};
std::optional<Earlier> find_earlier(Core& core, base::WorkerId id) {
  Rows rows = core.database().query(
      "SELECT sha256, join_sha256, labels, slots_limit FROM worker_credentials WHERE worker = ?1",
      id);
  if (!rows.next()) return std::nullopt;
  Earlier earlier;
  std::string labels;
  std::optional<int> slots_limit;
  rows.read(earlier.sha256, earlier.join_sha256, labels, slots_limit);
  earlier.reply = bound_to(labels, slots_limit);
  return earlier;
}

std::unexpected<base::Error> refuse(std::string reason) {
  return base::fail(base::Code::unauthenticated,
                    fmt::format("the join token {}; make another one with 'jobctl join-token "
                                "create'",
                                reason));
}

}  // namespace

base::Result<store::Done> apply(Core& core, const store::PutJoinToken& command) {
  const TenantKey tenant = core.ensure_tenant(command.tenant);
  std::int64_t count = 0;
  {
    Rows rows = core.database().query("SELECT count(*) FROM join_tokens WHERE tenant = ?1", tenant);
    if (rows.next()) rows.read(count);
  }
  if (count >= store::kTokensPerTenant) {
    return base::fail(base::Code::conflict, fmt::format("there are {} join tokens; revoke some "
                                                        "first",
                                                        store::kTokensPerTenant));
  }
  core.database().run(
      "INSERT INTO join_tokens(id, tenant, sha256, uses, labels, slots_limit, created_by,"
      " created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      command.id, tenant, command.sha256, command.uses, to_column(command.labels),
      command.slots_limit, command.by, command.now, command.expires_at);
  core.add_event({tenant, "join_token.created", command.id.text(), command.now,
                  json::Object{{"by", command.by},
                               {"uses", command.uses},
                               {"expires_at", base::format_instant(command.expires_at)}}});
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteJoinToken& command) {
  const TenantKey tenant = core.find_tenant(command.tenant).value_or(0);
  bool is_found = false;
  {
    Rows rows = core.database().query(
        "DELETE FROM join_tokens WHERE tenant = ?1 AND id = ?2 RETURNING id", tenant, command.id);
    is_found = rows.next();
  }
  if (!is_found) {
    return base::fail(base::Code::not_found,
                      fmt::format("there is no join token {}", command.id.text()));
  }
  core.add_event({tenant, "join_token.revoked", command.id.text(), command.now,
                  json::Object{{"by", command.by}}});
  return store::Done{};
}

base::Result<store::WorkerJoined> apply(Core& core, const store::JoinWorker& command) {
  if (auto earlier = find_earlier(core, command.worker_id)) {
    const bool is_repeat =
        earlier->sha256 == command.sha256 && earlier->join_sha256 == command.join_sha256;
    if (is_repeat) return std::move(earlier->reply);
  }
  const auto token = find_join_token(core, command.join_sha256);
  if (!token) return refuse("is not known here; it may have been revoked");
  if (token->expires_at <= command.now) {
    return refuse(fmt::format("expired at {}", base::format_instant(token->expires_at)));
  }
  if (token->used >= token->uses) {
    return refuse(fmt::format("was used {} times already, as often as it may be", token->used));
  }
  if (core.find_worker(command.worker_id) != nullptr) {
    return base::fail(base::Code::conflict,
                      fmt::format("there is a worker {} already; join with a new data directory",
                                  command.worker_id.text()));
  }
  core.database().run("UPDATE join_tokens SET used = used + 1 WHERE id = ?1", token->id);
  core.database().run(
      "INSERT INTO worker_credentials(worker, tenant, sha256, join_sha256, labels, slots_limit,"
      " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      command.worker_id, token->tenant, command.sha256, command.join_sha256, token->labels,
      token->slots_limit, command.now);
  // Until it registers, it is there and takes nothing.
  core.database().run(
      "INSERT INTO workers(id, name, state, slots, labels, version, started_at, heartbeat_at,"
      " remote) VALUES (?1, ?2, ?3, 0, ?4, '', ?5, ?5, 1)",
      command.worker_id, command.name, model::WorkerState::offline, token->labels, command.now);
  core.forget_workers();
  core.add_event({kDefaultTenant, "node.admitted", command.name, command.now,
                  json::Object{{"worker", command.worker_id.text()},
                               {"name", command.name},
                               {"by", token->created_by},
                               {"join_token", token->id.text()}}});
  return bound_to(token->labels, token->slots_limit);
}

}  // namespace mainspring::sql
