// The rules of queues and calendars.
#include <fmt/core.h>

#include "cron/zone.h"
#include "model/calendar_text.h"
#include "model/mistakes.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

// Half a word for each of the two kinds of a span's ends.
std::string_view kind_of(const LocalMoment& moment) { return moment.time ? "a time" : "a day"; }

bool is_before(const LocalMoment& one, const LocalMoment& other) {
  return std::pair{one.day, one.time} < std::pair{other.day, other.time};
}

void check_span(const CalendarSpan& span, const std::string& at, Mistakes& found) {
  const auto from = parse_local_moment(span.from);
  if (!from) return found.add(at + "/from", from.error().message);
  if (span.to.empty()) {
    if (from->time)
      found.add(at + "/from", "is a time, so it needs an end: add `to`, such as 2026-12-24T20:00");
    return;
  }
  const auto to = parse_local_moment(span.to);
  if (!to) return found.add(at + "/to", to.error().message);
  if (from->time.has_value() != to->time.has_value())
    return found.add(at + "/to", fmt::format("is {}, and from is {}; write two of one kind",
                                             kind_of(*to), kind_of(*from)));
  if (is_before(*to, *from))
    return found.add(at + "/to", fmt::format("must not be before from ({})", span.from));
  if (from->time && *from == *to)
    found.add(at + "/to", fmt::format("must be after from ({})", span.from));
}

void check_window(const CalendarWindow& window, const std::string& at, Mistakes& found) {
  if (window.weekdays.empty() && window.times.empty())
    return found.add(at, "is every moment of every week; give weekdays, times, or both");
  for (std::size_t i = 0; i < window.times.size(); ++i)
    if (const auto times = parse_times_of_day(window.times[i]); !times)
      found.add(fmt::format("{}/times/{}", at, i), times.error().message);
}

}  // namespace

void check_zone(const std::string& name, std::string pointer, Mistakes& found) {
  const auto zone = cron::TimeZone::load(name);
  if (zone) return;
  const auto& problems = zone.error().problems;
  found.add(std::move(pointer), zone.error().message,
            problems.empty() ? "" : problems[0].suggestion);
}

std::vector<Mistake> find_mistakes(const CalendarSpec& spec) {
  Mistakes found;
  if (!spec.timezone.empty()) check_zone(spec.timezone, "/timezone", found);
  for (std::size_t i = 0; i < spec.spans.size(); ++i)
    check_span(spec.spans[i], fmt::format("/spans/{}", i), found);
  for (std::size_t i = 0; i < spec.weekly.size(); ++i)
    check_window(spec.weekly[i], fmt::format("/weekly/{}", i), found);
  if (spec.mode == CalendarMode::only && spec.spans.empty() && spec.weekly.empty())
    found.add("/mode",
              "only keeps the fires within the calendar, and it holds no time; add spans "
              "or weekly");
  return found.take();
}

std::vector<Mistake> find_mistakes(const QueueSpec& spec) {
  constexpr base::Duration kLongestRate = std::chrono::hours{24};
  Mistakes found;
  if (spec.rate && spec.rate->per > kLongestRate)
    found.add("/rate/per", "must be at most 1d; for a slower rate use a schedule");
  return found.take();
}

}  // namespace mainspring::model
