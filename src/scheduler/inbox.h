// Inbox: what the store told the scheduler since it looked last. Internal to scheduler.
//
// Threads: told by a thread of the writer's, which it never holds up; taken by the scheduler's.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "plan/share.h"
#include "store/store.h"

namespace mainspring::scheduler {

struct News {
  std::set<base::JobId> changed;
  bool has_overflowed = false;       // other jobs changed than are listed
  std::optional<base::Instant> due;  // the earliest that was told
  // What was told last; for a stand-in, whose work somebody else does.
  std::optional<store::DueChanged> last_due;
  std::optional<plan::Share> share;
  bool has_activity = false;  // runs move: leases may have been given
};

class Inbox {
 public:
  void tell(const std::vector<store::Notice>& notices);
  void set_share(plan::Share share);
  News take();

  // Returns when there is news, or at the limit. What is only activity does not count as news
  // unless asked for: a busy store would keep the scheduler awake for nothing.
  enum class WakeFor { news, activity };
  void wait(base::Duration limit, WakeFor wake_for);
  void pause(base::Duration limit);  // until the limit or stop(), whatever is told meanwhile

  void stop();
  bool is_stopped() const;

 private:
  void note(const store::Notice& notice);
  void forget_which();
  bool is_awaited() const {
    return has_news_ || (wake_for_ == WakeFor::activity && news_.has_activity);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  News news_;
  bool has_news_ = false;
  WakeFor wake_for_ = WakeFor::news;  // of the last wait
  bool is_stopped_ = false;
};

}  // namespace mainspring::scheduler
