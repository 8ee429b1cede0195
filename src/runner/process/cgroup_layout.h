// Where the control groups of this machine are, and what their files take and hold.
//
// Pure functions: the texts of /proc and of the groups' files come in. Internal to runner/process.
// Source: cgroups(7); the kernel's admin-guide/cgroup-v2.rst and admin-guide/cgroup-v1/.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace mainspring::runner {

enum class CgroupVersion { v1, v2 };

enum class Limit { memory, pids, cpu };
inline constexpr std::array kAllLimits{Limit::memory, Limit::pids, Limit::cpu};

std::string_view controller_of(Limit limit);  // "memory", "pids", "cpu": the same in v1 and v2

// What an attempt may use at most; 0 is no limit.
struct CgroupLimits {
  std::int64_t memory_bytes = 0;  // swap included
  std::int64_t pids = 0;          // processes and threads
  double cpu_cores = 0;           // 0.5: half of one core's time

  bool has(Limit limit) const;
};

// One mounted tree of groups.
struct Hierarchy {
  CgroupVersion version = CgroupVersion::v2;
  std::string top;                       // the directory where it is mounted
  std::string own;                       // the directory of this process's group; may be `top`
  std::vector<std::string> controllers;  // v1 only: v2 lists them in a file

  friend bool operator==(const Hierarchy&, const Hierarchy&) = default;
};

// From /proc/self/mountinfo and /proc/self/cgroup. A tree that is mounted twice counts once; where
// the mount shows only a part of the tree, and that part is not ours, `own` is `top`.
std::vector<Hierarchy> parse_hierarchies(std::string_view mountinfo, std::string_view self);

// Whether a file that lists words, such as cgroup.controllers, has this one.
bool lists_word(std::string_view text, std::string_view word);

// A text to write to a file of a group. Where a file need not be there, the kernel was built or
// started without what it limits.
struct GroupFile {
  std::string name;
  std::string text;
  enum class Need { required, if_there } need = Need::required;

  friend bool operator==(const GroupFile&, const GroupFile&) = default;
};

// In the order to be written: v1 refuses a limit of memory and swap below that of memory.
std::vector<GroupFile> files_of(CgroupVersion version, Limit limit, const CgroupLimits& limits);

// The value of a line `key value`, as in cpu.stat and memory.events.
std::optional<std::int64_t> find_key(std::string_view text, std::string_view key);

// A file that holds one number; nothing for `max` and anything else.
std::optional<std::int64_t> parse_count(std::string_view text);

// The process ids of a file cgroup.procs.
std::vector<int> parse_members(std::string_view text);

}  // namespace mainspring::runner
