// Every write, as a value; long because this is the one list of them. A command carries its ids and
// its `now`, so that applying it is the same on SQLite, as a PostgreSQL transaction, or after a
// quorum has ordered it. Replies sit beside their commands. Errors name the code each command may
// fail with, besides internal and unavailable.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/calendar.h"
#include "model/connection.h"
#include "model/job.h"
#include "model/node.h"
#include "model/occurrence.h"
#include "model/operation.h"
#include "model/queue.h"
#include "model/run.h"
#include "model/worker.h"
#include "store/worker_commands.h"

namespace mainspring::store {

// ---- definitions ---------------------------------------------------------------------------

// Creates or updates jobs by name; all of them or none. A spec equal to the stored one changes
// nothing. Schedules whose ScheduleSpec is unchanged keep their id and what is planned; others are
// retired, their unstarted occurrences end `superseded` and the runs of these `skipped`, and a
// `fresh_schedule_ids` entry is used. What is scheduled ahead for a schedule that stays runs the
// new version.
//
// `settle` of this and the commands below: what the schedules they touch have come to by `now`, as
// plan::settle() says; written first, as by Materialise, so that no instant is left without an
// ending when a schedule retires or the next pause replaces the last.
struct JobDraft {
  base::JobId fresh_id;                              // used when the name is new
  std::vector<base::ScheduleId> fresh_schedule_ids;  // one per spec.schedule entry
  model::JobSpec spec;
  std::optional<std::int64_t> if_version;  // 0: must not exist

  static const json::StructTable& described();
};
// Errors: precondition_failed (if_version), too_large (kJobsPerTenant), not_found (a calendar that
// a schedule names, a connection that a job names).
struct ApplyJobs {
  std::string tenant;
  std::vector<JobDraft> jobs;
  std::string author;
  base::Instant now;
  std::vector<model::QueueSpec> queues = {};        // as PutQueue
  std::vector<model::CalendarSpec> calendars = {};  // as PutCalendar, before the jobs
  std::vector<base::JobId> prune = {};              // as DeleteJob; those gone already are left out
  std::vector<model::SchedulePlan> settle = {};
  std::vector<model::ConnectionSpec> connections = {};  // as PutConnection, before the jobs

  static const json::StructTable& described();
};
enum class ApplyEffect { created, updated, unchanged, deleted };
const json::EnumTable& described(ApplyEffect);
struct AppliedJob {
  base::JobId id;
  std::string name;
  std::int64_t version = 1;
  ApplyEffect effect = ApplyEffect::unchanged;

  static const json::StructTable& described();
};
struct JobsApplied {
  std::vector<AppliedJob> jobs;

  static const json::StructTable& described();
};

// Holds back what time fires; runs asked for by people or programs still run. With `drop`, what is
// planned ahead and not due is taken back, so that the planner decides it anew. Pausing a paused
// job replaces the pause; its beginning stays. Errors: not_found, invalid_argument (`until` past).
struct PauseJob {
  std::string tenant;
  base::JobId job_id;
  std::string note;
  std::string by;
  base::Instant now;
  std::optional<base::Instant> until = {};
  model::Meanwhile meanwhile = model::Meanwhile::drop;
  std::vector<model::SchedulePlan> settle = {};

  static const json::StructTable& described();
};
// Held fires become due, in their order. No harm for a job that is not paused. Errors: not_found.
struct ResumeJob {
  std::string tenant;
  base::JobId job_id;
  std::string by;
  base::Instant now;
  std::vector<model::SchedulePlan> settle = {};

  static const json::StructTable& described();
};

// Removes the definition. Its schedules retire as in ApplyJobs, other runs not started are
// cancelled; runs under way go on, their retries too; history stays. Errors: not_found,
// precondition_failed.
struct DeleteJob {
  std::string tenant;
  base::JobId job_id;
  std::optional<std::int64_t> if_version;
  std::string by;
  base::Instant now;
  std::vector<model::SchedulePlan> settle = {};

  static const json::StructTable& described();
};

// Errors: invalid_argument.
struct PutQueue {
  std::string tenant;
  model::QueueSpec spec;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
// Forgets the limits; the runs stay. Errors: not_found.
struct DeleteQueue {
  std::string tenant;
  std::string name;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
// Nothing starts from a paused queue; what runs goes on. `pause` absent: resumes. A queue that no
// one has put yet is put without limits.
struct PauseQueue {
  std::string tenant;
  std::string name;
  std::optional<model::Pause> pause;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// Schedules that use the calendar are planned anew from now on. Errors: too_large
// (kCalendarsPerTenant).
struct PutCalendar {
  std::string tenant;
  model::CalendarSpec spec;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
// Errors: not_found, conflict (naming the jobs that use it).
struct DeleteCalendar {
  std::string tenant;
  std::string name;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// An attempt gets a connection as it is when it is claimed. Errors: too_large
// (kConnectionsPerTenant).
struct PutConnection {
  std::string tenant;
  model::ConnectionSpec spec;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
// Errors: not_found, conflict (naming the jobs that use it).
struct DeleteConnection {
  std::string tenant;
  std::string name;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// ---- runs ----------------------------------------------------------------------------------

struct NewRun {
  base::RunId id;
  base::JobId job_id;
  model::Trigger trigger = model::Trigger::api;
  std::map<std::string, json::Value> params;  // bound already: see model::bind_params
  base::Instant due_at;                       // at or before `now`: queued at once
  std::optional<int> priority;                // else the job's
  std::optional<base::RunId> parent_run;
  std::optional<base::RunId> rerun_of;
  std::optional<std::int64_t> job_version;         // else the newest
  std::optional<base::OperationId> operation_id;   // the backfill or bulk re-run that asks
  std::optional<model::Overlap> overlap;           // of a backfill: as for a run that time fired
  std::optional<base::Instant> scheduled_at = {};  // of a backfill: the fire made up for
  std::optional<model::TraceContext> trace = {};   // kept beside the params, when there is one

  static const json::StructTable& described();
};
// Accepts runs; all or none. One whose dedupe key was accepted within its window is answered with
// that run, one that a waiting debounced run takes in with the run that waits; not so a re-run.
// Errors: not_found (job, version), conflict (a run id is taken), overloaded (kLiveRunsPerTenant,
// the queue's depth), invalid_argument (a key's template cannot be evaluated).
struct SubmitRuns {
  std::string tenant;
  std::vector<NewRun> runs;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
struct RunsSubmitted {
  std::vector<model::RunSummary> runs;
  std::vector<base::RunId> duplicates;  // ids of `runs` that stand for an earlier submission

  static const json::StructTable& described();
};

// Writes fires ahead and records known endings. A plan whose `from` is not where its schedule
// stands is left out silently: somebody else planned it.
struct Materialise {
  std::vector<model::SchedulePlan> plans;
  base::Instant now;

  static const json::StructTable& described();
};
struct Materialised {
  std::int64_t fires = 0;
  std::int64_t plans_applied = 0;

  static const json::StructTable& described();
};

// Does what time does: moves what is due from `scheduled` to `queued`, or, by pause, overlap and
// limits, to `skipped`; ends what waited longer than timeout.queue; ends pauses whose `until` has
// come. Repeating it is harmless; it moves a bounded number, so `next_due` may be past. Reply:
// DueState.
//
// What was written ahead and is due longer ago than model::kMisfireThreshold, because nobody was
// there, is taken back for the planner to decide by the misfire policy; not what met a pause.
//
// Only runs that time fired, and those of a backfill, are subject to pause and overlap. In their
// way is any other run of the job that has been due and has not ended, one between attempts
// included. A buffered run is `queued` and can be claimed when nothing is in its way; of those
// buffered the earliest goes first. cancel_other and terminate_other cancel what is in the way,
// running or not, and wait as buffer_one does, replacing what waited.
struct PromoteDue {
  base::Instant now;

  static const json::StructTable& described();
};
struct DueState {
  std::int64_t promoted = 0;
  std::int64_t skipped = 0;
  std::optional<base::Instant> next_due;     // when PromoteDue has something to do
  std::optional<base::Instant> next_expiry;  // of the leases held

  static const json::StructTable& described();
};

struct LeaseRef {
  base::RunId run_id;
  std::int64_t epoch = 1;

  static const json::StructTable& described();
  friend auto operator<=>(const LeaseRef&, const LeaseRef&) = default;
};

// Leases up to `limit` slots of queued runs to a worker. Among tenants, the one with the fewest
// attempts under way is served first; within a tenant, higher priority, then, where a queue has a
// weight, the queue that has begun the least work by weight, then earlier due, then older run. Left
// out are runs that wait behind others (overlap, concurrency), queues that are paused, full or out
// of tokens, and runs that the worker does not fit: it has not the labels, or never the resources.
// A run for which another worker is better is left to that for a moment; `next_due` then says when
// to ask again. One that fits, but not beside what runs there now, is waited for by the worker that
// lacks the least.
// Promotes what is due first, so that a late scheduler delays nothing. A worker that is cordoned,
// draining or offline gets nothing. Errors: not_found (worker).
//
// A worker whose answers may be lost on their way says which leases it knows of: what else it holds
// is given to it again, renewed, under the same epoch, and counts towards the limit.
struct ClaimRuns {
  base::WorkerId worker_id;
  std::int64_t limit = 1;
  base::Duration lease{10'000};
  base::Instant now;
  std::optional<std::vector<LeaseRef>> known = {};  // absent: all that it holds

  static const json::StructTable& described();
};
struct ClaimedRun {
  model::RunSummary run;
  std::int64_t epoch = 1;
  int attempt = 1;
  base::Instant lease_until;
  std::map<std::string, json::Value> params;
  model::JobSpec spec;  // of the run's job version
  std::optional<model::TraceContext> trace = {};
  // Those that the spec names, as they are now; one that was deleted since is not among them.
  std::vector<model::ConnectionSpec> connections = {};

  static const json::StructTable& described();
};
struct RunsClaimed {
  std::vector<ClaimedRun> runs;
  std::optional<base::Instant> next_due;

  static const json::StructTable& described();
};

// The worker's heartbeat: extends its leases and carries cancels and orders back. A worker that was
// `offline` is `online` again. Errors: not_found (worker).
struct RenewLeases {
  base::WorkerId worker_id;
  std::vector<LeaseRef> leases;
  base::Duration lease{10'000};
  base::Instant now;

  static const json::StructTable& described();
};
struct RenewedLease {
  base::RunId run_id;
  std::optional<base::Instant> until;  // absent: lost, stop the work at once
  std::optional<model::CancelRequest> cancel;
  std::optional<base::Instant> extended_until = {};  // the run timeout does not end it before

  static const json::StructTable& described();
};
struct LeasesRenewed {
  std::vector<RenewedLease> leases;
  std::optional<base::Instant> drain_until = {};  // what the worker still runs then, it ends

  static const json::StructTable& described();
};

// Errors: lease_lost. Chunks already stored (same attempt and seq) are ignored, so a repeat is
// safe.
//
// `worker_id` of this and the commands below: whose lease it must be, else lease_lost; absent:
// nobody asks.
struct AppendLog {
  LeaseRef lease;
  std::vector<model::LogChunk> chunks;
  std::optional<base::WorkerId> worker_id = {};
  // The lease may be over: what an attempt printed that ended `lost` belongs into its log.
  bool is_late = false;

  static const json::StructTable& described();
};
// Errors: lease_lost.
struct ReportProgress {
  LeaseRef lease;
  model::Progress progress;
  std::optional<base::WorkerId> worker_id = {};

  static const json::StructTable& described();
};

// Records how the attempt ended and moves the run by model::judge(); a run that was asked to stop
// ends cancelled unless it succeeded. Errors: lease_lost, with the event `run.report_refused`;
// repeating the same report is answered as the first was.
struct FinishAttempt {
  LeaseRef lease;
  model::Outcome outcome;
  std::uint64_t entropy = 0;  // for full jitter
  base::Instant now;
  std::vector<model::LogChunk> log = {};  // the rest of the output; stored first, as by AppendLog
  std::optional<base::WorkerId> worker_id = {};

  static const json::StructTable& described();
};
struct AttemptFinished {
  model::RunState state = model::RunState::succeeded;
  std::optional<base::Instant> retry_at;

  static const json::StructTable& described();
};

// Ends as `lost` every attempt whose lease ran out before `now`, and moves its run by judge().
struct ExpireLeases {
  std::uint64_t entropy = 0;
  base::Instant now;

  static const json::StructTable& described();
};

// Not started yet: ends now. Running: recorded, carried to the worker by its next heartbeat and by
// a notice. Errors: not_found, conflict (already ended).
struct CancelRun {
  std::string tenant;
  base::RunId run_id;
  std::string by;
  std::string reason;
  base::Instant now;
  model::CancelMode mode = model::CancelMode::ask;  // kill after ask is carried too

  static const json::StructTable& described();
};
struct RunCancelled {
  model::RunState state = model::RunState::cancelled;  // running: the cancel is on its way

  static const json::StructTable& described();
};

// Gives a run more time: neither timeout ends it before now + the given span. A timeout that the
// job does not have stays absent. Errors: not_found, conflict (ended; `queue` of a run that has
// started).
struct ExtendRun {
  std::string tenant;
  base::RunId run_id;
  std::optional<base::Duration> run;    // carried to the worker by notice and heartbeat
  std::optional<base::Duration> queue;  // while it waits
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// ---- operations ----------------------------------------------------------------------------

// Errors: conflict (the id is taken), not_found (job, schedule), invalid_argument (an empty range,
// a selector that cannot be read), overloaded (kOperationsRunning).
struct StartOperation {
  base::OperationId id;
  std::string tenant;
  model::OperationSpec spec;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
struct OperationStarted {
  base::OperationId id;  // the first one's, for a request that is repeated

  static const json::StructTable& described();
};
// Does the next piece: looks at up to `limit` runs, and at what belongs to them row by row. `ids`
// are for new runs, as many as `limit`. For a backfill the caller has planned the piece after the
// operation's cursor; without fires it only finds out whether all has ended. Of a cancelled
// backfill it cancels what waits. Nothing is left to do for one that has ended. Reply:
// OperationAdvanced. Errors: not_found, overloaded (no room for new runs: nothing was done, a
// smaller piece may fit).
struct AdvanceOperation {
  base::OperationId id;
  std::int64_t limit = 100;
  std::vector<base::RunId> ids;
  std::vector<model::PlannedFire> fires;      // of a backfill
  std::optional<base::Instant> planned_from;  // applies only where the cursor stands here
  std::optional<base::Instant> planned_until;
  base::Instant now;

  static const json::StructTable& described();
};
struct OperationAdvanced {
  model::OperationState state = model::OperationState::running;
  std::int64_t done = 0;  // by this piece

  static const json::StructTable& described();
};
// What is done stays done; the waiting runs of a backfill are cancelled. Errors: not_found,
// conflict (ended).
struct CancelOperation {
  std::string tenant;
  base::OperationId id;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// ---- upkeep --------------------------------------------------------------------------------

// Removes what retention no longer keeps, a bounded amount. Reply: HistoryTrimmed.
struct TrimHistory {
  model::RetentionSpec defaults;  // where a job says nothing
  std::int64_t limit = 1'000;     // rows
  base::Instant now;
  std::optional<base::Duration> events_age = {};  // of events, and of operations that have ended

  static const json::StructTable& described();
};
struct HistoryTrimmed {
  std::int64_t runs = 0;
  std::int64_t log_chunks = 0;
  std::int64_t occurrences = 0;
  std::int64_t events = 0;
  bool has_more = false;

  static const json::StructTable& described();
};

// Tells what is late or silent by now, a bounded number of breaches: see model::ExpectSpec. Each is
// told once. `next_due` may be past. Reply: ExpectationsChecked.
struct CheckExpectations {
  base::Instant now;

  static const json::StructTable& described();
};
struct ExpectationsChecked {
  std::int64_t told = 0;
  std::optional<base::Instant> next_due;

  static const json::StructTable& described();
};

// A real execution by another scheduler, of a job that shadows it. One ping per job, host and
// beginning: a later one replaces it, so that a repeat is safe and an end can follow. Errors:
// not_found.
struct RecordPing {
  std::string tenant;
  base::JobId job_id;
  base::Instant started_at;
  std::optional<base::Instant> finished_at;
  std::optional<int> exit_code;
  std::string host;
  base::Instant now;

  static const json::StructTable& described();
};

// ---- nodes, workers, credentials ------------------------------------------------------------

// A node (re)joins, as it says of itself. Reply: NodesKnown.
struct RegisterNode {
  model::Node node;
  base::Instant now;

  static const json::StructTable& described();
};
// A node lives, or says how it goes. Nodes that were not heard of for longer than `liveness` are
// given up as lost, with their workers; so are workers that were silent for kWorkerPatience times
// as long. Who was away for so long itself judges nobody this time. What was lost and is heard of
// is back. Reply: NodesKnown. Errors: not_found (it was removed).
struct NodeHeartbeat {
  base::NodeId node_id;
  model::NodeState state = model::NodeState::online;  // not lost
  std::string address;
  std::optional<std::int64_t> clock_offset_ms;
  base::Duration liveness{10'000};
  base::Instant now;

  static const json::StructTable& described();
};
inline constexpr int kWorkerPatience = 3;  // an idle one is heard of less often
// Nodes that went are forgotten by themselves after this; see also RemoveNode.
inline constexpr base::Duration kNodesKept = std::chrono::days{7};
struct NodesKnown {
  std::vector<model::Node> nodes;  // by id

  static const json::StructTable& described();
};
// Forgets a node that is offline or lost. Errors: not_found, conflict (it is there).
struct RemoveNode {
  base::NodeId node_id;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

inline constexpr std::int64_t kTokensPerTenant = 1'000;  // listed whole; nobody has so many

// Stores the hash of a token; the token itself is never stored. Replaces one of the same name,
// unless it must be new. Errors: invalid_argument (the name), conflict (there is one of this name,
// or kTokensPerTenant others).
struct PutToken {
  base::TokenId id;
  std::string tenant;
  std::string name;
  base::Blob sha256;
  std::vector<std::string> permissions;  // "admin"
  base::Instant now;
  std::optional<base::Instant> expires_at = {};  // absent: never
  bool must_be_new = false;
  std::string by = {};  // who asks; empty: the node itself

  static const json::StructTable& described();
};
// Errors: not_found.
struct DeleteToken {
  std::string tenant;
  std::string name;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// Tells what became of a backup, as an event `backup.*` of the first tenant: a backup holds them
// all. Reply: Done.
enum class BackupFact { completed, failed, verified };
const json::EnumTable& described(BackupFact);
struct RecordBackup {
  BackupFact fact = BackupFact::completed;
  std::string name;  // of the file
  json::Value details;
  base::Instant now;

  static const json::StructTable& described();
};

struct Done {
  static const json::StructTable& described();
};

// ---- the whole -----------------------------------------------------------------------------

using Command =
    std::variant<ApplyJobs, PauseJob, ResumeJob, DeleteJob, PutQueue, DeleteQueue, PauseQueue,
                 PutCalendar, DeleteCalendar, PutConnection, DeleteConnection, SubmitRuns,
                 Materialise, PromoteDue, ClaimRuns, RenewLeases, AppendLog, ReportProgress,
                 FinishAttempt, ExpireLeases, CancelRun, ExtendRun, StartOperation,
                 AdvanceOperation, CancelOperation, TrimHistory, CheckExpectations, RecordPing,
                 RegisterWorker, SetWorkerState, PutToken, DeleteToken, RecordBackup, RegisterNode,
                 NodeHeartbeat, RemoveNode, OrderWorker, RemoveWorker, PutJoinToken,
                 DeleteJoinToken, JoinWorker>;

using Reply =
    std::variant<Done, JobsApplied, RunsSubmitted, Materialised, DueState, RunsClaimed,
                 LeasesRenewed, AttemptFinished, RunCancelled, OperationAdvanced, HistoryTrimmed,
                 ExpectationsChecked, OperationStarted, NodesKnown, WorkerJoined>;

// The reply that each command gives on success: ReplyOf<SubmitRuns> is RunsSubmitted.
template <class C>
struct ReplyTo {
  using type = Done;
};
template <>
struct ReplyTo<ApplyJobs> {
  using type = JobsApplied;
};
template <>
struct ReplyTo<SubmitRuns> {
  using type = RunsSubmitted;
};
template <>
struct ReplyTo<Materialise> {
  using type = Materialised;
};
template <>
struct ReplyTo<PromoteDue> {
  using type = DueState;
};
template <>
struct ReplyTo<ExpireLeases> {
  using type = DueState;
};
template <>
struct ReplyTo<ClaimRuns> {
  using type = RunsClaimed;
};
template <>
struct ReplyTo<RenewLeases> {
  using type = LeasesRenewed;
};
template <>
struct ReplyTo<FinishAttempt> {
  using type = AttemptFinished;
};
template <>
struct ReplyTo<CancelRun> {
  using type = RunCancelled;
};
template <>
struct ReplyTo<StartOperation> {
  using type = OperationStarted;
};
template <>
struct ReplyTo<AdvanceOperation> {
  using type = OperationAdvanced;
};
template <>
struct ReplyTo<TrimHistory> {
  using type = HistoryTrimmed;
};
template <>
struct ReplyTo<CheckExpectations> {
  using type = ExpectationsChecked;
};
template <>
struct ReplyTo<JoinWorker> {
  using type = WorkerJoined;
};
template <>
struct ReplyTo<RegisterNode> {
  using type = NodesKnown;
};
template <>
struct ReplyTo<NodeHeartbeat> {
  using type = NodesKnown;
};
template <class C>
using ReplyOf = typename ReplyTo<C>::type;

// A client's promise that the same key means the same request: the first success is stored in the
// same transaction and answered again for kIdempotencyKept. Errors: idempotency_mismatch.
struct IdempotencyKey {
  std::string tenant;
  std::string key;          // at most kIdempotencyKeyLimit bytes
  std::string fingerprint;  // of method, path and body
  base::Instant now;

  static const json::StructTable& described();
};

struct Request {
  Command command;
  std::optional<IdempotencyKey> idempotency;
};

inline constexpr std::size_t kIdempotencyKeyLimit = 255;
inline constexpr base::Duration kIdempotencyKept = std::chrono::hours{24};
inline constexpr std::int64_t kJobsPerTenant = 2'000'000;
inline constexpr std::int64_t kCalendarsPerTenant = 1'000;     // each change is planned anew
inline constexpr std::int64_t kConnectionsPerTenant = 1'000;   // people know them by name
inline constexpr std::int64_t kLiveRunsPerTenant = 1'000'000;  // memory of the live index
inline constexpr std::int64_t kHeldRunsPerJob = 10'000;        // during a pause; more are dropped
inline constexpr std::int64_t kOperationsRunning = 100;        // of a tenant

}  // namespace mainspring::store
