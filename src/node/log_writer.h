// The node's log on standard error: one line each, as text or as JSON.
//
// Whatever a message holds, it stays one line: control characters are escaped. Threads: any; a line
// is written by one call, so that lines do not mix.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "node/config.h"

namespace mainspring::node {

// Where the node's Logs come from; what they say and how follows the settings.
class LogWriter {
 public:
  explicit LogWriter(const Config& config);

  base::Log log() const;
  // From now on, for every Log that it gave. Any thread.
  void configure(const Config& config);

 private:
  const std::shared_ptr<std::atomic<LogFormat>> format_;
  const std::shared_ptr<std::atomic<base::LogLevel>> least_;
};

// "2026-03-29T01:30:00.000Z warn worker: a lease was lost run=run_01...", with its line break.
std::string format_log_text(base::Instant time, const base::LogLine& line);
// {"time":"...","level":"warn","component":"worker","message":"...","run":"..."}
std::string format_log_json(base::Instant time, const base::LogLine& line);

}  // namespace mainspring::node
