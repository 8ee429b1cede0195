// The rows of the verb table about jobs.
#include "cli/verb_table.h"

namespace mainspring::cli {

namespace {

const View kPause{{{"NAME", "name"},
                   {"PAUSED", "paused"},
                   {"BY", "pause.by"},
                   {"SINCE", "pause.at"},
                   {"UNTIL", "pause.until"},
                   {"MEANWHILE", "pause.meanwhile"},
                   {"NOTE", "pause.note"}}};
const View kStats{{{"RUNS", "runs"},
                   {"FAILURES", "failure_rate"},
                   {"P50", "duration.p50"},
                   {"P95", "duration.p95"},
                   {"MAX", "duration.max"},
                   {"WAIT P50", "wait.p50"},
                   {"WAIT P95", "wait.p95"},
                   {"TREND", "trend.direction"},
                   {"LAST SUCCESS", "last_success"},
                   {"SUCCEEDED", "endings.succeeded", true},
                   {"FAILED", "endings.failed", true},
                   {"TIMED OUT", "endings.timed_out", true},
                   {"CANCELLED", "endings.cancelled", true},
                   {"SKIPPED", "endings.skipped", true},
                   {"RATIO", "trend.ratio", true}}};
const View kDurations{{{"RUNS", "stats.runs"},
                       {"P50", "stats.duration.p50"},
                       {"P95", "stats.duration.p95"},
                       {"MAX", "stats.duration.max"},
                       {"MS", "duration_ms"},
                       {"WAITS MS", "wait_ms", true}}};
const View kEndings{{{"DAY", "day"}, {"ENDINGS", "endings"}}, "day"};
const View kVersions{{{"VERSION", "version"},
                      {"AUTHOR", "author"},
                      {"STORED", "created_at"},
                      {"CHANGES", "changed"}},
                     "version"};

const View kPings{{{"STARTED", "started_at"},
                   {"FINISHED", "finished_at"},
                   {"EXIT", "exit_code"},
                   {"HOST", "host"}},
                  "started_at"};

}  // namespace

const View& job_view() {
  static const View view{{{"NAME", "name"},
                          {"VERSION", "version"},
                          {"PAUSED", "paused"},
                          {"SCHEDULE", "schedules.words"},
                          {"NEXT", "schedules.next_at"},
                          {"UPDATED", "updated_at"},
                          {"ID", "id", true},
                          {"PAUSED BY", "pause.by", true},
                          {"UNTIL", "pause.until", true},
                          {"NOTE", "pause.note", true}}};
  return view;
}

std::vector<Verb> make_job_verbs() {
  return {
      {.noun = "job",
       .verb = "list",
       .operation = "list_jobs",
       .help = "List jobs by name.",
       .path = "/api/v1/jobs",
       .query = {kLimit,
                 {"--prefix", "Names that begin so."},
                 {"--text", "Names that contain this, in any case."},
                 {"--type", "Of this type, such as command."},
                 {"--last-state", "Whose newest ended run is in one of these states; commas."},
                 {"--include", "What comes along, for -o json: spec, next, recent, stats; commas."},
                 kLabel,
                 {"--paused", "Only paused jobs (=false: only those that are not).",
                  FlagKind::on_off}},
       .view = job_view(),
       .is_paged = true},
      {.noun = "job",
       .verb = "get",
       .operation = "get_job",
       .help = "Show one job.",
       .path = "/api/v1/jobs/{job}",
       .view = job_view()},
      {.noun = "job",
       .verb = "delete",
       .operation = "delete_job",
       .help = "Delete a job; its history stays.",
       .method = "DELETE",
       .path = "/api/v1/jobs/{job}",
       .done = "Deleted."},
      {.noun = "job",
       .verb = "pause",
       .operation = "pause_job",
       .help = "Stop its schedules from starting runs.",
       .method = "POST",
       .path = "/api/v1/jobs/{job}/pause",
       .body = {{"--note", "Why, for whoever finds it paused."},
                {"--for", "How long, such as 2h; it resumes by itself."},
                {"--until", "Until when (RFC 3339)."},
                {"--meanwhile", "What becomes of fires: drop or hold."}},
       .view = kPause},
      {.noun = "job",
       .verb = "resume",
       .operation = "resume_job",
       .help = "Let its schedules start runs again.",
       .method = "POST",
       .path = "/api/v1/jobs/{job}/resume",
       .body = {{"--note", "Why."}},
       .view = job_view()},
  };
}

std::vector<Verb> make_job_history_verbs() {
  return {
      {.noun = "job",
       .verb = "versions",
       .operation = "list_job_versions",
       .help = "Show its versions: who stored each, when, and what changed.",
       .path = "/api/v1/jobs/{job}/versions",
       .query = {kLimit},
       .view = kVersions,
       .is_paged = true},
      {.noun = "job",
       .verb = "stats",
       .operation = "get_job_stats",
       .help = "Show how its last runs ended, how long they took and waited, and the trend.",
       .path = "/api/v1/jobs/{job}/stats",
       .query = {{"--runs", "Finished runs to look at, 1 to 500 (200).", FlagKind::number}},
       .view = kStats},
      {.noun = "job",
       .verb = "durations",
       .operation = "get_job_durations",
       .help = "Show how long each of its last runs took and waited, newest first.",
       .path = "/api/v1/jobs/{job}/durations",
       .query = {{"--runs", "Finished runs at most, 1 to 500 (500).", FlagKind::number}},
       .view = kDurations},
      {.noun = "job",
       .verb = "endings",
       .operation = "get_job_endings",
       .help = "Show what became of its occurrences, counted by the day.",
       .path = "/api/v1/jobs/{job}/endings",
       .query = {kFrom, kUntil, {"--timezone", "Whose days; that of its first schedule."}},
       .view = kEndings},
      {.noun = "job",
       .verb = "pings",
       .operation = "list_pings",
       .help = "Show the real runs that 'jobctl ping' reported for it.",
       .path = "/api/v1/jobs/{job}/pings",
       .query = {kLimit, kFrom, kUntil},
       .view = kPings,
       .is_paged = true},
  };
}

}  // namespace mainspring::cli
