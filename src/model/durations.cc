#include "model/durations.h"

#include <algorithm>
#include <cmath>

#include "json/codec.h"

namespace mainspring::model {
namespace {

using json::field;
using Durations = std::vector<base::Duration>;

std::optional<base::Duration> duration_of(const RunTiming& run) {
  if (run.state != RunState::succeeded || !run.started_at) return std::nullopt;
  return std::max(run.finished_at - *run.started_at, base::Duration{0});
}

// `sorted` is not empty.
base::Duration percentile(const Durations& sorted, std::size_t percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

base::Duration median(Durations values) {
  std::ranges::sort(values);
  return percentile(values, 50);
}

std::optional<DurationSummary> summary_of(Durations values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return DurationSummary{std::ssize(values), percentile(values, 50), percentile(values, 95),
                         values.back()};
}

// The middle one of an odd number belongs to neither half.
std::optional<Trend> trend_of(const Durations& newest_first) {
  if (newest_first.size() < kTrendLeast) return std::nullopt;
  const auto half = std::ssize(newest_first) / 2;
  const auto newer = median({newest_first.begin(), newest_first.begin() + half});
  const auto older = median({newest_first.end() - half, newest_first.end()});
  const auto millis = [](base::Duration d) {
    return static_cast<double>(std::max(d, base::Duration{1}).count());
  };
  Trend out;
  out.ratio = std::round(millis(newer) / millis(older) * 1'000) / 1'000;
  if (out.ratio >= kTrendChange) out.direction = TrendDirection::slower;
  if (out.ratio <= 1 / kTrendChange) out.direction = TrendDirection::faster;
  return out;
}

std::optional<double> failure_rate(std::span<const RunTiming> runs) {
  std::int64_t good = 0;
  std::int64_t bad = 0;
  for (const RunTiming& run : runs) {
    good += run.state == RunState::succeeded ? 1 : 0;
    bad += run.state == RunState::failed || run.state == RunState::timed_out ? 1 : 0;
  }
  if (good + bad == 0) return std::nullopt;
  return std::round(static_cast<double>(bad) / static_cast<double>(good + bad) * 1'000) / 1'000;
}

}  // namespace

std::optional<TypicalRun> find_typical(std::span<const RunTiming> newest_first) {
  Durations taken;
  for (const RunTiming& run : newest_first) {
    if (taken.size() == kTypicalRuns) break;
    if (const auto duration = duration_of(run)) taken.push_back(*duration);
  }
  if (taken.size() < kTypicalLeast) return std::nullopt;
  const auto samples = std::ssize(taken);
  return TypicalRun{median(std::move(taken)), samples};
}

JobStats summarise(std::span<const RunTiming> newest_first) {
  JobStats out;
  Durations durations;
  Durations waits;
  for (const RunTiming& run : newest_first) {
    ++out.runs;
    ++out.endings[std::string(json::to_text(run.state))];
    if (const auto duration = duration_of(run)) durations.push_back(*duration);
    if (run.due_at && run.started_at)
      waits.push_back(std::max(*run.started_at - *run.due_at, base::Duration{0}));
    if (run.state == RunState::succeeded && !out.last_success) out.last_success = run.finished_at;
  }
  out.failure_rate = failure_rate(newest_first);
  out.trend = trend_of(durations);
  out.duration = summary_of(std::move(durations));
  out.wait = summary_of(std::move(waits));
  return out;
}

const json::StructTable& DurationSummary::described() {
  static const auto table = json::describe<DurationSummary>(
      "DurationSummary", "How a number of durations are spread.",
      field<&DurationSummary::samples>("samples", "How many there are.").required(),
      field<&DurationSummary::p50>("p50", "Half of them are no longer than this.").required(),
      field<&DurationSummary::p95>("p95", "95 of 100 are no longer than this.").required(),
      field<&DurationSummary::max>("max", "The longest.").required());
  return table;
}

const json::EnumTable& described(TrendDirection) {
  static const auto table = json::enumeration<TrendDirection>(
      "TrendDirection", "Where the durations of a job are going.",
      {{TrendDirection::slower, "slower", "The newer runs take at least 1.25 times as long."},
       {TrendDirection::faster, "faster", "The older runs took at least 1.25 times as long."},
       {TrendDirection::steady, "steady", "Neither."}});
  return table;
}

const json::StructTable& Trend::described() {
  static const auto table = json::describe<Trend>(
      "Trend", "The newer half of a job's successful runs against the older half.",
      field<&Trend::direction>("direction", "Where it goes.").required(),
      field<&Trend::ratio>("ratio", "The median of the newer half by that of the older one.")
          .required());
  return table;
}

const json::StructTable& JobStats::described() {
  static const auto table = json::describe<JobStats>(
      "JobStats", "What the last finished runs of a job show.",
      field<&JobStats::runs>("runs", "How many were looked at, the newest.").required(),
      field<&JobStats::endings>("endings", "How many ended in each state.").required(),
      field<&JobStats::failure_rate>(
          "failure_rate", "Failed and timed-out runs among these and the successful ones, 0 to 1."),
      field<&JobStats::duration>("duration",
                                 "From first start to end, of the runs that succeeded."),
      field<&JobStats::wait>("wait", "From due to first start, of the runs that started."),
      field<&JobStats::last_success>("last_success", "When the last successful one ended."),
      field<&JobStats::trend>("trend", "Of the durations; absent below 10 of them."));
  return table;
}

}  // namespace mainspring::model
