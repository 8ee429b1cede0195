// Pauses of jobs: their beginning, their end, and the one that failures cause. Internal to this
// module; the writer's thread.
#pragma once

#include <string>

#include "model/run.h"
#include "sql/core.h"

namespace mainspring::sql {

// Who writes when nobody asked.
inline constexpr const char* kOurselves = "mainspring";

// Pausing a paused job replaces the pause; its beginning stays.
void pause_job(Core& core, const JobRow& job, const model::Pause& pause);

struct Resumption {
  std::string by;
  base::Instant at;   // when the pause ended
  base::Instant now;  // when that was noticed
};
void resume_job(Core& core, const JobRow& job, const Resumption& resumption);

// Runs that fail one after another pause their job, if it says so.
struct RunResult {
  model::RunState state = model::RunState::succeeded;
  base::Instant now;
};
void count_failures(Core& core, const LiveRun& run, const RunResult& result);
// Whether its job fails now, and since when.
void note_streak(Core& core, const LiveRun& run, const RunResult& result);
// Of a job that is gone.
void forget_streak(Core& core, JobKey job);

}  // namespace mainspring::sql
