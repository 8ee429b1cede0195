// CalendarSpec: a named set of local times. A schedule that names it fires outside of the set
// (`exclude`) or within it (`only`); see plan/calendar.h.
//
// Values: immutable once stored. The set is the union of `spans` and `weekly`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "json/describe.h"

namespace mainspring::model {

enum class CalendarMode { exclude, only };
const json::EnumTable& described(CalendarMode);

enum class Weekday { mon, tue, wed, thu, fri, sat, sun };
const json::EnumTable& described(Weekday);

// Days or times, each once: "2026-12-25" is the whole day, "2026-12-24T14:00" a local minute.
// `to` is inclusive for days and exclusive for times; "" is `from` again (a single day).
struct CalendarSpan {
  std::string from;
  std::string to;
  std::string note;  // "Christmas Day": shown where a fire is left out

  static const json::StructTable& described();
  friend bool operator==(const CalendarSpan&, const CalendarSpan&) = default;
};

// Every week: on these days (none given: all), in these times of day (none given: the whole day).
// A time of day is "22:00-06:00"; one that ends before it begins goes on into the next day.
struct CalendarWindow {
  std::vector<Weekday> weekdays;
  std::vector<std::string> times;
  std::string note;

  static const json::StructTable& described();
  friend bool operator==(const CalendarWindow&, const CalendarWindow&) = default;
};

struct CalendarSpec {
  std::string name;
  std::string description;
  CalendarMode mode = CalendarMode::exclude;
  std::string timezone;  // IANA; "": that of each schedule
  std::vector<CalendarSpan> spans;
  std::vector<CalendarWindow> weekly;

  static const json::StructTable& described();
  friend bool operator==(const CalendarSpec&, const CalendarSpec&) = default;
};

inline constexpr std::size_t kCalendarSpans = 10'000;  // thirty years of holidays are some 600

}  // namespace mainspring::model
