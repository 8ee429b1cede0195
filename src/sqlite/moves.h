// What happens to a run, written once: its row, its place in the live index, its occurrence and its
// events change together here and nowhere else. Internal to this module; the writer's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/occurrence.h"
#include "model/run.h"
#include "model/transition.h"
#include "sqlite/core.h"

namespace mainspring::sqlite {

// A run as it is accepted: `live` decides its state, `scheduled` or `queued`.
struct RunDraft {
  LiveRun live;
  model::Trigger trigger = model::Trigger::api;
  std::string requested_by;
  std::string queue;
  base::Instant created_at;
  std::optional<base::RunId> parent_run;
  std::optional<base::RunId> rerun_of = {};
  std::optional<base::OperationId> operation = {};
};
void insert_run(Core& core, const RunDraft& draft);

// The summary of a run just accepted, as its row now reads.
model::RunSummary summary_of(const RunDraft& draft, const JobRow& job);

// scheduled -> queued.
void queue_run(Core& core, LiveRun run, base::Instant now);

// How a run leaves the live table.
struct RunEnd {
  model::Move move = model::Move::succeed;
  std::string reason;
  base::Instant now;
  std::optional<int> exit_code = {};  // of the attempt that ended it
};
void end_run(Core& core, const LiveRun& run, const RunEnd& end);

// Writes the one ending of the occurrence that the run came from; nothing for other runs.
struct OccurrenceEnd {
  model::Ending ending = model::Ending::ran;
  std::string detail;
  base::Instant now;
};
void end_occurrence(Core& core, const LiveRun& run, const OccurrenceEnd& end);

// An unstarted run of time whose schedule is gone: `superseded`, and the run ends `skipped`.
void supersede(Core& core, const LiveRun& run, const RunEnd& end);

// Ends the attempt of a running run, and moves the run by judge().
struct AttemptEnd {
  model::Outcome outcome;
  std::uint64_t entropy = 0;
  base::Instant now;
};
store::AttemptFinished end_attempt(Core& core, const LiveRun& run, const AttemptEnd& end);

// The same, for an attempt whose worker has vanished. Jitter differs from run to run.
void lose_attempt(Core& core, const LiveRun& run, const AttemptEnd& end);

}  // namespace mainspring::sqlite
