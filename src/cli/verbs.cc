#include "cli/verbs.h"

#include <array>

namespace mainspring::cli {
namespace {

constexpr Flag kLimit{"--limit", "Items at most, 1 to 500.", FlagKind::number};
constexpr Flag kFrom{"--from", "At or after this instant (RFC 3339)."};
constexpr Flag kEnding{"--ending", "Only this ending, such as skipped_overlap."};
constexpr Flag kUntil{"--until", "Before this instant (RFC 3339)."};

const View kOccurrences{{{"AT", "at"},
                         {"JOB", "job"},
                         {"ENDING", "ending"},
                         {"COUNT", "count", true},
                         {"RUN", "run_id"},
                         {"LOCAL", "local", true},
                         {"DETAIL", "detail"}},
                        "at"};
const View kAttempts{{{"ATTEMPT", "number"},
                      {"STATUS", "outcome.status"},
                      {"EXIT", "outcome.exit_code"},
                      {"SIGNAL", "outcome.signal"},
                      {"WORKER", "worker"},
                      {"STARTED", "started_at"},
                      {"FINISHED", "finished_at"},
                      {"ERROR", "outcome.error.message"}},
                     "number"};
const View kWorkers{{{"NAME", "name"},
                     {"STATE", "state"},
                     {"SLOTS", "slots"},
                     {"BUSY", "busy"},
                     {"HEARTBEAT", "heartbeat_at"},
                     {"VERSION", "version"},
                     {"ID", "id", true}}};
const View kEvents{{{"ID", "id"},
                    {"TIME", "time"},
                    {"TYPE", "type"},
                    {"SUBJECT", "subject"},
                    {"DATA", "data", true}},
                   "id"};
const View kFires{{{"AT", "at"}, {"LOCAL", "local"}, {"SCHEDULE", "schedule"}}, "at"};
const View kSession{{{"TENANT", "tenant"}, {"NAME", "name"}, {"ROLE", "role"}}};

std::vector<Verb> make_job_verbs() {
  return {
      {.noun = "job",
       .verb = "list",
       .operation = "list_jobs",
       .help = "List jobs by name.",
       .path = "/api/v1/jobs",
       .query = {kLimit,
                 {"--prefix", "Names that begin so."},
                 {"--label", "With this label, such as team=platform."},
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
       .view = job_view()},
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
       .query = {kLimit, kFrom, kUntil, kEnding},
       .view = kOccurrences,
       .is_paged = true},
  };
}

std::vector<Verb> make_run_verbs() {
  return {
      {.noun = "runs",
       .verb = "list",
       .operation = "list_runs",
       .help = "List runs, newest first.",
       .path = "/api/v1/runs",
       .query = {kLimit,
                 {"--job", "Of this job."},
                 {"--state",
                  "In one of these states, separated by commas; all but scheduled when absent.",
                  FlagKind::text,
                  "queued,running,waiting,succeeded,failed,cancelled,timed_out,skipped"},
                 {"--trigger", "Started by this trigger."},
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
       .verb = "cancel",
       .operation = "cancel_run",
       .help = "End a run: ask it, and kill it when it does not listen.",
       .method = "POST",
       .path = "/api/v1/runs/{run}/cancel",
       .body = {{"--reason", "Kept with the run."}},
       .view = {{{"RUN", "id"}, {"STATE", "state"}}, "id"}},
  };
}

std::vector<Verb> make_other_verbs() {
  return {
      {.noun = "event",
       .verb = "list",
       .operation = "list_events",
       .help = "List events, oldest first.",
       .path = "/api/v1/events",
       .query = {kLimit,
                 {"--cursor", "Behind this position."},
                 {"--type", "A type, or its beginning such as run."},
                 {"--subject", "About this run or job id."}},
       .view = kEvents,
       .is_paged = true},
      {.noun = "worker",
       .verb = "list",
       .operation = "list_workers",
       .help = "List workers, their slots and their state.",
       .path = "/api/v1/workers",
       .view = kWorkers},
      {.noun = "session",
       .verb = "get",
       .operation = "get_session",
       .help = "Show who you are to the node.",
       .path = "/api/v1/session",
       .view = kSession},
      {.noun = "session",
       .verb = "create",
       .operation = "create_session",
       .help = "Exchange the token for a browser session.",
       .method = "POST",
       .path = "/api/v1/session",
       .view = kSession},
      {.noun = "session",
       .verb = "delete",
       .operation = "delete_session",
       .help = "End a browser session.",
       .method = "DELETE",
       .path = "/api/v1/session",
       .done = "Signed out."},
  };
}

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

const View& job_view() {
  static const View view{{{"NAME", "name"},
                          {"VERSION", "version"},
                          {"PAUSED", "paused"},
                          {"SCHEDULE", "schedules.words"},
                          {"NEXT", "schedules.next_at"},
                          {"UPDATED", "updated_at"},
                          {"ID", "id", true},
                          {"NOTE", "pause_note", true}}};
  return view;
}

std::span<const Verb> verbs() {
  static const std::vector<Verb> table = [] {
    std::vector<Verb> all = make_job_verbs();
    for (auto make : {make_schedule_verbs, make_run_verbs, make_other_verbs}) {
      for (Verb& verb : make())
        all.push_back(std::move(verb));
    }
    return all;
  }();
  return table;
}

std::span<const Covered> covered_operations() {
  static constexpr std::array<Covered, 16> kTable = {{{"apply_manifest", "apply"},
                                                      {"create_job", "job create"},
                                                      {"replace_job", "job replace"},
                                                      {"submit_run", "run"},
                                                      {"get_log", "logs"},
                                                      {"download_log", "logs --raw"},
                                                      {"explain_occurrence", "why"},
                                                      {"explain_run", "why"},
                                                      {"open_stream", "event watch"},
                                                      {"create_sign_in_link", "session link"},
                                                      {"get_openapi", "api"},
                                                      {"get_health", "status"},
                                                      {"get_readiness", "status"},
                                                      {"get_version", "status"},
                                                      {"sign_in", "session link"},
                                                      {"get_root", "api"}}};
  return kTable;
}

}  // namespace mainspring::cli
