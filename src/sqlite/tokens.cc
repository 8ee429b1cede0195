// PutToken, DeleteToken, and the questions about tokens.
#include <fmt/core.h>

#include "model/names.h"
#include "sqlite/apply.h"
#include "sqlite/json_column.h"
#include "sqlite/reads.h"

namespace mainspring::sqlite {
namespace {

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
  database.run("DELETE FROM tokens WHERE tenant = ?1 AND name = ?2", tenant, command.name);
  if (count_tokens(database, tenant, {}) >= store::kTokensPerTenant) {
    return base::fail(base::Code::conflict, fmt::format("there are {} tokens; delete some first",
                                                        store::kTokensPerTenant));
  }
  database.run(
      "INSERT INTO tokens(id, tenant, name, sha256, permissions, created_at, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      command.id, tenant, command.name, command.sha256, to_column(command.permissions), command.now,
      command.expires_at);
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteToken& command) {
  const auto tenant = core.find_tenant(command.tenant);
  const auto deleted = core.database().run("DELETE FROM tokens WHERE tenant = ?1 AND name = ?2",
                                           tenant.value_or(0), command.name);
  if (deleted == 0) {
    return base::fail(base::Code::not_found, fmt::format("there is no token '{}'", command.name));
  }
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
  Rows rows = database_.query(
      "SELECT k.id, t.name, k.name, k.permissions, k.created_at, k.expires_at FROM tokens AS k"
      " JOIN tenants AS t ON t.key = k.tenant WHERE k.sha256 = ?1",
      sha256);
  if (!rows.next()) return std::nullopt;
  return read_grant(rows);
}

}  // namespace mainspring::sqlite
