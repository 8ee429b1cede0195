// The rows of the route table about runs and their logs.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

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
                 kLabel,
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

std::vector<Route> make_run_action_routes() {
  return {
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
      {.method = Method::post,
       .path = "/api/v1/runs/{run}/rerun",
       .operation = "rerun_run",
       .tag = "runs",
       .summary = "Run a finished run again, with the same definition and input or edited.",
       .permission = Permission::operate,
       .request = {schema_of<RerunBody>},
       .reply = {schema_of<model::RunSummary>},
       .status = 202,
       .errors = {Code::not_found, Code::conflict, Code::overloaded, Code::idempotency_mismatch},
       .handler = rerun_run},
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

}  // namespace mainspring::api
