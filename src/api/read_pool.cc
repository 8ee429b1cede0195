#include "api/read_pool.h"

namespace mainspring::api {

ReadPool::ReadPool(store::Store& store, int threads, std::size_t capacity) : capacity_(capacity) {
  // Here, where a store that cannot be opened stops the node from starting; later there would be a
  // question that nobody answers.
  std::vector<std::shared_ptr<store::Reads>> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(store.open_reads());
  for (const auto& reads : all)
    threads_.emplace_back([this, reads] { serve(*reads); });
}

ReadPool::~ReadPool() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

bool ReadPool::post(Work work) {
  bool is_waker = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_ending_ || waiting_.size() >= capacity_) return false;
    waiting_.push_back(std::move(work));
    is_waker = begin_to_wake();
  }
  if (is_waker) arrived_.notify_one();
  return true;
}

void ReadPool::serve(store::Reads& reads) {
  while (const auto work = take())
    (*work)(reads);
}

// Nothing when the pool ends.
std::optional<ReadPool::Work> ReadPool::take() {
  std::unique_lock lock(mutex_);
  ++resting_;
  arrived_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
  --resting_;
  if (is_ending_) return std::nullopt;
  Work work = std::move(waiting_.front());
  waiting_.pop_front();
  is_waking_ = false;
  const bool is_waker = begin_to_wake();
  lock.unlock();
  if (is_waker) arrived_.notify_one();
  return work;
}

// One thread is woken at a time, and wakes the next if there is more to do: where many questions
// come at once, those who are awake answer most of them. Under the lock.
bool ReadPool::begin_to_wake() {
  if (waiting_.empty() || resting_ == 0 || is_waking_) return false;
  is_waking_ = true;
  return true;
}

}  // namespace mainspring::api
