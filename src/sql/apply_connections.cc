// PutConnection, DeleteConnection, and what ApplyJobs and ClaimRuns ask of connections.
#include "sql/apply_connections.h"

#include <fmt/core.h>

#include "base/text.h"
#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/users.h"

namespace mainspring::sql {
namespace {

using model::ConnectionSpec;

// As it is stored; "" where there is none.
std::string load_text(Core& core, TenantKey tenant, std::string_view name) {
  std::string text;
  Rows rows = core.database().query("SELECT spec FROM connections WHERE tenant = ?1 AND name = ?2",
                                    tenant, name);
  if (rows.next()) rows.read(text);
  return text;
}

base::Result<void> check_room(Core& core, TenantKey tenant) {
  std::int64_t count = 0;
  Rows rows = core.database().query("SELECT count(*) FROM connections WHERE tenant = ?1", tenant);
  if (rows.next()) rows.read(count);
  if (count < store::kConnectionsPerTenant) return {};
  return base::fail(
      base::Code::too_large,
      fmt::format("the tenant has {} connections, as many as it may; delete some first", count));
}

struct Fact {
  std::string_view type;
  std::string name;
  std::string by;
  base::Instant now;
};

void tell(Core& core, TenantKey tenant, const Fact& fact) {
  json::Object payload{{"connection", fact.name}};
  if (!fact.by.empty()) payload["by"] = fact.by;
  core.add_event({tenant, fact.type, fact.name, fact.now, std::move(payload)});
}

// "" where no job uses it.
std::string user_words(Core& core, TenantKey tenant, std::string_view connection) {
  std::vector<std::string> names;
  Rows rows = core.database().query(
      "SELECT j.name FROM connection_users AS u CROSS JOIN jobs AS j ON j.key = u.job"
      " WHERE u.tenant = ?1 AND u.connection = ?2",
      tenant, connection);
  while (rows.next())
    rows.read(names.emplace_back());
  return list_users(std::move(names));
}

std::string find_close_name(Core& core, TenantKey tenant, std::string_view name) {
  std::vector<std::string> names;
  Rows rows =
      core.database().query("SELECT name FROM connections WHERE tenant = ?1 ORDER BY name", tenant);
  while (rows.next())
    rows.read(names.emplace_back());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return base::find_closest(name, known);
}

}  // namespace

base::Result<void> put_connection(Core& core, const store::PutConnection& command) {
  const TenantKey tenant = core.ensure_tenant(command.tenant);
  const ConnectionSpec& spec = command.spec;
  const std::string before = load_text(core, tenant, spec.name);
  const std::string after = to_column(spec);
  if (before == after) return {};
  if (before.empty()) {
    if (auto room = check_room(core, tenant); !room) return room;
  }
  core.database().run(
      "INSERT INTO connections(tenant, name, spec, author, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT(tenant, name) DO UPDATE SET spec = excluded.spec, author = excluded.author,"
      " updated_at = excluded.updated_at",
      tenant, spec.name, after, command.by, command.now);
  tell(core, tenant,
       {before.empty() ? "connection.created" : "connection.updated", spec.name, command.by,
        command.now});
  return {};
}

base::Result<void> check_connections(Core& core, TenantKey tenant, const model::JobSpec& spec) {
  for (const std::string& name : model::connection_names(spec)) {
    if (!load_text(core, tenant, name).empty()) continue;
    const std::string close = find_close_name(core, tenant, name);
    return base::fail(
        base::Code::not_found,
        fmt::format("job '{}' names the connection '{}', which does not exist; {}", spec.name, name,
                    close.empty() ? "put the connection first, or beside the job in the manifest"
                                  : fmt::format("did you mean '{}'?", close)));
  }
  return {};
}

void write_users(Core& core, TenantKey tenant, JobKey job, const model::JobSpec& spec) {
  for (const std::string& name : model::connection_names(spec))
    core.database().run(
        "INSERT INTO connection_users(tenant, connection, job) VALUES (?1, ?2, ?3)"
        " ON CONFLICT(tenant, connection, job) DO NOTHING",
        tenant, name, job);
}

void erase_users(Core& core, TenantKey tenant, JobKey job, const model::JobSpec& spec) {
  for (const std::string& name : model::connection_names(spec))
    core.database().run(
        "DELETE FROM connection_users WHERE tenant = ?1 AND connection = ?2 AND job = ?3", tenant,
        name, job);
}

std::vector<ConnectionSpec> load_connections(Core& core, TenantKey tenant,
                                             const model::JobSpec& spec) {
  std::vector<ConnectionSpec> out;
  for (const std::string& name : model::connection_names(spec)) {
    const std::string text = load_text(core, tenant, name);
    if (!text.empty()) out.push_back(from_column<ConnectionSpec>(text));
  }
  return out;
}

base::Result<store::Done> apply(Core& core, const store::PutConnection& command) {
  auto put = put_connection(core, command);
  if (!put) return base::fail(std::move(put.error()));
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteConnection& command) {
  const auto tenant = core.find_tenant(command.tenant);
  if (!tenant || load_text(core, *tenant, command.name).empty())
    return base::fail(base::Code::not_found,
                      fmt::format("there is no connection '{}'", command.name));
  if (const std::string users = user_words(core, *tenant, command.name); !users.empty())
    return base::fail(base::Code::conflict,
                      fmt::format("the connection '{}' is still used by {}; change the jobs that "
                                  "name it first",
                                  command.name, users));
  core.database().run("DELETE FROM connections WHERE tenant = ?1 AND name = ?2", *tenant,
                      command.name);
  tell(core, *tenant, {"connection.deleted", command.name, command.by, command.now});
  return store::Done{};
}

}  // namespace mainspring::sql
