// NearReads: store connections for whoever answers on the thread that asks. Handing a question to a
// reader and its answer back costs two changes of thread, several times what a few rows of a local
// database cost.
//
// A question that took long is a sign that the disk is slow, and an event loop must not wait for
// disks: for a while after it nothing is answered here. What merely waited for a processor takes
// less than that.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "api/read_pool.h"

namespace mainspring::api {

class NearReads {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kLong{20};
  static constexpr std::chrono::seconds kRest{1};

  // Opens `connections`, one for each thread that asks at once; throws store::Unavailable. `now`
  // is for tests.
  NearReads(store::Store& store, int connections,
            std::function<Clock::time_point()> now = Clock::now);

  // Runs `work` now, on this thread. False, and nothing is run, where no connection is free or this
  // rests. Work must not throw. Any thread.
  bool serve(const ReadPool::Work& work);

 private:
  std::unique_ptr<store::Reads> take();

  const std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Reads>> free_;
  std::atomic<Clock::time_point> rests_until_{};
};

}  // namespace mainspring::api
