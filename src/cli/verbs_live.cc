// The rows of the verb table about events, the node and sessions.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kEvents{{{"ID", "id"},
                    {"TIME", "time"},
                    {"TYPE", "type"},
                    {"SUBJECT", "subject"},
                    {"DATA", "data", true}},
                   "id"};
const View kOverview{{{"HEALTH", "health.status"},
                      {"REASONS", "health.reasons"},
                      {"RUNNING", "live.running"},
                      {"QUEUED", "live.queued"},
                      {"FAILING", "failing_count"},
                      {"FAILING JOBS", "failing.job"},
                      {"NEXT", "next.job"}}};
const View kSettings{{{"NAME", "name"},
                      {"VALUE", "value"},
                      {"SOURCE", "source"},
                      {"DEFAULT", "default", true},
                      {"FOR", "doc", true}}};
const View kSession{{{"TENANT", "tenant"}, {"NAME", "name"}, {"ROLE", "role"}}};

}  // namespace

std::vector<Verb> make_live_verbs() {
  return {
      {.noun = "event",
       .verb = "list",
       .operation = "list_events",
       .help = "List events, oldest first.",
       .path = "/api/v1/events",
       .query = {kLimit,
                 {"--cursor", "Behind this position; before it, newest first."},
                 {"--order", "asc (oldest first, as without it) or desc (newest first)."},
                 {"--type", "A type, or its beginning such as run."},
                 {"--subject", "About this run or job id."}},
       .view = kEvents,
       .is_paged = true},
      {.noun = "node",
       .verb = "overview",
       .operation = "get_overview",
       .help = "Show what fails, what fires next, how much runs and waits, and the node's health.",
       .path = "/api/v1/overview",
       .view = kOverview},
      {.noun = "node",
       .verb = "settings",
       .operation = "list_settings",
       .help = "List the node's settings, and where each value came from.",
       .path = "/api/v1/settings",
       .view = kSettings},
      {.noun = "node",
       .verb = "schema",
       .operation = "get_manifest_schema",
       .help = "Print the JSON Schema of a manifest, for editors (use -o json).",
       .path = "/api/v1/manifests/schema"},
      {.noun = "session",
       .verb = "get",
       .operation = "get_session",
       .help = "Show who you are to the node.",
       .path = "/api/v1/session",
       .view = kSession},
      {.noun = "session",
       .verb = "create",
       .operation = "create_session",
       .help = "Exchange the token for a browser session.",
       .method = "POST",
       .path = "/api/v1/session",
       .view = kSession},
      {.noun = "session",
       .verb = "delete",
       .operation = "delete_session",
       .help = "End a browser session.",
       .method = "DELETE",
       .path = "/api/v1/session",
       .done = "Signed out."},
  };
}

}  // namespace mainspring::cli
