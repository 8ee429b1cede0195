// PutToken, DeleteToken, and the questions about tokens.
#include <fmt/core.h>

#include "model/names.h"
#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

constexpr std::size_t kKnownTokens = 1'024;

// Columns: id, tenant's name, name, permissions, created_at, expires_at.
store::TokenGrant read_grant(const Rows& rows) {
  store::TokenGrant grant;
  std::string permissions;
  rows.read(grant.id, grant.tenant, grant.name, permissions, grant.created_at, grant.expires_at);
  grant.permissions = from_column<std::vector<std::string>>(permissions);
  return grant;
}

std::int64_t count_tokens(Database& database, TenantKey tenant, std::string_view name) {
  std::int64_t count = 0;
  Rows rows = database.query(
      "SELECT count(*) FROM tokens WHERE tenant = ?1 AND (?2 = '' OR name = ?2)", tenant, name);
  rows.next();
  rows.read(count);
  return count;
}

struct TokenFact {
  TenantKey tenant = 0;
  std::string_view type;  // "token.created"
  base::TokenId id;
  std::string_view name;
  std::string_view by;
  base::Instant now;
};

void tell(Core& core, const TokenFact& fact, json::Object payload) {
  payload["name"] = fact.name;
  if (!fact.by.empty()) payload["by"] = fact.by;
  core.add_event({fact.tenant, fact.type, fact.id.text(), fact.now, std::move(payload)});
}

// Takes away the token of this name, if there is one; its id.
std::optional<base::TokenId> remove_token(Database& database, TenantKey tenant,
                                          std::string_view name) {
  Rows rows = database.query("DELETE FROM tokens WHERE tenant = ?1 AND name = ?2 RETURNING id",
                             tenant, name);
  if (!rows.next()) return std::nullopt;
  base::TokenId id;
  rows.read(id);
  return id;
}

// A secret opens one door: under another name, such as that which a node gave its token in a store
// of its own, it is gone.
void remove_secret(Core& core, const store::PutToken& command) {
  Rows rows = core.database().query(
      "DELETE FROM tokens WHERE sha256 = ?1 RETURNING tenant, id, name", command.sha256);
  if (!rows.next()) return;
  TenantKey tenant = 0;
  base::TokenId id;
  std::string name;
  rows.read(tenant, id, name);
  tell(core, {tenant, "token.revoked", id, name, command.by, command.now},
       {{"replaced_by", command.id.text()}});
}

// The node puts its own token at each start: nothing has happened then.
bool is_as_before(Database& database, TenantKey tenant, const store::PutToken& command) {
  Rows rows = database.query(
      "SELECT permissions FROM tokens WHERE tenant = ?1 AND name = ?2 AND sha256 = ?3"
      " AND expires_at IS NOT DISTINCT FROM ?4",
      tenant, command.name, command.sha256, command.expires_at);
  if (!rows.next()) return false;
  std::string permissions;
  rows.read(permissions);
  return from_column<std::vector<std::string>>(permissions) == command.permissions;
}

}  // namespace

base::Result<store::Done> apply(Core& core, const store::PutToken& command) {
  if (!model::kNameRule.accepts(command.name)) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("token '{}': {}", command.name, model::kNameRule.sentence));
  }
  const TenantKey tenant = core.ensure_tenant(command.tenant);
  Database& database = core.database();
  if (command.must_be_new && count_tokens(database, tenant, command.name) > 0) {
    return base::fail(base::Code::conflict,
                      fmt::format("there is a token '{}' already; delete it, or take another name",
                                  command.name));
  }
  if (is_as_before(database, tenant, command)) return store::Done{};
  core.count_token_change();
  const auto replaced = remove_token(database, tenant, command.name);
  if (count_tokens(database, tenant, {}) >= store::kTokensPerTenant) {
    return base::fail(base::Code::conflict, fmt::format("there are {} tokens; delete some first",
                                                        store::kTokensPerTenant));
  }
  remove_secret(core, command);
  database.run(
      "INSERT INTO tokens(id, tenant, name, sha256, permissions, created_at, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      command.id, tenant, command.name, command.sha256, to_column(command.permissions), command.now,
      command.expires_at);
  if (replaced) {
    tell(core, {tenant, "token.revoked", *replaced, command.name, command.by, command.now},
         {{"replaced_by", command.id.text()}});
  }
  json::Array permissions;
  for (const std::string& each : command.permissions)
    permissions.emplace_back(each);
  json::Object payload{{"permissions", std::move(permissions)}};
  if (command.expires_at) payload["expires_at"] = base::format_instant(*command.expires_at);
  tell(core, {tenant, "token.created", command.id, command.name, command.by, command.now},
       std::move(payload));
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteToken& command) {
  const TenantKey tenant = core.find_tenant(command.tenant).value_or(0);
  core.count_token_change();
  const auto revoked = remove_token(core.database(), tenant, command.name);
  if (!revoked) {
    return base::fail(base::Code::not_found, fmt::format("there is no token '{}'", command.name));
  }
  tell(core, {tenant, "token.revoked", *revoked, command.name, command.by, command.now}, {});
  return store::Done{};
}

std::vector<store::TokenGrant> SqlTokenReads::all(std::string_view tenant) {
  std::vector<store::TokenGrant> out;
  const auto key = find_tenant(database_, tenant);
  if (!key) return out;
  Rows rows = database_.query(
      "SELECT id, ?2, name, permissions, created_at, expires_at FROM tokens"
      " WHERE tenant = ?1 ORDER BY name LIMIT ?3",
      *key, tenant, store::kTokensPerTenant);
  while (rows.next())
    out.push_back(read_grant(rows));
  return out;
}

std::optional<store::TokenGrant> SqlTokenReads::find(const base::Blob& sha256) {
  const std::int64_t changes = counts_.token_changes();  // before the question
  if (changes < 0) return ask(sha256);
  if (std::exchange(known_at_, changes) != changes || known_.size() >= kKnownTokens) known_.clear();
  const auto known = known_.find(sha256.bytes);
  if (known != known_.end()) return known->second;
  auto grant = ask(sha256);
  if (grant) known_.emplace(sha256.bytes, *grant);
  return grant;
}

std::optional<store::TokenGrant> SqlTokenReads::ask(const base::Blob& sha256) {
  Rows rows = database_.query(
      "SELECT k.id, t.name, k.name, k.permissions, k.created_at, k.expires_at FROM tokens AS k"
      " JOIN tenants AS t ON t.key = k.tenant WHERE k.sha256 = ?1",
      sha256);
  if (!rows.next()) return std::nullopt;
  return read_grant(rows);
}

}  // namespace mainspring::sql
