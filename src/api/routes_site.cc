// The rows of the route table about sessions, and what is not the API itself.
#include "api/handlers.h"
#include "api/messages.h"
#include "api/route_table.h"

namespace mainspring::api {

using base::Code;
using http::Method;

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
       .errors = {Code::storage_full, Code::unavailable},
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
       .path = "/metrics",
       .operation = "get_metrics",
       .tag = "site",
       .summary = "What the node counts, for Prometheus.",
       .reply = {nullptr, "text/plain"},
       .handler = get_metrics},
  };
}

std::vector<Route> make_ui_routes() {
  return {
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
       .summary = "The web UI; a browser gets it under each of its paths.",
       .permission = Permission::open,
       .any_query = true,
       .reply = {nullptr, "text/html"},
       .handler = get_root},
      {.method = Method::get,
       .path = "/assets/{asset}",
       .operation = "get_asset",
       .tag = "site",
       .summary = "A script, style sheet or picture of the web UI.",
       .permission = Permission::open,
       .reply = {nullptr, "application/octet-stream"},
       .errors = {Code::not_found},
       .handler = get_asset},
  };
}

}  // namespace mainspring::api
