// StopLine: how other threads tell the thread that waits for a process to end it. Wakes that
// thread by an eventfd: nobody polls.
//
// Threads: ask() and kill() from any thread, any number of times; they never block. One waiting
// thread at a time owns the rest.
#pragma once

#include <atomic>

#include "runner/process/fd.h"

namespace mainspring::runner {

enum class StopLevel { none, ask, kill };  // only ever rises

class StopLine {
 public:
  StopLine();  // throws std::system_error when there is no descriptor left

  void ask() { raise(StopLevel::ask); }    // SIGTERM, grace, SIGKILL
  void kill() { raise(StopLevel::kill); }  // SIGKILL now

  StopLevel level() const { return level_.load(); }
  int fd() const { return event_.get(); }  // readable after a rise, until clear()
  void clear();

 private:
  void raise(StopLevel level);

  std::atomic<StopLevel> level_ = StopLevel::none;
  Fd event_;
};

}  // namespace mainspring::runner
