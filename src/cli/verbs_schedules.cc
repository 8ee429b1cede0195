// The rows of the verb table about schedules and the ledger.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

constexpr Flag kEnding{"--ending", "Only this ending, such as skipped_overlap."};

const View kOccurrences{{{"AT", "at"},
                         {"JOB", "job"},
                         {"ENDING", "ending"},
                         {"COUNT", "count", true},
                         {"RUN", "run_id"},
                         {"LOCAL", "local", true},
                         {"DETAIL", "detail"}},
                        "at"};
const View kFires{{{"AT", "at"}, {"LOCAL", "local"}, {"SCHEDULE", "schedule"}}, "at"};

}  // namespace

std::vector<Verb> make_schedule_verbs() {
  return {
      {.noun = "job",
       .verb = "next",
       .operation = "next_fires",
       .help = "Show its next fires.",
       .path = "/api/v1/jobs/{job}/next",
       .query = {kLimit, {"--from", "After this instant (RFC 3339)."}},
       .view = kFires},
      {.noun = "job",
       .verb = "occurrences",
       .operation = "list_job_occurrences",
       .help = "Show its part of the occurrence ledger.",
       .path = "/api/v1/jobs/{job}/occurrences",
       .query = {kLimit, kFrom, kUntil, kEnding},
       .view = kOccurrences,
       .is_paged = true},
      {.noun = "occurrence",
       .verb = "list",
       .operation = "list_occurrences",
       .help = "Show the occurrence ledger of every job.",
       .path = "/api/v1/occurrences",
       .query = {kLimit, kFrom, kUntil, kEnding, kLabel},
       .view = kOccurrences,
       .is_paged = true},
  };
}

}  // namespace mainspring::cli
