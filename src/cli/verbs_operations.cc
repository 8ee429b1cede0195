// The rows of the verb table about operations.
#include "cli/verb_table.h"

namespace mainspring::cli {

std::vector<Verb> make_operation_verbs() {
  return {
      {.noun = "operation",
       .verb = "list",
       .operation = "list_operations",
       .help = "List operations, newest first.",
       .path = "/api/v1/operations",
       .query = {kLimit},
       .view = operation_view(),
       .is_paged = true},
      {.noun = "operation",
       .verb = "get",
       .operation = "get_operation",
       .help = "Show how far one has come.",
       .path = "/api/v1/operations/{operation}",
       .view = operation_view()},
      {.noun = "operation",
       .verb = "cancel",
       .operation = "cancel_operation",
       .help = "Stop one; what is done stays, waiting runs of a backfill end.",
       .method = "POST",
       .path = "/api/v1/operations/{operation}/cancel",
       .view = operation_view()},
  };
}

}  // namespace mainspring::cli
