// Watchdog: a small process beside the worker that ends the worker's work where the worker cannot:
// when it was killed, when it stands still (SIGSTOP, a debugger, a stuck disk), when it is starved.
// A lease may be given to somebody else when it has run out, whether or not its holder could act.
//
//   worker --hold_until(instant)--> shared page --> watchdog: sleeps until then, looks again, kills
//   worker gone --> the line between them closes --> watchdog kills what is left, and ends
//
// What it ends is what the process ledger, the control groups and the container records of this
// node name. It holds the node's lock while it lives, so that the node's next life begins after the
// last work has gone.
//
// Threads: hold_until() from any; the rest from one. Ownership: a Watchdog owns its process.
// Limits: one that is itself killed is started anew by the next hold_until() after a moment; a
// machine that stands still as a whole is beyond it.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

// Where the work of a node is written down.
struct WorkPlaces {
  std::string ledger;               // directory of process records
  std::string containers;           // directory of container records; "": there are none
  std::vector<std::string> groups;  // directories that hold groups of attempts
};

// SIGKILL to every process of that work, and waits until they are gone; containers besides are
// removed by their engines, some seconds for each engine at most. Returns how many of the places
// did not become empty in time.
int end_work(const WorkPlaces& places);

class Watchdog {
 public:
  struct Settings {
    WorkPlaces places;
    std::string program = "/proc/self/exe";  // which calls watchdog_main() for its first argument
    int held = -1;  // a descriptor that the process keeps open while it lives; -1: none
  };
  // Errors: unavailable (out of processes or descriptors).
  static base::Result<std::unique_ptr<Watchdog>> start(Settings settings);
  ~Watchdog();  // there is no work any more: ends the process, and waits for that
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // All work is to be gone at this reading of the monotonic clock; nothing: there is none, or
  // nobody minds. Never blocks.
  void hold_until(std::optional<base::Duration> monotonic);

  // How often it had to act since it was started.
  std::int64_t times_fired() const;
  pid_t pid() const { return pid_; }

 private:
  struct Page;
  explicit Watchdog(Settings settings) : settings_(std::move(settings)) {}
  base::Result<void> spawn();
  void revive();
  void wake();
  void bury();
  void dismiss();

  const Settings settings_;
  Fd memory_;
  Page* page_ = nullptr;
  std::mutex mutex_;  // guards the process and its line
  Fd line_;           // our end; it closes with us, however we end
  std::atomic<pid_t> pid_ = -1;

  friend int watchdog_main(int argc, const char* const* argv);
};

// The process itself. The arguments are those that Watchdog gives it. Returns its exit code.
inline constexpr const char* kWatchdogCommand = "watchdog";
int watchdog_main(int argc, const char* const* argv);

}  // namespace mainspring::runner
