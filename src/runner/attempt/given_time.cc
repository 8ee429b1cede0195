#include "runner/attempt/given_time.h"

namespace mainspring::runner {

using std::chrono::steady_clock;

steady_clock::time_point to_steady(base::Instant instant) {
  const auto left = instant - std::chrono::system_clock::now();
  return steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(left);
}

steady_clock::time_point given_until(const execution::StopSignal& stop) {
  return to_steady(stop.extended_until.load());
}

}  // namespace mainspring::runner
