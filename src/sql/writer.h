// GroupWriter: the one thread that writes. It takes everything that waits, applies it as one group,
// and only then lets it be told; while it writes, the next group gathers. While nothing waits it
// looks for what others have written, where the store is shared.
//
// Ending: the destructor refuses new commands, finishes those that wait, and joins.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/log.h"
#include "sql/engine.h"
#include "sql/teller.h"
#include "store/store.h"

namespace mainspring::sql {

class GroupWriter final : public store::Writer {
 public:
  struct Ears {
    base::Log log;            // writing begins to fail, and works again; the writer's thread
    store::Observer observe;  // what each group did
  };
  // look_every: how long it waits for commands before it looks for what others have written; zero:
  // nobody else writes.
  explicit GroupWriter(Engine& engine, Ears ears = {}, std::chrono::milliseconds look_every = {});
  ~GroupWriter() override;

  void submit(store::Request request, store::Completion completion) override;
  base::Result<store::Reply> submit_and_wait(store::Request request) override;
  void add_listener(store::Listener listener) override;
  std::optional<base::Error> trouble() const override;
  std::size_t waiting() const override;

  // Others have written, or are believed to: it looks at once. Any thread.
  void wake();

 private:
  struct Group {
    std::vector<store::Request> requests;
    std::vector<store::Completion> completions;
  };

  void run();
  bool take(Group& group);
  void serve(Group group);
  void look();
  GroupResult apply(std::span<const store::Request> requests);
  void note_success();
  void note_failure(const base::Error& error);

  Engine& engine_;  // the thread's alone
  const base::Log log_;
  const std::chrono::milliseconds look_every_;
  mutable std::mutex mutex_;
  std::optional<base::Error> trouble_;
  std::optional<base::Error> blindness_;  // why it could not look
  std::condition_variable arrived_;
  Group waiting_;
  bool is_ending_ = false;
  bool is_woken_ = false;
  Teller teller_;
  std::thread thread_;  // last: starts when everything else stands
};

}  // namespace mainspring::sql
