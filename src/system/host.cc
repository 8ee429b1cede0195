#include "system/host.h"

#include <unistd.h>

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

}  // namespace mainspring::system
