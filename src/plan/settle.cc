#include "plan/settle.h"

#include <utility>

namespace mainspring::plan {

std::vector<model::SchedulePlan> settle(std::span<const model::Schedule> schedules,
                                        base::Instant now, RunIds& ids) {
  std::vector<model::SchedulePlan> plans;
  for (model::Schedule schedule : schedules) {
    for (int i = 0; i < kPlansPerSettling; ++i) {
      if (schedule.exhausted || schedule.planned_until >= now) break;
      auto planned = plan_schedule({.schedule = schedule, .now = now, .horizon = now}, ids);
      if (!planned || planned->plan.until <= schedule.planned_until) break;
      schedule.planned_until = planned->plan.until;
      schedule.exhausted = planned->plan.exhausted;
      schedule.runs += std::ssize(planned->plan.fires);
      if (is_needed(planned->plan)) plans.push_back(std::move(planned->plan));
    }
  }
  return plans;
}

}  // namespace mainspring::plan
