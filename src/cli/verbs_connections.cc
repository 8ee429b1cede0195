// The rows of the verb table about connections.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kSummaries{
    {{"NAME", "name"}, {"TYPE", "type"}, {"TARGET", "target"}, {"DESCRIPTION", "description"}},
    "name"};

}  // namespace

// Of its manifest, which has the keys of its type alone.
const View& connection_view() {
  static const View view{{{"NAME", "name"},
                          {"TYPE", "type"},
                          {"URL", "url"},
                          {"HOST", "host"},
                          {"DATABASE", "database"},
                          {"PATH", "path"},
                          {"USER", "user"},
                          {"DESCRIPTION", "description"}},
                         "name"};
  return view;
}

std::vector<Verb> make_connection_verbs() {
  return {
      {.noun = "connection",
       .verb = "list",
       .operation = "list_connections",
       .help = "List connections by name.",
       .path = "/api/v1/connections",
       .view = kSummaries},
      {.noun = "connection",
       .verb = "show",
       .operation = "get_connection",
       .help = "Show one connection; -o yaml shows its manifest.",
       .path = "/api/v1/connections/{connection}",
       .view = connection_view()},
      {.noun = "connection",
       .verb = "delete",
       .operation = "delete_connection",
       .help = "Delete a connection that no job names.",
       .method = "DELETE",
       .path = "/api/v1/connections/{connection}",
       .done = "Deleted."},
  };
}

}  // namespace mainspring::cli
