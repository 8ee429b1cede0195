// Outcomes of attempts that did not end by themselves, in the same words whatever the type of the
// job.
//
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "execution/runner.h"
#include "model/run.h"
#include "runner/process/process.h"

namespace mainspring::runner {

model::Outcome make_failure(model::OutcomeStatus status, std::string_view type,
                            std::string message);

// The attempt that could not be started: retryable when the machine lacked something.
model::Outcome make_start_failure(const base::Error& error);

// The attempt that was not started, because a limit of it would not have held.
model::Outcome make_limit_failure(const base::Error& error);

// The end that we made.
struct Stop {
  EndCause by;                        // not exited
  execution::StopCause why;           // where somebody asked for it
  const model::TimeoutSpec& timeout;  // borrowed for the call
};

// `rest` ends the sentence with what became of the work: "the transaction was rolled back".
model::Outcome make_stopped(const Stop& stop, std::string_view rest);

// The attempt that was to stop before it had started.
model::Outcome make_unstarted(execution::StopCause cause);

}  // namespace mainspring::runner
