#include <algorithm>

#include "api/handlers.h"
#include "api/messages.h"
#include "api/route.h"
#include "base/check.h"
#include "model/manifest.h"

namespace mainspring::api {
namespace {

using base::Code;
using http::Method;

// With the aliases that a manifest may use.
json::Value manifest_body(json::Definitions& definitions) {
  return model::manifest_schema(definitions);
}

constexpr QueryParameter kLimit{"limit", "integer", "Items on a page, 1 to 500; 50 when absent."};
constexpr QueryParameter kCursor{"cursor", "string", "next_cursor of the page before."};

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

std::vector<Route> make_schedule_routes() {
  const std::vector<QueryParameter> ledger = {
      kLimit,
      kCursor,
      {"from", "date-time", "At or after this instant."},
      {"until", "date-time", "Before this instant."},
      {"ending", "string", "Only this ending, such as skipped_overlap."}};
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
       .summary = "Why the job did or did not run at an instant.",
       .query = {{"at", "string",
                  "RFC 3339, or local time in the schedule's zone such as 2026-03-29T02:30."}},
       .reply = {schema_of<Explanation>},
       .errors = {Code::not_found},
       .handler = explain_occurrence},
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

std::vector<Route> make_run_routes() {
  return {
      {.method = Method::post,
       .path = "/api/v1/jobs/{job}/runs",
       .operation = "submit_run",
       .tag = "runs",
       .summary = "Start a run. `Prefer: wait=30` answers when it has ended, at the latest then.",
       .permission = Permission::operate,
       .request = {schema_of<SubmitBody>},
       .reply = {schema_of<model::RunSummary>},
       .status = 202,
       .errors = {Code::not_found, Code::overloaded, Code::idempotency_mismatch},
       .handler = submit_run},
      {.method = Method::get,
       .path = "/api/v1/runs",
       .operation = "list_runs",
       .tag = "runs",
       .summary = "Runs, newest first.",
       .query = {kLimit,
                 kCursor,
                 {"job", "string", "Of this job, by name or id."},
                 {"state", "string", "One or more states, separated by commas."},
                 {"trigger", "string", "Started by this trigger."},
                 {"from", "date-time", "Created at or after this instant."},
                 {"until", "date-time", "Created before this instant."}},
       .reply = {schema_of<RunList>},
       .handler = list_runs},
      {.method = Method::get,
       .path = "/api/v1/runs/{run}",
       .operation = "get_run",
       .tag = "runs",
       .summary = "One run. `Prefer: wait=30` answers when it has ended, at the latest then.",
       .reply = {schema_of<model::Run>},
       .errors = {Code::not_found},
       .handler = get_run},
      {.method = Method::get,
       .path = "/api/v1/runs/{run}/attempts",
       .operation = "list_attempts",
       .tag = "runs",
       .summary = "The attempts of a run.",
       .reply = {schema_of<AttemptList>},
       .errors = {Code::not_found},
       .handler = list_attempts},
      {.method = Method::post,
       .path = "/api/v1/runs/{run}/cancel",
       .operation = "cancel_run",
       .tag = "runs",
       .summary = "End a run: at once when it has not started, else by asking, then killing.",
       .permission = Permission::operate,
       .request = {schema_of<CancelBody>},
       .reply = {schema_of<CancelView>},
       .status = 202,
       .errors = {Code::not_found, Code::conflict},
       .handler = cancel_run},
      {.method = Method::get,
       .path = "/api/v1/runs/{run}/why",
       .operation = "explain_run",
       .tag = "runs",
       .summary = "Why the run is in its state.",
       .reply = {schema_of<Explanation>},
       .errors = {Code::not_found},
       .handler = explain_run},
  };
}

std::vector<Route> make_log_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/runs/{run}/log",
       .operation = "get_log",
       .tag = "logs",
       .summary = "The log as chunks. `Prefer: wait=30` waits for more when there is none yet.",
       .query = {kCursor,
                 {"attempt", "integer", "Only this attempt."},
                 {"limit_bytes", "integer", "At most about this much; 1 MiB when absent."}},
       .reply = {schema_of<LogPage>},
       .errors = {Code::not_found},
       .handler = get_log},
      {.method = Method::get,
       .path = "/api/v1/runs/{run}/log/download",
       .operation = "download_log",
       .tag = "logs",
       .summary = "The log as the bytes that were written.",
       .query = {{"attempt", "integer", "Only this attempt."},
                 {"stream", "string", "Only stdout, or only stderr."}},
       .reply = {nullptr, "application/octet-stream"},
       .errors = {Code::not_found},
       .handler = download_log},
  };
}

std::vector<Route> make_live_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/events",
       .operation = "list_events",
       .tag = "events",
       .summary = "Events, oldest first.",
       .query = {kLimit,
                 {"cursor", "string", "Events behind this position."},
                 {"type", "string", "A type, or its beginning such as run."},
                 {"subject", "string", "About this run or job id."}},
       .reply = {schema_of<EventList>},
       .handler = list_events},
      {.method = Method::get,
       .path = "/api/v1/stream",
       .operation = "open_stream",
       .tag = "events",
       .summary = "Live updates as server-sent events; resumes after Last-Event-ID.",
       .query = {{"topics", "string", "runs, jobs, workers, events, run:ID, log:ID; commas."}},
       .reply = {nullptr, "text/event-stream"},
       .errors = {Code::overloaded},
       .handler = open_stream},
      {.method = Method::get,
       .path = "/api/v1/workers",
       .operation = "list_workers",
       .tag = "workers",
       .summary = "Workers, their slots and their state.",
       .reply = {schema_of<WorkerList>},
       .handler = list_workers},
  };
}

std::vector<Route> make_session_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/session",
       .operation = "get_session",
       .tag = "session",
       .summary = "Who is asking.",
       .reply = {schema_of<SessionView>},
       .handler = get_session},
      {.method = Method::post,
       .path = "/api/v1/session",
       .operation = "create_session",
       .tag = "session",
       .summary = "Exchange a token for a browser session cookie.",
       .reply = {schema_of<SessionView>},
       .status = 201,
       .handler = create_session},
      {.method = Method::del,
       .path = "/api/v1/session",
       .operation = "delete_session",
       .tag = "session",
       .summary = "Sign this browser out.",
       .status = 204,
       .handler = delete_session},
      {.method = Method::post,
       .path = "/api/v1/session/link",
       .operation = "create_sign_in_link",
       .tag = "session",
       .summary = "Make a link that signs a browser in, once.",
       .permission = Permission::administer,
       .reply = {schema_of<SignInLink>},
       .status = 201,
       .handler = create_sign_in_link},
  };
}

std::vector<Route> make_site_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/openapi.json",
       .operation = "get_openapi",
       .tag = "site",
       .summary = "This document.",
       .reply = {nullptr, "application/json"},
       .handler = get_openapi},
      {.method = Method::get,
       .path = "/healthz",
       .operation = "get_health",
       .tag = "site",
       .summary = "The process is alive.",
       .permission = Permission::open,
       .reply = {schema_of<Health>},
       .handler = get_health},
      {.method = Method::get,
       .path = "/readyz",
       .operation = "get_readiness",
       .tag = "site",
       .summary = "The node can read and write its store.",
       .permission = Permission::open,
       .reply = {schema_of<Health>},
       .errors = {Code::unavailable},
       .handler = get_readiness},
      {.method = Method::get,
       .path = "/version",
       .operation = "get_version",
       .tag = "site",
       .summary = "Which program this is.",
       .permission = Permission::open,
       .reply = {schema_of<VersionView>},
       .handler = get_version},
      {.method = Method::get,
       .path = "/signin",
       .operation = "sign_in",
       .tag = "site",
       .summary = "Where a sign-in link leads: sets the session cookie.",
       .permission = Permission::open,
       .query = {{"code", "string", "From the link."}},
       .reply = {nullptr, "text/html"},
       .status = 303,
       .errors = {Code::unauthenticated},
       .handler = sign_in},
      {.method = Method::get,
       .path = "/",
       .operation = "get_root",
       .tag = "site",
       .summary = "A page that says what this is.",
       .permission = Permission::open,
       .reply = {nullptr, "text/html"},
       .handler = get_root},
  };
}

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> table = [] {
    std::vector<Route> all;
    for (auto make : {make_job_routes, make_pause_routes, make_schedule_routes, make_run_routes,
                      make_log_routes, make_live_routes, make_session_routes, make_site_routes}) {
      for (Route& route : make())
        all.push_back(std::move(route));
    }
    return all;
  }();
  return table;
}

const Route& get_route(std::string_view operation) {
  const auto found = std::ranges::find(routes(), operation, &Route::operation);
  CHECK(found != routes().end());
  return *found;
}

std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   std::string_view path) {
  std::vector<std::string> values;
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    const std::string_view want = pattern.substr(0, pattern_end);
    const std::string_view have = path.substr(0, path_end);
    if (want.starts_with("/{")) {
      if (have.size() < 2) return std::nullopt;
      values.emplace_back(have.substr(1));
    } else if (want != have) {
      return std::nullopt;
    }
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return values;
}

}  // namespace mainspring::api
