#include "plan/interval_set.h"

#include <algorithm>
#include <utility>

namespace mainspring::plan {

using std::chrono::seconds;

IntervalSet::IntervalSet(std::vector<Interval> intervals) : intervals_(std::move(intervals)) {
  std::ranges::sort(intervals_, {}, [](const Interval& i) { return std::tie(i.begin, i.end); });
  ends_.reserve(intervals_.size());
  for (const Interval& interval : intervals_)
    ends_.push_back(ends_.empty() ? interval.end : std::max(ends_.back(), interval.end));
}

std::size_t IntervalSet::count_begun(seconds point) const {
  const auto next = std::ranges::upper_bound(intervals_, point, {}, &Interval::begin);
  return static_cast<std::size_t>(next - intervals_.begin());
}

const Interval* IntervalSet::find_covering(seconds point) const {
  for (std::size_t i = count_begun(point); i > 0 && ends_[i - 1] > point; --i) {
    if (intervals_[i - 1].end > point) return &intervals_[i - 1];
  }
  return nullptr;
}

std::optional<seconds> IntervalSet::last_end(seconds point) const {
  const std::size_t begun = count_begun(point);
  return begun == 0 ? std::nullopt : std::optional{ends_[begun - 1]};
}

std::optional<seconds> IntervalSet::next_begin(seconds point) const {
  const std::size_t begun = count_begun(point);
  return begun == intervals_.size() ? std::nullopt : std::optional{intervals_[begun].begin};
}

}  // namespace mainspring::plan
