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
  std::unique_lock lock(mutex_);
  if (is_ending_ || waiting_.size() >= capacity_) return false;
  add(waiting_, std::move(work), std::move(lock));
  return true;
}

void ReadPool::post_bulk(Work work) {
  std::unique_lock lock(mutex_);
  if (!is_ending_) add(bulk_, std::move(work), std::move(lock));
}

void ReadPool::add(std::deque<Work>& to, Work work, std::unique_lock<std::mutex> lock) {
  to.push_back(std::move(work));
  const bool is_waker = begin_to_wake();
  lock.unlock();
  if (is_waker) arrived_.notify_one();
}

void ReadPool::serve(store::Reads& reads) {
  while (const auto turn = take()) {
    turn->work(reads);
    if (!turn->is_bulk) continue;
    const std::lock_guard lock(mutex_);
    is_bulk_under_way_ = false;
  }
}

// Nothing when the pool ends.
std::optional<ReadPool::Turn> ReadPool::take() {
  std::unique_lock lock(mutex_);
  ++resting_;
  arrived_.wait(lock, [this] { return is_ending_ || has_work(); });
  --resting_;
  if (is_ending_) return std::nullopt;
  Turn turn{.work = {}, .is_bulk = is_turn_of_bulk()};
  std::deque<Work>& from = turn.is_bulk ? bulk_ : waiting_;
  turn.work = std::move(from.front());
  from.pop_front();
  is_bulk_under_way_ = is_bulk_under_way_ || turn.is_bulk;
  is_waking_ = false;
  const bool is_waker = begin_to_wake();
  lock.unlock();
  if (is_waker) arrived_.notify_one();
  return turn;
}

bool ReadPool::has_work() const {
  return !waiting_.empty() || (!bulk_.empty() && !is_bulk_under_way_);
}

// Under the lock, where there is work.
bool ReadPool::is_turn_of_bulk() {
  const bool can_be = !bulk_.empty() && !is_bulk_under_way_;
  const bool is_it = can_be && (waiting_.empty() || questions_since_bulk_ >= kBulkTurn - 1);
  questions_since_bulk_ = is_it ? 0 : questions_since_bulk_ + 1;
  return is_it;
}

// One thread is woken at a time, and wakes the next if there is more to do: where many questions
// come at once, those who are awake answer most of them. Under the lock.
bool ReadPool::begin_to_wake() {
  if (!has_work() || resting_ == 0 || is_waking_) return false;
  is_waking_ = true;
  return true;
}

}  // namespace mainspring::api
