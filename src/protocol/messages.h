// The messages of the worker protocol, by path. Each is the JSON body of a POST; errors are problem
// details (RFC 9457) with the codes of base/error.h. Times on the way are spans from now: the two
// clocks need not agree.
//
// Values; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/blob.h"
#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/run.h"
#include "model/worker.h"
#include "store/commands.h"

namespace mainspring::protocol {

inline constexpr std::string_view kJoinPath = "/api/v1/worker/join";
inline constexpr std::string_view kHelloPath = "/api/v1/worker/hello";
inline constexpr std::string_view kStartPath = "/api/v1/worker/start";
inline constexpr std::string_view kClaimPath = "/api/v1/worker/claims";
inline constexpr std::string_view kHeartbeatPath = "/api/v1/worker/heartbeats";
inline constexpr std::string_view kNoticePath = "/api/v1/worker/notices";
inline constexpr std::string_view kReportPath = "/api/v1/worker/reports";
inline constexpr std::string_view kLeavePath = "/api/v1/worker/leave";

// A worker's credential begins with this, a join token with that.
inline constexpr std::string_view kCredentialPrefix = "msw";
inline constexpr std::string_view kJoinTokenPrefix = "msj";

// The longest that a request for notices waits: proxies cut idle answers at 60 s, some at 30.
inline constexpr base::Duration kLongestNoticeWait{25'000};
// Of one request. A report holds at most one command's output (256 KiB) or one result (1 MiB).
inline constexpr std::size_t kReportsPerRequest = 256;
// Of one claim: definitions and values of a run may be large.
inline constexpr std::int64_t kRunsPerClaim = 64;

// Before it joins, a worker makes its id and its credential, so that a repeat after a lost answer
// is known to be one. The credential itself never travels but as `Authorization: Bearer`.
struct JoinBody {
  base::WorkerId worker_id;
  base::Blob credential_sha256;
  std::string name;

  static const json::StructTable& described();
};
struct JoinReply {
  std::string name;
  std::map<std::string, std::string> labels;
  std::optional<int> slots_limit;

  static const json::StructTable& described();
};

// A life of the worker's process begins: what an earlier one held is lost.
struct StartBody {
  std::string name;
  int slots = 1;
  std::map<std::string, std::string> labels;
  std::string version;                              // of the program
  std::optional<model::WorkerResources> resources;  // from version 2 on

  static const json::StructTable& described();
};
struct StartReply {
  int slots = 1;                              // no more than the join token allowed
  std::map<std::string, std::string> labels;  // with those of the join token

  static const json::StructTable& described();
};

// How the worker's programs take part in traces.
struct TracePolicy {
  bool is_on = false;
  double ratio = 1;

  static const json::StructTable& described();
};
// What a node tells a worker before it starts.
struct HelloReply {
  std::string version;  // of the node's program
  base::Duration lease{10'000};
  base::Duration heartbeat{2'000};
  base::Instant now;  // the node's clock
  TracePolicy traces;

  static const json::StructTable& described();
};

// Answered at once, with what is ready; how a worker learns that it is: NoticeBody.
struct ClaimBody {
  std::int64_t limit = 1;  // slots
  base::Duration lease{10'000};
  std::vector<store::LeaseRef> known;  // the leases of this life that have not ended

  static const json::StructTable& described();
};
// Runs that this worker cannot read are of a newer version: it says so in their outcome.
struct ClaimReply {
  std::vector<json::Value> runs;  // store::ClaimedRun
  std::optional<base::Duration> next_due_in;

  static const json::StructTable& described();
};

struct HeartbeatBody {
  std::vector<store::LeaseRef> leases;
  base::Duration lease{10'000};

  static const json::StructTable& described();
};
// Of a run that the worker works on.
struct KeptLease {
  base::RunId run_id;
  bool is_held = false;                        // else: lost, stop the work at once
  std::optional<model::CancelMode> cancel;     // somebody asked the run to stop
  std::optional<base::Duration> extended_for;  // the run timeout does not end it before

  static const json::StructTable& described();
};
struct HeartbeatReply {
  std::vector<KeptLease> leases;           // one for each that was asked for
  std::optional<base::Duration> drain_in;  // what still runs then, the worker ends

  static const json::StructTable& described();
};

// Waits until there is something to tell, at most so long.
struct NoticeBody {
  base::Duration wait{kLongestNoticeWait};

  static const json::StructTable& described();
};
struct CancelNotice {
  base::RunId run_id;
  model::CancelMode mode = model::CancelMode::ask;

  static const json::StructTable& described();
};
struct ExtensionNotice {
  base::RunId run_id;
  base::Duration extended_for{0};

  static const json::StructTable& described();
};
// Notices may be lost with their answer: claims and heartbeats find the same facts later.
struct NoticeReply {
  bool are_runs_ready = false;  // a claim may find some
  std::optional<base::Duration> next_due_in;
  std::vector<CancelNotice> cancels;
  std::vector<ExtensionNotice> extensions;
  bool is_ordered = false;  // people told the worker something: the next heartbeat says what

  static const json::StructTable& described();
};

// Output, progress or an outcome, or the last output with the outcome (from version 2 on).
struct Report {
  store::LeaseRef lease;
  std::vector<model::LogChunk> output;
  std::optional<model::Progress> progress;
  std::optional<model::Outcome> outcome;

  static const json::StructTable& described();
};
struct ReportBody {
  std::vector<Report> reports;
  base::Instant sent_at;  // by the worker's clock, by which the instants above are made

  static const json::StructTable& described();
};
// What became of one report. Output of a lease that has moved on is kept in the log of its attempt,
// and is no error; an outcome of such a lease is `lease_lost`.
struct ReportAnswer {
  std::string code;                      // "" when it was taken; else one of the error codes
  std::string message;                   // of an error
  std::optional<model::RunState> state;  // of the run, after an outcome
  std::optional<base::Instant> retry_at;

  static const json::StructTable& described();
};
struct ReportReply {
  std::vector<ReportAnswer> answers;  // one for each report, in order

  static const json::StructTable& described();
};

struct LeaveBody {
  model::WorkerState state = model::WorkerState::offline;

  static const json::StructTable& described();
};

// Errors: invalid_argument: a report with nothing or too much in it for this version.
base::Result<void> check_report(const Report& report, int version);

}  // namespace mainspring::protocol
