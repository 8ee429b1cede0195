// Internal: what the TZIDs of a file mean.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "cron/zone.h"
#include "icalendar/lines.h"
#include "icalendar/rule.h"

namespace mainspring::icalendar {

// A change of the clock, as a VTIMEZONE defines it.
struct Onset {
  cron::LocalTime at;  // by the offset before
  std::chrono::seconds before;
  std::chrono::seconds after;
};

// From local times to instants, by the rules of RFC 5545, 3.3.5: a time that occurs twice is the
// first of the two; one that does not occur is read by the offset before the gap.
class Zone {
 public:
  explicit Zone(cron::TimeZone zone) : rules_(std::move(zone)) {}
  explicit Zone(std::vector<Onset> onsets);  // not empty

  std::chrono::sys_seconds to_instant(cron::LocalTime local) const;

 private:
  std::variant<cron::TimeZone, std::vector<Onset>> rules_;  // onsets are ordered
};

// The zones of one file. Names of the tz database come first: a VTIMEZONE of the same name often
// holds the rules of one year only.
class Zones {
 public:
  // Reads the VTIMEZONEs, up to local times of `until`, and notes what is wrong in them.
  Zones(const Component& calendar, cron::LocalTime until, Work& work);

  // Lives as long as this. Errors: invalid_argument, a sentence.
  base::Result<const Zone*> find(std::string_view tzid);

 private:
  std::map<std::string, base::Result<Zone>, std::less<>> zones_;
  std::size_t looked_up_ = 0;  // in the tz database
};

}  // namespace mainspring::icalendar
