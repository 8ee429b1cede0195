// The rows of the verb table about nodes.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kNodes{{{"NAME", "name"},
                   {"STATE", "state"},
                   {"ROLES", "roles"},
                   {"CLOCK MS", "clock_offset_ms"},
                   {"HEARTBEAT", "heartbeat_at"},
                   {"ADDRESS", "address"},
                   {"VERSION", "version"},
                   {"ID", "id", true}}};

}  // namespace

std::vector<Verb> make_node_verbs() {
  return {
      {.noun = "node",
       .verb = "list",
       .operation = "list_nodes",
       .help =
           "List the nodes that share the store, their roles, and how far their clocks are off.",
       .path = "/api/v1/nodes",
       .view = kNodes},
      {.noun = "node",
       .verb = "remove",
       .operation = "delete_node",
       .help = "Forget a node that went; after a week it is forgotten by itself.",
       .method = "DELETE",
       .path = "/api/v1/nodes/{node}",
       .done = "Removed."},
  };
}

}  // namespace mainspring::cli
