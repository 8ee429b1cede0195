// The rows of the route table about queues.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/queues.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_queue_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/queues",
       .operation = "list_queues",
       .tag = "queues",
       .summary = "The queues, by name: limits, pause, what waits and runs.",
       .reply = {schema_of<QueueList>},
       .handler = list_queues},
      {.method = Method::get,
       .path = "/api/v1/queues/{queue}",
       .operation = "get_queue",
       .tag = "queues",
       .summary = "One queue.",
       .reply = {schema_of<model::Queue>},
       .errors = {Code::not_found},
       .handler = get_queue},
      {.method = Method::put,
       .path = "/api/v1/queues/{queue}",
       .operation = "put_queue",
       .tag = "queues",
       .summary = "Set the limits of a queue.",
       .permission = Permission::administer,
       .request = {schema_of<QueueBody>},
       .reply = {schema_of<model::Queue>},
       .handler = put_queue},
      {.method = Method::del,
       .path = "/api/v1/queues/{queue}",
       .operation = "delete_queue",
       .tag = "queues",
       .summary = "Forget its limits and its pause; its runs stay.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found},
       .handler = delete_queue},
      {.method = Method::post,
       .path = "/api/v1/queues/{queue}/pause",
       .operation = "pause_queue",
       .tag = "queues",
       .summary = "Start nothing from it; what runs goes on, what comes waits.",
       .permission = Permission::operate,
       .request = {schema_of<PauseBody>},
       .reply = {schema_of<model::Queue>},
       .handler = pause_queue},
      {.method = Method::post,
       .path = "/api/v1/queues/{queue}/resume",
       .operation = "resume_queue",
       .tag = "queues",
       .summary = "Start runs from it again.",
       .permission = Permission::operate,
       .request = {schema_of<ResumeBody>},
       .reply = {schema_of<model::Queue>},
       .errors = {Code::not_found},
       .handler = resume_queue},
  };
}

}  // namespace mainspring::api
