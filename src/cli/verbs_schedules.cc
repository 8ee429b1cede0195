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
const View kAgenda{{{"AT", "at"}, {"LOCAL", "local"}, {"JOB", "job"}, {"SCHEDULE", "schedule"}},
                   "at"};
const View kPreview{{{"SCHEDULE", "words"},
                     {"TIMEZONE", "timezone", true},
                     {"FIRES", "fires.local"},
                     {"CLOCK CHANGES", "clock_changes"}},
                    "words"};
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
      {.noun = "schedule",
       .verb = "agenda",
       .operation = "get_agenda",
       .help = "Show what fires when, of every job.",
       .path = "/api/v1/agenda",
       .query = {kLimit,
                 {"--from", "At or after this instant (RFC 3339); now."},
                 {"--until", "Before this instant; 24 hours later."}},
       .view = kAgenda},
      {.noun = "schedule",
       .verb = "preview",
       .operation = "preview_schedule",
       .help = "Show what a schedule would do; nothing is stored.",
       .method = "POST",
       .path = "/api/v1/schedules/preview",
       .body = {{"--schedule", "As in a manifest, such as '{cron: \"0 2 * * *\"}'.",
                 FlagKind::document},
                {"--timezone", "Where it names none, such as Europe/Berlin."},
                {"--job", "The job's name: it decides the values of H."},
                {"--from", "Fires after this instant (RFC 3339)."},
                {"--limit", "How many fires, 1 to 100.", FlagKind::number}},
       .view = kPreview},
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
