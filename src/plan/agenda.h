// Agenda: what fires when, over many schedules: the fires of a range in one order, and how many
// there are in each hour. For screens; the scheduler plans one schedule at a time.
//
// What would start a run is in it: not the fires of shadows, of pauses that nobody ends, or that a
// calendar leaves out. Jitter and overlap are not.
//
// Pure; immutable after make(), any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "cron/occurrence.h"
#include "model/occurrence.h"
#include "plan/gate.h"
#include "plan/timeline.h"

namespace mainspring::plan {

// One schedule, made ready for questions.
class FireLine {
 public:
  // Errors: invalid_argument (what this build cannot read).
  static base::Result<std::shared_ptr<const FireLine>> make(const model::Schedule& schedule);

  const std::string& tenant() const { return tenant_; }
  const std::string& job() const { return job_; }
  const std::string& words() const { return words_; }
  std::string local(base::Instant at) const;  // RFC 3339 in the schedule's zone

  // The first fire in (after, until].
  std::optional<base::Instant> next(const cron::Period& period) const;

 private:
  friend class HourCounter;
  FireLine(const model::Schedule& schedule, Timeline line, Gate gate);

  std::string tenant_;
  std::string job_;
  std::string words_;
  Timeline line_;
  Gate gate_;
  std::optional<cron::Timing> timing_;  // of cron, where the sets of its fields say it all
  cron::TimeZone zone_;
  base::Instant begin_;  // no fire is before: a pause ends here
  base::Instant last_;   // no fire is after
};

using FireLines = std::vector<std::shared_ptr<const FireLine>>;

struct AgendaFire {
  base::Instant at;
  const FireLine* line = nullptr;  // of the lines that were asked
};
struct AgendaPage {
  std::vector<AgendaFire> fires;  // soonest first
  bool is_complete = true;        // else `limit` was reached
};
// Costs one step per line, and one per fire.
AgendaPage list_fires(std::span<const std::shared_ptr<const FireLine>> lines,
                      const cron::Period& period, std::size_t limit);

// The next fire of each line that has one, soonest first: what is frequent does not hide the rest.
// Costs one step per line.
AgendaPage list_next_fires(std::span<const std::shared_ptr<const FireLine>> lines,
                           const cron::Period& period, std::size_t limit);

struct HourlyFires {
  base::Instant from;                // a whole hour
  std::vector<std::int64_t> counts;  // of one hour each
  bool is_complete = true;           // else there are at least so many: kCountedSteps were taken
};
// A day of a cron schedule takes one step, whatever fires in it, unless a calendar or a clock
// change has a say; then each fire takes one.
inline constexpr std::int64_t kCountedSteps = 100'000;  // some 50 ms
HourlyFires count_fires(std::span<const std::shared_ptr<const FireLine>> lines, base::Instant from,
                        std::size_t hours);

}  // namespace mainspring::plan
