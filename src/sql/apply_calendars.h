// What ApplyJobs shares with the commands on calendars. Internal to this module; the writer's
// thread.
#pragma once

#include "base/error.h"
#include "sql/core.h"
#include "store/commands.h"

namespace mainspring::sql {

// Nothing changes where the calendar stands as it is. Schedules that use it are planned anew from
// now on. Errors: too_large (kCalendarsPerTenant).
base::Result<void> put_calendar(Core& core, const store::PutCalendar& command);

// Whether every calendar that the job's schedules name exists. Errors: not_found, with the name
// that may be meant.
base::Result<void> check_calendars(Core& core, TenantKey tenant, const model::JobSpec& spec);

}  // namespace mainspring::sql
