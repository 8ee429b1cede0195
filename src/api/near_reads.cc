#include "api/near_reads.h"

#include <utility>

namespace mainspring::api {

NearReads::NearReads(store::Store& store, int connections, std::function<Clock::time_point()> now)
    : now_(std::move(now)) {
  for (int i = 0; i < connections; ++i)
    free_.push_back(store.open_reads());
}

bool NearReads::serve(const ReadPool::Work& work) {
  const auto begun = now_();
  if (begun < rests_until_.load(std::memory_order_relaxed)) return false;
  std::unique_ptr<store::Reads> reads = take();
  if (!reads) return false;
  work(*reads);
  const auto ended = now_();
  if (ended - begun > kLong) rests_until_.store(ended + kRest, std::memory_order_relaxed);
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(reads));
  return true;
}

std::unique_ptr<store::Reads> NearReads::take() {
  const std::scoped_lock lock(mutex_);
  if (free_.empty()) return nullptr;
  std::unique_ptr<store::Reads> reads = std::move(free_.back());
  free_.pop_back();
  return reads;
}

}  // namespace mainspring::api
