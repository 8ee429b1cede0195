// upcoming(): what a person sees of a schedule before it happens.
#include <algorithm>
#include <limits>

#include "plan/gate.h"
#include "plan/occurrences.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

// How far a calendar is searched for the next instant that it lets through. It may never come.
constexpr base::Duration kCalendarReach = std::chrono::days{10 * 366};
constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

}  // namespace

base::Result<std::vector<base::Instant>> upcoming(const model::Schedule& schedule,
                                                  const cron::Period& period, std::size_t limit) {
  const auto line = Timeline::make(schedule, Reach::always);
  if (!line) return base::fail(line.error());
  const auto gate = Gate::make(schedule);
  if (!gate) return base::fail(gate.error());
  // Those up to planned_until are counted among `runs` already.
  const std::int64_t most = schedule.spec.max_runs.value_or(kNoLimit);
  std::int64_t left = schedule.shadow ? most : most - schedule.runs;
  std::vector<base::Instant> instants;
  cron::Period rest = period;
  while (instants.size() < limit) {
    rest.until = period.until;
    if (gate->has_calendar()) rest.until = std::min(period.until, rest.after + kCalendarReach);
    const auto at = next_through(*line, *gate, rest);
    if (!at || (*at > schedule.planned_until && left-- <= 0)) break;
    instants.push_back(*at);
    rest.after = *at;
  }
  return instants;
}

}  // namespace mainspring::plan
