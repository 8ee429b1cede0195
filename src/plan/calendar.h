// CalendarRule: which instants a calendar leaves out, and why, in words.
//
// A calendar is a set of local times (model/calendar.h): whole days, spans of time, weekly windows.
// Whether an instant belongs to it depends only on what a clock shows then, in the calendar's own
// zone or else the schedule's; so both passes of a repeated hour belong, and an hour that a clock
// change removed excludes nothing.
//
// Immutable; a copy is as large as the calendar. Pure. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "cron/zone.h"
#include "model/calendar.h"

namespace mainspring::plan {

class IntervalSet;

// "2026-12-25 is excluded by calendar german-holidays: Christmas Day"
struct Exclusion {
  std::string reason;
};

// A stretch of time that a calendar treats alike, and for one reason: [begin, end).
struct CalendarStretch {
  base::Instant begin;
  base::Instant end;
  std::string reason;  // why its instants are left out, as in Exclusion; "": they are not
};

class CalendarRule {
 public:
  // Errors: invalid_argument (a text or a zone that this build cannot read).
  static base::Result<CalendarRule> make(const model::CalendarSpec& spec,
                                         const cron::TimeZone& schedule_zone);

  // Nothing where the calendar lets the instant through.
  std::optional<Exclusion> excludes(base::Instant at) const;

  // The stretch around the instant. Never empty; as long as possible but for clock changes, which
  // end a stretch.
  CalendarStretch stretch_at(base::Instant at) const;

 private:
  struct Found;

  CalendarRule() = default;

  Found find(cron::LocalTime local) const;
  std::string reason(const Found& found) const;

  std::string name_;
  model::CalendarMode mode_ = model::CalendarMode::exclude;
  cron::TimeZone zone_;
  std::string zone_note_;                      // " (Europe/Berlin)" where it is not the schedule's
  std::shared_ptr<const IntervalSet> spans_;   // in seconds of local time
  std::shared_ptr<const IntervalSet> weekly_;  // in seconds since a Monday's midnight
};

}  // namespace mainspring::plan
