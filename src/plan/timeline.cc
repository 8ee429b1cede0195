#include "plan/timeline.h"

#include <algorithm>

#include "cron/expression.h"

namespace mainspring::plan {
namespace {

using std::chrono::milliseconds;

// Where cron ends too; keeps sums of instants and intervals far from overflow.
constexpr base::Instant kEndOfTime =
    std::chrono::sys_days{std::chrono::year{cron::kLastYear + 1} / std::chrono::January / 1};

// The ledger's instant has milliseconds, so one that is not after the creation is not "later".
constexpr base::Duration kShortestDelay{1};

// Rounded towards the past, also before the anchor.
base::Duration since_multiple(base::Duration elapsed, base::Duration interval) {
  const base::Duration rest = elapsed % interval;
  return rest < base::Duration{0} ? rest + interval : rest;
}

}  // namespace

Timeline::Timeline(const model::Schedule& schedule, cron::TimeZone zone, Reach reach)
    : zone_(std::move(zone)),
      first_(reach == Reach::always ? base::Instant{} : schedule.created_at + milliseconds{1}),
      last_(kEndOfTime),
      anchor_(schedule.created_at) {
  if (schedule.spec.start) first_ = std::max(first_, *schedule.spec.start);
  if (schedule.spec.end) last_ = std::min(last_, *schedule.spec.end);
}

base::Result<Timeline> Timeline::make(const model::Schedule& schedule, Reach reach) {
  const model::ScheduleSpec& spec = schedule.spec;
  auto zone = cron::TimeZone::load(spec.timezone);
  if (!zone) return base::fail(std::move(zone.error()));
  Timeline line(schedule, std::move(*zone), reach);
  if (spec.at) {
    line.once_ = *spec.at;
  } else if (spec.delay) {
    line.once_ = schedule.created_at + std::max(*spec.delay, kShortestDelay);
  } else if (spec.every) {
    line.interval_ = *spec.every;
  } else {
    auto expression = cron::Expression::parse(spec.cron.value_or(""), schedule.job);
    if (!expression) return base::fail(std::move(expression.error()));
    line.is_reboot_ = expression->is_reboot();
    if (expression->interval() > base::Duration{0})
      line.interval_ = expression->interval();
    else if (!line.is_reboot_)
      line.timing_ = cron::Timing{std::move(*expression), line.zone_, spec.dst, line.anchor_};
  }
  if (line.interval_ && *line.interval_ <= base::Duration{0})
    return base::fail(base::Code::invalid_argument,
                      "the interval of job '" + schedule.job + "' is not longer than nothing");
  return line;
}

bool Timeline::is_reboot() const { return is_reboot_; }

std::optional<base::Instant> Timeline::next_unbounded(base::Instant after) const {
  if (timing_) return cron::next_after(*timing_, after);
  if (interval_) return after + (*interval_ - since_multiple(after - anchor_, *interval_));
  if (once_ && *once_ > after) return once_;
  return std::nullopt;
}

std::optional<base::Instant> Timeline::previous_unbounded(base::Instant before) const {
  if (timing_) return cron::previous_before(*timing_, before);
  if (interval_)
    return before - milliseconds{1} -
           since_multiple(before - milliseconds{1} - anchor_, *interval_);
  if (once_ && *once_ < before) return once_;
  return std::nullopt;
}

std::optional<base::Instant> Timeline::next_after(base::Instant after) const {
  const auto next = next_unbounded(std::max(after, first_ - milliseconds{1}));
  if (!next || *next > last_) return std::nullopt;
  return next;
}

std::optional<base::Instant> Timeline::previous_before(base::Instant before) const {
  before = std::min(before, last_ + milliseconds{1});
  if (before <= first_) return std::nullopt;
  const auto previous = previous_unbounded(before);
  if (!previous || *previous < first_) return std::nullopt;
  return previous;
}

Count Timeline::count(const cron::Period& period) const {
  Count count;
  if (interval_) {
    const auto first = next_after(period.after);
    const auto last = previous_before(period.until + milliseconds{1});
    if (first && last && *first <= *last) count.occurrences = (*last - *first) / *interval_ + 1;
    return count;
  }
  auto at = next_after(period.after);
  while (at && *at <= period.until) {
    if (count.occurrences == kCountSteps) return {count.occurrences, false};
    ++count.occurrences;
    at = next_after(*at);
  }
  return count;
}

std::vector<RemovedTime> Timeline::removed(const cron::Period& period) const {
  std::vector<RemovedTime> removed;
  if (!timing_) return removed;
  const base::Instant from = std::max(period.after + milliseconds{1}, first_);
  const base::Instant until = std::min(period.until, last_);
  // A change just before the period may have its last removed times within it.
  cron::Period changes{from - milliseconds{kRemovedPerChange + 1}, until};
  while (changes.after < changes.until) {
    const auto skips = cron::gap_skips(*timing_, changes);
    std::size_t place = 0;
    for (std::size_t i = 0; i < skips.size(); ++i) {
      const bool same_change = i > 0 && skips[i].transition == skips[i - 1].transition;
      place = same_change ? place + 1 : 1;
      const base::Instant at = skips[i].transition + milliseconds{place};
      if (place <= kRemovedPerChange && at >= from && at <= until &&
          (removed.empty() || at > removed.back().at))
        removed.push_back({at, skips[i].local});
    }
    if (skips.size() < cron::kMostGapSkips) break;
    // The list was cut within its last change: read that one again, unless it is the only one.
    const bool only_one = skips.front().transition == skips.back().transition;
    changes.after = skips.back().transition - milliseconds{only_one ? 0 : 1};
  }
  return removed;
}

std::optional<base::Instant> Timeline::next_entry(base::Instant after) const {
  const auto next = next_after(after);
  const auto removed_times = removed({after, next.value_or(last_)});
  if (!removed_times.empty()) return removed_times.front().at;
  return next;
}

std::optional<base::Instant> Timeline::stillborn() const {
  if (once_ && *once_ <= anchor_) return once_;
  return std::nullopt;
}

std::string Timeline::local(base::Instant at) const {
  return cron::format_local(zone_.to_local(at));
}

}  // namespace mainspring::plan
