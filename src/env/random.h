// Random bytes, and the two things mostly made of them: ids and numbers below a bound.
//
// Threads: an implementation says; `system::SystemRandom` may be used from any thread.
#pragma once

#include <cstdint>
#include <span>

#include "base/id.h"
#include "env/clock.h"

namespace mainspring::env {

class Random {
 public:
  virtual ~Random() = default;

  virtual void fill(std::span<std::uint8_t> bytes) = 0;

 protected:
  Random() = default;
  Random(const Random&) = default;
  Random& operator=(const Random&) = default;
};

// Every value of 0 to bound - 1 is equally likely. `bound` is at least 1.
std::uint64_t random_below(Random& random, std::uint64_t bound);

template <class Id>
Id make_id(const Clock& clock, Random& random) {
  base::IdEntropy entropy;
  random.fill(entropy);
  return Id::make(clock.now(), entropy);
}

}  // namespace mainspring::env
