// The rows of the route table about jobs.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"
#include "model/durations.h"

namespace mainspring::api {
using base::Code;
using http::Method;

std::vector<Route> make_job_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/jobs",
       .operation = "list_jobs",
       .tag = "jobs",
       .summary = "Jobs by name. A page holds about 96 KiB at most, and is shorter then.",
       .query = {{"limit", "integer", "Items on a page, 1 to 500; 25 when absent."},
                 kCursor,
                 {"include", "string",
                  "What each job comes with, separated by commas: spec, next (fires), recent "
                  "(the last 14 runs), stats; spec,next when absent."},
                 {"prefix", "string", "Names that begin so."},
                 {"text", "string", "Names that contain this, in any case."},
                 {"type", "string", "Of this type."},
                 {"last_state", "string",
                  "Whose newest run that has ended did so in one of these states; commas."},
                 kLabel,
                 {"paused", "boolean", "Only paused jobs, or only jobs that are not."}},
       .reply = {schema_of<JobList>},
       .handler = list_jobs},
      {.method = Method::post,
       .path = "/api/v1/jobs",
       .operation = "create_job",
       .tag = "jobs",
       .summary = "Create a job whose name is not taken.",
       .permission = Permission::administer,
       .request = {manifest_body},
       .reply = {schema_of<JobView>},
       .status = 201,
       .errors = {Code::conflict, Code::unsupported, Code::idempotency_mismatch},
       .handler = create_job},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}",
       .operation = "get_job",
       .tag = "jobs",
       .summary = "One job, by name or id.",
       .reply = {schema_of<JobView>},
       .errors = {Code::not_found},
       .handler = get_job},
      {.method = Method::put,
       .path = "/api/v1/jobs/{job}",
       .operation = "replace_job",
       .tag = "jobs",
       .summary = "Store a job's definition; If-Match makes it conditional on a version.",
       .permission = Permission::administer,
       .request = {manifest_body},
       .reply = {schema_of<JobView>},
       .errors = {Code::precondition_failed, Code::unsupported},
       .handler = replace_job},
      {.method = Method::del,
       .path = "/api/v1/jobs/{job}",
       .operation = "delete_job",
       .tag = "jobs",
       .summary = "Delete a job; its history stays, its running runs go on.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found, Code::precondition_failed},
       .handler = delete_job},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/stats",
       .operation = "get_job_stats",
       .tag = "jobs",
       .summary = "How its last runs ended, how long they took and waited, and the trend.",
       .query = {{"runs", "integer", "Finished runs that are looked at, 1 to 500 (200)."}},
       .reply = {schema_of<model::JobStats>},
       .errors = {Code::not_found},
       .handler = get_job_stats},
  };
}

std::vector<Route> make_pause_routes() {
  return {
      {.method = Method::post,
       .path = "/api/v1/jobs/{job}/pause",
       .operation = "pause_job",
       .tag = "jobs",
       .summary = "Stop its schedules from starting runs.",
       .permission = Permission::operate,
       .request = {schema_of<PauseBody>},
       .reply = {schema_of<JobView>},
       .errors = {Code::not_found},
       .handler = pause_job},
      {.method = Method::post,
       .path = "/api/v1/jobs/{job}/resume",
       .operation = "resume_job",
       .tag = "jobs",
       .summary = "Let its schedules start runs again, from now on.",
       .permission = Permission::operate,
       .request = {schema_of<ResumeBody>},
       .reply = {schema_of<JobView>},
       .errors = {Code::not_found},
       .handler = resume_job},
  };
}

}  // namespace mainspring::api
