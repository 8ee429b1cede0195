// When a schedule fires: the arithmetic between an expression's local times and instants.
//
// Every instant with a local time that the expression names is an occurrence, except that clock
// changes are a matter of policy. A schedule whose minute or hour field begins with a star keeps
// real-time spacing, as in Vixie cron: it fires in both passes of a repeated hour, and no policy
// gives it fires for a skipped one. The default policy is that of OCPS 1.4, section 4.3.1.
//
// Cost: a few bit searches per field, and at most one step per year or clock change looked at;
// never a scan of minutes or days. Pure functions of immutable values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cron/expression.h"
#include "cron/zone.h"

namespace mainspring::cron {

// What becomes of a local time that a forward change of the clock leaves out.
enum class GapPolicy : std::uint8_t {
  skip,   // no run
  next,   // the first instant after the gap
  shift,  // later by the gap's length: 02:30 becomes 03:30
};
// Which pass counts where a backward change repeats local times.
enum class FoldPolicy : std::uint8_t { first, second, both };

struct DstPolicy {
  GapPolicy gap = GapPolicy::skip;
  FoldPolicy fold = FoldPolicy::first;

  friend bool operator==(const DstPolicy&, const DstPolicy&) = default;
};

// All that decides when a schedule fires.
struct Timing {
  Expression expression;
  TimeZone zone{};
  DstPolicy dst{};
  base::Instant anchor{};  // `@every` fires at anchor + k intervals, for every whole k

  friend bool operator==(const Timing&, const Timing&) = default;
};

// The first occurrence strictly after, and the last strictly before, an instant: each undoes the
// other. Nothing when there is none in the years 1970 to 2199 of local time, and for `@reboot`.
std::optional<base::Instant> next_after(const Timing& timing, base::Instant after);
std::optional<base::Instant> previous_before(const Timing& timing, base::Instant before);

// (after, until]
struct Period {
  base::Instant after;
  base::Instant until;
};

struct GapSkip {
  std::string local;         // the time that did not exist: "2026-03-29T02:30:00"
  base::Instant transition;  // when the clock was set

  friend bool operator==(const GapSkip&, const GapSkip&) = default;
};

constexpr std::size_t kMostGapSkips = 1000;  // of one call; a day of `* * 2 * * *` has 3600

// The local times that clock changes within the period took from the schedule, in order, the
// first kMostGapSkips of them. Empty where the policy moves them, and where the hour begins with a
// star: such a schedule lost nothing, real time went on.
std::vector<GapSkip> gap_skips(const Timing& timing, const Period& period);

struct ClockChange {
  base::Instant instant;
  std::chrono::seconds offset_before;
  std::chrono::seconds offset_after;
};

// The first change of the zone's offset strictly after; nothing when none is known before 2200.
std::optional<ClockChange> next_clock_change(const TimeZone& zone, base::Instant after);

}  // namespace mainspring::cron
