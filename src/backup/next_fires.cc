#include "backup/next_fires.h"

#include <algorithm>

#include "plan/occurrences.h"
#include "plan/schedule_words.h"

namespace mainspring::backup {
namespace {

constexpr base::Duration kLookAhead = std::chrono::days{366};
constexpr std::int64_t kSchedulesAtOnce = 500;

void add_next_of(const model::Schedule& schedule, base::Instant now, std::vector<NextFire>& next) {
  if (schedule.pause || schedule.shadow) return;
  const auto fires = plan::upcoming(schedule, {now, now + kLookAhead}, 1);
  if (!fires || fires->empty()) return;
  next.push_back({fires->front(), schedule.job, plan::schedule_words(schedule.spec, schedule.job)});
  if (next.size() < 4 * kNextFires) return;
  std::ranges::nth_element(next, next.begin() + kNextFires, {}, &NextFire::at);
  next.resize(kNextFires);
}

}  // namespace

std::vector<NextFire> find_next(store::Reads& reads, base::Instant now) {
  std::vector<NextFire> next;
  base::ScheduleId after;
  while (true) {
    const auto some = reads.schedules().active(after, kSchedulesAtOnce);
    for (const model::Schedule& schedule : some)
      add_next_of(schedule, now, next);
    if (some.empty()) break;
    after = some.back().id;
  }
  std::ranges::sort(next, {}, [](const NextFire& fire) { return std::pair(fire.at, fire.job); });
  if (next.size() > kNextFires) next.resize(kNextFires);
  return next;
}

}  // namespace mainspring::backup
