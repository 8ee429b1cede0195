// How long the runs of a job take and wait: the typical run, from which lateness is predicted, and
// the summary that `job stats` shows.
//
// Pure. Times are elapsed ones, in milliseconds. Percentiles are nearest-rank: a value that was
// measured, never one in between.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "json/describe.h"
#include "model/run.h"

namespace mainspring::model {

// A run that has ended.
struct RunTiming {
  RunState state = RunState::succeeded;
  std::optional<base::Instant> due_at;  // the first one; absent: not known any more
  std::optional<base::Instant> started_at;
  base::Instant finished_at;
};

// How long a run of the job will probably take, from its first start to its end.
struct TypicalRun {
  base::Duration duration{0};
  std::int64_t samples = 0;

  friend bool operator==(const TypicalRun&, const TypicalRun&) = default;
};
inline constexpr std::size_t kTypicalRuns = 20;     // the newest that succeeded
inline constexpr std::size_t kTypicalLeast = 5;     // fewer say nothing
inline constexpr std::int64_t kTypicalReach = 100;  // finished runs among which they are looked for

// The median of the newest kTypicalRuns that succeeded; `newest_first`. Absent below kTypicalLeast.
std::optional<TypicalRun> find_typical(std::span<const RunTiming> newest_first);

// Whether an attempt that began at `began`, or will at the earliest, probably has not ended by the
// deadline.
inline bool is_predicted_late(base::Instant began, base::Instant deadline,
                              const TypicalRun& typical) {
  return began + typical.duration >= deadline;
}

// What a job with expect.every is measured by.
struct SuccessWatch {
  base::Duration every{0};
  base::Instant since;  // its last success, or when the expectation began to count

  friend bool operator==(const SuccessWatch&, const SuccessWatch&) = default;
};

struct DurationSummary {
  std::int64_t samples = 0;
  base::Duration p50{0};
  base::Duration p95{0};
  base::Duration max{0};

  static const json::StructTable& described();
};

enum class TrendDirection { slower, faster, steady };
const json::EnumTable& described(TrendDirection);

// The median of the newer half of the runs against that of the older half.
struct Trend {
  TrendDirection direction = TrendDirection::steady;
  double ratio = 1;  // newer / older

  static const json::StructTable& described();
};
inline constexpr std::size_t kTrendLeast = 10;  // runs; fewer say nothing
inline constexpr double kTrendChange = 1.25;    // times as long or as short is a change

struct JobStats {
  std::int64_t runs = 0;                        // finished ones that were looked at
  std::map<std::string, std::int64_t> endings;  // by final state, those that occurred
  std::optional<double> failure_rate;           // 0..1, of the runs that succeeded or did not
  std::optional<DurationSummary> duration;      // of the runs that succeeded
  std::optional<DurationSummary> wait;          // from due to the first start
  std::optional<base::Instant> last_success;    // its end
  std::optional<Trend> trend;                   // of the durations

  static const json::StructTable& described();
};
JobStats summarise(std::span<const RunTiming> newest_first);

inline constexpr std::int64_t kStatsUsual = 200;
inline constexpr std::int64_t kStatsLimit = 500;

}  // namespace mainspring::model
