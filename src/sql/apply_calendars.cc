// PutCalendar, DeleteCalendar, and what ApplyJobs asks of calendars.
#include "sql/apply_calendars.h"

#include <fmt/core.h>

#include "base/text.h"
#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/moves.h"
#include "sql/users.h"

namespace mainspring::sql {
namespace {

using model::CalendarSpec;

// As it is stored; "" where there is none.
std::string load_text(Core& core, TenantKey tenant, std::string_view name) {
  std::string text;
  Rows rows = core.database().query("SELECT spec FROM calendars WHERE tenant = ?1 AND name = ?2",
                                    tenant, name);
  if (rows.next()) rows.read(text);
  return text;
}

bool exists(Core& core, TenantKey tenant, std::string_view name) {
  return core.database()
      .query("SELECT 1 FROM calendars WHERE tenant = ?1 AND name = ?2", tenant, name)
      .next();
}

base::Result<void> check_room(Core& core, TenantKey tenant) {
  std::int64_t count = 0;
  Rows rows = core.database().query("SELECT count(*) FROM calendars WHERE tenant = ?1", tenant);
  if (rows.next()) rows.read(count);
  if (count < store::kCalendarsPerTenant) return {};
  return base::fail(
      base::Code::too_large,
      fmt::format("the tenant has {} calendars, as many as it may; delete some first", count));
}

struct Fact {
  std::string_view type;
  std::string name;
  std::string by;
  base::Instant now;
};

void tell(Core& core, TenantKey tenant, const Fact& fact) {
  json::Object payload{{"calendar", fact.name}};
  if (!fact.by.empty()) payload["by"] = fact.by;
  core.add_event({tenant, fact.type, fact.name, fact.now, std::move(payload)});
}

struct User {
  ScheduleKey schedule = 0;
  base::JobId job_id;
};

std::vector<User> load_users(Core& core, TenantKey tenant, std::string_view calendar) {
  std::vector<User> users;
  Rows rows = core.database().query(
      "SELECT s.key, j.id FROM schedules AS s CROSS JOIN jobs AS j ON j.key = s.job"
      " WHERE s.calendar = ?2 AND s.retired_at IS NULL AND j.tenant = ?1",
      tenant, calendar);
  while (rows.next()) {
    User user;
    rows.read(user.schedule, user.job_id);
    users.push_back(user);
  }
  return users;
}

// "" where no job uses the calendar.
std::string user_words(Core& core, TenantKey tenant, std::string_view calendar) {
  std::vector<std::string> names;
  Rows rows = core.database().query(
      "SELECT j.name FROM schedules AS s CROSS JOIN jobs AS j ON j.key = s.job"
      " WHERE s.calendar = ?2 AND s.retired_at IS NULL AND j.tenant = ?1",
      tenant, calendar);
  while (rows.next())
    rows.read(names.emplace_back());
  return list_users(std::move(names));
}

std::string find_close_name(Core& core, TenantKey tenant, std::string_view name) {
  std::vector<std::string> names;
  Rows rows =
      core.database().query("SELECT name FROM calendars WHERE tenant = ?1 ORDER BY name", tenant);
  while (rows.next())
    rows.read(names.emplace_back());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return base::find_closest(name, known);
}

}  // namespace

base::Result<void> put_calendar(Core& core, const store::PutCalendar& command) {
  const TenantKey tenant = core.ensure_tenant(command.tenant);
  const CalendarSpec& spec = command.spec;
  const std::string before = load_text(core, tenant, spec.name);
  const std::string after = to_column(spec);
  if (before == after) return {};
  if (before.empty()) {
    if (auto room = check_room(core, tenant); !room) return room;
  }
  core.database().run(
      "INSERT INTO calendars(tenant, name, spec, author, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT(tenant, name) DO UPDATE SET spec = excluded.spec, author = excluded.author,"
      " updated_at = excluded.updated_at",
      tenant, spec.name, after, command.by, command.now);
  tell(core, tenant,
       {before.empty() ? "calendar.created" : "calendar.updated", spec.name, command.by,
        command.now});
  for (const User& user : load_users(core, tenant, spec.name)) {
    retract_ahead(core, user.schedule, command.now);
    core.notify(store::JobChanged{command.tenant, user.job_id});
  }
  return {};
}

base::Result<void> check_calendars(Core& core, TenantKey tenant, const model::JobSpec& spec) {
  for (const model::ScheduleSpec& schedule : spec.schedule) {
    if (schedule.calendar.empty() || exists(core, tenant, schedule.calendar)) continue;
    const std::string close = find_close_name(core, tenant, schedule.calendar);
    std::string message = fmt::format(
        "job '{}' names the calendar '{}', which does not exist; {}", spec.name, schedule.calendar,
        close.empty() ? "put the calendar first, or beside the job in the manifest"
                      : fmt::format("did you mean '{}'?", close));
    return base::fail(base::Code::not_found, std::move(message));
  }
  return {};
}

base::Result<store::Done> apply(Core& core, const store::PutCalendar& command) {
  auto put = put_calendar(core, command);
  if (!put) return base::fail(std::move(put.error()));
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteCalendar& command) {
  const auto tenant = core.find_tenant(command.tenant);
  if (!tenant || !exists(core, *tenant, command.name))
    return base::fail(base::Code::not_found,
                      fmt::format("there is no calendar '{}'", command.name));
  if (const std::string users = user_words(core, *tenant, command.name); !users.empty())
    return base::fail(base::Code::conflict,
                      fmt::format("the calendar '{}' is still used by {}; change the schedules "
                                  "that name it first",
                                  command.name, users));
  core.database().run("DELETE FROM calendars WHERE tenant = ?1 AND name = ?2", *tenant,
                      command.name);
  tell(core, *tenant, {"calendar.deleted", command.name, command.by, command.now});
  return store::Done{};
}

}  // namespace mainspring::sql
