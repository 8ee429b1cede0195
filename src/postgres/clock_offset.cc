#include "postgres/clock_offset.h"

#include <algorithm>

namespace mainspring::postgres {
namespace {

using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::steady_clock;

}  // namespace

microseconds ClockOffset::now() const {
  return duration_cast<microseconds>(wall_().time_since_epoch());
}

microseconds ClockOffset::look(std::int64_t theirs) const { return microseconds{theirs} - now(); }

ClockOffset::Sample ClockOffset::measure(const std::function<std::int64_t()>& ask) {
  const auto begun = steady_clock::now();
  const auto ours = now();
  const microseconds theirs{ask()};
  const auto took = duration_cast<microseconds>(steady_clock::now() - begun);
  const auto drift = ours - duration_cast<microseconds>(begun.time_since_epoch());
  const Sample sample{theirs - (ours + took / 2), took};
  const std::lock_guard lock(mutex_);
  if (std::chrono::abs(drift - drift_) > kWasSet) count_ = 0;
  drift_ = drift;
  samples_[count_++ % kKept] = sample;
  return sample;
}

std::optional<ClockOffset::Sample> ClockOffset::best() const {
  const std::lock_guard lock(mutex_);
  if (count_ == 0) return std::nullopt;
  const auto end = samples_.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kKept));
  return *std::min_element(samples_.begin(), end, [](const Sample& a, const Sample& b) {
    return a.round_trip < b.round_trip;
  });
}

}  // namespace mainspring::postgres
