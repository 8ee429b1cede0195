#include "runner/log_buffer.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace mainspring::runner {

LogBuffer::LogBuffer(const env::Clock& clock, std::int64_t byte_limit)
    : clock_(clock), room_(byte_limit), byte_limit_(byte_limit) {}

void LogBuffer::append(model::LogStream stream, std::string_view bytes) {
  if (bytes.empty()) return;
  const auto size = static_cast<std::int64_t>(bytes.size());
  const std::int64_t kept = std::min(size, room_);
  room_ -= kept;
  store(stream, bytes.substr(0, static_cast<std::size_t>(kept)));
  if (kept == size) return;
  if (dropped_ == 0) {
    store(model::LogStream::system,
          fmt::format("log cut here: the attempt wrote more than {} bytes\n", byte_limit_));
  }
  dropped_ += size - kept;
}

void LogBuffer::finish() {
  if (dropped_ == 0) return;
  store(model::LogStream::system, fmt::format("{} bytes of output were not kept\n", dropped_));
  dropped_ = 0;
}

bool LogBuffer::is_due() const {
  if (waiting_.empty()) return false;
  return waiting_bytes_ >= kChunkLimit || clock_.monotonic() >= oldest_ + kFlushAfter;
}

std::optional<base::Duration> LogBuffer::due_at() const {
  if (waiting_.empty()) return std::nullopt;
  return oldest_ + kFlushAfter;
}

std::vector<model::LogChunk> LogBuffer::take() {
  waiting_bytes_ = 0;
  return std::exchange(waiting_, {});
}

void LogBuffer::store(model::LogStream stream, std::string_view bytes) {
  if (waiting_.empty()) oldest_ = clock_.monotonic();
  waiting_bytes_ += bytes.size();
  while (!bytes.empty()) {
    model::LogChunk* chunk = find_open(stream);
    if (chunk == nullptr) {
      waiting_.push_back({next_seq_++, stream, clock_.now(), {}});
      chunk = &waiting_.back();
    }
    const std::size_t size = std::min(bytes.size(), kChunkLimit - chunk->bytes.bytes.size());
    chunk->bytes.bytes += bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
}

// The chunk that goes on: the last one if it is of this stream, or, where the streams have
// alternated too often, the last one of this stream.
model::LogChunk* LogBuffer::find_open(model::LogStream stream) {
  for (auto chunk = waiting_.rbegin(); chunk != waiting_.rend(); ++chunk) {
    if (chunk->stream == stream) {
      return chunk->bytes.bytes.size() < kChunkLimit ? &*chunk : nullptr;
    }
    if (waiting_.size() < kMaxPieces) return nullptr;
  }
  return nullptr;
}

}  // namespace mainspring::runner
