// What a pause does to a plan. A pause that holds changes nothing here: the store keeps the runs.
//
// Pure.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "model/occurrence.h"

namespace mainspring::plan {

// The last pause of a schedule's job that drops what comes due: (after, until].
struct Dropping {
  base::Instant after;
  base::Instant until;   // `now` where the pause goes on
  bool goes_on = false;  // nothing can be planned past `until` yet
  std::string why;       // "ana paused the job at 2026-01-01T10:00:00.000Z: maintenance"
};

std::optional<Dropping> find_dropping(const model::Schedule& schedule, base::Instant now);

// "ana paused the job at 2026-01-01T10:00:00.000Z until 2026-01-02T00:00:00.000Z: maintenance";
// `what` is "the job", or "the queue 'io'".
std::string pause_words(const model::Pause& pause, std::string_view what);

}  // namespace mainspring::plan
