// QueueSpec: the limits of a named lane of runs. A queue exists as soon as a job names it; one
// without a spec of its own has no limit but those of the workers.
//
// Values: immutable once stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "json/describe.h"
#include "model/job.h"

namespace mainspring::model {

// A token bucket: `count` starts in each `per`, and up to `burst` at once after a quiet time.
struct RateSpec {
  std::int64_t count = 1;
  base::Duration per = std::chrono::seconds{1};
  std::int64_t burst = 0;  // 0: `count`

  static const json::StructTable& described();
  friend bool operator==(const RateSpec&, const RateSpec&) = default;
};

struct QueueSpec {
  std::string name;
  std::string description;
  std::optional<std::int64_t> limit;  // attempts under way at the same time
  std::optional<RateSpec> rate;       // of starts
  std::optional<std::int64_t> depth;  // runs that wait; a submission beyond is refused (429)
  // Its share of the tenant's starts. One queue with a weight makes all of them share: those
  // without count as 1.
  std::optional<int> weight;

  static const json::StructTable& described();
  friend bool operator==(const QueueSpec&, const QueueSpec&) = default;
};

// A queue as it stands.
struct Queue {
  std::string tenant;
  QueueSpec spec;
  std::optional<Pause> pause;  // nothing starts from it
  std::int64_t waiting = 0;    // queued runs, those held back by a limit included
  std::int64_t running = 0;
  std::optional<base::Instant> oldest_due_at;  // of the runs that wait

  static const json::StructTable& described();
};

}  // namespace mainspring::model
