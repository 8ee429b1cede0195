// The rows of the verb table about backups.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kBackups{{{"NAME", "name"},
                     {"STATE", "state"},
                     {"MADE", "made_at"},
                     {"BYTES", "bytes"},
                     {"SCHEMA", "schema"},
                     {"VERIFIED", "verified_at"},
                     {"PROBLEM", "problem"},
                     {"JOBS", "contents.jobs", true},
                     {"EVENTS", "contents.events", true}}};

}  // namespace

std::vector<Verb> make_backup_verbs() {
  return {
      {.noun = "backup",
       .verb = "list",
       .operation = "list_backups",
       .help = "List the node's backups of itself, newest first.",
       .path = "/api/v1/backups",
       .view = kBackups},
      {.noun = "backup",
       .verb = "create",
       .operation = "start_backup",
       .help = "Begin one; `backup list` shows when it is verified.",
       .method = "POST",
       .path = "/api/v1/backups",
       .view = kBackups},
  };
}

}  // namespace mainspring::cli
