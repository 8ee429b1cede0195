// Which dates and times the events of an iCalendar file cover.
//
// Source: RFC 5545. Read are VEVENTs: all-day and timed, DTEND or DURATION, RRULE (daily to yearly,
// every BY... part), RDATE, EXDATE, overrides by RECURRENCE-ID, and cancelled ones. A TZID is a
// name of the tz database or else a VTIMEZONE of the file; floating times are those of the
// calendar's own zone. Other components are passed over. What would change the dates and is not
// understood (RSCALE, EXRULE, RANGE, rules by the hour or shorter) is a mistake, never ignored.
//
// Pure, and safe with hostile bytes: size, lines, events, spans and the work to unfold rules are
// bounded, so that an answer comes within a second or so. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cron/zone.h"

namespace mainspring::icalendar {

inline constexpr std::size_t kMostBytes = 1 << 20;  // a country's holidays of ten years are 50 KB
inline constexpr std::size_t kMostLines = 100'000;
inline constexpr std::size_t kMostEvents = 10'000;
// Of one import: what a stored calendar can hold and a person can still review.
inline constexpr std::size_t kMostSpans = 10'000;
inline constexpr int kMostYears = 50;  // of a window
// Days looked at and times made while rules are unfolded; some tenths of a second.
inline constexpr std::int64_t kMostSteps = 5'000'000;

// What is asked for: spans are cut to the dates `from` to `until`, both included, of `zone`.
struct Window {
  cron::TimeZone zone;
  std::chrono::local_days from;
  std::chrono::local_days until;
};

// Whole days, both included.
struct DateSpan {
  std::chrono::local_days first;
  std::chrono::local_days last;
  std::string summary;  // one line of at most kLongestSummary bytes, UTF-8; may be empty

  friend bool operator==(const DateSpan&, const DateSpan&) = default;
};

inline constexpr std::size_t kLongestSummary = 200;

// [begin, end), as a clock in the window's zone shows it. Where the clock is set back meanwhile,
// the span holds every local time that the event covers in either pass.
struct TimeSpan {
  cron::LocalTime begin;
  cron::LocalTime end;
  std::string summary;

  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

struct Imported {
  std::string name;             // X-WR-CALNAME or NAME; may be empty
  std::vector<DateSpan> dates;  // ordered, none twice
  std::vector<TimeSpan> times;  // ordered, none twice
  // What a person should know although it is no mistake: "line 12: the event 'Ping' has no length,
  // so it covers nothing".
  std::vector<std::string> notes;
};

// Errors: too_large (a limit above); invalid_argument, with every mistake and its line.
base::Result<Imported> parse(std::string_view text, const Window& window);

}  // namespace mainspring::icalendar
