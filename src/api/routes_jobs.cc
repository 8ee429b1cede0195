// The rows of the route table about jobs and manifests.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"
#include "model/manifest.h"

namespace mainspring::api {
namespace {

using base::Code;
using http::Method;

// With the aliases that a manifest may use.
json::Value manifest_body(json::Definitions& definitions) {
  return model::manifest_schema(definitions);
}

}  // namespace

std::vector<Route> make_job_routes() {
  return {
      {.method = Method::post,
       .path = "/api/v1/manifests/apply",
       .operation = "apply_manifest",
       .tag = "jobs",
       .summary = "Create or update every job of a manifest, all of them or none.",
       .permission = Permission::administer,
       .query = {{"dry_run", "boolean", "Answer with the plan and change nothing."}},
       .request = {manifest_body, "application/yaml"},
       .reply = {schema_of<AppliedList>},
       .errors = {Code::unsupported, Code::too_large, Code::idempotency_mismatch},
       .handler = apply_manifest},
      {.method = Method::get,
       .path = "/api/v1/jobs",
       .operation = "list_jobs",
       .tag = "jobs",
       .summary = "Jobs by name.",
       .query = {kLimit,
                 kCursor,
                 {"prefix", "string", "Names that begin so."},
                 {"label", "string", "Jobs with these labels, such as team=platform,tier!=test."},
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
