// Time as the program sees it. `system` has the real one, testing.h one that a test moves by hand.
//
// Threads: both readings may be taken from any thread.
#pragma once

#include "base/time.h"

namespace mainspring::env {

class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time: what people and schedules mean. May jump either way when an operator sets it.
  virtual base::Instant now() const = 0;

  // Time since an arbitrary start. Never jumps and never goes back: for leases, timeouts and spans.
  virtual base::Duration monotonic() const = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

}  // namespace mainspring::env
