#include "system/host.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <limits>

#include "system/files.h"

namespace mainspring::system {

std::string load_hostname() {
  char name[256] = {};  // HOST_NAME_MAX is 64 on Linux
  if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
  return name;
}

std::string load_boot_id() {
  std::string id = read_small_file("/proc/sys/kernel/random/boot_id", 64).value_or("");
  while (id.ends_with('\n'))
    id.pop_back();
  return id;
}

namespace {

// Of the control group that this process was put into from outside, such as a container's.
std::int64_t load_memory_limit() {
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    const std::string text = read_small_file(path, 64).value_or("");
    std::int64_t bytes = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (error == std::errc{} && bytes > 0) return bytes;
  }
  return std::numeric_limits<std::int64_t>::max();  // "max", or no such group
}

int count_gpus() {
  std::error_code ignored;
  const std::filesystem::directory_iterator found("/proc/driver/nvidia/gpus", ignored);
  return static_cast<int>(std::distance(begin(found), end(found)));
}

}  // namespace

Machine load_machine() {
  Machine out;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) out.cores = CPU_COUNT(&allowed);
  const std::int64_t pages = sysconf(_SC_PHYS_PAGES);
  const std::int64_t page_bytes = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page_bytes > 0) {
    out.memory_bytes = std::min(pages * page_bytes, load_memory_limit());
  }
  out.gpus = count_gpus();
  return out;
}

DescriptorLimit raise_descriptor_limit(std::uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  const std::uint64_t before = limit.rlim_cur;
  limit.rlim_cur = std::max<rlim_t>(before, std::min<rlim_t>(wanted, limit.rlim_max));
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return {before, before};
  return {before, limit.rlim_cur};
}

}  // namespace mainspring::system
