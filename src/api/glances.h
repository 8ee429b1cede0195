// Glances: little of much, for lists and charts: the last runs of a job as bars, its times in three
// numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/id.h"
#include "json/codec.h"
#include "model/durations.h"
#include "model/run.h"
#include "store/reads.h"

namespace mainspring::api {

inline constexpr std::int64_t kRecentRuns = 14;   // two weeks of a daily job
inline constexpr std::int64_t kGlanceRuns = 100;  // finished ones behind the numbers of a list
// Of a list's page: it is on the screen within a second on a slow line, and no browser feels it.
inline constexpr std::size_t kListBytes = 96 << 10;

struct RunGlance {
  base::RunId id;
  model::RunState state = model::RunState::queued;
  model::Trigger trigger = model::Trigger::manual;
  std::optional<base::Instant> due_at;
  std::optional<base::Instant> started_at;
  std::optional<base::Instant> finished_at;

  static const json::StructTable& described();
};
RunGlance make_glance(const store::RunGlance& run);

struct JobGlance {
  std::int64_t runs = 0;
  std::optional<double> failure_rate;
  std::optional<base::Duration> p50;
  std::optional<base::Duration> p95;
  std::optional<base::Instant> last_success;

  static const json::StructTable& described();
};
JobGlance make_glance(const model::JobStats& stats);

}  // namespace mainspring::api
