// Round: everything the scheduler does between two sleeps, without its thread. Internal to
// scheduler.
//
// Belongs to one thread. Throws store::Unavailable; what was not done then is due again.
#pragma once

#include <memory>
#include <optional>

#include "base/error.h"
#include "base/time.h"
#include "scheduler/inbox.h"
#include "scheduler/scheduler.h"
#include "scheduler/timetable.h"

namespace mainspring::scheduler {

// Before a promotion or expiry is repeated that changed nothing and yet is due: a store that says
// so must not keep a core busy.
inline constexpr base::Duration kStuckPause{1'000};

class Round {
 public:
  Round(const Parts& parts, const Settings& settings, std::unique_ptr<store::Reads> reads);

  void hear(News news);
  // Does what is due now, the most urgent first and only so much that the next promotion is not
  // late. Errors: what the store said.
  base::Result<void> run();

  base::Instant next() const;  // when run() has something to do; in the past: at once
  // No lease is known of, so the next sign of activity matters.
  bool wants_activity() const { return stand_in_ && !next_expiry_; }
  const Timetable& timetable() const { return timetable_; }

 private:
  void take_share(plan::Share share);
  bool has_come(const std::optional<base::Instant>& at, base::Instant now) const;
  base::Result<void> promote();
  base::Result<void> expire();

  const Parts parts_;
  const Settings settings_;
  std::unique_ptr<store::Reads> reads_;
  Timetable timetable_;
  plan::Share share_;
  // How long after the instant this node promotes and expires; absent: it does not.
  std::optional<base::Duration> stand_in_;
  std::optional<base::Instant> next_due_;
  std::optional<base::Instant> next_expiry_;
  base::Instant next_sweep_;
};

}  // namespace mainspring::scheduler
