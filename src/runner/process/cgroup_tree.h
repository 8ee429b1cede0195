// What is done to one group's directory, whichever version of cgroups it belongs to: signals to all
// who are in it or below, waiting for them, removal.
//
// Internal to runner/process. Threads: any. Source: cgroups(7), cgroup-v2.rst.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace mainspring::runner {

// 0, or the errno of what went wrong.
int write_group_file(const std::string& path, std::string_view text);
std::string load_group_file(const std::string& path);  // "" where there is none

// The processes in the group and in the groups below it; zombies are in none.
std::vector<pid_t> load_members(const std::string& directory);

// To those members now for which `is_meant` holds. A process that only has the number of one that
// is gone gets nothing. Returns who got it.
std::vector<pid_t> signal_members(const std::string& directory, int signal,
                                  const std::function<bool(pid_t)>& is_meant);

// SIGKILL to all, those included that are just being forked. Does not wait.
void kill_members(const std::string& directory);

bool wait_until_empty(const std::string& directory, base::Duration limit);

// With the groups below it, which the program may have made. Waits for the kernel to let go of it;
// false when that takes longer than `limit`.
bool remove_group(const std::string& directory, base::Duration limit);

}  // namespace mainspring::runner
