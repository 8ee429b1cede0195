// JobSpec: the definition of a job, as its manifest states it, in canonical form (aliases resolved,
// defaults filled in). Documented key by key in docs/reference/manifest.md, generated from the
// tables in job_described.cc.
//
// Values: immutable once stored; a change makes a new version.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "cron/occurrence.h"
#include "json/describe.h"
#include "model/work.h"

namespace mainspring::model {

enum class JobType {
  command,
  container,
  js,
  http,
  sql,
  python,
  node,
  wasm,
  pipeline,
  broadcast,
  approval
};

// Exactly one of the two is set: a list is exec'd as it stands, a string goes to /bin/sh -c.
struct CommandLine {
  std::vector<std::string> argv;
  std::string shell;

  friend bool operator==(const CommandLine&, const CommandLine&) = default;
};

// What happens when a fire is due while an earlier run of the job is not finished (Temporal's six).
enum class Overlap { skip, buffer_one, buffer_all, cancel_other, terminate_other, allow };

// What happens to fires that came due while no scheduler was running.
enum class Misfire { skip, run_once, run_all, run_latest };

struct ScheduleSpec {
  // Exactly one of the four says when.
  std::optional<std::string> cron;
  std::optional<base::Duration> every;
  std::optional<base::Instant> at;
  std::optional<base::Duration> delay;  // once, this long after the version was stored

  std::string timezone = "UTC";
  Overlap overlap = Overlap::skip;
  Misfire misfire = Misfire::run_once;
  std::optional<base::Duration>
      catch_up;  // older missed fires expire; absent: run_all 1 h, else any
  base::Duration jitter{0};
  cron::DstPolicy dst;
  std::optional<base::Instant> start;
  std::optional<base::Instant> end;
  std::string calendar;                       // the name of a CalendarSpec; "": none
  std::map<std::string, json::Value> params;  // for the runs of this schedule
  std::optional<std::int64_t> max_runs;       // the schedule ends after so many

  static const json::StructTable& described();
  friend bool operator==(const ScheduleSpec&, const ScheduleSpec&) = default;
};

struct TimeoutSpec {
  std::optional<base::Duration> run;
  std::optional<base::Duration> queue;
  std::optional<base::Duration> idle;
  base::Duration grace = std::chrono::seconds{10};  // between SIGTERM and SIGKILL

  static const json::StructTable& described();
  friend bool operator==(const TimeoutSpec&, const TimeoutSpec&) = default;
};

enum class BackoffType { fixed, linear, exponential, list };
enum class Jitter { none, full };

struct BackoffSpec {
  BackoffType type = BackoffType::exponential;
  base::Duration initial = std::chrono::seconds{10};
  double factor = 2.0;
  base::Duration max = std::chrono::minutes{10};
  std::vector<base::Duration> delays;  // for list: one per retry, the last repeats
  Jitter jitter = Jitter::full;

  static const json::StructTable& described();
  friend bool operator==(const BackoffSpec&, const BackoffSpec&) = default;
};

enum class OutcomeStatus { success, failed, retryable, lost, timed_out, cancelled };

// A failed attempt is retried when either list names it; both empty: any status but cancelled.
struct RetryOnly {
  std::vector<int> exit_codes;
  std::vector<OutcomeStatus> outcomes;

  static const json::StructTable& described();
  friend bool operator==(const RetryOnly&, const RetryOnly&) = default;
};

struct RetrySpec {
  int max_attempts = 1;  // the first included
  BackoffSpec backoff;
  RetryOnly only;

  static const json::StructTable& described();
  friend bool operator==(const RetrySpec&, const RetrySpec&) = default;
};

// What happens to a run that may start but for its concurrency limit.
enum class OnLimit { queue, skip, cancel_running };

// Counts attempts under way: a run between two attempts does not count.
struct ConcurrencySpec {
  int limit = 1;
  std::string key;  // a template; runs of any job of the tenant with equal text count together
  OnLimit on_limit = OnLimit::queue;

  static const json::StructTable& described();
  friend bool operator==(const ConcurrencySpec&, const ConcurrencySpec&) = default;
};

// A submission whose key was accepted within the window is answered with the first run.
struct DedupeSpec {
  std::string key;  // a template; keys of different jobs never meet
  base::Duration window = std::chrono::hours{1};

  static const json::StructTable& described();
  friend bool operator==(const DedupeSpec&, const DedupeSpec&) = default;
};

// Submissions that come while one waits move it later and replace its params: the run starts when
// none has come for `wait`, at the latest `max_wait` after the first.
struct DebounceSpec {
  base::Duration wait = std::chrono::seconds{10};
  std::optional<base::Duration> max_wait;
  std::string key;  // a template; "": all submissions of the job

  static const json::StructTable& described();
  friend bool operator==(const DebounceSpec&, const DebounceSpec&) = default;
};

// What is expected of a job; a breach is told by an event, and changes no run.
struct ExpectSpec {
  std::optional<base::Duration> start_within;   // of due: event run.late
  std::optional<base::Duration> finish_within;  // of due: run.late, run.predicted_late
  std::optional<base::Duration> every;          // between two successes: job.silent

  static const json::StructTable& described();
  friend bool operator==(const ExpectSpec&, const ExpectSpec&) = default;
};

struct ResourceSpec {
  double cpu = 0;                 // cores; 0: no limit
  std::int64_t memory_bytes = 0;  // written as "1GiB"; 0: no limit
  int gpus = 0;
  std::int64_t gpu_memory_bytes = 0;  // that each of them has at least; 0: any
  int slots = 1;
  std::int64_t pids = 0;     // processes and threads; 0: no limit
  bool best_effort = false;  // run even where a limit cannot be enforced

  static const json::StructTable& described();
  friend bool operator==(const ResourceSpec&, const ResourceSpec&) = default;
};

enum class LabelOp { in, not_in, exists, absent };
const json::EnumTable& described(LabelOp);

// What the label of a worker must be. not_in holds for a worker without the label too.
struct ConstraintSpec {
  std::string label;
  LabelOp op = LabelOp::in;
  std::vector<std::string> values;  // of in and not_in

  static const json::StructTable& described();
  friend auto operator<=>(const ConstraintSpec&, const ConstraintSpec&) = default;
};

// Workers with this label are preferred; with a negative weight, those without it.
struct PreferenceSpec {
  std::string label;
  std::string value;
  int weight = 1;

  static const json::StructTable& described();
  friend auto operator<=>(const PreferenceSpec&, const PreferenceSpec&) = default;
};

// The attempts of the job that run at the same time are spread over the values of a label.
struct SpreadSpec {
  std::string label;

  static const json::StructTable& described();
  friend auto operator<=>(const SpreadSpec&, const SpreadSpec&) = default;
};

struct PlacementSpec {
  std::map<std::string, std::string> labels;  // a worker must carry all of them
  std::vector<ConstraintSpec> constraints;    // and satisfy all of these
  std::vector<PreferenceSpec> prefer;
  std::optional<SpreadSpec> spread;

  static const json::StructTable& described();
  friend auto operator<=>(const PlacementSpec&, const PlacementSpec&) = default;
};

enum class ParamType { string, integer, number, boolean, object, array };

// A JSON Schema subset; values are checked when a run is submitted.
struct ParamSpec {
  ParamType type = ParamType::string;
  std::string description;
  std::optional<json::Value> default_value;  // key `default`
  std::vector<json::Value> allowed;          // key `enum`
  bool required = false;
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::optional<int> max_length;

  static const json::StructTable& described();
  friend bool operator==(const ParamSpec&, const ParamSpec&) = default;
};

// How much history is kept; a part that is absent is the node's setting.
struct RetentionSpec {
  std::optional<std::int64_t> runs;            // finished ones, the newest
  std::optional<base::Duration> age;           // of finished runs
  std::optional<base::Duration> log_age = {};  // logs go before their runs
  std::int64_t log_bytes = 0;                  // of all its logs, the newest; 0: not said
  std::optional<base::Duration> ledger_age = {};

  static const json::StructTable& described();
  friend bool operator==(const RetentionSpec&, const RetentionSpec&) = default;
};

struct JobSpec {
  std::string name;
  std::string description;
  JobType type = JobType::command;
  CommandLine command;
  std::map<std::string, EnvironmentValue> environment;
  std::string working_dir;
  std::string stdin_text;        // key `stdin`
  std::string user;              // run as; empty: the node's own user
  SandboxSpec sandbox;           // of a program; a container is one
  std::optional<HttpSpec> http;  // the section of the job's type, and no other
  std::optional<SqlSpec> sql;
  std::optional<ScriptSpec> python;
  std::optional<ScriptSpec> node;
  std::optional<ContainerSpec> container;
  std::vector<ScheduleSpec> schedule;  // one is written as a map, several as a list
  TimeoutSpec timeout;
  RetrySpec retry;
  std::string queue = "default";
  int priority = 0;  // -100..100, higher first
  std::optional<ConcurrencySpec> concurrency;
  std::optional<DedupeSpec> dedupe;
  std::optional<DebounceSpec> debounce;
  std::optional<ExpectSpec> expect;
  std::optional<int> pause_after_failures;  // runs that failed one after another
  bool shadow = false;                      // fires only in the ledger
  ResourceSpec resources;
  PlacementSpec placement;
  std::map<std::string, ParamSpec> params;
  std::map<std::string, std::string> labels;
  RetentionSpec retention;

  static const json::StructTable& described();
  friend bool operator==(const JobSpec&, const JobSpec&) = default;
};

// The connections that the job's work uses, those that it names.
std::vector<std::string> connection_names(const JobSpec& spec);

const json::EnumTable& described(JobType);
const json::EnumTable& described(Overlap);
const json::EnumTable& described(Misfire);
const json::EnumTable& described(BackoffType);
const json::EnumTable& described(Jitter);
const json::EnumTable& described(OutcomeStatus);
const json::EnumTable& described(OnLimit);
const json::EnumTable& described(ParamType);

// What becomes of fires that come due during a pause.
enum class Meanwhile {
  drop,  // they end `skipped_paused`
  hold,  // they wait, and meet the overlap policy when the pause ends
};
const json::EnumTable& described(Meanwhile);

// A job or a queue that is held back.
struct Pause {
  std::string by;
  std::string note;
  base::Instant at;
  std::optional<base::Instant> until;  // it ends by itself; absent: somebody resumes it
  Meanwhile meanwhile = Meanwhile::drop;

  static const json::StructTable& described();
  friend bool operator==(const Pause&, const Pause&) = default;
};

// A stored job: a spec under a tenant, at a version.
struct Job {
  base::JobId id;
  std::string tenant;
  std::int64_t version = 1;
  std::optional<Pause> pause;
  JobSpec spec;
  std::string author;
  base::Instant created_at;
  base::Instant updated_at;

  static const json::StructTable& described();
};

// One immutable version of a job.
struct JobVersion {
  std::int64_t version = 1;
  JobSpec spec;
  std::string author;
  base::Instant created_at;

  static const json::StructTable& described();
};

}  // namespace mainspring::model

template <>
struct mainspring::json::Codec<mainspring::model::CommandLine>;
