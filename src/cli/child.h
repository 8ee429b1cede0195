// Child: a program that runs in our place: with our standard input and output, our environment and
// our signals.
//
// SIGTERM, SIGINT and SIGHUP that somebody sends us go on to the child; a Ctrl-C, which the
// terminal sends to both, does not go twice. Signals that were ignored when we started stay
// ignored. Once the child has ended, such a signal ends us at once with the child's exit code.
//
// Threads: one, and one child in the life of the process.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace mainspring::cli {

class Child {
 public:
  // The program by its path, or by its name in PATH; a path to a text file without "#!" goes to
  // /bin/sh, as from a shell. Errors: not_found, permission_denied, unavailable, with the system's
  // reason.
  static base::Result<Child> start(const std::vector<std::string>& words);

  // Its exit code, 128 and the number of the signal where one ended it; nothing while it runs.
  std::optional<int> wait_for(base::Duration most);
  int wait();

 private:
  explicit Child(pid_t pid) : pid_(pid) {}

  pid_t pid_;
  std::optional<int> exit_code_;
};

}  // namespace mainspring::cli
