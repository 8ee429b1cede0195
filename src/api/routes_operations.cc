// The rows of the route table about operations.
#include "api/handlers.h"
#include "api/operation_messages.h"
#include "api/route_table.h"

namespace mainspring::api {
namespace {

using base::Code;
using http::Method;

json::Value started_or_preview(json::Definitions& definitions) {
  return json::Object{{"oneOf",
                       {schema_of<model::Operation>(definitions),
                        schema_of<OperationPreview>(definitions)}}};
}

}  // namespace

std::vector<Route> make_operation_routes() {
  return {
      {.method = Method::post,
       .path = "/api/v1/operations",
       .operation = "start_operation",
       .tag = "operations",
       .summary = "Cancel, re-run or delete many runs, or make up for past fires, bit by bit. "
                  "`Prefer: wait=30` answers when it has ended, at the latest then.",
       .permission = Permission::operate,
       .query = {{"dry_run", "boolean", "Answer how many it would find, and do nothing."}},
       .request = {schema_of<OperationBody>},
       .reply = {started_or_preview},
       .status = 202,
       .errors = {Code::not_found, Code::overloaded, Code::idempotency_mismatch},
       .handler = start_operation},
      {.method = Method::get,
       .path = "/api/v1/operations",
       .operation = "list_operations",
       .tag = "operations",
       .summary = "Operations, newest first.",
       .query = {kLimit, kCursor},
       .reply = {schema_of<OperationList>},
       .handler = list_operations},
      {.method = Method::get,
       .path = "/api/v1/operations/{operation}",
       .operation = "get_operation",
       .tag = "operations",
       .summary = "How far an operation has come. `Prefer: wait=30` answers when it has ended, at "
                  "the latest then.",
       .reply = {schema_of<model::Operation>},
       .errors = {Code::not_found},
       .handler = get_operation},
      {.method = Method::post,
       .path = "/api/v1/operations/{operation}/cancel",
       .operation = "cancel_operation",
       .tag = "operations",
       .summary = "Stop an operation: what is done stays, waiting runs of a backfill end.",
       .permission = Permission::operate,
       .reply = {schema_of<model::Operation>},
       .status = 202,
       .errors = {Code::not_found, Code::conflict},
       .handler = cancel_operation},
  };
}

}  // namespace mainspring::api
