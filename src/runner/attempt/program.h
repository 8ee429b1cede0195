// A program's attempt: the one way in which a program of this machine becomes an outcome, whatever
// type of job asks for it. The environment, the scratch directory with the result protocol, the
// control group, the ladder of a stop, masking and the outcome are the same for all.
//
// The program gets the job's environment on top of a few defaults, and these variables:
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
// of `resources` are refused where they would not hold. Values that came from a secret or a file
// are masked.
//
// Threads: run() from many slots at once; it blocks its slot until nothing of the attempt is left.
// Errors: all in the Outcome. Throws only when the node is out of descriptors.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "execution/runner.h"
#include "execution/secrets.h"
#include "runner/attempt/account.h"
#include "runner/attempt/scratch.h"
#include "runner/attempt/waiting_program.h"
#include "runner/process/cgroup_root.h"
#include "runner/process/ledger.h"

namespace mainspring::runner {

struct ProgramSettings {
  // Exists, is this node's own, and outlives the runner. Best in memory (/run, /dev/shm). Users
  // that jobs run as must be able to pass through it (0711).
  std::string scratch_root;
  ProcessLedger* ledger = nullptr;     // null: a kill -9 of the node may leave programs running
  const CgroupRoot* groups = nullptr;  // null: no limit holds, and sessions of their own escape
  // Descriptors that a program may have open, unless it raises that; absent: as many as the node.
  std::optional<std::uint64_t> open_files = {};
  execution::Secrets* secrets = nullptr;         // null: a job that names a secret fails
  std::vector<std::string> private_places = {};  // of the node: hidden by `filesystem: private`
};

// What to start: an argv, or a line for /bin/sh.
struct Program {
  std::vector<std::string> argv;
  std::string shell;
  std::optional<std::string> input;              // stdin; absent: /dev/null
  std::map<std::string, std::string> variables;  // besides those of the job; these win
  std::vector<std::string> shown;   // directories that it needs, whatever its sandbox hides
  bool has_param_variables = true;  // MAINSPRING_PARAM_<NAME>; not where `input` tells them
  bool must_state = false;          // its result document alone says that it has done its work
};

// One attempt, as execution::Runner::run() has it.
struct Attempted {
  const execution::Order& order;
  const execution::StopSignal& stop;
  execution::Report& report;
};

struct ProgramEnvelope;  // what a program needs around it; program.cc

class ProgramRunner {
 public:
  explicit ProgramRunner(ProgramSettings settings);

  // Asks `prepare` for the program when its scratch directory is there, into which it may write
  // files of its own. An error of it is that the attempt could not be started.
  using Prepare = std::function<base::Result<Program>(const Scratch&)>;
  model::Outcome run(const Attempted& attempted, const Prepare& prepare) const;

  using Variables = std::map<std::string, std::string>;

  // Starts the program for orders that are to come, such as `like`, whose run id is no run's: it
  // names the program. Its `input` is its setup. Of the environment it has what is of the job,
  // secrets included; what is of a run comes with its order.
  base::Result<WaitingProgram> start_waiting(const execution::Order& like,
                                             const Prepare& prepare) const;

  // Makes the text that is a program's order, with the variables of the run.
  using Tell = std::function<std::string(const Variables&)>;
  // Gives it the work, as run() does: timeouts count from here. Not run: nothing was done.
  std::expected<model::Outcome, NotRun> run_waiting(WaitingProgram waiting,
                                                    const Attempted& attempted,
                                                    const Tell& tell) const;

 private:
  base::Result<ProgramEnvelope> make_envelope(const execution::Order& order,
                                              const Prepare& prepare) const;

  ProgramSettings settings_;
  base::Result<Account> own_account_;
};

}  // namespace mainspring::runner
