// PutConnection, DeleteConnection, and what ApplyJobs and ClaimRuns ask of connections.
#include "sql/apply_connections.h"

#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/named.h"

namespace mainspring::sql {
namespace {

std::vector<std::string> load_user_names(Core& core, const Named& connection) {
  std::vector<std::string> names;
  Rows rows = core.database().query(
      "SELECT j.name FROM connection_users AS u CROSS JOIN jobs AS j ON j.key = u.job"
      " WHERE u.tenant = ?1 AND u.connection = ?2",
      connection.tenant, connection.name);
  while (rows.next())
    rows.read(names.emplace_back());
  return names;
}

}  // namespace

base::Result<void> put_connection(Core& core, const store::PutConnection& command) {
  const Named which{core.ensure_tenant(command.tenant), command.spec.name};
  const auto changed =
      put_named(core, kConnections, {which, command.by, command.now}, to_column(command.spec));
  if (!changed) return base::fail(changed.error());
  return {};
}

base::Result<void> check_connections(Core& core, TenantKey tenant, const model::JobSpec& spec) {
  for (const std::string& name : model::connection_names(spec))
    if (auto known = check_named(core, kConnections, {tenant, name}, spec.name); !known)
      return known;
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

std::vector<model::ConnectionSpec> load_connections(Core& core, TenantKey tenant,
                                                    const model::JobSpec& spec) {
  std::vector<model::ConnectionSpec> out;
  for (const std::string& name : model::connection_names(spec)) {
    const std::string text = load_named(core, kConnections, {tenant, name});
    if (!text.empty()) out.push_back(from_column<model::ConnectionSpec>(text));
  }
  return out;
}

base::Result<store::Done> apply(Core& core, const store::PutConnection& command) {
  auto put = put_connection(core, command);
  if (!put) return base::fail(std::move(put.error()));
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteConnection& command) {
  // A tenant that is not there has the key of none, and no definition.
  const Named which{core.find_tenant(command.tenant).value_or(0), command.name};
  auto removed = remove_named(core, kConnections, {which, command.by, command.now},
                              load_user_names(core, which));
  if (!removed) return base::fail(std::move(removed.error()));
  return store::Done{};
}

}  // namespace mainspring::sql
