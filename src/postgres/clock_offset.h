// How far this machine's clock is from the database's, which is the reference of all nodes.
// Internal to this module.
//
// Of several measurements that of the shortest round trip is the best: half of that is what it may
// be wrong by. A clock that was set meanwhile makes the older ones worthless; that is noticed by
// the monotonic clock beside it. Threads: any.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

namespace mainspring::postgres {

inline constexpr const char* kAskClock =
    "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";

class ClockOffset {
 public:
  using Wall = std::function<std::chrono::system_clock::time_point()>;
  // What whoever makes commands adds to that clock already.
  using Correction = std::function<std::chrono::milliseconds()>;
  struct Sample {
    std::chrono::microseconds offset{};  // theirs less ours: negative where ours is ahead
    std::chrono::microseconds round_trip{};
  };

  explicit ClockOffset(Wall wall, Correction correction = {})
      : wall_(std::move(wall)), correction_(std::move(correction)) {}

  // `ask` is one round trip that answers what the database's clock says, in microseconds since
  // 1970, such as kAskClock. Passes on what it throws.
  Sample measure(const std::function<std::int64_t()>& ask);
  // The offset by an answer that has just come, however long that took.
  std::chrono::microseconds look(std::int64_t theirs) const;
  // How far the times of commands are off where the clock is off by this.
  std::chrono::microseconds left_of(std::chrono::microseconds offset) const {
    return correction_ ? offset - correction_() : offset;
  }
  // Of the last kKept; nothing before the first.
  std::optional<Sample> best() const;

 private:
  static constexpr std::size_t kKept = 16;
  // What a clock is slewed by between two measurements is less.
  static constexpr std::chrono::milliseconds kWasSet{50};

  std::chrono::microseconds now() const;

  const Wall wall_;
  const Correction correction_;
  mutable std::mutex mutex_;
  std::array<Sample, kKept> samples_{};
  std::size_t count_ = 0;
  std::chrono::microseconds drift_{};  // of our clock from the monotonic one, at the last
};

}  // namespace mainspring::postgres
