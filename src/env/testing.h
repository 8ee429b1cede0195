// Deterministic doubles for tests and for the simulator: a clock moved by hand, and random bytes
// that a seed replays.
//
// Threads: each object belongs to one thread.
#pragma once

#include <cstdint>
#include <span>

#include "env/clock.h"
#include "env/random.h"

namespace mainspring::env {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(base::Instant start) : now_(start) {}

  base::Instant now() const override { return now_; }
  base::Duration monotonic() const override { return monotonic_; }

  // Time passes: both readings move. `by` is not negative.
  void advance(base::Duration by);

  // An operator sets the wall clock: only now() moves, either way.
  void set_wall(base::Instant now) { now_ = now; }

 private:
  base::Instant now_;
  base::Duration monotonic_{0};
};

// splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Not for
// keys or tokens.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint64_t next();

  std::uint64_t state_;
};

}  // namespace mainspring::env
