// The rows of the route table about jobs that shadow another scheduler.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"
#include "api/shadow.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_shadow_routes() {
  return {
      {.method = Method::post,
       .path = "/api/v1/jobs/{job}/pings",
       .operation = "record_ping",
       .tag = "shadow",
       .summary = "Report a real run by another scheduler; the same start and host replace it.",
       .permission = Permission::operate,
       .request = {schema_of<PingBody>},
       .reply = {schema_of<PingView>},
       .status = 201,
       .errors = {Code::not_found, Code::idempotency_mismatch},
       .handler = record_ping},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/pings",
       .operation = "list_pings",
       .tag = "shadow",
       .summary = "The real runs that were reported for a job, oldest first.",
       .query = {kLimit,
                 kCursor,
                 {"from", "date-time", "Started at or after this instant; 7 days ago when absent."},
                 {"until", "date-time", "Started before this instant."}},
       .reply = {schema_of<PingList>},
       .errors = {Code::not_found},
       .handler = list_pings},
      {.method = Method::get,
       .path = "/api/v1/shadow/report",
       .operation = "get_shadow_report",
       .tag = "shadow",
       .summary = "What the jobs that shadow would have run, beside what was really run.",
       .query = {kLimit,
                 kCursor,
                 {"from", "date-time", "Compare from this instant; 7 days ago when absent."},
                 {"until", "date-time", "Up to this instant; now when absent."},
                 {"job", "string", "Only this job, by name or id."},
                 kLabel,
                 {"tolerance", "string",
                  "How far a fire and its run may lie apart, 1s to 1h; 60s when absent."}},
       .reply = {schema_of<ShadowReport>},
       .errors = {Code::not_found, Code::conflict},
       .handler = get_shadow_report},
      {.method = Method::post,
       .path = "/api/v1/jobs/{job}/promote",
       .operation = "promote_job",
       .tag = "shadow",
       .summary = "Let a job that shadows really fire, from its next fire on; If-Match makes it "
                  "conditional.",
       .permission = Permission::administer,
       .reply = {schema_of<JobView>},
       .errors = {Code::not_found, Code::conflict, Code::precondition_failed, Code::unsupported},
       .handler = promote_job},
  };
}

}  // namespace mainspring::api
