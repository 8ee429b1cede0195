// A calendar as a person reads it: day by day, what it leaves out.
//
// Pure. Clock changes do not matter here: these are the local times themselves.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/calendar_times.h"

namespace mainspring::plan {

inline constexpr int kMostCalendarDays = 3 * 366;  // of one question

// Both included.
struct DayRange {
  std::chrono::local_days from;
  std::chrono::local_days until;
};

struct LeftOutDay {
  std::chrono::local_days day;
  std::vector<model::LocalSpan> spans;  // within the day, ordered, none touches the next
  std::vector<std::string> reasons;     // each once, as in Exclusion

  bool is_whole() const;
};

// The days of which something is left out. Errors: invalid_argument (the range ends before it
// begins or has more than kMostCalendarDays; a calendar that this build cannot read).
base::Result<std::vector<LeftOutDay>> left_out_days(const model::CalendarSpec& spec,
                                                    const DayRange& range);

}  // namespace mainspring::plan
