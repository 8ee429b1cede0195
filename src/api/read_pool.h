// ReadPool: the threads that answer questions, each with a store connection of its own, so that a
// slow question never stands in the way of the edge or the writer. What sends much in pieces stands
// in a queue of its own: one thread at a time does it, after those who wait for an answer.
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
  // Any thread. One piece of something long, such as a download, which posts the next when this is
  // done: nothing bounds how many wait, but that each has one. Under load it has every kBulkTurn-th
  // turn. Dropped when the pool is stopping.
  void post_bulk(Work work);

 private:
  static constexpr int kBulkTurn = 16;
  struct Turn {
    Work work;
    bool is_bulk = false;
  };

  void serve(store::Reads& reads);
  void add(std::deque<Work>& to, Work work, std::unique_lock<std::mutex> lock);
  std::optional<Turn> take();
  bool has_work() const;
  bool is_turn_of_bulk();
  bool begin_to_wake();

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Work> waiting_;
  std::deque<Work> bulk_;
  bool is_bulk_under_way_ = false;
  int questions_since_bulk_ = 0;
  int resting_ = 0;         // threads that wait for work
  bool is_waking_ = false;  // one of them was woken, and has not looked yet
  bool is_ending_ = false;
  std::vector<std::thread> threads_;  // last: starts when everything else stands
};

}  // namespace mainspring::api
