// The rows of the route table about tokens.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"
#include "api/tokens.h"

namespace mainspring::api {

using base::Code;
using http::Method;

std::vector<Route> make_token_routes() {
  return {
      {.method = Method::get,
       .path = "/api/v1/tokens",
       .operation = "list_tokens",
       .tag = "tokens",
       .summary = "The tokens, by name, without their secrets.",
       .permission = Permission::administer,
       .reply = {schema_of<TokenList>},
       .handler = list_tokens},
      {.method = Method::post,
       .path = "/api/v1/tokens",
       .operation = "create_token",
       .tag = "tokens",
       .summary = "Make a token; this answer alone has its secret. Takes no Idempotency-Key.",
       .permission = Permission::administer,
       .request = {schema_of<TokenBody>},
       .reply = {schema_of<TokenMade>},
       .status = 201,
       .errors = {Code::conflict},
       .handler = create_token},
      {.method = Method::del,
       .path = "/api/v1/tokens/{token}",
       .operation = "delete_token",
       .tag = "tokens",
       .summary = "Revoke a token, and the browser sessions that were opened with it.",
       .permission = Permission::administer,
       .status = 204,
       .errors = {Code::not_found, Code::conflict},
       .handler = delete_token},
  };
}

}  // namespace mainspring::api
