#include "plan/calendar_days.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "plan/calendar.h"

namespace mainspring::plan {
namespace {

namespace chr = std::chrono;

using cron::LocalTime;

// The calendar is read in UTC, where every local time is an instant.
base::Instant as_instant(LocalTime local) { return base::Instant{local.time_since_epoch()}; }
LocalTime as_local(base::Instant at) {
  return LocalTime{chr::floor<chr::seconds>(at.time_since_epoch())};
}

base::Result<void> check(const DayRange& range) {
  if (range.from > range.until)
    return base::fail(base::Code::invalid_argument, "the first day is after the last one");
  if (range.until - range.from >= chr::days{kMostCalendarDays})
    return base::fail(base::Code::invalid_argument,
                      fmt::format("more than {} days at once", kMostCalendarDays));
  return {};
}

// The part of a stretch that lies in one day.
void add_part(const model::LocalSpan& part, const std::string& reason,
              std::vector<LeftOutDay>& days) {
  const auto day = chr::floor<chr::days>(part.begin);
  if (days.empty() || days.back().day != day) days.push_back({day, {}, {}});
  LeftOutDay& last = days.back();
  if (!last.spans.empty() && last.spans.back().end == part.begin)
    last.spans.back().end = part.end;
  else
    last.spans.push_back(part);
  if (std::ranges::find(last.reasons, reason) == last.reasons.end()) last.reasons.push_back(reason);
}

}  // namespace

bool LeftOutDay::is_whole() const {
  return spans.size() == 1 && spans.front().begin == LocalTime{day} &&
         spans.front().end == LocalTime{day + chr::days{1}};
}

base::Result<std::vector<LeftOutDay>> left_out_days(const model::CalendarSpec& spec,
                                                    const DayRange& range) {
  if (auto fine = check(range); !fine) return base::fail(std::move(fine.error()));
  model::CalendarSpec without_zone = spec;
  without_zone.timezone.clear();
  const auto rule = CalendarRule::make(without_zone, cron::TimeZone{});
  if (!rule) return base::fail(rule.error());
  const LocalTime end{range.until + chr::days{1}};
  std::vector<LeftOutDay> days;
  for (LocalTime at{range.from}; at < end;) {
    const CalendarStretch stretch = rule->stretch_at(as_instant(at));
    const LocalTime midnight = chr::floor<chr::days>(at) + chr::days{1};
    const LocalTime next = std::min({as_local(stretch.end), midnight, end});
    if (!stretch.reason.empty()) add_part({at, next}, stretch.reason, days);
    at = next;
  }
  return days;
}

}  // namespace mainspring::plan
