// Cgroup: the control group of one attempt: every process that the attempt starts is in it and
// stays in it, whatever sessions they make, so that it can be limited, measured and ended as a
// whole. (A program that may write to the cgroup file system, as root can, may also leave it.)
//
// On v2 it is one directory. On v1 it is one for each limit that was asked for, besides the one by
// which its processes are found; where v2 is mounted without controllers next to v1 ("hybrid"),
// that one is v2's: entering a group at birth costs nothing there, entering one of v1 some
// milliseconds.
//
// Made by CgroupRoot. Threads: one owner; it may be on another thread than the next.
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "runner/process/cgroup_layout.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

struct CpuTime {
  base::Duration user{0};
  base::Duration system{0};
};

// What a group has used since it was made. What the kernel does not tell is absent.
struct CgroupUse {
  std::optional<CpuTime> cpu;
  std::optional<std::int64_t> memory_peak;  // bytes; the page cache of its files included
  std::optional<std::int64_t> pids_peak;
  base::Duration throttled{0};            // how long the limit of cpu held it back
  std::optional<std::int64_t> oom_kills;  // of its processes, by the kernel, for want of memory
  bool reached_memory_limit = false;  // its own; else the machine, or a group above, had no more
  std::int64_t forks_refused = 0;     // by its limit of pids
};

class Cgroup {
 public:
  // Kills what is left in it and removes it; what does not die within kGroupPatience stays for
  // CgroupRoot::kill_leftovers().
  ~Cgroup();
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  // How a child gets in. v2: the directory that it is to be born in; else -1.
  int birthplace() const { return birthplace_.get(); }
  // The files into which it writes "0" before it does anything else. The first belongs to the
  // birthplace, and is left out by a child that was born there.
  std::span<const int> entries() const { return entries_; }

  // SIGTERM to those who have left this process group, which is asked as a whole.
  void ask_outside(pid_t process_group);
  void kill();
  bool wait_until_empty(base::Duration limit);

  // Where the kernel keeps no peak of memory, it is that of the calls of sample().
  void sample();
  CgroupUse load_use() const;

 private:
  friend class CgroupRoot;
  struct Part {
    CgroupVersion version = CgroupVersion::v2;
    std::string directory;
  };
  explicit Cgroup(std::string name) : name_(std::move(name)) {}

  // A directory below the node's own in that tree; returns its place among the parts.
  base::Result<std::size_t> add_part(CgroupVersion version, const std::string& parent);
  std::optional<std::size_t>& part_of(Limit limit) {
    return part_of_[static_cast<std::size_t>(limit)];
  }
  const Part* find_part(Limit limit) const;
  void load_memory_use(const Part& part, CgroupUse& use) const;

  const std::string name_;
  std::vector<Part> parts_;  // the first is the one by which members are found
  std::array<std::optional<std::size_t>, kAllLimits.size()> part_of_;  // by Limit
  Fd birthplace_;
  std::vector<Fd> entry_files_;
  std::vector<int> entries_;
  std::int64_t sampled_peak_ = 0;
};

// SIGKILL takes microseconds, except for a process that is stuck in a dead file system or a driver.
inline constexpr base::Duration kGroupPatience{1'000};

}  // namespace mainspring::runner
