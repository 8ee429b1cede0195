// Every write, as a value. A command carries its ids and its `now`, so that applying it is the same
// on SQLite, as a PostgreSQL transaction, or after a quorum has ordered it. Replies sit beside
// their commands. Errors name the code each command may fail with, besides internal and
// unavailable.
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
#include "model/job.h"
#include "model/occurrence.h"
#include "model/run.h"
#include "model/worker.h"

namespace mainspring::store {

// ---- definitions ---------------------------------------------------------------------------

// Creates or updates jobs by name; all of them or none. A spec equal to the stored one changes
// nothing. Schedules whose ScheduleSpec is unchanged keep their id and what is planned; others are
// retired, their unstarted occurrences end `superseded` and the runs of these `skipped`, and a
// `fresh_schedule_ids` entry is used. What is scheduled ahead for a schedule that stays runs the
// new version.
struct JobDraft {
  base::JobId fresh_id;                              // used when the name is new
  std::vector<base::ScheduleId> fresh_schedule_ids;  // one per spec.schedule entry
  model::JobSpec spec;
  std::optional<std::int64_t> if_version;  // 0: must not exist

  static const json::StructTable& described();
};
// Errors: precondition_failed (if_version), too_large (kJobsPerTenant).
struct ApplyJobs {
  std::string tenant;
  std::vector<JobDraft> jobs;
  std::string author;
  base::Instant now;

  static const json::StructTable& described();
};
enum class ApplyEffect { created, updated, unchanged };
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

// Paused: time fires end `skipped_paused`; runs asked for by people or programs still run.
// Errors: not_found.
struct PauseJob {
  std::string tenant;
  base::JobId job_id;
  bool paused = true;
  std::string note;
  std::string by;
  base::Instant now;

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

  static const json::StructTable& described();
};
// Accepts runs; all or none. Errors: not_found (job), conflict (a run id is taken), overloaded
// (kLiveRunsPerTenant).
struct SubmitRuns {
  std::string tenant;
  std::vector<NewRun> runs;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
struct RunsSubmitted {
  std::vector<model::RunSummary> runs;

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

// Moves what is due from `scheduled` to `queued`, or, by pause and overlap, to `skipped`. Repeating
// it is harmless; it moves a bounded number, so `next_due` may be past. Only runs that time fired
// are subject to pause and overlap; in their way is any other run of the job that has been due and
// has not ended, one between attempts included. Reply: DueState.
struct PromoteDue {
  base::Instant now;

  static const json::StructTable& described();
};
struct DueState {
  std::int64_t promoted = 0;
  std::int64_t skipped = 0;
  std::optional<base::Instant> next_due;     // of what is still `scheduled`
  std::optional<base::Instant> next_expiry;  // of the leases held

  static const json::StructTable& described();
};

// Leases up to `limit` queued runs to a worker: higher priority first, then earlier due, then
// older. Promotes what is due first, so that a late scheduler delays nothing. Errors: not_found
// (worker).
struct ClaimRuns {
  base::WorkerId worker_id;
  std::int64_t limit = 1;
  base::Duration lease{10'000};
  base::Instant now;

  static const json::StructTable& described();
};
struct ClaimedRun {
  model::RunSummary run;
  std::int64_t epoch = 1;
  int attempt = 1;
  base::Instant lease_until;
  std::map<std::string, json::Value> params;
  model::JobSpec spec;  // of the run's job version

  static const json::StructTable& described();
};
struct RunsClaimed {
  std::vector<ClaimedRun> runs;
  std::optional<base::Instant> next_due;

  static const json::StructTable& described();
};

struct LeaseRef {
  base::RunId run_id;
  std::int64_t epoch = 1;

  static const json::StructTable& described();
};
// The worker's heartbeat: extends its leases and carries cancels back. A worker that was `offline`
// is `online` again. Errors: not_found (worker).
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

  static const json::StructTable& described();
};
struct LeasesRenewed {
  std::vector<RenewedLease> leases;

  static const json::StructTable& described();
};

// Errors: lease_lost. Chunks already stored (same attempt and seq) are ignored, so a repeat is
// safe.
struct AppendLog {
  LeaseRef lease;
  std::vector<model::LogChunk> chunks;

  static const json::StructTable& described();
};
// Errors: lease_lost.
struct ReportProgress {
  LeaseRef lease;
  model::Progress progress;

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

  static const json::StructTable& described();
};
struct RunCancelled {
  model::RunState state = model::RunState::cancelled;  // running: the cancel is on its way

  static const json::StructTable& described();
};

// ---- workers, credentials ------------------------------------------------------------------

// A worker (re)joins. Leases that an earlier life of the same id still holds end as `lost`: its
// caller guarantees that the earlier life is dead (a file lock). Reply: Done.
struct RegisterWorker {
  model::Worker worker;
  std::uint64_t entropy = 0;
  base::Instant now;

  static const json::StructTable& described();
};
struct SetWorkerState {
  base::WorkerId worker_id;
  model::WorkerState state = model::WorkerState::offline;
  base::Instant now;

  static const json::StructTable& described();
};

// Stores the hash of a token; the token itself is never stored. Replaces one of the same name.
struct PutToken {
  base::TokenId id;
  std::string tenant;
  std::string name;
  base::Blob sha256;
  std::vector<std::string> permissions;  // "admin"
  base::Instant now;

  static const json::StructTable& described();
};

struct Done {
  static const json::StructTable& described();
};

// ---- the whole -----------------------------------------------------------------------------

using Command = std::variant<ApplyJobs, PauseJob, DeleteJob, SubmitRuns, Materialise, PromoteDue,
                             ClaimRuns, RenewLeases, AppendLog, ReportProgress, FinishAttempt,
                             ExpireLeases, CancelRun, RegisterWorker, SetWorkerState, PutToken>;

using Reply = std::variant<Done, JobsApplied, RunsSubmitted, Materialised, DueState, RunsClaimed,
                           LeasesRenewed, AttemptFinished, RunCancelled>;

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
inline constexpr std::int64_t kLiveRunsPerTenant = 1'000'000;  // memory of the live index

}  // namespace mainspring::store
