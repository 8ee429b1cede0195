// Time zones: what the clock on the wall shows at an instant, and when it is set.
//
// The rules come from the system's tz database through cctz. load() reads that database; a floor
// of pure functions may do so because the database is immutable data for the life of the process
// (cctz keeps each zone once read), so equal names give equal answers. No clock is read.
//
// Immutable values of one pointer, cheap to copy, safe to read from any thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace cctz {
class time_zone;
}

namespace mainspring::cron {

// What a wall clock shows, in whole seconds, of no particular zone.
using LocalTime = std::chrono::local_seconds;

// A longest stretch of time with one offset from UTC: [begin, end). The offsets on both sides are
// those of the neighbouring stretches; where there is none, they equal `offset`, and begin or end
// lies outside the years that cron knows.
struct OffsetSpan {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;
  std::chrono::seconds offset;  // local time = UTC + offset
  std::chrono::seconds offset_before;
  std::chrono::seconds offset_after;
};

class TimeZone {
 public:
  TimeZone() = default;  // UTC

  // An IANA name such as "Europe/Berlin" or "UTC". Does I/O on the first use of a name.
  // Errors: invalid_argument, with a close name as suggestion where one of the common names is.
  static base::Result<TimeZone> load(std::string_view name);

  std::string name() const;
  OffsetSpan span_at(std::chrono::sys_seconds instant) const;
  std::chrono::seconds offset_at(base::Instant instant) const;
  LocalTime to_local(base::Instant instant) const;

  friend bool operator==(const TimeZone& a, const TimeZone& b) { return a.name() == b.name(); }

 private:
  std::shared_ptr<const cctz::time_zone> zone_;  // none is UTC
};

// "2026-03-29T02:30:00"
std::string format_local(LocalTime local);
// RFC 3339 in the zone's own time: "2026-03-29T03:30:00+02:00"; "Z" for UTC itself.
std::string format_local(base::Instant instant, const TimeZone& zone);
// "+02:00", "-03:30", "+00:19:32" where there are seconds.
std::string format_offset(std::chrono::seconds offset);

}  // namespace mainspring::cron
