#include "worker/log_batch.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainspring::worker {

void LogBatch::append(model::LogStream stream, std::string_view bytes, base::Instant now) {
  if (is_truncated_) return;
  const std::string_view kept = bytes.substr(0, left_);
  left_ -= kept.size();
  add(stream, kept, now);
  if (kept.size() == bytes.size()) return;
  is_truncated_ = true;
  add(model::LogStream::system,
      fmt::format("[log truncated: this attempt wrote more than {} bytes; the rest is not kept]\n",
                  limit_),
      now);
}

bool LogBatch::joins(model::LogStream stream, base::Instant now) const {
  if (chunks_.empty()) return false;
  const model::LogChunk& last = chunks_.back();
  return last.stream == stream && last.bytes.bytes.size() < kChunkBytes && now >= last.at &&
         now - last.at < kChunkAge;
}

void LogBatch::add(model::LogStream stream, std::string_view bytes, base::Instant now) {
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    if (!joins(stream, now)) chunks_.push_back({next_seq_++, stream, now, {}});
    std::string& chunk = chunks_.back().bytes.bytes;
    const std::size_t fitting = std::min(bytes.size(), kChunkBytes - chunk.size());
    chunk.append(bytes.substr(0, fitting));
    bytes.remove_prefix(fitting);
  }
}

std::vector<model::LogChunk> LogBatch::take(std::size_t bytes) {
  std::vector<model::LogChunk> taken;
  std::size_t total = 0;
  while (!chunks_.empty()) {
    const std::size_t size = chunks_.front().bytes.bytes.size();
    if (!taken.empty() && total + size > bytes) break;
    total += size;
    taken.push_back(std::move(chunks_.front()));
    chunks_.pop_front();
  }
  bytes_ -= total;
  return taken;
}

}  // namespace mainspring::worker
