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

// A literal, or the name of a secret whose value is looked up when the attempt starts.
struct EnvironmentValue {
  std::string value;
  std::string secret;

  friend bool operator==(const EnvironmentValue&, const EnvironmentValue&) = default;
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
  std::string calendar;

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

struct ConcurrencySpec {
  int limit = 1;
  std::string key;

  static const json::StructTable& described();
  friend bool operator==(const ConcurrencySpec&, const ConcurrencySpec&) = default;
};

struct DedupeSpec {
  std::string key;
  base::Duration window = std::chrono::hours{1};

  static const json::StructTable& described();
  friend bool operator==(const DedupeSpec&, const DedupeSpec&) = default;
};

struct ResourceSpec {
  double cpu = 0;                 // cores; 0: no limit
  std::int64_t memory_bytes = 0;  // written as "1GiB"; 0: no limit
  int gpus = 0;
  int slots = 1;

  static const json::StructTable& described();
  friend bool operator==(const ResourceSpec&, const ResourceSpec&) = default;
};

struct PlacementSpec {
  std::map<std::string, std::string> labels;

  static const json::StructTable& described();
  friend bool operator==(const PlacementSpec&, const PlacementSpec&) = default;
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

struct RetentionSpec {
  std::optional<std::int64_t> runs;
  std::optional<base::Duration> age;

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
  std::string stdin_text;              // key `stdin`
  std::string user;                    // run as; empty: the node's own user
  std::vector<ScheduleSpec> schedule;  // one is written as a map, several as a list
  TimeoutSpec timeout;
  RetrySpec retry;
  std::string queue = "default";
  int priority = 0;  // -100..100, higher first
  std::optional<ConcurrencySpec> concurrency;
  std::optional<DedupeSpec> dedupe;
  ResourceSpec resources;
  PlacementSpec placement;
  std::map<std::string, ParamSpec> params;
  std::map<std::string, std::string> labels;
  RetentionSpec retention;

  static const json::StructTable& described();
  friend bool operator==(const JobSpec&, const JobSpec&) = default;
};

const json::EnumTable& described(JobType);
const json::EnumTable& described(Overlap);
const json::EnumTable& described(Misfire);
const json::EnumTable& described(BackoffType);
const json::EnumTable& described(Jitter);
const json::EnumTable& described(OutcomeStatus);
const json::EnumTable& described(ParamType);

// A stored job: a spec under a tenant, at a version.
struct Job {
  base::JobId id;
  std::string tenant;
  std::int64_t version = 1;
  bool paused = false;
  std::string pause_note;
  JobSpec spec;
  std::string author;
  base::Instant created_at;
  base::Instant updated_at;

  static const json::StructTable& described();
};

}  // namespace mainspring::model

template <>
struct mainspring::json::Codec<mainspring::model::CommandLine>;
template <>
struct mainspring::json::Codec<mainspring::model::EnvironmentValue>;
