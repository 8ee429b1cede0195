// How an attempt's ending and what its program said about it become one Outcome.
//
// In this order: what we did to it (cancelled, lost, timed out), a signal, a broken result
// protocol, the status it gave, its exit code. A program that says `success` and yet exits with
// another code than 0 has failed: it may have died after it wrote.
//
// Pure functions.
#pragma once

#include <string>

#include "base/error.h"
#include "model/run.h"
#include "runner/command/result_protocol.h"
#include "runner/process/process.h"

namespace mainspring::runner {

inline constexpr int kRetryableExitCode = 75;  // EX_TEMPFAIL of sysexits.h

// What the program left in its scratch directory.
struct Statement {
  base::Result<ResultDocument> document = ResultDocument{};
  base::Result<json::Object> output_lines = json::Object{};
};

model::Outcome make_outcome(const Ending& ending, const Statement& statement,
                            const model::TimeoutSpec& timeout);

// The attempt that could not be started: retryable when the machine lacked something.
model::Outcome make_start_failure(const base::Error& error);

// The attempt that was to stop before it had started.
model::Outcome make_unstarted(StopLevel level);

std::string signal_name(int number);  // "SIGKILL"; "SIGRTMIN+2"

}  // namespace mainspring::runner
