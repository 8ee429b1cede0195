// The rows of the verb table about events, workers and sessions.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kWorkers{{{"NAME", "name"},
                     {"STATE", "state"},
                     {"SLOTS", "slots"},
                     {"BUSY", "busy"},
                     {"HEARTBEAT", "heartbeat_at"},
                     {"VERSION", "version"},
                     {"ID", "id", true}}};
const View kEvents{{{"ID", "id"},
                    {"TIME", "time"},
                    {"TYPE", "type"},
                    {"SUBJECT", "subject"},
                    {"DATA", "data", true}},
                   "id"};
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
                 {"--cursor", "Behind this position."},
                 {"--type", "A type, or its beginning such as run."},
                 {"--subject", "About this run or job id."}},
       .view = kEvents,
       .is_paged = true},
      {.noun = "worker",
       .verb = "list",
       .operation = "list_workers",
       .help = "List workers, their slots and their state.",
       .path = "/api/v1/workers",
       .view = kWorkers},
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
