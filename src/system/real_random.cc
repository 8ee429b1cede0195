#include "system/real_random.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace mainspring::system {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t size = getrandom(bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
    bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
}

}  // namespace mainspring::system
