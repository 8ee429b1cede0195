// The next piece of a schedule's ledger: which fires to write ahead, and how every instant that no
// longer becomes a fire of its own ended.
//
// With `now` between what is planned already and the horizon:
//
//   planned_until ---- missed ----> now - kPlannerDelay ---- written ahead ----> horizon
//                  misfire policy                        one fire each
//
// Nothing is missed unless some fire is due longer ago than model::kMisfireThreshold: a node that
// was stopped or busy for less starts each fire, if late.
//
// Within a pause that drops fires every instant ends `skipped_paused`, where the calendar leaves it
// out `skipped_calendar`, on either side of `now`. What may yet be decided otherwise is written
// when it comes due, not ahead: the fires of a job that is paused or only shadows another
// scheduler, and those that wait for a calendar that does not exist.
//
// Pure. Errors: invalid_argument where the schedule's expression, zone or calendar cannot be read
// by this build; nothing else fails.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "base/time.h"
#include "cron/occurrence.h"
#include "model/occurrence.h"

namespace mainspring::plan {

// After downtime, fires this recent are no part of it: the scheduler was there, and planning.
inline constexpr base::Duration kPlannerDelay{2'000};
// One command to the store stays within a few megabytes.
inline constexpr std::size_t kFiresPerPlan = 10'000;
// Instants without a fire that get a row each, the newest; older ones share one row per ending.
inline constexpr std::size_t kEndingsPerPlan = 1'000;
// Stretches of a calendar that one plan looks at: daily office hours for six years.
inline constexpr std::size_t kStretchesPerPlan = 5'000;

// Ids for the runs that fires become. The id of a fire written ahead carries the fire's own
// instant, so that runs listed by id stand in the order in which they start.
class RunIds {
 public:
  virtual ~RunIds() = default;
  virtual base::RunId next_run_id(base::Instant at) = 0;
};

struct PlanRequest {
  const model::Schedule& schedule;
  base::Instant now;
  base::Instant horizon;
  std::optional<base::Instant> node_started_at = {};  // a `@reboot` schedule fires for it, once
};

struct Planned {
  model::SchedulePlan plan;
  // The first instant after plan.until of which the ledger must hold something, or at which to look
  // again; absent for an exhausted schedule and for @reboot.
  std::optional<base::Instant> next;
  bool can_be_ahead = true;  // false: there is nothing to write before `next` itself
};

// Whether writing the plan would change anything. A plan that is not needed is no harm either.
bool is_needed(const model::SchedulePlan& plan);

base::Result<Planned> plan_schedule(const PlanRequest& request, RunIds& ids);

inline constexpr base::Instant kNoEnd = base::Instant::max();

// The first `limit` fires of a period, past or future, as the schedule stands: for previews.
// Jitter, pauses and misfires are not in it.
base::Result<std::vector<base::Instant>> upcoming(const model::Schedule& schedule,
                                                  const cron::Period& period, std::size_t limit);

}  // namespace mainspring::plan
