// Errands: work that waits for something outside of the node, each piece on a thread of its own, so
// that no question waits behind it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mainspring::api {

class Errands {
 public:
  // At most `limit` are under way at once.
  explicit Errands(std::size_t limit) : places_(limit) {}
  ~Errands() = default;  // waits for those under way
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  // Any thread. False when as many as may be are under way. Work must not throw, and must end.
  bool start(std::function<void()> work);

 private:
  struct Place {
    std::atomic<bool> is_busy = false;
    std::jthread thread;
  };

  std::mutex mutex_;
  std::vector<Place> places_;
};

}  // namespace mainspring::api
