// Gate: which instants of a schedule its calendar lets through.
//
// Immutable; a copy is cheap. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "cron/occurrence.h"
#include "model/occurrence.h"
#include "plan/calendar.h"
#include "plan/timeline.h"

namespace mainspring::plan {

// A stretch of time that the gate treats alike: [begin, end).
struct Stretch {
  base::Instant begin;
  base::Instant end;
  std::string refusal;  // why fires are left out, a sentence; "": they are let through

  bool lets_through() const { return refusal.empty(); }
};

class Gate {
 public:
  // A schedule whose calendar does not exist has a gate that lets nothing through, and says so.
  // Errors: invalid_argument (a calendar that this build cannot read).
  static base::Result<Gate> make(const model::Schedule& schedule);

  bool has_calendar() const { return !name_.empty(); }  // without one all pass
  bool is_missing() const { return is_missing_; }       // the calendar does not exist
  std::string refusal() const;                          // of one that is missing
  Stretch stretch_at(base::Instant at) const;

 private:
  std::string name_;
  std::optional<CalendarRule> rule_;
  bool is_missing_ = false;
};

// The first and the last instant of the timeline, within the period, that the gate lets through.
std::optional<base::Instant> next_through(const Timeline& line, const Gate& gate,
                                          const cron::Period& period);
std::optional<base::Instant> previous_through(const Timeline& line, const Gate& gate,
                                              const cron::Period& period);

}  // namespace mainspring::plan
