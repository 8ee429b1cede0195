// Backfill: fires of the past, made up for, a slice at a time.
//
// The range counts, not when the schedule was made: a job of today can be backfilled for last
// month. Its time zone, clock-change policy, calendar, `start` and `end` hold as they do for the
// future; jitter does not, and `@reboot` has no past.
//
// Pure. Errors: invalid_argument where a schedule's expression or zone cannot be read by this
// build.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/occurrence.h"
#include "plan/occurrences.h"

namespace mainspring::plan {

struct BackfillRequest {
  std::span<const model::Schedule> schedules;
  base::Instant from;       // inclusive
  base::Instant until;      // exclusive
  std::size_t limit = 100;  // fires of the slice; a few more where several are at one instant
};

struct BackfillSlice {
  std::vector<model::PlannedFire> fires;  // by instant
  base::Instant planned_until;            // `from` of the next slice
  bool is_last = false;                   // nothing is left: planned_until is the range's end
};

base::Result<BackfillSlice> plan_backfill(const BackfillRequest& request, RunIds& ids);

}  // namespace mainspring::plan
