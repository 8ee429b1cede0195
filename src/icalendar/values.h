// Internal: the values of iCalendar properties. Errors are invalid_argument, a sentence each.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cron/zone.h"

namespace mainspring::icalendar {

// A DATE or a DATE-TIME, before its zone is known.
struct Stamp {
  cron::LocalTime local{};  // midnight of a date
  bool is_date = false;
  bool is_utc = false;  // ends in Z
};

// "20260329", "20260329T023000", "20260329T023000Z"; years 1 to 9999.
base::Result<Stamp> parse_stamp(std::string_view text);

// A length has two parts: days follow the calendar, seconds follow real time.
struct Length {
  std::chrono::days days{};
  std::chrono::seconds seconds{};
};

// "P1D", "PT2H30M", "P2W", "P1DT12H"; not negative, at most kMostYears years.
base::Result<Length> parse_length(std::string_view text);

// "+0100", "-033000"
base::Result<std::chrono::seconds> parse_offset(std::string_view text);

// The text of a TEXT value on one line: escapes undone, control characters made spaces, cut to
// `kLongestSummary` bytes between two characters.
std::string to_one_line(std::string_view value);

std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace mainspring::icalendar
