// A schedule in words, for people who read no cron.
//
// English, one line, no full stop. The words are for reading, never for parsing; anything that has
// no short description is said field by field, so no schedule is left without words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cron/occurrence.h"

namespace mainspring::cron {

// "at 02:30 on weekdays, Europe/Berlin", "every 15 minutes, UTC", "once, when the node starts".
std::string to_words(const Expression& expression, std::string_view zone_name);

// What a change of the clock does to a schedule.
struct ClockNote {
  base::Instant at;          // when the clock is set
  bool is_surprise = false;  // a run is left out, moved, or comes twice
  std::string text;  // "2026-03-29: 02:30 does not exist in Europe/Berlin; the run is skipped"
};

// Of the next clock change of its zone after `after`. Nothing where the zone sets its clock no
// more, and for `@reboot`.
std::optional<ClockNote> next_clock_note(const Timing& timing, base::Instant after);

// The texts of the next two.
std::vector<std::string> clock_change_words(const Timing& timing, base::Instant after);

}  // namespace mainspring::cron
