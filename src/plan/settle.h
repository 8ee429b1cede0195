// Settling: what a schedule has come to by now, before something changes how it goes on. A command
// that pauses, resumes, changes or removes a job carries it, so that what nobody has planned yet,
// because of downtime or of a pause, is decided by the definition under which it came due.
//
// Pure. A schedule that this build cannot read is left out: nothing of it can be known.
#pragma once

#include <span>
#include <vector>

#include "base/time.h"
#include "model/occurrence.h"
#include "plan/occurrences.h"

namespace mainspring::plan {

// Of each schedule, as many plans as it takes to reach `now`, at most kPlansPerSettling. None for
// one that is planned that far already.
std::vector<model::SchedulePlan> settle(std::span<const model::Schedule> schedules,
                                        base::Instant now, RunIds& ids);

inline constexpr int kPlansPerSettling = 10;

}  // namespace mainspring::plan
