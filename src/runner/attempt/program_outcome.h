// How an attempt's ending and what its program said about it become one Outcome.
//
// In this order: what we did to it (cancelled, lost, timed out), a signal, a broken result
// protocol, the status it gave, its exit code. A program that says `success` and yet exits with
// another code than 0 has failed: it may have died after it wrote. A failure after the kernel had
// killed for want of memory is `out_of_memory`, whichever process it chose.
//
// Pure functions.
#pragma once

#include <string>

#include "base/error.h"
#include "execution/runner.h"
#include "model/run.h"
#include "runner/attempt/outcomes.h"
#include "runner/attempt/result_protocol.h"
#include "runner/process/cgroup.h"
#include "runner/process/process.h"

namespace mainspring::runner {

inline constexpr int kRetryableExitCode = 75;  // EX_TEMPFAIL of sysexits.h

// What the program left in its scratch directory.
struct Statement {
  base::Result<ResultDocument> document = ResultDocument{};
  base::Result<json::Object> output_lines = json::Object{};
  // A program that must say how it ended, and ended well without a word, has failed.
  bool is_required = false;
};

// How it went, seen from outside.
struct Course {
  Ending ending;
  CgroupUse use;  // of its control group, if it had one
  execution::StopCause stop_cause = execution::StopCause::cancelled;  // if it was stopped
};

model::Outcome make_outcome(const Course& course, const Statement& statement,
                            const model::JobSpec& spec);

std::string signal_name(int number);  // "SIGKILL"; "SIGRTMIN+2"

}  // namespace mainspring::runner
