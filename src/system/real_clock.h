// The machine's clocks. Threads: any.
#pragma once

#include "env/clock.h"

namespace mainspring::system {

class SystemClock final : public env::Clock {
 public:
  base::Instant now() const override;
  base::Duration monotonic() const override;  // CLOCK_MONOTONIC: stands still in suspend
};

}  // namespace mainspring::system
