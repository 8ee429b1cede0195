// The rows of the route table about nodes.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_node_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/nodes",
       .operation = "list_nodes",
       .tag = "nodes",
       .summary = "The nodes that share the store: their roles, their clocks, how they are.",
       .reply = {schema_of<NodeList>},
       .handler = list_nodes},
      {.method = Method::del,
       .path = "/api/v1/nodes/{node}",
       .operation = "delete_node",
       .tag = "nodes",
       .summary = "Forget a node that is offline or lost; after a week it goes by itself.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found, Code::conflict},
       .handler = delete_node},
  };
}

}  // namespace mainspring::api
