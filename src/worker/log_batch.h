// LogBatch: output on its way to the store, cut into chunks. Adjacent output of one stream joins
// into one chunk while the chunk is young, so that a program that writes byte by byte does not
// make a row of each; bytes are never changed, left out or reordered, up to the attempt's limit,
// where a line on the `system` stream says that the rest is not kept.
//
// Pure; belongs to one thread, or is guarded by its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/run.h"

namespace mainspring::worker {

// A row of the store; large enough that its overhead does not matter.
inline constexpr std::size_t kChunkBytes = 64 << 10;
// Output that comes later than this after a chunk's first byte starts a new one, with its own time.
inline constexpr base::Duration kChunkAge{100};

class LogBatch {
 public:
  explicit LogBatch(std::size_t limit) : left_(limit), limit_(limit) {}

  void append(model::LogStream stream, std::string_view bytes, base::Instant now);

  std::size_t bytes() const { return bytes_; }  // waiting
  bool empty() const { return chunks_.empty(); }

  // The oldest chunks, at least one, of at most `bytes` together where more than one.
  std::vector<model::LogChunk> take(std::size_t bytes);

 private:
  void add(model::LogStream stream, std::string_view bytes, base::Instant now);
  bool joins(model::LogStream stream, base::Instant now) const;

  std::deque<model::LogChunk> chunks_;
  std::size_t bytes_ = 0;
  std::size_t left_;
  std::size_t limit_;
  std::int64_t next_seq_ = 1;
  bool is_truncated_ = false;
};

}  // namespace mainspring::worker
