#include "runner/sql/sql_watch.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

using execution::StopCause;
using model::OutcomeStatus;
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

SqlWatch::SqlWatch(const execution::Order& order, const execution::StopSignal& stop)
    : order_(order),
      stop_(stop),
      on_stop_(stop.source.get_token(), [this] { line_.ask(); }),
      on_kill_(stop.kill.get_token(), [this] { line_.kill(); }) {}

SteadyTime SqlWatch::run_end() const {
  const SteadyTime end = add(started_at_, order_.spec->timeout.run);
  const base::Instant given = stop_.extended_until.load();
  if (end == SteadyTime::max() || given == base::Instant{}) return end;
  const auto wall = std::chrono::system_clock::now();
  return std::max(
      end, steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(given - wall));
}

SteadyTime SqlWatch::idle_end() const { return add(active_at_, order_.spec->timeout.idle); }

SteadyTime SqlWatch::next_event() const {
  return reason_ == StopReason::none ? std::min(run_end(), idle_end()) : grace_end_;
}

void SqlWatch::give_reason(StopReason reason) {
  if (reason_ != StopReason::none) return;
  reason_ = reason;
  grace_end_ = steady_clock::now() + order_.spec->timeout.grace;
}

StopReason SqlWatch::look() {
  const StopLevel level = line_.level();
  if (level == StopLevel::kill) {
    line_.clear();
    give_reason(StopReason::killed);
    grace_end_ = std::min<SteadyTime>(grace_end_, steady_clock::now() + kKillPatience);
  } else if (level == StopLevel::ask) {
    line_.clear();
    give_reason(StopReason::asked);
  }
  if (reason_ != StopReason::none) return reason_;
  const SteadyTime now = steady_clock::now();
  if (now >= run_end()) give_reason(StopReason::run_timeout);
  if (now >= idle_end()) give_reason(StopReason::idle_timeout);
  return reason_;
}

bool SqlWatch::is_overdue() const {
  return reason_ != StopReason::none && steady_clock::now() >= grace_end_;
}

std::chrono::milliseconds SqlWatch::patience(std::chrono::milliseconds most) const {
  if (reason_ == StopReason::none) return most;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(grace_end_ - steady_clock::now());
  return std::clamp(left, std::chrono::milliseconds{0}, most);
}

Wake SqlWatch::wait(Awaited& awaited) {
  while (true) {
    if (look() != StopReason::none) {
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
  const model::TimeoutSpec& timeout = order_.spec->timeout;
  const auto text = [](const std::optional<base::Duration>& limit) {
    return base::format_duration(limit.value_or(base::Duration{0}));
  };
  const bool is_lost = stop_.cause.load() == StopCause::lease_lost;
  model::Outcome outcome;
  switch (reason_) {
    case StopReason::run_timeout:
      outcome.status = OutcomeStatus::timed_out;
      outcome.error = {"timeout", fmt::format("ran longer than timeout.run, {}", text(timeout.run)),
                       ""};
      break;
    case StopReason::idle_timeout:
      outcome.status = OutcomeStatus::timed_out;
      outcome.error = {
          "timeout",
          fmt::format("heard nothing of the database for timeout.idle, {}", text(timeout.idle)),
          ""};
      break;
    default:
      outcome.status = is_lost ? OutcomeStatus::lost : OutcomeStatus::cancelled;
      outcome.error = is_lost ? model::Failure{"lost", "the worker lost its lease", ""}
                              : model::Failure{"cancelled", "cancelled while it ran", ""};
  }
  if (!rest.empty()) outcome.error->message += fmt::format("; {}", rest);
  return outcome;
}

}  // namespace mainspring::runner
