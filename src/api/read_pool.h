// ReadPool: the threads that answer questions, each with a store connection of its own, so that a
// slow question never stands in the way of the edge or the writer.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "store/store.h"

namespace mainspring::api {

class ReadPool {
 public:
  using Work = std::function<void(store::Reads&)>;

  // Opens `threads` connections; throws store::Unavailable. At most `capacity` pieces of work wait.
  // Work must not throw.
  ReadPool(store::Store& store, int threads, std::size_t capacity);
  ~ReadPool();  // drops what waits, joins
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  // Any thread. False when `capacity` pieces wait already, or the pool is stopping.
  bool post(Work work);

 private:
  void serve(store::Reads& reads);
  std::optional<Work> take();
  bool begin_to_wake();

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Work> waiting_;
  int resting_ = 0;         // threads that wait for work
  bool is_waking_ = false;  // one of them was woken, and has not looked yet
  bool is_ending_ = false;
  std::vector<std::thread> threads_;  // last: starts when everything else stands
};

}  // namespace mainspring::api
