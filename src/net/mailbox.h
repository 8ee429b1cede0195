// Mailbox: how other threads reach an edge thread.
//
// Letters run in order on the edge thread. It outlives the edge: once closed, letters are refused.
// Its length is bounded by what posts: at most one answer per connection, one note per stream, and
// the accepted connections.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace mainspring::net {

class Mailbox {
 public:
  using Letter = std::move_only_function<void()>;

  // `wake` is called under the lock, from any thread, when the first letter comes; it must only
  // schedule. Never after close().
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // False once closed; the letter is then destroyed unread, outside the lock.
  bool post(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    letters_.push_back(std::move(letter));
    if (letters_.size() == 1) wake_();
    return true;
  }

  std::vector<Letter> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(letters_, {});
  }

  // Refuses letters from now on, and returns those that came before.
  std::vector<Letter> close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    return std::exchange(letters_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Letter> letters_;
  std::function<void()> wake_;
  bool closed_ = false;
};

}  // namespace mainspring::net
