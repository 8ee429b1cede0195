#include "plan/shadow.h"

#include <algorithm>

#include <fmt/core.h>

namespace mainspring::plan {
namespace {

using base::Duration;
using base::Instant;

Duration distance(Instant a, Instant b) { return a < b ? b - a : a - b; }

class Matcher {
 public:
  Matcher(std::span<const PredictedFire> fires, std::span<const RealStart> starts,
          const ShadowQuestion& question)
      : fires_(fires),
        starts_(starts),
        question_(question),
        taken_(fires.size(), 0),
        fire_of_(starts.size()) {
    for (std::size_t i = 0; i < fires.size(); ++i) {
      if (!fires[i].through) single_.push_back(i);
    }
  }

  ShadowTally run() {
    match_nearest();
    match_what_is_left();
    match_ranges();
    count_fires();
    count_starts();
    measure();
    return std::move(tally_);
  }

 private:
  // The nearest start of those whose nearest instant this is.
  void match_nearest() {
    std::vector<std::optional<std::size_t>> start_of(fires_.size());
    for (std::size_t start = 0; start < starts_.size(); ++start) {
      const auto fire = find_nearest(starts_[start].at);
      if (!fire) continue;
      auto& best = start_of[*fire];
      if (!best || offset(*fire, start) < offset(*fire, *best)) best = start;
    }
    for (const std::size_t fire : single_) {
      if (start_of[fire]) pair(fire, *start_of[fire]);
    }
  }

  void match_what_is_left() {
    for (std::size_t start = 0; start < starts_.size(); ++start) {
      if (fire_of_[start]) continue;
      if (const auto fire = find_nearest_free(starts_[start].at)) pair(*fire, start);
    }
  }

  // Where single instants are not known, all that can be said is how many there were.
  void match_ranges() {
    for (std::size_t fire = 0; fire < fires_.size(); ++fire) {
      if (!fires_[fire].through) continue;
      const Instant from = fires_[fire].at - question_.tolerance;
      const Instant until = *fires_[fire].through + question_.tolerance;
      auto start = std::ranges::lower_bound(starts_, from, {}, &RealStart::at);
      for (; start != starts_.end() && start->at <= until; ++start) {
        const auto place = static_cast<std::size_t>(start - starts_.begin());
        if (taken_[fire] < fires_[fire].count && !fire_of_[place]) pair(fire, place);
      }
    }
  }

  void pair(std::size_t fire, std::size_t start) {
    ++taken_[fire];
    fire_of_[start] = fire;
  }

  Duration offset(std::size_t fire, std::size_t start) const {
    return distance(fires_[fire].at, starts_[start].at);
  }

  // The place in single_ of the first instant that is not before `at`.
  std::size_t place_of(Instant at) const {
    const auto found = std::ranges::lower_bound(
        single_, at, {}, [this](std::size_t fire) { return fires_[fire].at; });
    return static_cast<std::size_t>(found - single_.begin());
  }

  // Of two as near, the earlier: programs start late rather than early.
  std::optional<std::size_t> find_nearest(Instant at) const {
    const std::size_t after = place_of(at);
    std::optional<std::size_t> best;
    for (std::size_t i = after == 0 ? 0 : after - 1; i < single_.size() && i <= after; ++i)
      consider(single_[i], at, best);
    return best;
  }

  std::optional<std::size_t> find_nearest_free(Instant at) const {
    const std::size_t after = place_of(at);
    std::optional<std::size_t> best;
    for (std::size_t i = after; i-- > 0 && is_near(single_[i], at);) {
      if (taken_[single_[i]] != 0) continue;
      consider(single_[i], at, best);
      break;
    }
    for (std::size_t i = after; i < single_.size() && is_near(single_[i], at); ++i) {
      if (taken_[single_[i]] != 0) continue;
      consider(single_[i], at, best);
      break;
    }
    return best;
  }

  bool is_near(std::size_t fire, Instant at) const {
    return distance(fires_[fire].at, at) <= question_.tolerance;
  }

  void consider(std::size_t fire, Instant at, std::optional<std::size_t>& best) const {
    if (!is_near(fire, at)) return;
    if (!best || distance(fires_[fire].at, at) < distance(fires_[*best].at, at)) best = fire;
  }

  bool is_counted(Instant at) const { return at >= question_.from && at < question_.until; }
  bool may_still_come(Instant at) const { return at > question_.now - question_.tolerance; }

  void count_fires() {
    for (std::size_t fire = 0; fire < fires_.size(); ++fire) {
      const PredictedFire& row = fires_[fire];
      if (!is_counted(row.at)) continue;
      const bool is_open = may_still_come(row.through.value_or(row.at));
      const std::int64_t missing = is_open ? 0 : row.count - taken_[fire];
      tally_.matched += taken_[fire];
      tally_.missing += missing;
      if (missing > 0) tally_.missing_fires.push_back(fire);
    }
    tally_.predicted = tally_.matched + tally_.missing;
  }

  void count_starts() {
    for (std::size_t start = 0; start < starts_.size(); ++start) {
      if (!is_counted(starts_[start].at)) continue;
      ++tally_.real;
      if (starts_[start].exit_code.value_or(0) != 0) ++tally_.failed;
      if (fire_of_[start] || may_still_come(starts_[start].at)) continue;
      ++tally_.extra;
      tally_.extra_starts.push_back(start);
    }
  }

  void measure() {
    std::vector<Duration> offsets;
    for (std::size_t start = 0; start < starts_.size(); ++start) {
      const auto fire = fire_of_[start];
      if (fire && !fires_[*fire].through && is_counted(fires_[*fire].at))
        offsets.push_back(offset(*fire, start));
    }
    if (offsets.empty()) return;
    std::ranges::sort(offsets);
    tally_.median_offset = offsets[(offsets.size() - 1) / 2];
    tally_.largest_offset = offsets.back();
  }

  const std::span<const PredictedFire> fires_;
  const std::span<const RealStart> starts_;
  const ShadowQuestion& question_;
  std::vector<std::size_t> single_;  // the fires that are one instant each
  std::vector<std::int64_t> taken_;  // of each fire: how many starts it has
  std::vector<std::optional<std::size_t>> fire_of_;
  ShadowTally tally_;
};

}  // namespace

ShadowTally compare_shadow(std::span<const PredictedFire> fires, std::span<const RealStart> starts,
                           const ShadowQuestion& question) {
  return Matcher(fires, starts, question).run();
}

std::string shadow_verdict(const ShadowTally& tally) {
  if (tally.predicted == 0 && tally.extra == 0) return "nothing to compare yet";
  std::vector<std::string> parts;
  if (tally.missing > 0) {
    parts.push_back(
        fmt::format("{} of {} predicted fires did not really run", tally.missing, tally.predicted));
  }
  if (tally.extra > 0) {
    parts.push_back(tally.extra == 1 ? "1 real run was not predicted"
                                     : fmt::format("{} real runs were not predicted", tally.extra));
  }
  if (parts.empty())
    parts.push_back(fmt::format("agrees: {} of {}", tally.matched, tally.predicted));
  if (tally.failed > 0)
    parts.push_back(
        fmt::format("{} real {} failed", tally.failed, tally.failed == 1 ? "run" : "runs"));
  std::string out;
  for (const std::string& part : parts)
    out += (out.empty() ? "" : "; ") + part;
  return out;
}

}  // namespace mainspring::plan
