#include "runner/container/ladder.h"

#include <algorithm>

namespace mainspring::runner {

std::optional<SteadyTime> Ladder::run_end(SteadyTime now) const {
  if (!timeout_.run) return std::nullopt;
  return now + *timeout_.run;
}

LadderStep Ladder::step(SteadyTime now, StopLevel level,
                        const std::function<SteadyTime()>& extended_until) {
  if (was_killed_) return LadderStep::none;
  LadderStep step = LadderStep::none;
  if (!is_stopping()) {
    cause_ = find_cause(now, level, extended_until);
    if (!is_stopping()) return step;
    grace_until_ = now + timeout_.grace;
    step = LadderStep::ask;
  }
  if (level != StopLevel::kill && now < grace_until_) return step;
  was_killed_ = true;
  return LadderStep::kill;
}

EndCause Ladder::find_cause(SteadyTime now, StopLevel level,
                            const std::function<SteadyTime()>& extended_until) {
  if (level == StopLevel::kill) return EndCause::killed;
  if (level == StopLevel::ask) return EndCause::asked;
  if (run_until_ && now >= *run_until_) {
    run_until_ = std::max(*run_until_, extended_until());
    if (now >= *run_until_) return EndCause::run_timeout;
  }
  if (timeout_.idle && now >= active_at_ + *timeout_.idle) return EndCause::idle_timeout;
  return EndCause::exited;
}

SteadyTime Ladder::next() const {
  if (was_killed_) return SteadyTime::max();
  if (is_stopping()) return grace_until_;
  SteadyTime next = run_until_.value_or(SteadyTime::max());
  if (timeout_.idle) next = std::min(next, active_at_ + *timeout_.idle);
  return next;
}

}  // namespace mainspring::runner
