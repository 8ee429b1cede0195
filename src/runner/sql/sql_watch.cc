#include "runner/sql/sql_watch.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "runner/attempt/given_time.h"
#include "runner/attempt/outcomes.h"

namespace mainspring::runner {
namespace {

using std::chrono::steady_clock;

// A stop that comes in time to be kept within an int, however long the wait.
int to_poll_timeout(SteadyTime until) {
  if (until == SteadyTime::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

SteadyTime add(SteadyTime from, const std::optional<base::Duration>& time) {
  return time ? from + *time : SteadyTime::max();
}

}  // namespace

SqlWatch::SqlWatch(const model::TimeoutSpec& timeout, const execution::StopSignal& stop)
    : timeout_(timeout),
      stop_(stop),
      on_stop_(stop.source.get_token(), [this] { line_.ask(); }),
      on_kill_(stop.kill.get_token(), [this] { line_.kill(); }) {}

SteadyTime SqlWatch::run_end() const {
  const SteadyTime end = add(started_at_, timeout_.run);
  return end == SteadyTime::max() ? end : std::max(end, given_until(stop_));
}

SteadyTime SqlWatch::idle_end() const { return add(active_at_, timeout_.idle); }

SteadyTime SqlWatch::next_event() const {
  return is_stopping() ? grace_end_ : std::min(run_end(), idle_end());
}

void SqlWatch::begin_stop(EndCause cause) {
  if (is_stopping()) return;
  cause_ = cause;
  grace_end_ = steady_clock::now() + timeout_.grace;
}

bool SqlWatch::look() {
  const StopLevel level = line_.level();
  if (level == StopLevel::kill) {
    line_.clear();
    begin_stop(EndCause::killed);
    grace_end_ = std::min<SteadyTime>(grace_end_, steady_clock::now() + kKillPatience);
  } else if (level == StopLevel::ask) {
    line_.clear();
    begin_stop(EndCause::asked);
  }
  if (is_stopping()) return true;
  const SteadyTime now = steady_clock::now();
  if (now >= run_end()) begin_stop(EndCause::run_timeout);
  if (now >= idle_end()) begin_stop(EndCause::idle_timeout);
  return is_stopping();
}

bool SqlWatch::is_overdue() const { return is_stopping() && steady_clock::now() >= grace_end_; }

std::chrono::milliseconds SqlWatch::patience(std::chrono::milliseconds most) const {
  if (!is_stopping()) return most;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(grace_end_ - steady_clock::now());
  return std::clamp(left, std::chrono::milliseconds{0}, most);
}

Wake SqlWatch::wait(Awaited& awaited) {
  while (true) {
    if (look()) {
      if (!was_told_) {
        was_told_ = true;
        return Wake::stop;
      }
      if (is_overdue()) return Wake::overdue;
    }
    std::array<pollfd, 2> sources{{{line_.fd(), POLLIN, 0}, {awaited.fd, awaited.events, 0}}};
    const int found = ::poll(sources.data(), sources.size(),
                             to_poll_timeout(std::min(awaited.until, next_event())));
    if (found < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
    if (found > 0 && sources[1].revents != 0) {
      awaited.happened = sources[1].revents;
      return Wake::ready;
    }
    if (steady_clock::now() >= awaited.until) return Wake::late;
  }
}

base::Duration SqlWatch::elapsed() const {
  return std::chrono::duration_cast<base::Duration>(steady_clock::now() - started_at_);
}

model::Outcome SqlWatch::make_outcome(std::string_view rest) const {
  return make_stopped({cause_, stop_.cause.load(), timeout_}, rest);
}

}  // namespace mainspring::runner
