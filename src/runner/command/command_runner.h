// CommandRunner: jobs of type `command`. A list is exec'd, a string goes to /bin/sh -c; the program
// gets the job's environment on top of a few defaults, and the variables of the result protocol:
//
//   MAINSPRING_RUN_ID _JOB _TENANT _ATTEMPT _EPOCH _SCHEDULED_AT, TRACEPARENT
//   MAINSPRING_PARAM_<NAME>   each parameter: a text as it is, anything else as JSON
//   MAINSPRING_INPUT_FILE     the run's parameters, a JSON object
//   MAINSPRING_RESULT_FILE    may be written: result_protocol.h, ResultDocument
//   MAINSPRING_OUTPUT         may be written: key=value lines
//   MAINSPRING_PROGRESS_FILE  may be appended to: lines "0..1 message"
//   MAINSPRING_EXTEND_FILE    may be appended to: lines "30m", more time before timeout.run
//
// Every process of an attempt is in a control group of its own where the machine has them; limits
// of `resources` are refused where they would not hold. Values that came from a file are masked.
//
// Threads: run() from many slots at once; it blocks its slot until nothing of the attempt is left.
// Errors: all in the Outcome. Throws only when the node is out of descriptors.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "execution/runner.h"
#include "runner/command/account.h"
#include "runner/process/cgroup_root.h"
#include "runner/process/ledger.h"

namespace mainspring::runner {

struct CommandSettings {
  // Exists, is this node's own, and outlives the runner. Best in memory (/run, /dev/shm). Users
  // that jobs run as must be able to pass through it (0711).
  std::string scratch_root;
  ProcessLedger* ledger = nullptr;     // null: a kill -9 of the node may leave programs running
  const CgroupRoot* groups = nullptr;  // null: no limit holds, and sessions of their own escape
  // Descriptors that a program may have open, unless it raises that; absent: as many as the node.
  std::optional<std::uint64_t> open_files = {};
};

class CommandRunner final : public execution::Runner {
 public:
  explicit CommandRunner(CommandSettings settings);

  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override;

 private:
  CommandSettings settings_;
  base::Result<Account> own_account_;
};

}  // namespace mainspring::runner
