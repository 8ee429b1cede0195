// The texts of a CalendarSpec: days, local times and times of day.
//
// Pure functions. Errors: invalid_argument, a sentence with a right example.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace mainspring::model {

// A day, or a minute of it, without a time zone.
struct LocalMoment {
  std::chrono::local_days day;
  std::optional<std::chrono::minutes> time;  // since midnight; absent: the whole day

  friend bool operator==(const LocalMoment&, const LocalMoment&) = default;
};

// "2026-12-25" or "2026-12-24T14:00".
base::Result<LocalMoment> parse_local_moment(std::string_view text);

// From a minute of the day to another, exclusive; one that is not later is of the next day.
struct TimesOfDay {
  std::chrono::minutes from;
  std::chrono::minutes to;  // at most 24:00

  friend bool operator==(const TimesOfDay&, const TimesOfDay&) = default;
};

// "22:00-06:00", "08:00-24:00". The two differ.
base::Result<TimesOfDay> parse_times_of_day(std::string_view text);

}  // namespace mainspring::model
