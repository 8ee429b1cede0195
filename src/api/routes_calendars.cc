// The rows of the route table about calendars.
#include "api/calendar_views.h"
#include "api/handlers.h"
#include "api/route_table.h"

namespace mainspring::api {
namespace {

using base::Code;
using http::Method;

json::Value icalendar_body(json::Definitions&) {
  return json::Object{{"type", "string"}, {"description", "An iCalendar file (RFC 5545)."}};
}

}  // namespace

std::vector<Route> make_calendar_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/calendars",
       .operation = "list_calendars",
       .tag = "calendars",
       .summary = "Calendars by name, without their days.",
       .reply = {schema_of<CalendarList>},
       .handler = list_calendars},
      {.method = Method::get,
       .path = "/api/v1/calendars/{calendar}",
       .operation = "get_calendar",
       .tag = "calendars",
       .summary = "One calendar.",
       .reply = {schema_of<model::CalendarSpec>},
       .errors = {Code::not_found},
       .handler = get_calendar},
      {.method = Method::put,
       .path = "/api/v1/calendars/{calendar}",
       .operation = "put_calendar",
       .tag = "calendars",
       .summary = "Store a calendar; schedules that use it are planned anew.",
       .permission = Permission::administer,
       .request = {schema_of<model::CalendarSpec>},
       .reply = {schema_of<model::CalendarSpec>},
       .errors = {Code::too_large},
       .handler = put_calendar},
      {.method = Method::del,
       .path = "/api/v1/calendars/{calendar}",
       .operation = "delete_calendar",
       .tag = "calendars",
       .summary = "Delete a calendar that no schedule names.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found, Code::conflict},
       .handler = delete_calendar},
      {.method = Method::post,
       .path = "/api/v1/calendars/{calendar}/import",
       .operation = "import_calendar",
       .tag = "calendars",
       .summary = "Make the events of an iCalendar file the days and times of a calendar.",
       .permission = Permission::administer,
       .query = {{"mode", "string", "exclude or only; as it is, or exclude, when absent."},
                 {"from", "date", "The first day to look at; this year's when absent."},
                 {"until", "date", "The last day; five years' last when absent."},
                 {"timezone", "string", "The calendar's zone; as it is when absent."},
                 {"keep", "boolean", "Add to the days and times that are there."}},
       .request = {icalendar_body, "text/calendar"},
       .reply = {schema_of<ImportedCalendar>},
       .errors = {Code::too_large},
       .handler = import_calendar},
      {.method = Method::get,
       .path = "/api/v1/calendars/{calendar}/days",
       .operation = "list_calendar_days",
       .tag = "calendars",
       .summary = "What a calendar leaves out, day by day.",
       .query = {{"from", "date", "The first day; today when absent."},
                 {"until", "date", "The last day; a year later when absent."}},
       .reply = {schema_of<CalendarDayList>},
       .errors = {Code::not_found},
       .handler = list_calendar_days},
  };
}

}  // namespace mainspring::api
