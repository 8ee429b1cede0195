// Questions to the store, by noun. Each Reads object belongs to one thread and owns its connection;
// it sees everything committed before the call. Every question is bounded and backed by an index.
// Errors: what a caller can act on is a Result or an empty optional; a store that cannot answer
// throws store::Unavailable.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "model/calendar.h"
#include "model/connection.h"
#include "model/durations.h"
#include "model/event.h"
#include "model/job.h"
#include "model/node.h"
#include "model/occurrence.h"
#include "model/operation.h"
#include "model/queue.h"
#include "model/run.h"
#include "model/selector.h"
#include "model/worker.h"
#include "store/log_questions.h"

namespace mainspring::store {

inline constexpr std::int64_t kPageLimit = 500;

// A slice of a list: up to `limit` items after `after`, an opaque cursor that the previous page
// gave ("" for the first). A page may be shorter than its limit, even empty, and not be the last:
// a filter that lets little through is answered in pieces.
struct Page {
  std::int64_t limit = 50;
  std::string after;
};
template <class T>
struct Listed {
  std::vector<T> items;
  std::string next;  // "" when this was the last page
};

struct JobFilter {
  std::string tenant = {};
  std::string name_prefix = {};
  model::Selector selector = {};
  std::optional<bool> paused = {};
  std::string name_part = {};  // names that contain it, A for a; "": any
  std::optional<model::JobType> type = {};
  std::vector<model::RunState> ended = {};  // how its newest run that has ended did; empty: any
};
// A job whose newest run that succeeded or failed has failed; cancelled and skipped runs say
// nothing about it.
struct FailingJob {
  base::JobId job_id;
  std::string job;
  base::Instant since;      // the end of the first run that failed after the last success
  std::int64_t streak = 0;  // runs that failed since then
  base::RunId run_id;       // the newest of them
  base::Instant failed_at;  // its end
};
struct FailingJobs {
  std::vector<FailingJob> items;  // the newest failure first
  std::int64_t count = 0;         // of all, at most kFailingCount
};
inline constexpr std::int64_t kFailingCount = 1'000;  // beyond it the number tells nobody more
class JobReads {
 public:
  virtual ~JobReads() = default;
  virtual std::optional<model::Job> find_by_id(std::string_view tenant, base::JobId id) = 0;
  virtual std::optional<model::Job> find_by_name(std::string_view tenant,
                                                 std::string_view name) = 0;
  // By name. Errors: invalid_argument (a cursor that is not ours).
  virtual base::Result<Listed<model::Job>> list(const JobFilter& filter, const Page& page) = 0;
  // For who shows less of a page than it has: the `next` of one that ends with this job.
  virtual std::string cursor_after(const model::Job& job) = 0;
  virtual std::optional<model::JobVersion> find_version(base::JobId id, std::int64_t version) = 0;
  // Newest first. Errors: invalid_argument (cursor).
  virtual base::Result<Listed<model::JobVersion>> versions(base::JobId id, const Page& page) = 0;
  // Of a job with expect.every.
  virtual std::optional<model::SuccessWatch> find_watch(base::JobId id) = 0;
  virtual FailingJobs failing(std::string_view tenant, std::int64_t limit) = 0;
};

struct RunFilter {
  std::string tenant = {};
  std::optional<base::JobId> job_id = {};
  std::vector<std::string> jobs = {};         // names, `*` for any part of one; empty: any
  std::vector<model::RunState> states = {};   // empty: any
  std::vector<model::Trigger> triggers = {};  // empty: any
  std::optional<base::Instant> created_from = {};
  std::optional<base::Instant> created_until = {};
  std::vector<std::string> queues = {};  // empty: any
  model::Selector selector = {};         // on the labels of the run's job
  std::optional<base::OperationId> operation_id = {};
  std::vector<base::RunId> ids = {};  // empty: any
};
// What a bar or a dot of a chart needs of a run.
struct RunGlance {
  base::RunId id;
  model::RunState state = model::RunState::queued;
  model::Trigger trigger = model::Trigger::manual;
  base::Instant scheduled_at;
  std::optional<base::Instant> due_at;  // the first one; absent: not known any more
  std::optional<base::Instant> started_at;
  std::optional<base::Instant> finished_at;
};
struct EndedRuns {
  base::Instant minute;  // its beginning
  model::RunState state = model::RunState::succeeded;
  std::int64_t count = 0;
};
inline constexpr base::Duration kEndedKept = std::chrono::hours{24};
// Whole lines are the reader's business: chunks come back as they were written.
struct LogQuery {
  base::RunId run_id = {};
  std::optional<int> attempt = {};  // absent: all, in order
  int after_attempt = 0;            // resume after this place
  std::int64_t after_seq = 0;
  std::int64_t limit_bytes = 1 << 20;
};
struct StoredLogChunk {
  int attempt = 1;
  model::LogChunk chunk;
};
class RunReads {
 public:
  virtual ~RunReads() = default;
  virtual std::optional<model::Run> find(std::string_view tenant, base::RunId id) = 0;
  // Newest first. Errors: invalid_argument (cursor).
  virtual base::Result<Listed<model::RunSummary>> list(const RunFilter& filter,
                                                       const Page& page) = 0;
  virtual std::vector<model::Attempt> attempts(base::RunId id) = 0;
  // The job's runs that have ended, newest first, at most kPageLimit.
  virtual std::vector<model::RunTiming> timings(base::JobId job, std::int64_t limit) = 0;
  // The job's runs that are due or have been, newest first by id, at most kPageLimit. Fewer where
  // many are waiting for a later time.
  virtual std::vector<RunGlance> recent(base::JobId job, std::int64_t limit) = 0;
  // The job's runs that have ended, the last one to end first, at most kPageLimit.
  virtual std::vector<RunGlance> finished(base::JobId job, std::int64_t limit) = 0;
  // How many of the tenant's runs ended in each minute from `from` on, by final state; minutes
  // older than kEndedKept are forgotten. By time.
  virtual std::vector<EndedRuns> ended_per_minute(std::string_view tenant, base::Instant from) = 0;
  virtual std::vector<StoredLogChunk> log(const LogQuery& query) = 0;
  // Attempts that have a log, in order.
  virtual std::vector<LogExtent> log_extents(base::RunId id) = 0;
  // Reads no more of the log than the lines asked for.
  virtual LogLines lines(const LineQuery& query) = 0;
  // Lines that match. Bounded: an answer may be short, even empty, and not complete.
  // Errors: invalid_argument (the pattern).
  virtual base::Result<LogMatches> search(const LogSearch& query) = 0;
  // What keeps the run from starting now, in the order in which it must be overcome; empty for one
  // that has started or ended.
  virtual std::vector<model::Obstacle> obstacles(std::string_view tenant, base::RunId id,
                                                 base::Instant now) = 0;
  // How many of the tenant's runs are in each state now (live), for screens and readiness.
  virtual std::vector<std::pair<model::RunState, std::int64_t>> count_live(
      std::string_view tenant) = 0;
};

struct OccurrenceFilter {
  std::string tenant = {};
  std::optional<base::JobId> job_id = {};
  std::optional<base::Instant> from = {};   // inclusive
  std::optional<base::Instant> until = {};  // exclusive
  std::optional<model::Ending> ending = {};
  model::Selector selector = {};  // on the labels of the occurrence's job
};
// Occurrences of one instant, or of a range row from its first instant on.
struct EndingCount {
  base::Instant at;
  std::int64_t count = 1;
  std::optional<model::Ending> ending = {};
  std::optional<model::RunState> run_state = {};  // of the run it became, once that has ended
};
struct EndingCounts {
  std::vector<EndingCount> items;  // newest first
  bool is_complete = true;         // else there are older ones: kEndingLimit rows were looked at
};
inline constexpr std::int64_t kEndingLimit = 10'000;  // a job that fires hourly, for 400 days

class ScheduleReads {
 public:
  virtual ~ScheduleReads() = default;
  // Schedules of all tenants that may still fire, by id, for the scheduler's heap.
  virtual std::vector<model::Schedule> active(base::ScheduleId after, std::int64_t limit) = 0;
  virtual std::vector<model::Schedule> of_job(base::JobId id) = 0;
  // Newest first. Errors: invalid_argument (cursor).
  virtual base::Result<Listed<model::Occurrence>> occurrences(const OccurrenceFilter& filter,
                                                              const Page& page) = 0;
  // Every ledger row that covers this instant (range rows included).
  virtual std::vector<model::Occurrence> occurrences_at(base::JobId id, base::Instant at) = 0;
  // The job's ledger of a range, without what only one row is asked for.
  virtual EndingCounts endings(base::JobId id, base::Instant from, base::Instant until) = 0;
};

class QueueReads {
 public:
  virtual ~QueueReads() = default;
  // Every queue that was put or that holds a run, by name.
  virtual std::vector<model::Queue> all(std::string_view tenant) = 0;
  virtual std::optional<model::Queue> find(std::string_view tenant, std::string_view name) = 0;
};

class CalendarReads {
 public:
  virtual ~CalendarReads() = default;
  virtual std::vector<model::CalendarSpec> all(std::string_view tenant) = 0;  // by name
  virtual std::optional<model::CalendarSpec> find(std::string_view tenant,
                                                  std::string_view name) = 0;
};

class ConnectionReads {
 public:
  virtual ~ConnectionReads() = default;
  virtual std::vector<model::ConnectionSpec> all(std::string_view tenant) = 0;  // by name
  virtual std::optional<model::ConnectionSpec> find(std::string_view tenant,
                                                    std::string_view name) = 0;
};

// An operation with something left to do, and where its work stands. A cancelled backfill is among
// them until what waits of it is cancelled too.
struct OpenOperation {
  model::Operation operation;
  std::optional<base::Instant> cursor;  // of a backfill: planned up to here
  std::int64_t unfinished = 0;          // of its runs
};
struct SelectionCount {
  std::int64_t runs = 0;
  bool is_complete = true;  // else there are more: kCountLimit rows were looked at
};
inline constexpr std::int64_t kCountLimit = 1'000'000;  // about a second

class OperationReads {
 public:
  virtual ~OperationReads() = default;
  virtual std::optional<model::Operation> find(std::string_view tenant, base::OperationId id) = 0;
  // Newest first. Errors: invalid_argument (cursor).
  virtual base::Result<Listed<model::Operation>> list(std::string_view tenant,
                                                      const Page& page) = 0;
  virtual std::vector<OpenOperation> open() = 0;  // of all tenants
  // What an operation on runs would find now. Errors: those of StartOperation.
  virtual base::Result<SelectionCount> count(std::string_view tenant,
                                             const model::OperationSpec& spec) = 0;
};

struct Ping {
  base::Instant started_at;
  std::optional<base::Instant> finished_at;
  std::optional<int> exit_code;
  std::string host;
};
class PingReads {
 public:
  virtual ~PingReads() = default;
  // By time; at most kPageLimit.
  virtual std::vector<Ping> of_job(base::JobId id, base::Instant from, base::Instant until) = 0;
};

struct EventFilter {
  std::string tenant;       // "" is every tenant, for the node itself
  std::string type_prefix;  // "run." or "run.succeeded" or ""
  std::string subject;
};
class EventReads {
 public:
  virtual ~EventReads() = default;
  // Oldest first, positions above `after`; at most kPageLimit.
  virtual std::vector<model::Event> after(const EventFilter& filter, std::int64_t after,
                                          std::int64_t limit) = 0;
  // Newest first, positions below `before`, of one tenant; at most kPageLimit.
  virtual std::vector<model::Event> before(const EventFilter& filter, std::int64_t before,
                                           std::int64_t limit) = 0;
  virtual std::int64_t last_position() = 0;
  // Of the oldest that retention has left; 0 where nothing ever happened.
  virtual std::int64_t first_position() = 0;
};

// What a worker that joined by token is bound to.
struct WorkerGrant {
  base::WorkerId worker_id;
  std::string tenant;  // of the join token
  std::string name;
  std::map<std::string, std::string> labels;
  std::optional<int> slots_limit;
};
class WorkerReads {
 public:
  virtual ~WorkerReads() = default;
  virtual std::vector<model::Worker> all() = 0;  // few: one per machine; by id
  virtual std::optional<model::Worker> find(base::WorkerId id) = 0;
  // By the hash of its credential.
  virtual std::optional<WorkerGrant> find_grant(const base::Blob& sha256) = 0;
};

class NodeReads {
 public:
  virtual ~NodeReads() = default;
  virtual std::vector<model::Node> all() = 0;  // few; by id
};

struct TokenGrant {
  base::TokenId id;
  std::string tenant;
  std::string name;
  std::vector<std::string> permissions;
  base::Instant created_at;
  std::optional<base::Instant> expires_at;  // whoever asks compares it with the time
};
// A token with which workers join.
struct JoinToken {
  base::TokenId id;
  std::int64_t uses = 1;
  std::int64_t used = 0;
  std::map<std::string, std::string> labels;
  std::optional<int> slots_limit;
  std::string created_by;
  base::Instant created_at;
  base::Instant expires_at;  // whoever asks compares it with the time
};
class TokenReads {
 public:
  virtual ~TokenReads() = default;
  virtual std::vector<TokenGrant> all(std::string_view tenant) = 0;             // by name
  virtual std::vector<JoinToken> all_join_tokens(std::string_view tenant) = 0;  // by id
  virtual std::optional<TokenGrant> find(const base::Blob& sha256) = 0;
};

class Reads {
 public:
  virtual ~Reads() = default;
  virtual JobReads& jobs() = 0;
  virtual RunReads& runs() = 0;
  virtual ScheduleReads& schedules() = 0;
  virtual QueueReads& queues() = 0;
  virtual CalendarReads& calendars() = 0;
  virtual ConnectionReads& connections() = 0;
  virtual OperationReads& operations() = 0;
  virtual PingReads& pings() = 0;
  virtual EventReads& events() = 0;
  virtual WorkerReads& workers() = 0;
  virtual NodeReads& nodes() = 0;
  virtual TokenReads& tokens() = 0;
};

}  // namespace mainspring::store
