// The fires that come next, of all schedules of a store: two stores that have the same are ready to
// take each other's place.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "json/describe.h"
#include "store/reads.h"

namespace mainspring::backup {

inline constexpr std::size_t kNextFires = 10;

struct NextFire {
  base::Instant at;
  std::string job;
  std::string schedule;  // in words

  static const json::StructTable& described();
  friend bool operator==(const NextFire&, const NextFire&) = default;
};

// The soonest after `now`, at most kNextFires; those of paused schedules and of shadows left out.
// Reads every active schedule.
std::vector<NextFire> find_next(store::Reads& reads, base::Instant now);

}  // namespace mainspring::backup
