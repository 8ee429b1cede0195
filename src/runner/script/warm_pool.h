// WarmPool: programs of scripts that wait for their next run, imports and prepare(ctx) done, so
// that a start costs no more than an answer. Each serves one run; another is started in its place.
//
// A job that is run begins to have them, and has them until kWarmIdle after its last run. They are
// for the job as it is: when what they are started by changes, or they are told to be stale, all
// that wait for it end. A version of a job whose runs differ in that, by an expression in their
// environment, gets none. A program that cannot prepare itself, or ends while it waits, is replaced
// after a pause that doubles each time: a run meanwhile starts by itself, and says what is wrong.
//
// Threads: take() and drop() from any. The pool's own thread starts the programs, lives as long as
// they do, as the kernel wants it, and sleeps unless something happens. While a run begins it
// starts nothing for that job: the processor is the run's.
// Limits: kWarmLimit programs, for whom they come first; others start as if they had none.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runner/attempt/program.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

inline constexpr std::size_t kWarmLimit = 64;  // each holds an interpreter in memory
inline constexpr std::chrono::minutes kWarmIdle{15};

// A run that may be served by a program that waits, and what such a program is started with.
struct WarmUse {
  std::string job;           // with its tenant
  std::int64_t version = 1;  // of the job
  std::string spec;          // all of the job that makes a difference to the program
  std::string machine;       // and of the machine: interpreter, packages
  std::size_t count = 0;     // to wait at once
  execution::Order like;
  ProgramRunner::Prepare prepare;
};

class WarmPool {
 public:
  struct Limits {
    std::size_t programs = kWarmLimit;
    std::chrono::milliseconds idle = kWarmIdle;
    std::chrono::milliseconds lull{20};  // after a take, before another is started in its place
    std::chrono::milliseconds first_pause{1'000};  // before what failed is tried again
    std::chrono::milliseconds longest_pause{60'000};
  };
  explicit WarmPool(const ProgramRunner& programs);  // borrowed
  WarmPool(const ProgramRunner& programs, Limits limits);
  ~WarmPool();
  WarmPool(const WarmPool&) = delete;
  WarmPool& operator=(const WarmPool&) = delete;

  // One that is ready; nothing: there is none. Either way there will be as many as the use says,
  // soon.
  std::optional<WaitingProgram> take(const WarmUse& use);
  // Those that wait for this job are stale: ends them all, and starts others.
  void drop(const std::string& job);
  // Ends all; none is started any more.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Line {  // of a job
    WarmUse use;
    bool varies = false;
    std::deque<WaitingProgram> waiting;
    std::uint64_t generation = 0;  // counts the drops
    Clock::time_point used_at;
    int failures = 0;  // one after another
    Clock::time_point not_before;
  };
  using Lock = std::unique_lock<std::mutex>;

  Line& note_use(const WarmUse& use);
  void drop_all_of(Line& line);
  void wake() const;
  void work();
  void step(Lock& lock);
  void look(Line& line, Clock::time_point now);
  void note_failure(Line& line, Clock::time_point now) const;
  void end_unused(Clock::time_point now);
  Line* find_wanting(Clock::time_point now);
  std::size_t count_waiting() const;
  void start_one(Line& line, Lock& lock);
  void sleep(Lock& lock);

  const ProgramRunner& programs_;
  const Limits limits_;
  const Fd wake_;
  std::mutex mutex_;
  std::map<std::string, Line> lines_;   // by WarmUse::job; all below guarded by mutex_
  std::deque<WaitingProgram> dropped_;  // to be ended by the thread
  std::uint64_t started_ = 0;           // gives each its name
  bool is_over_ = false;
  std::thread thread_;  // from the first use on
};

}  // namespace mainspring::runner
