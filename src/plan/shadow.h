// What a job that shadows another scheduler would have done, beside what was really done there.
//
// Pure. A real start belongs to the predicted instant next to it, if that lies within the
// tolerance; each start and each instant is used once. A start that finds its instant taken by a
// nearer one gets the nearest instant that is still free. What is newer than the tolerance is left
// out unless it has met already: its other half may still come.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

namespace mainspring::plan {

// A fire in the ledger, or a row that stands for `count` of them from `at` to `through`.
struct PredictedFire {
  base::Instant at;
  std::optional<base::Instant> through = {};
  std::int64_t count = 1;
};

struct RealStart {
  base::Instant at;
  std::optional<int> exit_code = {};  // absent: it has not been said yet
};

struct ShadowQuestion {
  base::Instant from;   // counted are the fires and starts at or after this
  base::Instant until;  // and before this; those around it are needed for the matching alone
  base::Duration tolerance{60'000};
  base::Instant now;
};

struct ShadowTally {
  std::int64_t predicted = 0;              // matched + missing
  std::int64_t real = 0;                   // starts, whether they match or not
  std::int64_t matched = 0;                // predicted, and done
  std::int64_t missing = 0;                // predicted, and not done
  std::int64_t extra = 0;                  // done, and not predicted
  std::int64_t failed = 0;                 // starts that ended with an exit code other than 0
  std::vector<std::size_t> missing_fires;  // their places in `fires`, one for each row
  std::vector<std::size_t> extra_starts;   // their places in `starts`
  // How far start and instant lie apart, either way, of the pairs that stand for one fire each.
  std::optional<base::Duration> median_offset;
  std::optional<base::Duration> largest_offset;

  bool agrees() const { return missing == 0 && extra == 0; }
};

// `fires` and `starts` are in the order of time and reach one tolerance beyond the period on both
// sides.
ShadowTally compare_shadow(std::span<const PredictedFire> fires, std::span<const RealStart> starts,
                           const ShadowQuestion& question);

// "agrees: 48 of 48", "3 of 48 predicted fires did not really run; 2 real runs were not predicted".
std::string shadow_verdict(const ShadowTally& tally);

}  // namespace mainspring::plan
