#include "api/preview.h"

#include <fmt/core.h>

#include "api/core.h"
#include "api/drafts.h"
#include "api/handlers.h"
#include "cron/words.h"
#include "json/codec.h"
#include "model/manifest.h"
#include "plan/occurrences.h"
#include "plan/schedule_words.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& SchedulePreviewBody::described() {
  static const auto table = describe<SchedulePreviewBody>(
      "SchedulePreviewBody", "A schedule to look at; nothing is stored.",
      field<&SchedulePreviewBody::schedule>("schedule",
                                            "As in a manifest: an expression, one, or a list.")
          .required(),
      field<&SchedulePreviewBody::timezone>("timezone", "Of those that name none; UTC when absent.")
          .max_length(100),
      field<&SchedulePreviewBody::job>("job", "The job's name: it decides the values of H.")
          .max_length(200),
      field<&SchedulePreviewBody::from>("from", "Fires after this instant; now when absent."),
      field<&SchedulePreviewBody::limit>("limit", "How many fires of each.").min(1).max(100));
  return table;
}

const json::StructTable& PreviewedSchedule::described() {
  static const auto table = describe<PreviewedSchedule>(
      "PreviewedSchedule", "What a schedule would do.",
      field<&PreviewedSchedule::words>("words", "When it fires, for a person."),
      field<&PreviewedSchedule::timezone>("timezone", "IANA name."),
      field<&PreviewedSchedule::fires>("fires", "The next ones."),
      field<&PreviewedSchedule::clock_changes>(
          "clock_changes", "What happens at the next two changes of the clock, a sentence each."));
  return table;
}

const json::StructTable& SchedulePreview::described() {
  static const auto table =
      describe<SchedulePreview>("SchedulePreview", "What schedules would do, in the order given.",
                                field<&SchedulePreview::items>("items", "One for each."));
  return table;
}

namespace {

constexpr std::string_view kNoName = "preview";

json::Value with_zone(json::Value schedule, const std::string& zone) {
  if (zone.empty()) return schedule;
  if (schedule.is_string()) return json::Object{{"cron", schedule}, {"timezone", zone}};
  if (schedule.is_object() && !schedule.as_object().contains("timezone")) {
    schedule.as_object()["timezone"] = zone;
  }
  if (schedule.is_array()) {
    for (json::Value& each : schedule.as_array())
      each = with_zone(std::move(each), zone);
  }
  return schedule;
}

// The smallest job that has the schedules, so that they are read as a manifest's are. Errors point
// into the body.
base::Result<model::JobSpec> read_spec(const SchedulePreviewBody& body) {
  json::Object job{{"name", body.job.empty() ? kNoName : std::string_view{body.job}},
                   {"command", "true"}};
  job["schedule"] = with_zone(body.schedule, body.timezone);
  auto spec = model::read_job(json::Document{json::Value(std::move(job)), nullptr});
  if (spec) return spec;
  base::Error error = std::move(spec.error());
  error.message = "The schedule is not valid.";
  for (base::Problem& problem : error.problems)
    if (problem.pointer == "/name") problem.pointer = "/job";
  return base::fail(std::move(error));
}

base::Result<std::vector<std::string>> clock_words(const model::Schedule& schedule,
                                                   base::Instant from) {
  if (!schedule.spec.cron) return {};
  auto expression = cron::Expression::parse(*schedule.spec.cron, schedule.job);
  if (!expression) return base::fail(std::move(expression.error()));
  auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return base::fail(std::move(zone.error()));
  return cron::clock_change_words(
      {std::move(*expression), std::move(*zone), schedule.spec.dst, schedule.created_at}, from);
}

base::Result<PreviewedSchedule> look_at(const model::Schedule& schedule, base::Instant from,
                                        std::size_t limit) {
  PreviewedSchedule out;
  out.words = plan::schedule_words(schedule.spec, schedule.job);
  out.timezone = schedule.spec.timezone;
  const auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return base::fail(zone.error());
  const auto fires = plan::upcoming(schedule, {from, plan::kNoEnd}, limit);
  if (!fires) return base::fail(fires.error());
  for (const base::Instant at : *fires)
    out.fires.push_back({at, cron::format_local(at, *zone), out.words});
  auto words = clock_words(schedule, from);
  if (!words) return base::fail(std::move(words.error()));
  out.clock_changes = std::move(*words);
  return out;
}

}  // namespace

void preview_schedule(const CallPtr& call) {
  const auto body = call->body<SchedulePreviewBody>();
  if (!body) return call->fail(body.error());
  const auto spec = read_spec(*body);
  if (!spec) return call->fail(spec.error());
  SchedulePreview out;
  for (const model::ScheduleSpec& each : spec->schedule) {
    model::Schedule schedule;
    schedule.job = spec->name;
    schedule.spec = each;
    schedule.created_at = schedule.planned_until = call->now();
    if (!each.calendar.empty()) {
      schedule.calendar = call->reads().calendars().find(call->tenant(), each.calendar);
      if (!schedule.calendar) {
        return call->fail(
            {base::Code::not_found, fmt::format("There is no calendar '{}'.", each.calendar), {}});
      }
    }
    auto item =
        look_at(schedule, body->from.value_or(call->now()), static_cast<std::size_t>(body->limit));
    if (!item) return call->fail(item.error());
    out.items.push_back(std::move(*item));
  }
  call->answer_with(out);
}

}  // namespace mainspring::api
