#include "plan/forecast.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cron/expression.h"
#include "plan/occurrences.h"
#include "plan/schedule_words.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

struct PlannedInstant {
  base::Instant at;
  const model::Schedule* schedule;
};

// A fire of each schedule at one instant is one each: equal instants are counted.
struct Side {
  std::vector<PlannedInstant> fires;  // by instant
  base::Instant until;                // complete up to here
};

base::Result<Side> fires_of(std::span<const model::Schedule> schedules, const cron::Period& span) {
  Side side{{}, span.until};
  for (const model::Schedule& schedule : schedules) {
    if (schedule.shadow) continue;
    auto instants = upcoming(schedule, span, kForecastFires);
    if (!instants) return base::fail(std::move(instants.error()));
    if (instants->size() == kForecastFires) side.until = std::min(side.until, instants->back());
    for (const base::Instant at : *instants)
      side.fires.push_back({at, &schedule});
  }
  std::ranges::sort(side.fires, {},
                    [](const PlannedInstant& fire) { return std::pair{fire.at, fire.schedule}; });
  return side;
}

// Those of `fires` that `others` lack.
base::Result<FireChanges> difference(const Side& fires, const Side& others, base::Instant until) {
  std::vector<PlannedInstant> only;
  std::ranges::set_difference(fires.fires, others.fires, std::back_inserter(only), {},
                              &PlannedInstant::at, &PlannedInstant::at);
  std::erase_if(only, [&](const PlannedInstant& fire) { return fire.at > until; });
  FireChanges changes{std::ssize(only), {}};
  only.resize(std::min(only.size(), kForecastShown));
  for (const auto& [at, schedule] : only) {
    const auto line = Timeline::make(*schedule);
    if (!line) return base::fail(line.error());
    changes.first.push_back({at, line->local(at), schedule_words(schedule->spec, schedule->job)});
  }
  return changes;
}

// As the store would have them: a spec that stays keeps its schedule, and so the beginning of its
// intervals and the count of its runs.
std::vector<model::Schedule> schedules_after(const ForecastRequest& request) {
  std::vector<model::Schedule> stored(request.stored.begin(), request.stored.end());
  std::vector<model::Schedule> after;
  for (const model::ScheduleSpec& spec : request.specs) {
    model::Schedule schedule;
    schedule.job = request.job;
    schedule.spec = spec;
    schedule.created_at = schedule.planned_until = request.now;
    const auto same = std::ranges::find(stored, spec, &model::Schedule::spec);
    if (same != stored.end()) {
      schedule = *same;
      stored.erase(same);
    }
    schedule.shadow = request.shadow;
    const auto calendar =
        std::ranges::find(request.calendars, spec.calendar, &model::CalendarSpec::name);
    schedule.calendar =
        calendar == request.calendars.end() ? std::nullopt : std::optional{*calendar};
    after.push_back(std::move(schedule));
  }
  return after;
}

base::Result<std::optional<ClockForecast>> clock_of(const model::Schedule& schedule,
                                                    base::Instant now) {
  if (!schedule.spec.cron) return std::nullopt;
  auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return base::fail(std::move(zone.error()));
  auto expression = cron::Expression::parse(*schedule.spec.cron, schedule.job);
  if (!expression) return base::fail(std::move(expression.error()));
  auto note = cron::next_clock_note(
      {std::move(*expression), std::move(*zone), schedule.spec.dst, schedule.created_at}, now);
  if (!note) return std::nullopt;
  return ClockForecast{schedule_words(schedule.spec, schedule.job), std::move(*note)};
}

}  // namespace

base::Result<Forecast> forecast(const ForecastRequest& request) {
  const std::vector<model::Schedule> schedules = schedules_after(request);
  const cron::Period span{request.now, request.now + kForecastSpan};
  const auto before = fires_of(request.stored, span);
  if (!before) return base::fail(before.error());
  const auto after = fires_of(schedules, span);
  if (!after) return base::fail(after.error());
  Forecast result;
  result.until = std::min(before->until, after->until);
  auto added = difference(*after, *before, result.until);
  if (!added) return base::fail(std::move(added.error()));
  auto removed = difference(*before, *after, result.until);
  if (!removed) return base::fail(std::move(removed.error()));
  result.added = std::move(*added);
  result.removed = std::move(*removed);
  for (const model::Schedule& schedule : schedules) {
    auto clock = clock_of(schedule, request.now);
    if (!clock) return base::fail(std::move(clock.error()));
    if (*clock) result.clock.push_back(std::move(**clock));
  }
  return result;
}

}  // namespace mainspring::plan
