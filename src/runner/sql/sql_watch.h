// SqlWatch: what ends an attempt early: a cancel, a lost lease, timeout.run and timeout.idle; and
// the one place where a session waits for its server, so that whichever comes first wakes it.
//
// The ladder: the first wait that finds the attempt is to end says `stop`, once, and the session
// asks the server to end the statement; waits then go on until the grace is over, `overdue`, and
// the session gives up the connection. A lost lease, or a cancel without grace, leaves the server
// kKillPatience.
//
// Threads: that of the attempt; other threads reach it through the StopSignal alone.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include "execution/runner.h"
#include "runner/process/process.h"
#include "runner/process/stop_line.h"

namespace mainspring::runner {

// To hear from the server that the statement has ended, so that nothing of it is left.
inline constexpr std::chrono::seconds kKillPatience{2};

enum class Wake {
  ready,    // the descriptor has what was awaited
  late,     // `until` has come
  stop,     // the attempt is to end; said once
  overdue,  // and its grace is over
};

// `fd` may be -1: then only time and stops are awaited.
struct Awaited {
  int fd = -1;
  short events = 0;
  SteadyTime until = SteadyTime::max();
  short happened = 0;  // of `events`, when ready
};

class SqlWatch {
 public:
  // Both are borrowed. Throws std::system_error when there is no descriptor left.
  SqlWatch(const model::TimeoutSpec& timeout, const execution::StopSignal& stop);

  Wake wait(Awaited& awaited);

  // Whether the attempt is to end by now; the first cause stays.
  bool look();
  bool is_overdue() const;
  // What is left of the grace, but at most `most`; `most` while the attempt may go on.
  std::chrono::milliseconds patience(std::chrono::milliseconds most) const;
  // The server gave a sign of life, which timeout.idle waits for.
  void note_activity() { active_at_ = std::chrono::steady_clock::now(); }

  base::Duration elapsed() const;

  // The outcome of an attempt that is to end; `rest` as in make_stopped().
  model::Outcome make_outcome(std::string_view rest) const;

 private:
  using Callback = std::stop_callback<std::function<void()>>;

  void begin_stop(EndCause cause);
  bool is_stopping() const { return cause_ != EndCause::exited; }
  SteadyTime run_end() const;
  SteadyTime idle_end() const;
  SteadyTime next_event() const;

  const model::TimeoutSpec& timeout_;
  const execution::StopSignal& stop_;
  StopLine line_;
  const SteadyTime started_at_ = std::chrono::steady_clock::now();
  SteadyTime active_at_ = started_at_;
  SteadyTime grace_end_ = SteadyTime::max();
  EndCause cause_ = EndCause::exited;  // of its own accord, or not at all
  bool was_told_ = false;
  Callback on_stop_;  // the last: they use the line
  Callback on_kill_;
};

}  // namespace mainspring::runner
