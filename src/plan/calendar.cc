#include "plan/calendar.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"
#include "model/calendar_times.h"
#include "plan/interval_set.h"

namespace mainspring::plan {
namespace {

namespace chr = std::chrono;

using cron::LocalTime;
using model::CalendarMode;

constexpr chr::seconds kWeek = chr::weeks{1};

// The Monday's midnight at or before.
LocalTime week_of(LocalTime local) {
  const auto day = chr::floor<chr::days>(local);
  return day - (chr::weekday{day} - chr::Monday);
}

// "every Saturday and Sunday 22:00-06:00", for windows without a note.
std::string window_words(const model::CalendarWindow& window) {
  constexpr std::array<std::string_view, 7> kNames{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
  std::vector<std::string_view> days;
  for (const model::Weekday day : window.weekdays)
    days.push_back(kNames[static_cast<std::size_t>(day)]);
  if (days.empty()) days.push_back("day");
  const std::vector<std::string_view> times(window.times.begin(), window.times.end());
  return fmt::format("every {}{}{}", base::join_words(days, " and "), times.empty() ? "" : " ",
                     base::join_words(times, " and "));
}

base::Result<std::vector<model::DayTimes>> day_times(const model::CalendarWindow& window) {
  std::vector<model::DayTimes> out;
  for (const std::string& text : window.times) {
    auto times = model::parse_day_times(text);
    if (!times) return base::fail(std::move(times.error()));
    out.push_back(*times);
  }
  if (out.empty()) out.push_back({chr::seconds{0}, chr::days{1}});
  return out;
}

std::vector<model::Weekday> days_of(const model::CalendarWindow& window) {
  using enum model::Weekday;
  if (window.weekdays.empty()) return {mon, tue, wed, thu, fri, sat, sun};
  return window.weekdays;
}

// The window in one week, and in those beside it, so that a question about one week finds what
// reaches into it and what lies next to it.
base::Result<void> add_window(const model::CalendarWindow& window, std::vector<Interval>& out) {
  const auto times = day_times(window);
  if (!times) return base::fail(times.error());
  const std::string note = window.note.empty() ? window_words(window) : window.note;
  for (const model::Weekday day : days_of(window)) {
    for (const model::DayTimes& of_day : *times) {
      for (const chr::seconds week : {-kWeek, chr::seconds{0}, kWeek}) {
        const chr::seconds midnight = week + chr::days{static_cast<int>(day)};
        out.push_back({midnight + of_day.begin, midnight + of_day.end, note});
      }
    }
  }
  return {};
}

// "2026-12-25", "2026-12-25 to 2026-12-26", "2026-12-24T14:00 to 2026-12-24T18:00".
std::string span_words(const model::LocalSpan& span) {
  const model::CalendarSpan written = model::to_calendar_span(span, "");
  return written.to.empty() ? written.from : written.from + " to " + written.to;
}

// "2026-12-25" for a midnight.
std::string point_words(LocalTime local) {
  const auto day = chr::floor<chr::days>(local);
  return local == day ? model::format_day(day) : model::format_minute(local);
}

}  // namespace

// The longest interval of local time around a point that the calendar covers for one reason, or
// covers nowhere.
struct CalendarRule::Found {
  bool is_covered = false;
  std::optional<LocalTime> begin;  // absent: it has no bound
  std::optional<LocalTime> end;
  std::string note;
};

base::Result<CalendarRule> CalendarRule::make(const model::CalendarSpec& spec,
                                              const cron::TimeZone& schedule_zone) {
  CalendarRule rule;
  rule.name_ = spec.name;
  rule.mode_ = spec.mode;
  rule.zone_ = schedule_zone;
  if (!spec.timezone.empty() && spec.timezone != schedule_zone.name()) {
    auto zone = cron::TimeZone::load(spec.timezone);
    if (!zone) return base::fail(std::move(zone.error()));
    rule.zone_ = *std::move(zone);
    rule.zone_note_ = fmt::format(" ({})", spec.timezone);
  }
  std::vector<Interval> spans;
  for (const model::CalendarSpan& span : spec.spans) {
    const auto local = model::to_local(span);
    if (!local) return base::fail(local.error());
    spans.push_back({local->begin.time_since_epoch(), local->end.time_since_epoch(), span.note});
  }
  std::vector<Interval> weekly;
  for (const model::CalendarWindow& window : spec.weekly) {
    if (auto added = add_window(window, weekly); !added) return base::fail(added.error());
  }
  rule.spans_ = std::make_shared<const IntervalSet>(std::move(spans));
  rule.weekly_ = std::make_shared<const IntervalSet>(std::move(weekly));
  return rule;
}

CalendarRule::Found CalendarRule::find(LocalTime local) const {
  const chr::seconds point = local.time_since_epoch();
  const LocalTime week = week_of(local);
  if (const Interval* span = spans_->find_covering(point))
    return {true, LocalTime{span->begin}, LocalTime{span->end}, span->note};
  if (const Interval* window = weekly_->find_covering(local - week))
    return {true, week + window->begin, week + window->end, window->note};
  Found free;
  if (const auto end = spans_->last_end(point)) free.begin = LocalTime{*end};
  if (const auto end = weekly_->last_end(local - week))
    free.begin = std::max(free.begin.value_or(LocalTime::min()), week + *end);
  if (const auto begin = spans_->next_begin(point)) free.end = LocalTime{*begin};
  if (const auto begin = weekly_->next_begin(local - week))
    free.end = std::min(free.end.value_or(LocalTime::max()), week + *begin);
  return free;
}

std::string CalendarRule::reason(const Found& found) const {
  if (found.is_covered == (mode_ == CalendarMode::only)) return {};
  if (found.is_covered) {
    std::string out = fmt::format("{}{} is excluded by calendar {}",
                                  span_words({*found.begin, *found.end}), zone_note_, name_);
    return found.note.empty() ? out : out + ": " + found.note;
  }
  std::string which;
  if (found.begin && found.end)
    which = span_words({*found.begin, *found.end});
  else if (found.begin)
    which = "everything from " + point_words(*found.begin) + " on";
  else
    which = found.end ? "everything before " + point_words(*found.end) : "every time";
  return fmt::format("{}{} is outside of calendar {}", which, zone_note_, name_);
}

CalendarStretch CalendarRule::stretch_at(base::Instant at) const {
  const auto second = chr::floor<chr::seconds>(at);
  const cron::OffsetSpan offset = zone_.span_at(second);
  const Found found = find(LocalTime{second.time_since_epoch() + offset.offset});
  const auto to_instant = [&](LocalTime local) {
    return chr::sys_seconds{local.time_since_epoch() - offset.offset};
  };
  const auto begin = found.begin ? std::max(offset.begin, to_instant(*found.begin)) : offset.begin;
  const auto end = found.end ? std::min(offset.end, to_instant(*found.end)) : offset.end;
  return {begin, end, reason(found)};
}

std::optional<Exclusion> CalendarRule::excludes(base::Instant at) const {
  std::string why = reason(find(zone_.to_local(at)));
  if (why.empty()) return std::nullopt;
  return Exclusion{std::move(why)};
}

}  // namespace mainspring::plan
