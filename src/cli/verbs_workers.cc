// The rows of the verb table about workers, and the tokens with which they join.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kJoinTokens{{{"ID", "id"},
                        {"USES", "uses"},
                        {"USED", "used"},
                        {"EXPIRES", "expires_at"},
                        {"EXPIRED", "expired"},
                        {"BY", "created_by"},
                        {"SLOTS", "slots_limit", true}},
                       "id"};
const View kMade{{{"ID", "id"}, {"TOKEN", "token"}, {"USES", "uses"}, {"EXPIRES", "expires_at"}},
                 "token"};

}  // namespace

const View& worker_view() {
  static const View view{{{"NAME", "name"},
                          {"STATE", "state"},
                          {"SLOTS", "slots"},
                          {"BUSY", "busy"},
                          {"CORDONED", "cordoned"},
                          {"REMOTE", "remote"},
                          {"CPUS", "resources.cpu"},
                          {"GPUS", "resources.gpus"},
                          {"CPUS USED", "used.cpu", true},
                          {"GPUS USED", "used.gpus", true},
                          {"MEMORY", "resources.memory_bytes", true},
                          {"MEMORY USED", "used.memory_bytes", true},
                          {"HEARTBEAT", "heartbeat_at"},
                          {"DRAIN UNTIL", "drain_until", true},
                          {"VERSION", "version", true},
                          {"ID", "id", true}}};
  return view;
}

std::vector<Verb> make_worker_verbs() {
  return {
      {.noun = "worker",
       .verb = "list",
       .operation = "list_workers",
       .help = "List workers, their slots, what their machines have, and their state.",
       .path = "/api/v1/workers",
       .view = worker_view()},
      {.noun = "worker",
       .verb = "get",
       .operation = "get_worker",
       .help = "Show one worker.",
       .path = "/api/v1/workers/{worker}",
       .view = worker_view()},
      {.noun = "worker",
       .verb = "cordon",
       .operation = "cordon_worker",
       .help = "Give it nothing new; what it has goes on.",
       .method = "POST",
       .path = "/api/v1/workers/{worker}/cordon",
       .view = worker_view()},
      {.noun = "worker",
       .verb = "uncordon",
       .operation = "uncordon_worker",
       .help = "Give it runs again.",
       .method = "POST",
       .path = "/api/v1/workers/{worker}/uncordon",
       .view = worker_view()},
      {.noun = "worker",
       .verb = "remove",
       .operation = "remove_worker",
       .help = "Forget a worker and revoke its credential; a node's own only once it is offline.",
       .method = "DELETE",
       .path = "/api/v1/workers/{worker}",
       .done = "Removed."},
      {.noun = "join-token",
       .verb = "list",
       .operation = "list_join_tokens",
       .help = "Show the join tokens, without their secrets.",
       .path = "/api/v1/join-tokens",
       .view = kJoinTokens},
      {.noun = "join-token",
       .verb = "create",
       .operation = "create_join_token",
       .help = "Make a token with which workers join. It is shown this once.",
       .method = "POST",
       .path = "/api/v1/join-tokens",
       .body = {{"--uses", "How many workers may join with it; 1 when absent.", FlagKind::number},
                {"--expires-in", "How long it opens anything; 1h when absent."},
                {"--labels", "Of whoever joins with it, such as site=home,gpu=yes.",
                 FlagKind::pairs},
                {"--slots-limit", "The most slots of each.", FlagKind::number}},
       .view = kMade},
      {.noun = "join-token",
       .verb = "revoke",
       .operation = "delete_join_token",
       .help = "End a join token; who has joined with it stays.",
       .method = "DELETE",
       .path = "/api/v1/join-tokens/{join_token}",
       .done = "Revoked."},
  };
}

}  // namespace mainspring::cli
