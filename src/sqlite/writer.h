// SqliteWriter: the one thread that writes. It takes everything that waits, applies it as one
// group, and only then answers; while it writes, the next group gathers. No timers.
//
// Ending: the destructor refuses new commands, finishes those that wait, and joins.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "sqlite/engine.h"
#include "store/store.h"

namespace mainspring::sqlite {

class SqliteWriter final : public store::Writer {
 public:
  explicit SqliteWriter(Engine& engine);
  ~SqliteWriter() override;

  void submit(store::Request request, store::Completion completion) override;
  base::Result<store::Reply> submit_and_wait(store::Request request) override;
  void add_listener(store::Listener listener) override;

 private:
  struct Group {
    std::vector<store::Request> requests;
    std::vector<store::Completion> completions;
  };

  void run();
  bool take(Group& group);
  void serve(Group& group);
  void tell(const std::vector<store::Notice>& notices);

  Engine& engine_;  // the thread's alone
  std::mutex mutex_;
  std::condition_variable arrived_;
  Group waiting_;
  std::vector<store::Listener> listeners_;
  bool is_ending_ = false;
  std::thread thread_;  // last: starts when everything else stands
};

}  // namespace mainspring::sqlite
