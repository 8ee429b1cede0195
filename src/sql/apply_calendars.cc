// PutCalendar, DeleteCalendar, and what ApplyJobs asks of calendars.
#include "sql/apply_calendars.h"

#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/moves.h"
#include "sql/named.h"

namespace mainspring::sql {
namespace {

struct User {
  ScheduleKey schedule = 0;
  base::JobId job_id;
};

std::vector<User> load_users(Core& core, const Named& calendar) {
  std::vector<User> users;
  Rows rows = core.database().query(
      "SELECT s.key, j.id FROM schedules AS s CROSS JOIN jobs AS j ON j.key = s.job"
      " WHERE s.calendar = ?2 AND s.retired_at IS NULL AND j.tenant = ?1",
      calendar.tenant, calendar.name);
  while (rows.next()) {
    User user;
    rows.read(user.schedule, user.job_id);
    users.push_back(user);
  }
  return users;
}

// A job that uses it in several schedules comes several times.
std::vector<std::string> load_user_names(Core& core, const Named& calendar) {
  std::vector<std::string> names;
  Rows rows = core.database().query(
      "SELECT j.name FROM schedules AS s CROSS JOIN jobs AS j ON j.key = s.job"
      " WHERE s.calendar = ?2 AND s.retired_at IS NULL AND j.tenant = ?1",
      calendar.tenant, calendar.name);
  while (rows.next())
    rows.read(names.emplace_back());
  return names;
}

}  // namespace

base::Result<void> put_calendar(Core& core, const store::PutCalendar& command) {
  const Named which{core.ensure_tenant(command.tenant), command.spec.name};
  const auto changed =
      put_named(core, kCalendars, {which, command.by, command.now}, to_column(command.spec));
  if (!changed) return base::fail(changed.error());
  if (!*changed) return {};
  for (const User& user : load_users(core, which)) {
    retract_ahead(core, user.schedule, command.now);
    core.notify(store::JobChanged{command.tenant, user.job_id});
  }
  return {};
}

base::Result<void> check_calendars(Core& core, TenantKey tenant, const model::JobSpec& spec) {
  for (const model::ScheduleSpec& schedule : spec.schedule) {
    if (schedule.calendar.empty()) continue;
    auto known = check_named(core, kCalendars, {tenant, schedule.calendar}, spec.name);
    if (!known) return known;
  }
  return {};
}

base::Result<store::Done> apply(Core& core, const store::PutCalendar& command) {
  auto put = put_calendar(core, command);
  if (!put) return base::fail(std::move(put.error()));
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteCalendar& command) {
  // A tenant that is not there has the key of none, and no definition.
  const Named which{core.find_tenant(command.tenant).value_or(0), command.name};
  auto removed = remove_named(core, kCalendars, {which, command.by, command.now},
                              load_user_names(core, which));
  if (!removed) return base::fail(std::move(removed.error()));
  return store::Done{};
}

}  // namespace mainspring::sql
