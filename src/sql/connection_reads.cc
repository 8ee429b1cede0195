// Questions about connections.
#include "sql/json_column.h"
#include "sql/reads.h"
#include "store/commands.h"

namespace mainspring::sql {

std::vector<model::ConnectionSpec> SqlConnectionReads::all(std::string_view tenant) {
  std::vector<model::ConnectionSpec> out;
  const auto key = find_tenant(database_, tenant);
  if (!key) return out;
  Rows rows =
      database_.query("SELECT spec FROM connections WHERE tenant = ?1 ORDER BY name LIMIT ?2", *key,
                      store::kConnectionsPerTenant);
  while (rows.next()) {
    std::string spec;
    rows.read(spec);
    out.push_back(from_column<model::ConnectionSpec>(spec));
  }
  return out;
}

std::optional<model::ConnectionSpec> SqlConnectionReads::find(std::string_view tenant,
                                                              std::string_view name) {
  const auto key = find_tenant(database_, tenant);
  if (!key) return std::nullopt;
  Rows rows =
      database_.query("SELECT spec FROM connections WHERE tenant = ?1 AND name = ?2", *key, name);
  if (!rows.next()) return std::nullopt;
  std::string spec;
  rows.read(spec);
  return from_column<model::ConnectionSpec>(spec);
}

}  // namespace mainspring::sql
