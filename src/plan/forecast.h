// Forecast: what a change of a job does to its fires, before it is made. For `apply --diff`: the
// fires that it adds and removes within the next 30 days, and what the next change of the clock
// does to each of its schedules.
//
// Pure. Errors: invalid_argument where an expression or a zone cannot be read by this build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "cron/words.h"
#include "model/occurrence.h"

namespace mainspring::plan {

inline constexpr base::Duration kForecastSpan = std::chrono::days{30};
// Of each schedule, and each side: a fire every minute for 30 days is 43,200. Of a schedule with
// more, the first ones are compared.
inline constexpr std::size_t kForecastFires = 50'000;
inline constexpr std::size_t kForecastShown = 5;

struct ForecastRequest {
  std::string_view job;                            // its name decides the values of `H`
  std::span<const model::Schedule> stored;         // as they stand; empty for a new job
  std::span<const model::ScheduleSpec> specs;      // as they would be; empty: the job goes
  std::span<const model::CalendarSpec> calendars;  // that `specs` may name, as they would be
  bool shadow = false;                             // of the job as it would be
  base::Instant now;
};

struct ForecastFire {
  base::Instant at;
  std::string local;     // "2026-12-01T02:30:00", as the schedule's zone reads it
  std::string schedule;  // in words
};

// How the fires within the span differ. A fire that only changes in its policy is neither.
struct FireChanges {
  std::int64_t count = 0;
  std::vector<ForecastFire> first;  // at most kForecastShown
};

// What the next change of the clock does to a schedule.
struct ClockForecast {
  std::string schedule;  // in words
  cron::ClockNote note;
};

struct Forecast {
  FireChanges added;
  FireChanges removed;
  base::Instant until;               // compared up to here
  std::vector<ClockForecast> clock;  // of `specs`, in order; none where the clock is never set
};

base::Result<Forecast> forecast(const ForecastRequest& request);

}  // namespace mainspring::plan
