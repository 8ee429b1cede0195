// Handlers of the noun calendar.
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "api/calendar_query.h"
#include "api/calendar_views.h"
#include "api/core.h"
#include "api/handlers.h"
#include "model/calendar_times.h"
#include "model/manifest.h"
#include "plan/calendar_days.h"

namespace mainspring::api {
namespace {

namespace chr = std::chrono;

base::Result<model::CalendarSpec> find_calendar(const Call& call) {
  auto spec = call.reads().calendars().find(call.tenant(), call.path(0));
  if (spec) return *std::move(spec);
  return base::fail(base::Code::not_found, fmt::format("There is no calendar '{}'.", call.path(0)));
}

// The body, under the name that the path gives. A body may be the calendar's manifest.
base::Result<model::CalendarSpec> read_body(const Call& call) {
  auto document = json::parse_json(call.request().body);
  if (!document) return base::fail(std::move(document.error()));
  if (auto* object = document->value.if_object(); object && !object->contains("name"))
    object->emplace("name", call.path(0));
  auto spec = model::read_calendar(*document);
  if (!spec || spec->name == call.path(0)) return spec;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("The body is calendar '{}', and the path names '{}'; a calendar "
                                "keeps its name.",
                                spec->name, call.path(0)));
}

CalendarDay make_view(const plan::LeftOutDay& day) {
  const auto clock = [](cron::LocalTime local) {
    return cron::format_local(local).substr(sizeof("2026-12-25"), sizeof("00:00") - 1);
  };
  CalendarDay view;
  view.day = model::format_day(day.day);
  view.weekday = static_cast<model::Weekday>(chr::weekday{day.day}.iso_encoding() - 1);
  view.whole = day.is_whole();
  for (const std::string& reason : day.reasons)
    view.reason += (view.reason.empty() ? "" : "; ") + reason;
  for (const model::LocalSpan& span : day.spans) {
    const bool to_midnight = span.end == cron::LocalTime{day.day + chr::days{1}};
    view.times.push_back(clock(span.begin) + "-" + (to_midnight ? "24:00" : clock(span.end)));
  }
  return view;
}

}  // namespace

base::Result<std::optional<chr::local_days>> query_day(const Call& call, std::string_view name) {
  const std::string text = call.query(name);
  if (text.empty()) return std::nullopt;
  auto day = model::parse_day(text);
  if (day) return *day;
  return base::fail(base::Code::invalid_argument, fmt::format("{}: {}", name, day.error().message));
}

chr::local_days today_of(const Call& call, const std::string& timezone) {
  const auto zone = cron::TimeZone::load(timezone.empty() ? "UTC" : timezone);
  return chr::floor<chr::days>(zone.value_or(cron::TimeZone{}).to_local(call.now()));
}

void list_calendars(const CallPtr& call) {
  CalendarList reply;
  for (model::CalendarSpec& spec : call->reads().calendars().all(call->tenant())) {
    reply.items.push_back({std::move(spec.name), std::move(spec.description), spec.mode,
                           std::move(spec.timezone), std::ssize(spec.spans),
                           std::ssize(spec.weekly)});
  }
  call->answer_with(reply);
}

void get_calendar(const CallPtr& call) {
  const auto spec = find_calendar(*call);
  if (!spec) return call->fail(spec.error());
  call->answer_with(*spec);
}

void put_calendar(const CallPtr& call) {
  const auto spec = read_body(*call);
  if (!spec) return call->fail(spec.error());
  call->apply(store::PutCalendar{call->tenant(), *spec, call->who().name, call->now()},
              [spec = *spec](Call& self, const store::Done&) { self.answer_with(spec); });
}

void delete_calendar(const CallPtr& call) {
  call->apply(store::DeleteCalendar{call->tenant(), call->path(0), call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

void list_calendar_days(const CallPtr& call) {
  constexpr chr::days kUsual{365};
  const auto spec = find_calendar(*call);
  if (!spec) return call->fail(spec.error());
  const auto from = query_day(*call, "from");
  if (!from) return call->fail(from.error());
  const auto until = query_day(*call, "until");
  if (!until) return call->fail(until.error());
  const auto first = from->value_or(today_of(*call, spec->timezone));
  const auto days = plan::left_out_days(*spec, {first, until->value_or(first + kUsual)});
  if (!days) return call->fail(days.error());
  CalendarDayList reply;
  std::ranges::transform(*days, std::back_inserter(reply.items), make_view);
  call->answer_with(reply);
}

}  // namespace mainspring::api
