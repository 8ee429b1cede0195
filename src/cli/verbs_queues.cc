// The rows of the verb table about queues.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kQueues{{{"NAME", "spec.name"},
                    {"WAITING", "waiting"},
                    {"RUNNING", "running"},
                    {"LIMIT", "spec.limit"},
                    {"RATE", "spec.rate.count"},
                    {"PER", "spec.rate.per"},
                    {"DEPTH", "spec.depth"},
                    {"WEIGHT", "spec.weight", true},
                    {"OLDEST", "oldest_due_at"},
                    {"PAUSED BY", "pause.by"},
                    {"UNTIL", "pause.until", true},
                    {"NOTE", "pause.note", true}},
                   "spec.name"};

}  // namespace

std::vector<Verb> make_queue_verbs() {
  return {
      {.noun = "queue",
       .verb = "list",
       .operation = "list_queues",
       .help = "Show the queues: limits, pauses, what waits and runs.",
       .path = "/api/v1/queues",
       .view = kQueues},
      {.noun = "queue",
       .verb = "get",
       .operation = "get_queue",
       .help = "Show one queue.",
       .path = "/api/v1/queues/{queue}",
       .view = kQueues},
      {.noun = "queue",
       .verb = "put",
       .operation = "put_queue",
       .help = "Set the limits of a queue; what is left out has none.",
       .method = "PUT",
       .path = "/api/v1/queues/{queue}",
       .body = {{"--description", "What it is for."},
                {"--limit", "Attempts under way at the same time.", FlagKind::number},
                {"--rate", "How often runs start, such as '{count: 10, per: 1m, burst: 20}'.",
                 FlagKind::document},
                {"--depth", "Runs that may wait; more are refused.", FlagKind::number},
                {"--weight", "Its share of the starts; that of other queues is 1.",
                 FlagKind::number}},
       .view = kQueues},
      {.noun = "queue",
       .verb = "delete",
       .operation = "delete_queue",
       .help = "Forget its limits and its pause; its runs stay.",
       .method = "DELETE",
       .path = "/api/v1/queues/{queue}",
       .done = "Deleted."},
      {.noun = "queue",
       .verb = "pause",
       .operation = "pause_queue",
       .help = "Start nothing from it; what runs goes on.",
       .method = "POST",
       .path = "/api/v1/queues/{queue}/pause",
       .body = {{"--note", "Why, for whoever finds it paused."},
                {"--for", "How long, such as 2h; it resumes by itself."},
                {"--until", "Until when (RFC 3339)."}},
       .view = kQueues},
      {.noun = "queue",
       .verb = "resume",
       .operation = "resume_queue",
       .help = "Start runs from it again.",
       .method = "POST",
       .path = "/api/v1/queues/{queue}/resume",
       .body = {{"--note", "Why."}},
       .view = kQueues},
  };
}

}  // namespace mainspring::cli
