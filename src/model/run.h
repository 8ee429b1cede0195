// Run, Attempt and Outcome: one execution of a job version, one try of it, and how a try ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/blob.h"
#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/job.h"

namespace mainspring::model {

enum class RunState {
  scheduled,  // due later
  queued,     // due, waiting for a slot
  running,
  waiting,  // for children, an approval or an event
  succeeded,
  failed,
  cancelled,
  timed_out,
  skipped
};

// Why a run exists.
enum class Trigger {
  cron,
  every,
  at,
  delay,
  event,
  webhook,
  stream,
  manual,
  api,
  pipeline,
  backfill,
  retry
};

enum class LogStream { out, err, system };  // written `stdout`, `stderr`, `system`

const json::EnumTable& described(RunState);
const json::EnumTable& described(Trigger);
const json::EnumTable& described(LogStream);

bool is_final(RunState state);

// What went wrong, when something did.
struct Failure {
  std::string type;  // "exit_code", "signal", "out_of_memory", "start", "limit", "timeout" ...
  std::string message;
  std::string stack;

  static const json::StructTable& described();
  friend bool operator==(const Failure&, const Failure&) = default;
};

struct ResourceUse {
  base::Duration cpu_user{0};
  base::Duration cpu_system{0};
  base::Duration wall{0};
  std::int64_t max_rss_bytes = 0;
  base::Duration throttled{0};  // held back by resources.cpu
  std::int64_t max_pids = 0;    // processes and threads at once; 0: nobody counted

  static const json::StructTable& described();
  friend bool operator==(const ResourceUse&, const ResourceUse&) = default;
};

struct Outcome {
  OutcomeStatus status = OutcomeStatus::success;
  std::optional<int> exit_code;
  std::optional<std::string> signal;  // "SIGKILL"
  std::optional<json::Value> result;  // at most kResultLimit bytes as JSON
  std::string result_media_type;      // "" when there is no result
  std::optional<Failure> error;
  std::optional<base::Duration> retry_after;  // what the other side asks us to wait, at least
  ResourceUse usage;

  static const json::StructTable& described();
};

struct Attempt {
  int number = 1;
  std::int64_t epoch = 0;
  base::WorkerId worker_id;
  std::string worker;  // its name when it claimed
  base::Instant started_at;
  std::optional<base::Instant> finished_at;
  std::optional<Outcome> outcome;  // absent while the attempt runs

  static const json::StructTable& described();
};

enum class CancelMode {
  ask,   // SIGTERM, the grace, SIGKILL
  kill,  // SIGKILL at once
};
const json::EnumTable& described(CancelMode);

struct CancelRequest {
  std::string by;
  std::string reason;
  base::Instant at;
  CancelMode mode = CancelMode::ask;

  static const json::StructTable& described();
};

struct Progress {
  double fraction = 0;  // 0..1
  std::string message;
  base::Instant at;

  static const json::StructTable& described();
};

// W3C Trace Context as it travels between programs. Only src/trace reads what is in it.
struct TraceContext {
  std::string traceparent;  // "00-TRACE-PARENT-FLAGS", well-formed
  std::string tracestate;   // "" when there is none

  static const json::StructTable& described();
  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

// What lists show: no payload, no per-attempt detail.
struct RunSummary {
  base::RunId id;
  std::string tenant;
  base::JobId job_id;
  std::string job;
  std::int64_t job_version = 1;
  RunState state = RunState::scheduled;
  std::string reason;  // why it is in this state, a sentence; empty when the state says it all
  Trigger trigger = Trigger::manual;
  std::string requested_by;
  std::string queue;
  int priority = 0;
  int attempts = 0;  // started so far
  base::Instant created_at;
  base::Instant scheduled_at;               // the occurrence's instant, or the asked-for time
  base::Instant due_at;                     // the next moment it may start (moves with retries)
  std::optional<base::Instant> started_at;  // of the first attempt
  std::optional<base::Instant> finished_at;
  std::optional<int> exit_code;  // of the last attempt

  static const json::StructTable& described();
};

// The whole run, as GET /runs/{id} answers.
struct Run {
  RunSummary summary;  // its fields stand at the top level of the JSON
  std::optional<base::ScheduleId> schedule_id;
  std::optional<base::RunId> parent_run;
  std::optional<base::RunId> rerun_of;
  std::optional<base::OperationId> operation_id;  // the backfill or bulk re-run that made it
  std::optional<base::Instant> first_due_at;      // before retries moved due_at; absent: none did
  std::string concurrency_key;                    // "" when the job has no limit
  std::optional<base::Instant> queue_until;       // timeout.queue, when it still waits
  std::optional<base::Instant> extended_until;    // the run timeout does not end it before
  std::map<std::string, json::Value> params;
  std::vector<Attempt> attempts;
  std::optional<CancelRequest> cancel;
  std::optional<Progress> progress;
  std::optional<Outcome> outcome;     // of the last finished attempt
  std::optional<TraceContext> trace;  // its span's parent; absent: the run begins a trace

  static const json::StructTable& described();
};

// What keeps a run from starting now.
enum class ObstacleKind {
  not_due,
  job_paused,
  overlap,      // behind `runs` of the same job
  concurrency,  // `key` has `limit` attempts under way: `runs`
  queue_paused,
  queue_limit,
  queue_rate,
  no_worker,
  placement,  // no worker online may take it: `note` says what the nearest one lacks
  slots,      // every slot is busy; `ahead` runs go first
  resources,  // `key` of the workers that may take it is used up, such as memory; as slots
};
const json::EnumTable& described(ObstacleKind);

struct Obstacle {
  ObstacleKind kind = ObstacleKind::slots;
  std::string key;  // of the concurrency, or the queue's name
  std::int64_t limit = 0;
  std::int64_t ahead = 0;
  std::vector<base::RunId> runs;  // at most kObstacleRuns
  std::optional<base::Instant> until;
  std::string note;

  static const json::StructTable& described();
};
inline constexpr std::size_t kObstacleRuns = 10;

// A piece of output, byte-accurate: never split or joined on the way.
struct LogChunk {
  std::int64_t seq = 0;  // from 1, without gaps within an attempt
  LogStream stream = LogStream::out;
  base::Instant at;
  base::Blob bytes;

  static const json::StructTable& described();
};

inline constexpr std::size_t kResultLimit = 1 << 20;  // results travel through the store and lists
inline constexpr std::size_t kParamsLimit = 256 << 10;

}  // namespace mainspring::model
