// The rows of the verb table about runs.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kAttempts{{{"ATTEMPT", "number"},
                      {"STATUS", "outcome.status"},
                      {"EXIT", "outcome.exit_code"},
                      {"SIGNAL", "outcome.signal"},
                      {"WORKER", "worker"},
                      {"STARTED", "started_at"},
                      {"FINISHED", "finished_at"},
                      {"ERROR", "outcome.error.message"}},
                     "number"};

const View kTimes{{{"RUN", "id"},
                   {"STATE", "state"},
                   {"QUEUE UNTIL", "queue_until"},
                   {"EXTENDED UNTIL", "extended_until"}},
                  "id"};

}  // namespace

const View& run_view() {
  static const View view{{{"RUN", "id"},
                          {"JOB", "job"},
                          {"STATE", "state"},
                          {"TRIGGER", "trigger"},
                          {"ATTEMPTS", "attempt_count"},
                          {"EXIT", "exit_code"},
                          {"SCHEDULED", "scheduled_at"},
                          {"STARTED", "started_at"},
                          {"FINISHED", "finished_at"},
                          {"BY", "requested_by", true},
                          {"QUEUE", "queue", true},
                          {"REASON", "reason", true}},
                         "id"};
  return view;
}

std::vector<Verb> make_run_verbs() {
  return {
      {.noun = "runs",
       .verb = "list",
       .operation = "list_runs",
       .help = "List runs, newest first.",
       .path = "/api/v1/runs",
       .query = {kLimit,
                 {.name = "--q",
                  .help =
                      "All of the below as one text, such as 'state:failed job:etl-* since:2h'.",
                  .brief = "-q"},
                 {"--job", "Of this job."},
                 {"--state",
                  "In one of these states, separated by commas; all but scheduled when absent.",
                  FlagKind::text,
                  "queued,running,waiting,succeeded,failed,cancelled,timed_out,skipped"},
                 {"--trigger", "Started by one of these triggers; commas."},
                 {"--queue", "Of this queue."},
                 {"--operation", "Made by this backfill or bulk re-run."},
                 kLabel,
                 kFrom,
                 kUntil},
       .view = run_view(),
       .is_paged = true},
      {.noun = "runs",
       .verb = "get",
       .operation = "get_run",
       .help = "Show one run.",
       .path = "/api/v1/runs/{run}",
       .view = run_view()},
      {.noun = "runs",
       .verb = "attempts",
       .operation = "list_attempts",
       .help = "Show its attempts.",
       .path = "/api/v1/runs/{run}/attempts",
       .view = kAttempts},
      {.noun = "runs",
       .verb = "extend",
       .operation = "extend_run",
       .help = "Give a run more time, counted from now.",
       .method = "POST",
       .path = "/api/v1/runs/{run}/extend",
       .body = {{"--run", "While it runs, such as 30m."},
                {"--queue", "While it waits for a slot, such as 30m."}},
       .view = kTimes},
      {.noun = "runs",
       .verb = "retry",
       .operation = "rerun_run",
       .help = "Run a finished run again as it was. ('jobctl runs rerun' can change it.)",
       .method = "POST",
       .path = "/api/v1/runs/{run}/rerun",
       .view = run_view()},
  };
}

}  // namespace mainspring::cli
