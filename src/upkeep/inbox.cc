#include "upkeep/inbox.h"

#include <utility>

namespace mainspring::upkeep {

void Inbox::tell(const std::vector<store::Notice>& notices) {
  const std::scoped_lock lock(mutex_);
  for (const store::Notice& notice : notices) {
    if (std::holds_alternative<store::OperationChanged>(notice) ||
        std::holds_alternative<store::NoticesLost>(notice)) {
      news_.has_operations = true;
    } else if (std::holds_alternative<store::EventsAdded>(notice)) {
      news_.has_activity = true;
    }
  }
  if (is_awaited()) changed_.notify_all();
}

News Inbox::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(news_, {});
}

void Inbox::wait(base::Duration limit, WakeFor wake_for) {
  std::unique_lock lock(mutex_);
  wake_for_ = wake_for;
  changed_.wait_for(lock, limit, [&] { return is_stopped_ || is_awaited(); });
}

void Inbox::pause(base::Duration limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return is_stopped_; });
}

void Inbox::call() {
  const std::scoped_lock lock(mutex_);
  news_.has_operations = true;
  changed_.notify_all();
}

void Inbox::stop() {
  const std::scoped_lock lock(mutex_);
  is_stopped_ = true;
  changed_.notify_all();
}

bool Inbox::is_stopped() const {
  const std::scoped_lock lock(mutex_);
  return is_stopped_;
}

}  // namespace mainspring::upkeep
