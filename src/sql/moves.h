// What happens to a run, written once: its row, its place in the live index, its occurrence and its
// events change together here and nowhere else. Internal to this module; the writer's thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/occurrence.h"
#include "model/run.h"
#include "model/transition.h"
#include "sql/core.h"

namespace mainspring::sql {

// A run as it is accepted: `live` decides its state, `scheduled` or `queued`.
struct RunDraft {
  LiveRun live;
  model::Trigger trigger = model::Trigger::api;
  std::string requested_by;
  base::Instant created_at;
  std::optional<base::RunId> parent_run;
  std::optional<base::RunId> rerun_of;
  std::optional<base::OperationId> operation_id;
  std::optional<base::Instant> debounce_until;
};
void insert_run(Core& core, const RunDraft& draft);

// What memory knows of a run; only its row knows the trigger, who asked and when, the reason, and
// what attempts have left behind.
model::RunSummary summary_of(const LiveRun& run, const JobRow& job);

using Params = std::map<std::string, json::Value>;
struct Payload {
  Params params;
  std::optional<model::TraceContext> trace = {};
};
// Costs no row when it is empty.
void write_payload(Core& core, base::RunId run, const Payload& payload);
Payload load_payload(Core& core, base::RunId run);
Payload payload_of(const std::string& params, const std::optional<std::string>& trace);

// What the version of its job says of a run that has not started, once more.
void rewrite_run(Core& core, const LiveRun& run);

// scheduled -> queued; `hold` is none or overlap, with the reason.
struct Queueing {
  base::Instant now;
  Hold hold = Hold::none;
  std::string reason = {};
};
void queue_run(Core& core, LiveRun run, const Queueing& queueing);
// What held the run back does so no more, or holds it from now on. The state stays.
void set_hold(Core& core, LiveRun run, const Queueing& queueing);

// A running run is told to stop, once per mode; any other ends at once, its occurrence too if it
// never started.
void cancel_run(Core& core, const LiveRun& run, const model::CancelRequest& request);

// How a run leaves the live table.
struct RunEnd {
  model::Move move = model::Move::succeed;
  std::string reason;
  base::Instant now;
  std::optional<int> exit_code = {};       // of the attempt that ended it
  std::optional<std::string> cancel = {};  // the request that ends it, as its column, if it is new
};
void end_run(Core& core, const LiveRun& run, const RunEnd& end);

// Writes the one ending of the occurrence that the run came from; nothing for other runs.
struct OccurrenceEnd {
  model::Ending ending = model::Ending::ran;
  std::string detail;
  base::Instant now;
  std::optional<base::RunId> run = {};  // the one that stands for it, when it is another
};
void end_occurrence(Core& core, const LiveRun& run, const OccurrenceEnd& end);

// An unstarted run of time whose schedule is gone: `superseded`, and the run ends `skipped`.
void supersede(Core& core, const LiveRun& run, const RunEnd& end);

// Takes back what is planned of the schedule after `now`: occurrences that nobody decided, with
// their runs, so that the planner decides them anew. What is due already stays, jittered fires
// included.
void retract_ahead(Core& core, ScheduleKey schedule, base::Instant now);
// What was written ahead and came due while nobody was there to start it: the planner decides it
// anew, by its schedule's misfire policy. Looks at up to `limit` runs.
void retract_missed(Core& core, base::Instant now, std::int64_t limit);

// Ends the attempt of a running run, and moves the run by judge().
struct AttemptEnd {
  model::Outcome outcome;
  std::uint64_t entropy = 0;
  base::Instant now;
};
store::AttemptFinished end_attempt(Core& core, const LiveRun& run, const AttemptEnd& end);

// The same, for an attempt whose worker has vanished. Jitter differs from run to run.
void lose_attempt(Core& core, const LiveRun& run, const AttemptEnd& end);

}  // namespace mainspring::sql
