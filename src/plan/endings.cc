#include "plan/endings.h"

#include <algorithm>

#include "plan/occurrences.h"

namespace mainspring::plan {
namespace {

constexpr base::Duration kTick{1};

}  // namespace

cron::Period overlap_of(const cron::Period& period, const cron::Period& bounds) {
  const base::Instant after = std::max(period.after, bounds.after);
  return {after, std::max(after, std::min(period.until, bounds.until))};
}

void EndingWriter::write(const Segment& segment) {
  if (!segment.verdict && !gate_.has_calendar()) return;
  cron::Period rest = segment.period;
  while (rest.after < rest.until) {
    const auto newest = line_.previous_before(rest.until + kTick);
    if (!newest || *newest <= rest.after) return;
    if (segment.verdict && stretches_ >= kStretchesPerPlan) {
      Verdict verdict = *segment.verdict;
      verdict.detail += "; those that the calendar leaves out are among them";
      return write_range(rest, verdict);
    }
    const Stretch stretch = gate_.stretch_at(*newest);
    const base::Instant begin = begin_of_alike(stretch, rest.after);
    const cron::Period alike{begin, rest.until};
    if (!stretch.lets_through())
      write_alike(alike, {model::Ending::skipped_calendar, stretch.refusal, std::nullopt});
    else if (segment.verdict)
      write_alike(alike, *segment.verdict);
    rest.until = begin;
  }
}

// Where those before it that the gate treats alike begin, at the earliest at `bound`; exclusive.
base::Instant EndingWriter::begin_of_alike(const Stretch& stretch, base::Instant bound) {
  base::Instant begin = stretch.begin;
  for (++stretches_; begin > bound && stretches_ < kStretchesPerPlan; ++stretches_) {
    const Stretch earlier = gate_.stretch_at(begin - kTick);
    if (earlier.refusal != stretch.refusal) break;
    begin = earlier.begin;
  }
  return begin > bound ? begin - kTick : bound;
}

void EndingWriter::write_alike(const cron::Period& period, const Verdict& verdict) {
  base::Instant before = period.until + kTick;
  while (listed_ < kEndingsPerPlan) {
    const auto at = line_.previous_before(before);
    if (!at || *at <= period.after) return;
    rows_.push_back(
        {*at, std::nullopt, 1, verdict.ending, verdict.run_id, line_.local(*at), verdict.detail});
    before = *at;
    ++listed_;
  }
  write_range({period.after, before - kTick}, verdict);
}

void EndingWriter::write_range(const cron::Period& period, const Verdict& verdict) {
  const auto first = line_.next_after(period.after);
  const auto last = line_.previous_before(period.until + kTick);
  if (!first || !last || *first > *last) return;
  const Count count = line_.count({period.after, *last});
  model::PlannedEnding row{*first,         std::nullopt,        count.occurrences, verdict.ending,
                           verdict.run_id, line_.local(*first), verdict.detail};
  if (*first < *last) row.through = *last;
  if (!count.is_exact) row.detail += "; the count is a lower bound";
  is_exact_ = is_exact_ && count.is_exact;
  rows_.push_back(std::move(row));
}

}  // namespace mainspring::plan
