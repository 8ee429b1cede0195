// RunClock: how long an attempt may still run when it was given more time than timeout.run: by
// itself, through the file that MAINSPRING_EXTEND_FILE names, or from outside.
//
// Each line of the file is a duration, such as 30m: the run timeout then ends the attempt no
// earlier than that long from when the line is read. Right or wrong, a line is told in the log.
//
// Threads: that of the attempt; the StopSignal is shared.
#pragma once

#include "execution/runner.h"
#include "runner/attempt/line_follower.h"
#include "runner/attempt/masked_report.h"
#include "runner/process/process_spec.h"

namespace mainspring::runner {

class RunClock {
 public:
  struct Parts {
    const execution::Order& order;
    const execution::StopSignal& stop;
    const Scratch& scratch;
    MaskedReport& report;
  };
  explicit RunClock(Parts parts);

  // Reads what the program has asked for.
  void look();
  // Whether the last look() found bytes: a sign of life.
  bool has_moved() const { return lines_.has_moved(); }

  // Looks, and says until when the attempt has time; a time that is past: no more than the timeout.
  SteadyTime extended_until();

 private:
  void read_line(std::string_view line);

  const Parts parts_;
  LineFollower lines_;
  SteadyTime until_{};    // as the program asked
  base::Instant told_{};  // what was given from outside and is told in the log
};

}  // namespace mainspring::runner
