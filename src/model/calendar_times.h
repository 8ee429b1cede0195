// What the texts of a calendar mean: days, local times, times of day.
//
// Pure. Errors: invalid_argument, with one problem whose pointer says which key of the struct is
// wrong ("" for a plain text), and where there is one, a suggestion.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cron/zone.h"
#include "model/calendar.h"

namespace mainspring::model {

// [begin, end), as a clock on the wall shows it.
struct LocalSpan {
  cron::LocalTime begin;
  cron::LocalTime end;

  friend bool operator==(const LocalSpan&, const LocalSpan&) = default;
};

// A day ends at the next midnight.
base::Result<LocalSpan> to_local(const CalendarSpan& span);
// The same backwards: whole days are written as days. `span` is not empty.
CalendarSpan to_calendar_span(const LocalSpan& span, std::string note);

// "2026-12-25", of the years that cron knows.
base::Result<std::chrono::local_days> parse_day(std::string_view text);
std::string format_day(std::chrono::local_days day);
// "2026-12-24T14:00", with seconds where there are some.
std::string format_minute(cron::LocalTime local);

// Since midnight: [begin, end). One that ends before it begins goes on into the next day, so `end`
// may be past 24 hours.
struct DayTimes {
  std::chrono::seconds begin;
  std::chrono::seconds end;

  friend bool operator==(const DayTimes&, const DayTimes&) = default;
};

// "22:00-06:00"; "24:00" is the end of a day.
base::Result<DayTimes> parse_day_times(std::string_view text);

}  // namespace mainspring::model
