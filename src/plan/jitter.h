// Jitter: how long after its instant a fire of a schedule is due, so that a thousand jobs of the
// full hour do not start in one second.
//
// Pure: a fire planned twice, or by two nodes, is due at the same moment.
#pragma once

#include <optional>

#include "base/time.h"
#include "model/occurrence.h"

namespace mainspring::plan {

// At or after `at`, within the schedule's jitter, and before `next`, the occurrence that follows.
base::Instant due_with_jitter(const model::Schedule& schedule, base::Instant at,
                              std::optional<base::Instant> next);

}  // namespace mainspring::plan
