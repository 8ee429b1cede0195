// The few steps between clone and exec. They run on memory shared with the parent, whose thread is
// suspended meanwhile: no allocation, no lock, no library state, only system calls.
//
// Internal to runner/process.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "runner/process/fd.h"
#include "runner/process/process_spec.h"

namespace mainspring::runner {

enum class ChildStep {
  none,
  group,
  session,
  descriptors,
  record,
  identity,
  death_signal,
  limits,
  directory,
  signals,
  deadline,
  exec,
};

// Everything the child reads, laid out by the parent, and where it says what went wrong.
struct ChildPlan {
  const char* const* candidates = nullptr;  // paths to try in turn, null at the end
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  const char* working_dir = nullptr;  // null: stay
  int standard[3] = {-1, -1, -1};     // to become 0, 1, 2; none of them is below 3
  int birthplace = -1;                // a group of cgroup v2 to be born in; -1: none
  const int* entries = nullptr;       // files of the groups to enter: Cgroup::entries()
  std::size_t entry_count = 0;
  int record = -1;  // gets a copy of /proc/self/stat; -1: no record
  mode_t umask = 022;
  const ResourceLimit* limits = nullptr;
  std::size_t limit_count = 0;
  const Identity* identity = nullptr;
  const gid_t* groups = nullptr;
  std::size_t group_count = 0;
  pid_t parent = 0;
  std::int64_t begin_by = INT64_MAX;  // nanoseconds on CLOCK_MONOTONIC

  ChildStep failed_step = ChildStep::none;
  int failed_errno = 0;
};

struct Child {
  pid_t pid = -1;  // -1: the clone itself failed, errno in `clone_errno`
  Fd pidfd;
  int clone_errno = 0;
};

// Returns when the child has exec'd or has failed (plan.failed_step); a failed child is a zombie
// that the caller reaps. The calling thread must outlive the child: the death signal is bound to
// the thread that starts it.
Child start_child(ChildPlan& plan);

}  // namespace mainspring::runner
