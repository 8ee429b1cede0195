// The rows of the route table about events and the live stream.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_live_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/events",
       .operation = "list_events",
       .tag = "events",
       .summary = "Events, oldest first, or newest first.",
       .query = {kLimit,
                 {"cursor", "string", "Events behind this position; before it, newest first."},
                 {"order", "string", "asc (oldest first, as without it) or desc (newest first)."},
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
  };
}

}  // namespace mainspring::api
