// The rows of the route table about workers, and about the tokens with which they join.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"
#include "api/worker_messages.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_worker_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/workers",
       .operation = "list_workers",
       .tag = "workers",
       .summary = "Workers, their slots, what their machines have, and their state.",
       .reply = {schema_of<WorkerList>},
       .handler = list_workers},
      {.method = Method::get,
       .path = "/api/v1/workers/{worker}",
       .operation = "get_worker",
       .tag = "workers",
       .summary = "One worker.",
       .reply = {schema_of<model::Worker>},
       .errors = {Code::not_found, Code::conflict},
       .handler = get_worker},
      {.method = Method::post,
       .path = "/api/v1/workers/{worker}/cordon",
       .operation = "cordon_worker",
       .tag = "workers",
       .summary = "Give it nothing new; what it has goes on.",
       .permission = Permission::operate,
       .reply = {schema_of<model::Worker>},
       .errors = {Code::not_found, Code::conflict},
       .handler = cordon_worker},
      {.method = Method::post,
       .path = "/api/v1/workers/{worker}/uncordon",
       .operation = "uncordon_worker",
       .tag = "workers",
       .summary = "Give it runs again.",
       .permission = Permission::operate,
       .reply = {schema_of<model::Worker>},
       .errors = {Code::not_found, Code::conflict},
       .handler = uncordon_worker},
      {.method = Method::post,
       .path = "/api/v1/workers/{worker}/drain",
       .operation = "drain_worker",
       .tag = "workers",
       .summary = "Give it nothing new, and end what it still runs at the deadline; that is tried "
                  "again elsewhere.",
       .permission = Permission::operate,
       .request = {schema_of<DrainBody>},
       .reply = {schema_of<model::Worker>},
       .errors = {Code::not_found, Code::conflict},
       .handler = drain_worker},
      {.method = Method::del,
       .path = "/api/v1/workers/{worker}",
       .operation = "remove_worker",
       .tag = "workers",
       .summary =
           "Forget a worker and revoke its credential; a node's own only once it is offline.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found, Code::conflict},
       .handler = remove_worker},
  };
}

std::vector<Route> make_join_token_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/join-tokens",
       .operation = "list_join_tokens",
       .tag = "join-tokens",
       .summary = "The tokens with which workers join, without their secrets.",
       .permission = Permission::administer,
       .reply = {schema_of<JoinTokenList>},
       .handler = list_join_tokens},
      {.method = Method::post,
       .path = "/api/v1/join-tokens",
       .operation = "create_join_token",
       .tag = "join-tokens",
       .summary =
           "Make a token with which workers join; this answer alone has its secret. Takes no "
           "Idempotency-Key.",
       .permission = Permission::administer,
       .request = {schema_of<JoinTokenBody>},
       .reply = {schema_of<JoinTokenMade>},
       .status = 201,
       .errors = {Code::conflict},
       .handler = create_join_token},
      {.method = Method::del,
       .path = "/api/v1/join-tokens/{join_token}",
       .operation = "delete_join_token",
       .tag = "join-tokens",
       .summary = "Revoke a join token; who has joined with it stays.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found},
       .handler = delete_join_token},
  };
}

}  // namespace mainspring::api
