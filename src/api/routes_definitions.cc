// The rows of the route table about manifests and the versions of a job.
#include "api/definitions.h"
#include "api/handlers.h"
#include "api/route_table.h"
#include "model/manifest.h"

namespace mainspring::api {

using base::Code;
using http::Method;

json::Value manifest_body(json::Definitions& definitions) {
  return model::manifest_schema(definitions);
}

std::vector<Route> make_manifest_routes() {
  return {
      {.method = Method::post,
       .path = "/api/v1/manifests/apply",
       .operation = "apply_manifest",
       .tag = "jobs",
       .summary = "Create or update everything that a manifest defines, all of it or nothing.",
       .permission = Permission::administer,
       .query = {{"dry_run", "boolean", "Answer with the plan and change nothing."},
                 {"prune", "string",
                  "Delete the jobs with these labels that the manifest does not hold."}},
       .request = {manifest_body, "application/yaml"},
       .reply = {schema_of<AppliedList>},
       .errors = {Code::not_found, Code::unsupported, Code::too_large, Code::idempotency_mismatch},
       .handler = apply_manifest},
      {.method = Method::get,
       .path = "/api/v1/manifests/export",
       .operation = "export_manifest",
       .tag = "jobs",
       .summary = "Stored definitions as a manifest; the first page has what jobs name.",
       .query = {kLimit, kCursor, kLabel},
       .reply = {schema_of<ExportPage>},
       .handler = export_manifest},
      {.method = Method::get,
       .path = "/api/v1/manifests/schema",
       .operation = "get_manifest_schema",
       .tag = "jobs",
       .summary = "The JSON Schema (2020-12) of a document of a manifest, for editors.",
       .reply = {nullptr, "application/schema+json"},
       .handler = get_manifest_schema},
  };
}

std::vector<Route> make_version_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/versions",
       .operation = "list_job_versions",
       .tag = "jobs",
       .summary = "The versions of a job, newest first: who stored them, when, and what changed.",
       .query = {kLimit, kCursor},
       .reply = {schema_of<JobVersionList>},
       .errors = {Code::not_found},
       .handler = list_job_versions},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/versions/{version}",
       .operation = "get_job_version",
       .tag = "jobs",
       .summary = "One version of a job, with its definition.",
       .reply = {schema_of<JobVersionView>},
       .errors = {Code::not_found},
       .handler = get_job_version},
      {.method = Method::get,
       .path = "/api/v1/jobs/{job}/diff",
       .operation = "diff_job",
       .tag = "jobs",
       .summary = "How two versions of a job differ.",
       .query = {{"from", "integer", "A version; the one before `to` when absent."},
                 {"to", "integer", "A version; the newest one when absent."}},
       .reply = {schema_of<JobDiff>},
       .errors = {Code::not_found},
       .handler = diff_job},
      {.method = Method::post,
       .path = "/api/v1/jobs/{job}/revert",
       .operation = "revert_job",
       .tag = "jobs",
       .summary = "Store an old version again, as the newest; If-Match makes it conditional.",
       .permission = Permission::administer,
       .request = {schema_of<RevertBody>},
       .reply = {schema_of<JobView>},
       .errors = {Code::not_found, Code::precondition_failed, Code::unsupported},
       .handler = revert_job},
  };
}

}  // namespace mainspring::api
