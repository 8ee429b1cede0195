#include "api/views.h"

#include <algorithm>

#include <fmt/core.h>

#include "model/manifest.h"
#include "plan/occurrences.h"
#include "plan/schedule_words.h"

namespace mainspring::api {
namespace {

std::optional<base::Instant> next_fire(const model::Schedule& schedule, base::Instant now) {
  if (schedule.exhausted) return std::nullopt;
  const auto fires = plan::upcoming(schedule, {now, plan::kNoEnd}, 1);
  if (!fires || fires->empty()) return std::nullopt;
  return fires->front();
}

}  // namespace

JobView make_job_view(const model::Job& job, const std::vector<model::Schedule>& schedules,
                      base::Instant now, const JobParts& parts) {
  JobView view{.id = job.id,
               .name = job.spec.name,
               .version = job.version,
               .paused = job.pause.has_value(),
               .pause = job.pause,
               .author = job.author,
               .created_at = job.created_at,
               .updated_at = job.updated_at,
               .type = job.spec.type,
               .description = job.spec.description,
               .labels = job.spec.labels,
               .schedules = {},
               .next_at = {},
               .recent = {},
               .stats = {},
               .spec = {}};
  if (parts.spec) view.spec = model::canonical(job.spec);
  for (const model::Schedule& schedule : schedules) {
    const auto next_at =
        parts.next && !job.pause ? next_fire(schedule, now) : std::optional<base::Instant>{};
    view.schedules.push_back({schedule.id, plan::schedule_words(schedule.spec, job.spec.name),
                              schedule.spec.timezone, next_at});
    if (next_at && (!view.next_at || *next_at < *view.next_at)) view.next_at = next_at;
  }
  return view;
}

std::vector<ScheduleView> preview_schedules(const model::JobSpec& spec,
                                            std::span<const model::CalendarSpec> calendars,
                                            base::Instant now) {
  std::vector<ScheduleView> views;
  for (const model::ScheduleSpec& each : spec.schedule) {
    model::Schedule schedule;
    schedule.job = spec.name;
    schedule.spec = each;
    const auto calendar = std::ranges::find(calendars, each.calendar, &model::CalendarSpec::name);
    if (calendar != calendars.end()) schedule.calendar = *calendar;
    schedule.created_at = now;
    schedule.planned_until = now;
    views.push_back({std::nullopt, plan::schedule_words(each, spec.name), each.timezone,
                     next_fire(schedule, now)});
  }
  return views;
}

std::string etag(std::int64_t version) { return fmt::format("\"v{}\"", version); }

}  // namespace mainspring::api
