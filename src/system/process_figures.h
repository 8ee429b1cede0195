// What the kernel says of this process. Threads: any.
#pragma once

#include <cstdint>
#include <string>

namespace mainspring::system {

struct ProcessFigures {
  std::int64_t resident_bytes = 0;
  std::int64_t virtual_bytes = 0;
  double cpu_seconds = 0;  // user and system
  std::int64_t open_fds = 0;
  std::int64_t max_fds = 0;
  std::int64_t threads = 0;
  double start_time = 0;  // seconds since 1970, in Unix time
};

// All 0 where /proc is missing.
ProcessFigures load_process_figures();

// The size of a file; 0 where there is none.
std::int64_t load_file_size(const std::string& path);

}  // namespace mainspring::system
