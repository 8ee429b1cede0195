// Timeline: the instants that one schedule names, whatever says when (`cron`, `every`, `at`,
// `delay`), within its `start` and `end`, both inclusive. Its calendar is not asked: see gate.h.
//
// Immutable; a copy is cheap. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "cron/occurrence.h"
#include "model/occurrence.h"

namespace mainspring::plan {

// A local time that a clock change removed, and the instant under which the ledger keeps it: as
// many milliseconds after the change as its place among the change's removed times, counted from
// 1. Occurrences of cron are whole seconds, so the two never share an instant.
struct RemovedTime {
  base::Instant at;
  std::string local;

  friend bool operator==(const RemovedTime&, const RemovedTime&) = default;
};

struct Count {
  std::int64_t occurrences = 0;
  bool is_exact = true;  // false: there are at least so many
};

// Steps of a count before it gives up and says "at least": some tens of milliseconds, and a month
// of a schedule that fires every minute.
inline constexpr std::int64_t kCountSteps = 50'000;
// Removed times that one clock change is listed with; only a schedule of single seconds has more.
inline constexpr std::size_t kRemovedPerChange = 500;

// Where a timeline begins.
enum class Reach {
  since_creation,  // after the schedule was made; an `at` that was past by then is stillborn()
  always,          // in 1970: what the schedule would have named, had it been there
};

class Timeline {
 public:
  // Errors: invalid_argument (an expression or a zone that this build cannot read).
  static base::Result<Timeline> make(const model::Schedule& schedule,
                                     Reach reach = Reach::since_creation);

  // Fires when a node starts and at no instant that can be known before.
  bool is_reboot() const;
  // Whether the schedule's bounds, `start` and `end` among them, have room for the instant.
  bool is_within(base::Instant at) const { return first_ <= at && at <= last_; }
  bool is_over(base::Instant at) const { return at > last_; }

  std::optional<base::Instant> next_after(base::Instant after) const;
  std::optional<base::Instant> previous_before(base::Instant before) const;
  Count count(const cron::Period& period) const;

  // Ordered by `at`.
  std::vector<RemovedTime> removed(const cron::Period& period) const;

  // The first instant after `after` of which the ledger must hold something.
  std::optional<base::Instant> next_entry(base::Instant after) const;

  // An `at` that was already past when the schedule was made.
  std::optional<base::Instant> stillborn() const;

  // What a clock in the schedule's zone shows: "2026-03-29T02:30:00".
  std::string local(base::Instant at) const;

 private:
  Timeline(const model::Schedule& schedule, cron::TimeZone zone, Reach reach);

  std::optional<base::Instant> next_unbounded(base::Instant after) const;
  std::optional<base::Instant> previous_unbounded(base::Instant before) const;

  // One of three is set, or none for @reboot.
  std::optional<cron::Timing> timing_;
  std::optional<base::Duration> interval_;  // counted from first_
  std::optional<base::Instant> once_;

  cron::TimeZone zone_;
  base::Instant first_;  // nothing is before
  base::Instant last_;   // nothing is after
  base::Instant anchor_;
  bool is_reboot_ = false;
};

}  // namespace mainspring::plan
