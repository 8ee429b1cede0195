#include "runner/command/command_runner.h"

namespace mainspring::runner {

model::Outcome CommandRunner::run(const execution::Order& order, const execution::StopSignal& stop,
                                  execution::Report& report) {
  const model::JobSpec& job = *order.spec;
  return programs_.run({order, stop, report}, [&](const Scratch&) -> base::Result<Program> {
    Program program{.argv = job.command.argv, .shell = job.command.shell};
    if (!job.stdin_text.empty()) program.input = job.stdin_text;
    return program;
  });
}

}  // namespace mainspring::runner
