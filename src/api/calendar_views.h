// Requests and replies about calendars that are not nouns of the model already.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/calendar.h"

namespace mainspring::api {

// In lists: a calendar without its days, which may be thousands.
struct CalendarSummary {
  std::string name;
  std::string description;
  model::CalendarMode mode = model::CalendarMode::exclude;
  std::string timezone;
  std::int64_t spans = 0;
  std::int64_t weekly = 0;

  static const json::StructTable& described();
};
struct CalendarList {
  std::vector<CalendarSummary> items;

  static const json::StructTable& described();
};

struct ImportedCalendar {
  std::string from;  // days: what was asked for
  std::string until;
  std::int64_t dates = 0;          // spans of whole days that the file gave
  std::int64_t times = 0;          // spans of times
  std::vector<std::string> notes;  // what a person should know
  model::CalendarSpec calendar;    // as it is stored now

  static const json::StructTable& described();
};

struct CalendarDay {
  std::string day;
  model::Weekday weekday = model::Weekday::mon;
  bool whole = false;
  std::vector<std::string> times;  // "14:00-20:00"
  std::string reason;              // sentences

  static const json::StructTable& described();
};
struct CalendarDayList {
  std::vector<CalendarDay> items;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
