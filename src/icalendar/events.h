// Internal: the VEVENTs of a file, before their rules are unfolded.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "icalendar/lines.h"
#include "icalendar/rule.h"
#include "icalendar/values.h"
#include "icalendar/zones.h"

namespace mainspring::icalendar {

// A point in time of a file: a date, or a local time and the zone that says which instant it is.
struct Moment {
  cron::LocalTime local{};
  const Zone* zone = nullptr;  // null: a date

  bool is_date() const { return zone == nullptr; }
  // Orders the moments of one event; dates are read as if UTC.
  std::chrono::sys_seconds key() const {
    return is_date() ? std::chrono::sys_seconds{local.time_since_epoch()} : zone->to_instant(local);
  }
};

// One more time of an event (RDATE), with a length of its own where it is a PERIOD.
struct ExtraTime {
  Moment start;
  std::optional<Length> length;
};

struct Event {
  int line = 0;
  std::string uid;
  std::string summary;
  Moment start;
  Length length;
  std::vector<Rule> rules;
  std::vector<ExtraTime> extra;
  std::vector<Moment> excepted;
  std::optional<Moment> replaces;  // RECURRENCE-ID
  bool is_cancelled = false;
};

// Where a file's times stand.
struct ZoneContext {
  Zones& zones;
  const Zone& utc;
  const Zone& floating;
};

// Broken events are left out and noted.
std::vector<Event> read_events(const Component& calendar, const ZoneContext& context,
                               Mistakes& mistakes);

}  // namespace mainspring::icalendar
