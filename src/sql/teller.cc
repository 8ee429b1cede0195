#include "sql/teller.h"

#include <utility>

namespace mainspring::sql {
namespace {

// Up to so many callers are answered sooner than another thread has begun to.
constexpr std::size_t kFew = 8;
// Groups that may wait to be told: what was written and not told takes memory.
constexpr std::size_t kAhead = 4;

}  // namespace

void complete(store::Completion& completion, base::Result<store::Reply> reply) {
  if (!completion) return;
  try {
    completion(std::move(reply));
  } catch (...) {
    // What a caller does with its answer must not stop the writer for everybody else.
  }
}

Teller::Teller(store::Observer observe)
    : observe_(std::move(observe)), thread_([this] { run(); }) {}

Teller::~Teller() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Teller::add_listener(store::Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void Teller::tell(Group group) {
  {
    std::unique_lock lock(mutex_);
    if (!waiting_.empty() || group.completions.size() > kFew) {
      left_.wait(lock, [this] { return waiting_.size() < kAhead; });
      waiting_.push_back(std::move(group));
      lock.unlock();
      return arrived_.notify_one();
    }
  }
  tell_now(group);
}

void Teller::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Group& group = waiting_.front();  // stays in its place, so that no other is told meanwhile
    lock.unlock();
    tell_now(group);
    group = {};
    lock.lock();
    waiting_.pop_front();
    left_.notify_one();
  }
}

// Observed before it is answered: who has an answer finds itself counted. Listeners before callers:
// who has an answer and asks a cache that listens finds what was changed.
void Teller::tell_now(Group& group) {
  if (observe_ && !group.completions.empty()) {
    observe_({.facts = std::move(group.result.facts),
              .commands = std::ssize(group.completions),
              .took = group.took,
              .is_durable = !group.result.has_failed});
  }
  tell_listeners(group.result.notices);
  for (std::size_t i = 0; i < group.completions.size(); ++i)
    complete(group.completions[i], std::move(group.result.replies[i]));
}

void Teller::tell_listeners(const std::vector<store::Notice>& notices) {
  if (notices.empty()) return;
  std::vector<store::Listener> listeners;
  {
    const std::lock_guard lock(mutex_);
    listeners = listeners_;
  }
  for (const store::Listener& listener : listeners) {
    try {
      listener(notices);
    } catch (...) {
      // As with completions: one listener's trouble is its own.
    }
  }
}

}  // namespace mainspring::sql
