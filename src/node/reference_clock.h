// ReferenceClock: this machine's clock, set right where it is off: what a node writes, and when it
// thinks that something is due, goes by the clock of the store that it shares with others.
//
// Threads: any.
#pragma once

#include <atomic>
#include <cstdint>

#include "env/clock.h"
#include "store/store.h"
#include "system/real_clock.h"

namespace mainspring::node {

class ReferenceClock final : public env::Clock {
 public:
  base::Instant now() const override { return machine_.now() + base::Duration{correction_}; }
  base::Duration monotonic() const override { return machine_.monotonic(); }

  // By so much from now on; a small difference is left alone, as every correction is a jump.
  void correct(base::Duration by) { correction_ = by.count(); }
  base::Duration correction() const { return base::Duration{correction_}; }

 private:
  system::SystemClock machine_;
  std::atomic<std::int64_t> correction_ = 0;
};

// Where the clock is off by little, it is left alone, and its times are good enough.
base::Duration correction_for(const store::ClockDifference& measured);

}  // namespace mainspring::node
