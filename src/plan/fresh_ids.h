// FreshIds: run ids as nodes make them: of the fire's instant, or of now for one that is late.
//
// Threads: as its clock and its randomness.
#pragma once

#include <algorithm>

#include "env/clock.h"
#include "env/random.h"
#include "plan/occurrences.h"

namespace mainspring::plan {

class FreshIds final : public RunIds {
 public:
  FreshIds(const env::Clock& clock, env::Random& random) : clock_(clock), random_(random) {}

  base::RunId next_run_id(base::Instant at) override {
    base::IdEntropy entropy;
    random_.fill(entropy);
    return base::RunId::make(std::max(at, clock_.now()), entropy);
  }

 private:
  const env::Clock& clock_;
  env::Random& random_;
};

}  // namespace mainspring::plan
