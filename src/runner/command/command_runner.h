// CommandRunner: jobs of type `command`. A list is exec'd, a string goes to /bin/sh -c.
//
// Threads, errors and what the program gets: attempt/program.h.
#pragma once

#include "runner/attempt/program.h"

namespace mainspring::runner {

class CommandRunner final : public execution::Runner {
 public:
  // Borrowed.
  explicit CommandRunner(const ProgramRunner& programs) : programs_(programs) {}

  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override;

 private:
  const ProgramRunner& programs_;
};

}  // namespace mainspring::runner
