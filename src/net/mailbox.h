// Mailbox: how other threads reach an edge thread.
//
// Letters run in order on the edge thread, and so do bulk letters, after them and a few at a time:
// an event for ten thousand streams must not stand before everybody's answers. It outlives the
// edge: once closed, letters are refused. Its length is bounded by what posts: at most one answer
// per connection, one note per stream (these are bulk), and the accepted connections.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace mainspring::net {

class Mailbox {
 public:
  using Letter = std::move_only_function<void()>;
  struct Mail {
    std::vector<Letter> letters;
    std::vector<Letter> bulk;
  };

  // `wake` is called under the lock, from any thread, when the first letter comes; it must only
  // schedule. Never after close().
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // False once closed; the letter is then destroyed unread, outside the lock.
  bool post(Letter letter) { return add(mail_.letters, std::move(letter)); }
  bool post_bulk(Letter letter) { return add(mail_.bulk, std::move(letter)); }

  Mail take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mail_, {});
  }

  // Refuses letters from now on, and returns those that came before.
  Mail close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    return std::exchange(mail_, {});
  }

 private:
  bool add(std::vector<Letter>& to, Letter letter) {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    to.push_back(std::move(letter));
    if (mail_.letters.size() + mail_.bulk.size() == 1) wake_();
    return true;
  }

  std::mutex mutex_;
  Mail mail_;
  std::function<void()> wake_;
  bool closed_ = false;
};

}  // namespace mainspring::net
