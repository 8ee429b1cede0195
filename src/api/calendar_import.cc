// POST /calendars/{calendar}/import: an iCalendar file becomes the spans of a calendar.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "api/calendar_query.h"
#include "api/calendar_views.h"
#include "api/core.h"
#include "api/handlers.h"
#include "icalendar/icalendar.h"
#include "model/calendar_times.h"
#include "model/manifest.h"

namespace mainspring::api {
namespace {

namespace chr = std::chrono;

constexpr int kUsualYears = 5;  // this one and the next four

// What the query asks for; the calendar as it stands gives the rest.
struct ImportRequest {
  model::CalendarSpec calendar;
  chr::local_days from;
  chr::local_days until;
  bool keep = false;  // the spans that are there already
};

base::Result<void> read_mode(const Call& call, model::CalendarSpec& calendar) {
  const std::string text = call.query("mode");
  if (text.empty()) return {};
  const auto mode = json::parse_enum<model::CalendarMode>(text);
  if (!mode)
    return base::fail(base::Code::invalid_argument,
                      fmt::format("mode: '{}' is not exclude or only", text));
  calendar.mode = *mode;
  return {};
}

base::Result<ImportRequest> read_query(const Call& call) {
  ImportRequest request;
  if (auto stored = call.reads().calendars().find(call.tenant(), call.path(0)))
    request.calendar = *std::move(stored);
  request.calendar.name = call.path(0);
  if (auto mode = read_mode(call, request.calendar); !mode)
    return base::fail(std::move(mode.error()));
  if (const std::string zone = call.query("timezone"); !zone.empty())
    request.calendar.timezone = zone;
  const auto keep = call.query_flag("keep");
  if (!keep) return base::fail(keep.error());
  request.keep = *keep;
  const auto from = query_day(call, "from");
  if (!from) return base::fail(from.error());
  const auto until = query_day(call, "until");
  if (!until) return base::fail(until.error());
  const chr::year year = chr::year_month_day{today_of(call, request.calendar.timezone)}.year();
  request.from = from->value_or(chr::local_days{year / 1 / 1});
  const chr::year_month_day first{request.from};
  request.until =
      until->value_or(chr::local_days{(first.year() + chr::years{kUsualYears - 1}) / 12 / 31});
  return request;
}

base::Result<icalendar::Imported> read_file(const Call& call, const ImportRequest& request) {
  const std::string& timezone = request.calendar.timezone;
  auto zone = cron::TimeZone::load(timezone.empty() ? "UTC" : timezone);
  if (!zone) return base::fail(std::move(zone.error()));
  auto imported = icalendar::parse(call.request().body, {*zone, request.from, request.until});
  if (!imported) return imported;
  if (imported->dates.empty() && imported->times.empty())
    return base::fail(
        base::Code::invalid_argument,
        fmt::format("No event of the file falls into {} to {}; nothing was changed. "
                    "Ask for other days with from and until.",
                    model::format_day(request.from), model::format_day(request.until)));
  if (timezone.empty() && !imported->times.empty())
    return base::fail(base::Code::invalid_argument,
                      "The file has events with times; say by whose clock the calendar goes, such "
                      "as timezone=Europe/Berlin. Nothing was changed.");
  return imported;
}

std::vector<model::CalendarSpan> make_spans(const icalendar::Imported& imported) {
  std::vector<model::CalendarSpan> spans;
  for (const icalendar::DateSpan& span : imported.dates)
    spans.push_back(model::to_calendar_span({span.first, span.last + chr::days{1}}, span.summary));
  for (const icalendar::TimeSpan& span : imported.times)
    spans.push_back(model::to_calendar_span({span.begin, span.end}, span.summary));
  return spans;
}

void take_over(const icalendar::Imported& imported, ImportRequest& request) {
  std::vector<model::CalendarSpan>& spans = request.calendar.spans;
  if (!request.keep) spans.clear();
  for (model::CalendarSpan& span : make_spans(imported)) {
    if (!request.keep || std::ranges::find(spans, span) == spans.end())
      spans.push_back(std::move(span));
  }
  if (request.calendar.description.empty()) request.calendar.description = imported.name;
}

// The same rules as for a calendar that a person writes.
base::Result<void> check(const model::CalendarSpec& calendar) {
  const auto read = model::read_calendar({model::canonical(calendar), nullptr});
  if (!read) return base::fail(read.error());
  return {};
}

}  // namespace

void import_calendar(const CallPtr& call) {
  auto request = read_query(*call);
  if (!request) return call->fail(request.error());
  const auto imported = read_file(*call, *request);
  if (!imported) return call->fail(imported.error());
  take_over(*imported, *request);
  if (auto fine = check(request->calendar); !fine) return call->fail(fine.error());
  ImportedCalendar reply{.from = model::format_day(request->from),
                         .until = model::format_day(request->until),
                         .dates = std::ssize(imported->dates),
                         .times = std::ssize(imported->times),
                         .notes = imported->notes,
                         .calendar = std::move(request->calendar)};
  store::PutCalendar command{call->tenant(), reply.calendar, call->who().name, call->now()};
  call->apply(std::move(command), [reply = std::move(reply)](Call& self, const store::Done&) {
    self.answer_with(reply);
  });
}

}  // namespace mainspring::api
