#include "scheduler/inbox.h"

#include <utility>

#include "scheduler/scheduler.h"

namespace mainspring::scheduler {

void Inbox::note(const store::Notice& notice) {
  if (const auto* job = std::get_if<store::JobChanged>(&notice)) {
    has_news_ = true;
    if (news_.has_overflowed) return;
    news_.changed.insert(job->job_id);
    if (news_.changed.size() <= kPendingJobs) return;
    forget_which();
  } else if (std::holds_alternative<store::NoticesLost>(notice)) {
    has_news_ = true;
    forget_which();
  } else if (const auto* due = std::get_if<store::DueChanged>(&notice)) {
    news_.last_due = *due;
    // Only ever earlier: the reply to a promotion says when it is later.
    if (!due->next_due || (news_.due && *news_.due <= *due->next_due)) return;
    has_news_ = true;
    news_.due = due->next_due;
  } else if (std::holds_alternative<store::RunsReady>(notice) ||
             std::holds_alternative<store::EventsAdded>(notice)) {
    news_.has_activity = true;
  }
}

void Inbox::forget_which() {
  news_.has_overflowed = true;
  news_.changed.clear();
}

void Inbox::tell(const std::vector<store::Notice>& notices) {
  const std::scoped_lock lock(mutex_);
  for (const store::Notice& notice : notices)
    note(notice);
  if (is_awaited()) changed_.notify_all();
}

void Inbox::set_share(plan::Share share) {
  const std::scoped_lock lock(mutex_);
  news_.share = std::move(share);
  has_news_ = true;
  changed_.notify_all();
}

News Inbox::take() {
  const std::scoped_lock lock(mutex_);
  has_news_ = false;
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

void Inbox::stop() {
  const std::scoped_lock lock(mutex_);
  is_stopped_ = true;
  changed_.notify_all();
}

bool Inbox::is_stopped() const {
  const std::scoped_lock lock(mutex_);
  return is_stopped_;
}

}  // namespace mainspring::scheduler
