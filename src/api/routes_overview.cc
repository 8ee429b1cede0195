// The rows of the route table about everything at once: the overview, the agenda, the settings.
#include "api/handlers.h"
#include "api/overview.h"
#include "api/route_table.h"
#include "api/settings.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_overview_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/overview",
       .operation = "get_overview",
       .tag = "overview",
       .summary = "What fails, what fires next, how much runs and waits, and how well the node is.",
       .reply = {schema_of<Overview>},
       .handler = get_overview},
      {.method = Method::get,
       .path = "/api/v1/agenda",
       .operation = "get_agenda",
       .tag = "schedules",
       .summary = "What fires when, of every job: the first fires of a range, and how many in each "
                  "of its hours.",
       .query = {{"from", "date-time", "At or after this instant; now when absent."},
                 {"until", "date-time",
                  "Before this instant, at most 31 days later; 24 hours later when absent."},
                 {"limit", "integer", "Fires that are listed, 0 to 500; 100 when absent."},
                 {"cursor", "string", "Where to go on: next_cursor of the page before."},
                 {"fires_only", "boolean", "true: without the hours, which take longer."}},
       .reply = {schema_of<Agenda>},
       .handler = get_agenda},
      {.method = Method::get,
       .path = "/api/v1/settings",
       .operation = "list_settings",
       .tag = "site",
       .summary = "Every setting of the node, and where its value came from.",
       .reply = {schema_of<SettingList>},
       .handler = list_settings},
  };
}

std::vector<Route> make_job_history_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/durations",
       .operation = "get_job_durations",
       .tag = "jobs",
       .summary = "How long its last runs took and waited, one by one, for a chart.",
       .query = {{"runs", "integer", "Finished runs at most, 1 to 500; 500 when absent."}},
       .reply = {schema_of<DurationChart>},
       .errors = {Code::not_found},
       .handler = get_job_durations},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/endings",
       .operation = "get_job_endings",
       .tag = "schedules",
       .summary = "What became of its occurrences, counted by the day.",
       .query = {{"from", "date-time", "At or after this instant; 90 days before when absent."},
                 {"until", "date-time", "Before this instant; now when absent."},
                 {"timezone", "string",
                  "Whose days; that of its first schedule when absent, else UTC."}},
       .reply = {schema_of<EndingCalendar>},
       .errors = {Code::not_found},
       .handler = get_job_endings},
  };
}

}  // namespace mainspring::api
