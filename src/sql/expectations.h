// What is expected of runs and jobs, as rows that come due: see model::ExpectSpec.
// CheckExpectations tells what has come due; the functions here keep the rows as the runs and jobs
// go. Runs and jobs without an expectation have no rows, and cost no statement while they run.
// Internal to this module; the writer's thread.
#pragma once

#include <string>

#include "sql/core.h"

namespace mainspring::sql {

// Of a run. A column, so the numbers stay.
enum class Expectation { start, finish, predicted };

// ---- of a run

// Writes the deadlines of a run that is accepted; they count from its first due time. Not for a run
// of an operation: nobody waits for one of many.
void expect_run(Core& core, const LiveRun& run);
// The same when the due time or the version of a run has changed before its start. What was told is
// not told again.
void expect_run_anew(Core& core, const LiveRun& run);
// Its first attempt starts; a start that is late and was not told yet is told.
void note_start(Core& core, const LiveRun& run, base::Instant now);
// It goes to a retry, which may now be too late.
void note_retry(Core& core, const LiveRun& run, base::Instant now);

// It ends as it stands; what is late and was not told yet is told, unless it never was to start.
struct Finish {
  model::RunState state = model::RunState::succeeded;
  base::Instant now;
};
void note_finish(Core& core, const LiveRun& run, const Finish& finish);
// It goes without a trace.
void forget_expectations(Core& core, base::RunId run);

struct Lateness {
  Expectation kind = Expectation::start;  // start or finish
  base::Instant due_at;
  base::Instant deadline;
  base::Instant now;
  std::string reason;
};
void tell_late(Core& core, const LiveRun& run, const Lateness& lateness);

// ---- of a job

// A version with expect.every is stored: a new or changed one counts from now.
void watch_job(Core& core, JobKey job, base::Duration every, base::Instant now);
// It has none any more, or the job is gone.
void unwatch_job(Core& core, JobKey job);
// Silence does not count during a pause, and counts anew after it.
void pause_watch(Core& core, JobKey job);
void resume_watch(Core& core, JobKey job, base::Instant at);
// A run of the job, or an execution that it shadows, has succeeded. One that ended before the last
// success counts for nothing.
void note_success(Core& core, JobKey job, base::Instant ended_at);

}  // namespace mainspring::sql
