// Ladder: when an attempt that is no process of ours is to be asked to end, and when killed: by a
// stop, by timeout.run or timeout.idle, or after the grace. Whoever owns it carries the steps out.
//
// Pure: instants come in. Threads: one owner.
#pragma once

#include <functional>
#include <optional>

#include "base/time.h"
#include "model/job.h"
#include "runner/process/process.h"
#include "runner/process/stop_line.h"

namespace mainspring::runner {

enum class LadderStep { none, ask, kill };

class Ladder {
 public:
  Ladder(const model::TimeoutSpec& timeout, SteadyTime now)
      : timeout_(timeout), active_at_(now), run_until_(run_end(now)) {}

  // What is due. Each of ask and kill comes once; after kill nothing does. `extended_until` is
  // asked when the run timeout is over: until when there is more time.
  LadderStep step(SteadyTime now, StopLevel level,
                  const std::function<SteadyTime()>& extended_until);
  void note_activity(SteadyTime now) { active_at_ = now; }

  // When step() is next worth calling, if no stop comes.
  SteadyTime next() const;

  EndCause cause() const { return cause_; }  // exited: nothing was asked of it
  bool is_stopping() const { return cause_ != EndCause::exited; }
  bool was_killed() const { return was_killed_; }

 private:
  std::optional<SteadyTime> run_end(SteadyTime now) const;
  EndCause find_cause(SteadyTime now, StopLevel level,
                      const std::function<SteadyTime()>& extended_until);

  model::TimeoutSpec timeout_;
  SteadyTime active_at_;
  std::optional<SteadyTime> run_until_;
  SteadyTime grace_until_ = SteadyTime::max();
  EndCause cause_ = EndCause::exited;
  bool was_killed_ = false;
};

}  // namespace mainspring::runner
