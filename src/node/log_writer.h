// The node's log on standard error: one line each, as text or as JSON.
//
// Whatever a message holds, it stays one line: control characters are escaped. Threads: any; a line
// is written by one call, so that lines do not mix.
#pragma once

#include <string>

#include "base/log.h"
#include "base/time.h"
#include "node/config.h"

namespace mainspring::node {

base::Log make_log(const Config& config);

// "2026-03-29T01:30:00.000Z warn worker: a lease was lost run=run_01...", with its line break.
std::string format_log_text(base::Instant time, const base::LogLine& line);
// {"time":"...","level":"warn","component":"worker","message":"...","run":"..."}
std::string format_log_json(base::Instant time, const base::LogLine& line);

}  // namespace mainspring::node
