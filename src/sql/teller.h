// Teller: tells what groups of commands did: first the observer, then the listeners, then each
// caller. For a large group it does so on a thread of its own, so that the next is written
// meanwhile; a small one is told at once, since changing threads would take longer.
//
// Groups are told one at a time, in the order given. What somebody throws who is told stops nobody
// else. Ending: the destructor tells what waits, and joins.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "sql/engine.h"
#include "store/store.h"

namespace mainspring::sql {

// Calls it once, where there is one to call.
void complete(store::Completion& completion, base::Result<store::Reply> reply);

class Teller {
 public:
  struct Group {
    std::vector<store::Request> requests;        // freed where nobody waits for it
    std::vector<store::Completion> completions;  // one for each reply
    GroupResult result;
    std::chrono::nanoseconds took{0};
  };

  explicit Teller(store::Observer observe);
  ~Teller();
  Teller(const Teller&) = delete;
  Teller& operator=(const Teller&) = delete;

  // Any thread. Listeners stay until the end.
  void add_listener(store::Listener listener);

  // One thread. Waits while kAhead groups are still to be told.
  void tell(Group group);

 private:
  void run();
  void tell_now(Group& group);
  void tell_listeners(const std::vector<store::Notice>& notices);

  const store::Observer observe_;
  std::mutex mutex_;
  std::vector<store::Listener> listeners_;
  std::condition_variable arrived_;
  std::condition_variable left_;
  std::deque<Group> waiting_;  // the first is being told
  bool is_ending_ = false;
  std::thread thread_;  // last: starts when everything else stands
};

}  // namespace mainspring::sql
