// The time that an attempt was given from outside, beyond timeout.run.
//
// Threads: any; the StopSignal is shared.
#pragma once

#include <chrono>

#include "execution/runner.h"

namespace mainspring::runner {

// `instant` on the clock that never jumps, by what both clocks say now.
std::chrono::steady_clock::time_point to_steady(base::Instant instant);

// Until when the attempt may run on; long past where it was given no more time.
std::chrono::steady_clock::time_point given_until(const execution::StopSignal& stop);

}  // namespace mainspring::runner
