#include "system/host.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

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

DescriptorLimit raise_descriptor_limit(std::uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  const std::uint64_t before = limit.rlim_cur;
  limit.rlim_cur = std::max<rlim_t>(before, std::min<rlim_t>(wanted, limit.rlim_max));
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return {before, before};
  return {before, limit.rlim_cur};
}

}  // namespace mainspring::system
