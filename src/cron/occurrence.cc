#include "cron/occurrence.h"

#include <algorithm>

#include "cron/local_search.h"

namespace mainspring::cron {
namespace {

namespace chr = std::chrono;

// No zone is further than this from UTC, so a local time read as UTC is at most this far off.
constexpr chr::hours kFarthestOffset{48};

// No clock was ever set by more than a day (Samoa, 2011); twice that is safe.
constexpr chr::hours kMostSetBack{48};

constexpr chr::sys_seconds kNotBefore = chr::sys_days{chr::year{kFirstYear} / 1 / 1} - chr::days{2};
constexpr chr::sys_seconds kNotAfter = chr::sys_days{chr::year{kLastYear} / 12 / 31} + chr::days{3};

chr::sys_seconds as_if_utc(LocalTime local) { return chr::sys_seconds{local.time_since_epoch()}; }
LocalTime as_if_local(chr::sys_seconds instant) { return LocalTime{instant.time_since_epoch()}; }

// One stretch of constant offset, with what the policy makes of the changes at its two ends. The
// stretch owns the gap at its beginning: moved times fire after it. No zone known sets its clock
// twice within the length of a gap, so they fire within the stretch.
struct Stretch {
  OffsetSpan span;
  LocalTime low;  // [low, high): local times that fire as they are
  LocalTime high;
  LocalTime gap_low;  // [gap_low, gap_high): local times that the change left out; often empty
  LocalTime gap_high;

  chr::sys_seconds to_instant(LocalTime local) const { return as_if_utc(local) - span.offset; }
  LocalTime to_local(chr::sys_seconds instant) const { return as_if_local(instant) + span.offset; }
  // Only for times in the gap; read by the offset before it, they come out later by its length.
  chr::sys_seconds shifted(LocalTime local) const { return as_if_utc(local) - span.offset_before; }
};

Stretch stretch_at(const Timing& timing, chr::sys_seconds instant) {
  Stretch stretch{timing.zone.span_at(instant), {}, {}, {}, {}};
  const OffsetSpan& span = stretch.span;
  stretch.low = stretch.to_local(span.begin);
  stretch.high = stretch.to_local(span.end);
  stretch.gap_high = stretch.low;
  stretch.gap_low = std::min(stretch.low, as_if_local(span.begin) + span.offset_before);
  if (!timing.expression.keeps_spacing()) {
    if (timing.dst.fold == FoldPolicy::first && span.offset_before > span.offset)
      stretch.low += span.offset_before - span.offset;
    if (timing.dst.fold == FoldPolicy::second && span.offset > span.offset_after)
      stretch.high -= span.offset - span.offset_after;
  }
  return stretch;
}

bool moves_gaps(const Timing& timing) {
  return timing.dst.gap != GapPolicy::skip && !timing.expression.keeps_spacing();
}

// The first moved occurrence at or after `from`, which lies in the stretch.
std::optional<chr::sys_seconds> first_moved(const Timing& timing, const Stretch& stretch,
                                            chr::sys_seconds from) {
  if (!moves_gaps(timing) || stretch.gap_low == stretch.gap_high) return std::nullopt;
  const bool next = timing.dst.gap == GapPolicy::next;
  if (next && from > stretch.span.begin) return std::nullopt;
  const LocalTime low = stretch.gap_low + (from - stretch.span.begin);
  const auto match = first_match(timing.expression.fields(), low);
  if (!match || *match >= stretch.gap_high) return std::nullopt;
  return next ? stretch.span.begin : stretch.shifted(*match);
}

std::optional<chr::sys_seconds> last_moved(const Timing& timing, const Stretch& stretch,
                                           chr::sys_seconds upto) {
  if (!moves_gaps(timing) || stretch.gap_low == stretch.gap_high) return std::nullopt;
  const bool next = timing.dst.gap == GapPolicy::next;
  const LocalTime last = stretch.gap_high - chr::seconds{1};
  const LocalTime high =
      next ? last : std::min(last, stretch.gap_low + (upto - stretch.span.begin));
  const auto match = last_match(timing.expression.fields(), high);
  if (!match || *match < stretch.gap_low) return std::nullopt;
  return next ? stretch.span.begin : stretch.shifted(*match);
}

std::optional<chr::sys_seconds> first_from(const Timing& timing, chr::sys_seconds from) {
  from = std::max(from, kNotBefore);
  while (from < kNotAfter) {
    const Stretch stretch = stretch_at(timing, from);
    const auto match =
        first_match(timing.expression.fields(), std::max(stretch.to_local(from), stretch.low));
    auto found = first_moved(timing, stretch, from);
    if (match && *match < stretch.high) {
      const auto plain = stretch.to_instant(*match);
      found = found ? std::min(*found, plain) : plain;
    }
    if (found) return found;
    // The clock may go back at the end of the stretch, so look for the next one from further back.
    const auto ahead =
        first_match(timing.expression.fields(), stretch.to_local(from) - kMostSetBack);
    if (!ahead) return std::nullopt;
    from = std::max(stretch.span.end, as_if_utc(*ahead) - kFarthestOffset);
  }
  return std::nullopt;
}

std::optional<chr::sys_seconds> last_upto(const Timing& timing, chr::sys_seconds upto) {
  upto = std::min(upto, kNotAfter);
  while (upto >= kNotBefore) {
    const Stretch stretch = stretch_at(timing, upto);
    const auto match = last_match(timing.expression.fields(),
                                  std::min(stretch.to_local(upto), stretch.high - chr::seconds{1}));
    auto found = last_moved(timing, stretch, upto);
    if (match && *match >= stretch.low) {
      const auto plain = stretch.to_instant(*match);
      found = found ? std::max(*found, plain) : plain;
    }
    if (found) return found;
    const auto behind =
        last_match(timing.expression.fields(), stretch.to_local(upto) + kMostSetBack);
    if (!behind) return std::nullopt;
    upto = std::min(stretch.span.begin - chr::seconds{1}, as_if_utc(*behind) + kFarthestOffset);
  }
  return std::nullopt;
}

// anchor + k intervals, for the least k that makes it greater than `after`.
std::optional<base::Instant> next_beat(const Timing& timing, base::Instant after) {
  const base::Duration interval = timing.expression.interval();
  const base::Duration phase = (after - timing.anchor) % interval;
  const base::Instant beat =
      after - phase + (phase < base::Duration{0} ? base::Duration{0} : interval);
  const chr::sys_days end{chr::year{kLastYear + 1} / 1 / 1};
  if (beat >= end) return std::nullopt;
  return beat;
}

std::optional<base::Instant> previous_beat(const Timing& timing, base::Instant before) {
  const base::Duration interval = timing.expression.interval();
  const base::Duration phase = (before - timing.anchor) % interval;
  const base::Instant beat =
      before - phase - (phase > base::Duration{0} ? base::Duration{0} : interval);
  const chr::sys_days begin{chr::year{kFirstYear} / 1 / 1};
  if (beat < begin) return std::nullopt;
  return beat;
}

// Whether a gap takes occurrences away for good.
bool loses_gaps(const Timing& timing) {
  const Expression& expression = timing.expression;
  if (expression.is_reboot() || expression.interval() != base::Duration{0}) return false;
  if (expression.fields().star[static_cast<std::size_t>(Field::hour)] != 0) return false;
  return timing.dst.gap == GapPolicy::skip || expression.keeps_spacing();
}

}  // namespace

std::optional<base::Instant> next_after(const Timing& timing, base::Instant after) {
  if (timing.expression.is_reboot()) return std::nullopt;
  if (timing.expression.interval() != base::Duration{0}) return next_beat(timing, after);
  return first_from(timing, chr::floor<chr::seconds>(after) + chr::seconds{1});
}

std::optional<base::Instant> previous_before(const Timing& timing, base::Instant before) {
  if (timing.expression.is_reboot()) return std::nullopt;
  if (timing.expression.interval() != base::Duration{0}) return previous_beat(timing, before);
  return last_upto(timing, chr::ceil<chr::seconds>(before) - chr::seconds{1});
}

std::vector<GapSkip> gap_skips(const Timing& timing, const Period& period) {
  std::vector<GapSkip> skips;
  if (!loses_gaps(timing)) return skips;
  const Fields& fields = timing.expression.fields();
  auto change = next_clock_change(timing.zone, period.after);
  while (change && change->instant <= period.until) {
    const auto instant = chr::floor<chr::seconds>(change->instant);
    const LocalTime high = as_if_local(instant) + change->offset_after;
    LocalTime from = as_if_local(instant) + change->offset_before;
    for (auto match = first_match(fields, from); match && *match < high;) {
      if (skips.size() == kMostGapSkips) return skips;
      skips.push_back({format_local(*match), change->instant});
      match = first_match(fields, *match + chr::seconds{1});
    }
    change = next_clock_change(timing.zone, change->instant);
  }
  return skips;
}

std::optional<ClockChange> next_clock_change(const TimeZone& zone, base::Instant after) {
  const OffsetSpan span = zone.span_at(chr::floor<chr::seconds>(after));
  if (span.offset == span.offset_after || span.end >= kNotAfter) return std::nullopt;
  return ClockChange{span.end, span.offset, span.offset_after};
}

}  // namespace mainspring::cron
