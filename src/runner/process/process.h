// Process: one started program with its process group, from clone to reap. It is driven by the
// thread that owns it, a step at a time:
//
//   auto process = launch(spec, stop, ledger);
//   while (!(*process)->finished()) (*process)->pump(until, sink);
//
// The ladder: a rise of the StopLine to `ask`, the run timeout or the idle timeout sends SIGTERM to
// the whole group, and SIGKILL after the grace; `kill` sends SIGKILL at once. The first cause
// stays. When the program has exited but a process it left behind holds its output open, that
// output is read for kDrainLimit more. Then the whole group is killed, before the leader is reaped,
// so that its number cannot mean anybody else. A process that made a session of its own (setsid)
// has left the group; it is reached all the same where the spec names a control group.
//
// Threads: launch(), pump() and the destructor run on one thread, or on several, one after another;
// the thread of launch() outlives the program, because the kernel ends the program with it. Only
// the StopLine is shared.
// Errors: launch() says exactly what could not be done; after it nothing fails.
// Limits: output that nobody reads is not stored, the program waits for the sink.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "runner/process/child.h"
#include "runner/process/fd.h"
#include "runner/process/ledger.h"
#include "runner/process/process_spec.h"
#include "runner/process/stop_line.h"

namespace mainspring::runner {

enum class OutputStream { out, err };

class OutputSink {
 public:
  virtual ~OutputSink() = default;
  virtual void output(OutputStream stream, std::string_view bytes) = 0;
};

enum class EndCause { exited, asked, killed, run_timeout, idle_timeout };

struct Ending {
  EndCause cause = EndCause::exited;
  // Neither is set only if the host program takes its children's statuses away (SIGCHLD ignored).
  std::optional<int> exit_code;
  std::optional<int> signal;
  bool was_killed = false;  // the grace was over before the group was
  rusage usage{};           // of the program and of the children it has waited for
  base::Duration wall{0};
};

// After the program itself has gone: long enough for what its last children are writing, short
// enough that a daemon left behind does not hold a slot.
inline constexpr base::Duration kDrainLimit{500};

class Process {
 public:
  ~Process();  // kills and reaps what is still running
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits for output, an exit, a stop or a deadline of the ladder, and deals with it; returns at
  // `until` at the latest. Sinks are called from inside.
  void pump(SteadyTime until, OutputSink& sink);

  bool finished() const { return finished_; }
  const Ending& ending() const { return ending_; }  // once finished
  pid_t pid() const { return child_.pid; }

  // For a program that has waited for its work: its time begins now, with the limits of `spec`.
  void begin_work(const ProcessSpec& spec);
  // Whether the program itself has ended, finished() or not.
  bool has_ended() const;
  int exit_fd() const { return child_.pidfd.get(); }  // readable from then on

  // Another sign of life than output, for the idle timeout.
  void note_activity();

 private:
  friend class Launcher;
  Process(StopLine& stop, const ProcessSpec& spec);

  void start_clock();
  SteadyTime next_deadline() const;
  void obey_stop_line();
  void climb_ladder(SteadyTime now);
  void note_leader_gone();
  bool is_run_over(SteadyTime now);
  void begin_stop(EndCause cause);
  void kill_group();
  void kill_all() const;
  bool read_output(Fd& pipe, OutputStream stream, OutputSink& sink);
  void finish(OutputSink& sink);
  void reap();

  StopLine& stop_;
  Cgroup* const cgroup_;
  std::optional<base::Duration> run_timeout_;
  std::function<SteadyTime()> extended_until_;
  std::optional<base::Duration> idle_timeout_;
  base::Duration grace_;

  LedgerRecord record_;
  Child child_;
  Fd out_;
  Fd err_;
  std::vector<char> buffer_;

  SteadyTime started_at_;
  SteadyTime active_at_;
  std::optional<SteadyTime> run_until_;  // later than the run timeout says when it was extended
  SteadyTime grace_until_ = SteadyTime::max();
  SteadyTime drain_until_ = SteadyTime::max();
  bool stopping_ = false;
  bool leader_gone_ = false;  // a zombie, not yet reaped
  bool finished_ = false;
  Ending ending_;
};

// Starts the program. `stop` outlives the process; `ledger` may be null (nothing is recorded).
// Errors, each naming the step and the path: not_found, permission_denied, invalid_argument,
// too_large (arguments and environment), unavailable (out of processes, memory or descriptors).
base::Result<std::unique_ptr<Process>> launch(const ProcessSpec& spec, StopLine& stop,
                                              ProcessLedger* ledger);

}  // namespace mainspring::runner
