// ProcessSpec: one program to start, complete. Nothing of the node leaks in: the environment, the
// descriptors, the signal dispositions and the mask of the program are exactly what is said here.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace mainspring::runner {

class Cgroup;

using SteadyTime = std::chrono::steady_clock::time_point;

struct ResourceLimit {
  int resource = 0;  // RLIMIT_CORE ...
  rlimit value{};
};

// Another user to run as; the node must be root. All three are set, in this order: groups, gid,
// uid.
struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

struct ProcessSpec {
  // argv[0] is searched in the PATH of `environment`, unless it holds a '/'. An empty argv with a
  // `shell` text runs /bin/sh -c.
  std::vector<std::string> argv;
  std::string shell;
  std::map<std::string, std::string> environment;
  std::string working_dir;           // "": the node's own
  std::optional<std::string> input;  // stdin; absent: /dev/null
  int input_fd = -1;                 // or this descriptor, of which it gets a copy; -1: none
  mode_t umask = 022;
  std::vector<ResourceLimit> limits;
  std::optional<Identity> identity;
  Cgroup* group = nullptr;  // to be born in and ended with; outlives the process; null: none

  std::optional<SteadyTime> begin_by;  // it is not started after that
  std::optional<base::Duration> run_timeout;
  // Asked when the run timeout is over, on the thread of pump(): when the program was given time
  // until. It goes on if that lies ahead.
  std::function<SteadyTime()> extended_until;
  std::optional<base::Duration> idle_timeout;       // without output, see Process::note_activity()
  base::Duration grace = std::chrono::seconds{10};  // between SIGTERM and SIGKILL

  std::string label;  // what the ledger calls it, such as the run's id; see ledger.h
};

// PATH where the environment has none: what a service of the system gets on Debian.
inline constexpr const char* kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace mainspring::runner
