// What /proc says about processes. Source: proc(5).
//
// Internal to runner/process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace mainspring::runner {

struct ProcStat {
  pid_t pid = 0;
  char state = '?';  // 'Z' is a zombie, 'X' dead
  pid_t group = 0;
  pid_t session = 0;
  std::uint64_t start_ticks = 0;  // since boot; with the pid it names a process for good
};

// The line of /proc/PID/stat. The program's name in it may hold spaces and parentheses.
std::optional<ProcStat> parse_proc_stat(std::string_view line);

std::optional<ProcStat> load_proc_stat(pid_t pid);  // nothing when there is no such process
std::vector<ProcStat> load_group(pid_t group);      // its members now, zombies left out

// Waits until all of them are dead, reaped or not; false when `limit` came first. A number that
// means another process by now only makes the wait longer.
bool wait_for_end(const std::vector<ProcStat>& members, base::Duration limit);

// Whether some value in the process's environment is `value`. False where it may not be read.
bool environment_holds(pid_t pid, std::string_view value);

std::string load_boot_id();  // "" where the kernel has none

// At most `limit` bytes of a file; "" when it cannot be read.
std::string load_text(const std::string& path, std::size_t limit);

}  // namespace mainspring::runner
