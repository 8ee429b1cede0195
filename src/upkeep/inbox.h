// Inbox: what the store told upkeep since it looked last. Internal to upkeep.
//
// Threads: told by a thread of the writer's, which it never holds up; taken by upkeep's.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace mainspring::upkeep {

struct News {
  bool has_operations = false;  // one was started or cancelled
  bool has_activity = false;    // runs or definitions changed
};

class Inbox {
 public:
  void tell(const std::vector<store::Notice>& notices);
  News take();

  // Returns at news of operations, or at the limit. Activity counts as news only where something
  // waits for it: a busy store would keep upkeep awake for nothing.
  enum class WakeFor { operations, activity };
  void wait(base::Duration limit, WakeFor wake_for);
  void pause(base::Duration limit);  // until the limit or stop(), whatever is told meanwhile

  void call();  // as news of operations: there is something to do
  void stop();
  bool is_stopped() const;

 private:
  bool is_awaited() const {
    return news_.has_operations || (wake_for_ == WakeFor::activity && news_.has_activity);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  News news_;
  WakeFor wake_for_ = WakeFor::operations;  // of the last wait
  bool is_stopped_ = false;
};

}  // namespace mainspring::upkeep
