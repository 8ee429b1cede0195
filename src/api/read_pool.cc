#include "api/read_pool.h"

namespace mainspring::api {

ReadPool::ReadPool(store::Store& store, int threads, std::size_t capacity) : capacity_(capacity) {
  // Here, where a store that cannot be opened stops the node from starting; later there would be a
  // question that nobody answers.
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, reads = std::shared_ptr(store.open_reads())](
                              const std::stop_token& stop) { serve(stop, *reads); });
  }
}

ReadPool::~ReadPool() {
  for (std::jthread& thread : threads_)
    thread.request_stop();
  threads_.clear();
}

bool ReadPool::post(Work work) {
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= capacity_) return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void ReadPool::serve(const std::stop_token& stop, store::Reads& reads) {
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work(reads);
  }
}

}  // namespace mainspring::api
