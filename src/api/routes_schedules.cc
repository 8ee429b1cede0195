// The rows of the route table about schedules and the ledger.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/preview.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_schedule_routes() {
  const std::vector<QueryParameter> ledger = {
      kLimit,
      kCursor,
      {"from", "date-time", "At or after this instant."},
      {"until", "date-time", "Before this instant."},
      {"ending", "string", "Only this ending, such as skipped_overlap."},
      kLabel};
  return {
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/next",
       .operation = "next_fires",
       .tag = "schedules",
       .summary = "The next fires of a job's schedules.",
       .query = {{"limit", "integer", "How many, 1 to 500; 10 when absent."},
                 {"from", "date-time", "After this instant; now when absent."}},
       .reply = {schema_of<FireList>},
       .errors = {Code::not_found},
       .handler = next_fires},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/occurrences",
       .operation = "list_job_occurrences",
       .tag = "schedules",
       .summary = "One job's part of the occurrence ledger.",
       .query = ledger,
       .reply = {schema_of<OccurrenceList>},
       .errors = {Code::not_found},
       .handler = list_job_occurrences},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/why",
       .operation = "explain_occurrence",
       .tag = "schedules",
       .summary = "Why the job did or did not run at an instant; or its next fire and newest run.",
       .query =
           {{"at", "string",
             "RFC 3339, or local time in the schedule's zone such as 2026-03-29T02:30; absent: "
             "of the job as it stands."}},
       .reply = {schema_of<Explanation>},
       .errors = {Code::not_found},
       .handler = explain_occurrence},
      {.method = Method::post,
       .path = "/api/v1/schedules/preview",
       .operation = "preview_schedule",
       .tag = "schedules",
       .summary = "What a schedule would do: in words, its next fires, the next clock changes.",
       .permission = Permission::view,
       .request = {schema_of<SchedulePreviewBody>},
       .reply = {schema_of<SchedulePreview>},
       .errors = {Code::not_found},
       .handler = preview_schedule},
      {.method = Method::get,
       .path = "/api/v1/occurrences",
       .operation = "list_occurrences",
       .tag = "schedules",
       .summary = "The occurrence ledger of every job, newest first.",
       .query = ledger,
       .reply = {schema_of<OccurrenceList>},
       .handler = list_occurrences},
  };
}

}  // namespace mainspring::api
