// LogBuffer: the output of one attempt, gathered into chunks worth storing.
//
// Bytes are kept exactly, each stream in its own order; how the streams interleave is kept too, up
// to kMaxPieces changes between two flushes. A flooding attempt is cut at a limit with a visible
// mark on the system stream, and told at its end how much was dropped.
//
// Pure but for the clock. Threads: belongs to one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "env/clock.h"
#include "model/run.h"

namespace mainspring::runner {

inline constexpr std::size_t kChunkLimit = 64 << 10;  // a chunk is one row: cheap to page through
inline constexpr base::Duration kFlushAfter{500};     // what a person tailing the log waits for
inline constexpr std::size_t kMaxPieces = 64;         // chunks per flush, when streams alternate
inline constexpr std::int64_t kLogLimit = 16 << 20;   // per attempt; far more than anybody reads

class LogBuffer {
 public:
  explicit LogBuffer(const env::Clock& clock, std::int64_t byte_limit = kLogLimit);

  void append(model::LogStream stream, std::string_view bytes);

  // No more output will come: marks what was dropped.
  void finish();

  // Whether to take() now: enough bytes, or old enough.
  bool is_due() const;
  // When that will be by age alone, as Clock::monotonic() counts; nothing while it is empty.
  std::optional<base::Duration> due_at() const;

  // What is waiting, numbered on from the last take(); may be empty.
  std::vector<model::LogChunk> take();

 private:
  void store(model::LogStream stream, std::string_view bytes);
  model::LogChunk* find_open(model::LogStream stream);

  const env::Clock& clock_;
  std::int64_t room_;  // bytes until the cut
  std::int64_t dropped_ = 0;
  std::int64_t next_seq_ = 1;
  std::int64_t byte_limit_;
  std::size_t waiting_bytes_ = 0;
  base::Duration oldest_{0};
  std::vector<model::LogChunk> waiting_;
};

}  // namespace mainspring::runner
