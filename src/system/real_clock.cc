#include "system/real_clock.h"

#include <chrono>

namespace mainspring::system {

base::Instant SystemClock::now() const {
  return std::chrono::floor<base::Duration>(std::chrono::system_clock::now());
}

base::Duration SystemClock::monotonic() const {
  return std::chrono::floor<base::Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace mainspring::system
