#include "plan/backfill.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "plan/gate.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

constexpr base::Duration kTick{1};

// One schedule's way through the range.
class Walk {
 public:
  static base::Result<Walk> make(const model::Schedule& schedule, const cron::Period& period) {
    auto line = Timeline::make(schedule, Reach::always);
    if (!line) return base::fail(std::move(line.error()));
    auto gate = Gate::make(schedule);
    if (!gate) return base::fail(std::move(gate.error()));
    return Walk(std::move(*line), std::move(*gate), period);
  }

  std::optional<base::Instant> at() const { return at_; }
  model::PlannedFire take(RunIds& ids) {
    const base::Instant at = *at_;
    at_ = next_through(line_, gate_, {at, until_});
    return {at, ids.next_run_id(at), line_.local(at), "", std::nullopt};
  }

 private:
  Walk(Timeline line, Gate gate, const cron::Period& period)
      : line_(std::move(line)),
        gate_(std::move(gate)),
        until_(period.until),
        at_(next_through(line_, gate_, period)) {}

  Timeline line_;
  Gate gate_;
  base::Instant until_;
  std::optional<base::Instant> at_;
};

std::optional<base::Instant> earliest(const std::vector<Walk>& walks) {
  std::optional<base::Instant> first;
  for (const Walk& walk : walks)
    if (walk.at() && (!first || *walk.at() < *first)) first = walk.at();
  return first;
}

}  // namespace

base::Result<BackfillSlice> plan_backfill(const BackfillRequest& request, RunIds& ids) {
  const cron::Period period{request.from - kTick, request.until - kTick};
  std::vector<Walk> walks;
  for (const model::Schedule& schedule : request.schedules) {
    auto walk = Walk::make(schedule, period);
    if (!walk) return base::fail(std::move(walk.error()));
    walks.push_back(std::move(*walk));
  }
  BackfillSlice slice{{}, request.until, true};
  for (auto at = earliest(walks); at; at = earliest(walks)) {
    if (slice.fires.size() >= request.limit) return BackfillSlice{std::move(slice.fires), *at};
    for (Walk& walk : walks)
      if (walk.at() == at) slice.fires.push_back(walk.take(ids));
  }
  return slice;
}

}  // namespace mainspring::plan
