// Questions about calendars.
#include "sql/json_column.h"
#include "sql/reads.h"
#include "store/commands.h"

namespace mainspring::sql {

std::vector<model::CalendarSpec> SqlCalendarReads::all(std::string_view tenant) {
  std::vector<model::CalendarSpec> out;
  const auto key = find_tenant(database_, tenant);
  if (!key) return out;
  Rows rows = database_.query("SELECT spec FROM calendars WHERE tenant = ?1 ORDER BY name LIMIT ?2",
                              *key, store::kCalendarsPerTenant);
  while (rows.next()) {
    std::string spec;
    rows.read(spec);
    out.push_back(from_column<model::CalendarSpec>(spec));
  }
  return out;
}

std::optional<model::CalendarSpec> SqlCalendarReads::find(std::string_view tenant,
                                                          std::string_view name) {
  const auto key = find_tenant(database_, tenant);
  if (!key) return std::nullopt;
  Rows rows =
      database_.query("SELECT spec FROM calendars WHERE tenant = ?1 AND name = ?2", *key, name);
  if (!rows.next()) return std::nullopt;
  std::string spec;
  rows.read(spec);
  return from_column<model::CalendarSpec>(spec);
}

}  // namespace mainspring::sql
