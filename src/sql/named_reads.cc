// Questions about calendars and connections, which are stored alike.
#include "sql/json_column.h"
#include "sql/named.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

template <class Spec>
Spec read_spec(Rows& rows) {
  std::string text;
  rows.read(text);
  return from_column<Spec>(text);
}

template <class Spec>
std::vector<Spec> load_all(Database& database, const NamedKind& kind, std::string_view tenant) {
  std::vector<Spec> out;
  const auto key = find_tenant(database, tenant);
  if (!key) return out;
  Rows rows = database.query(kind.load_all, *key, kind.limit);
  while (rows.next())
    out.push_back(read_spec<Spec>(rows));
  return out;
}

template <class Spec>
std::optional<Spec> find_one(Database& database, const NamedKind& kind, std::string_view tenant,
                             std::string_view name) {
  const auto key = find_tenant(database, tenant);
  if (!key) return std::nullopt;
  Rows rows = database.query(kind.load, *key, name);
  if (!rows.next()) return std::nullopt;
  return read_spec<Spec>(rows);
}

}  // namespace

std::vector<model::CalendarSpec> SqlCalendarReads::all(std::string_view tenant) {
  return load_all<model::CalendarSpec>(database_, kCalendars, tenant);
}

std::optional<model::CalendarSpec> SqlCalendarReads::find(std::string_view tenant,
                                                          std::string_view name) {
  return find_one<model::CalendarSpec>(database_, kCalendars, tenant, name);
}

std::vector<model::ConnectionSpec> SqlConnectionReads::all(std::string_view tenant) {
  return load_all<model::ConnectionSpec>(database_, kConnections, tenant);
}

std::optional<model::ConnectionSpec> SqlConnectionReads::find(std::string_view tenant,
                                                              std::string_view name) {
  return find_one<model::ConnectionSpec>(database_, kConnections, tenant, name);
}

}  // namespace mainspring::sql
