// The rows of the route table about connections.
#include "api/connection_views.h"
#include "api/handlers.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_connection_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/connections",
       .operation = "list_connections",
       .tag = "connections",
       .summary = "Connections by name.",
       .reply = {schema_of<ConnectionList>},
       .handler = list_connections},
      {.method = Method::get,
       .path = "/api/v1/connections/{connection}",
       .operation = "get_connection",
       .tag = "connections",
       .summary = "One connection, as its manifest. It names its secrets and holds none.",
       .reply = {schema_of<model::ConnectionSpec>},
       .errors = {Code::not_found},
       .handler = get_connection},
      {.method = Method::put,
       .path = "/api/v1/connections/{connection}",
       .operation = "put_connection",
       .tag = "connections",
       .summary = "Store a connection; attempts that start from now on get it.",
       .permission = Permission::administer,
       .request = {schema_of<model::ConnectionSpec>},
       .reply = {schema_of<model::ConnectionSpec>},
       .errors = {Code::too_large},
       .handler = put_connection},
      {.method = Method::del,
       .path = "/api/v1/connections/{connection}",
       .operation = "delete_connection",
       .tag = "connections",
       .summary = "Delete a connection that no job names.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found, Code::conflict},
       .handler = delete_connection},
      {.method = Method::post,
       .path = "/api/v1/connections/{connection}/test",
       .operation = "test_connection",
       .tag = "connections",
       .summary = "Try a connection out from the node that answers, ten seconds at most.",
       .permission = Permission::operate,
       .reply = {schema_of<ConnectionReport>},
       .errors = {Code::not_found, Code::unsupported, Code::overloaded},
       .handler = test_connection},
  };
}

}  // namespace mainspring::api
