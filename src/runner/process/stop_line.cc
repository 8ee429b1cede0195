#include "runner/process/stop_line.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace mainspring::runner {

StopLine::StopLine() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void StopLine::clear() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto size = read(event_.get(), &count, sizeof count);
}

void StopLine::raise(StopLevel level) {
  StopLevel seen = level_.load();
  while (seen < level && !level_.compare_exchange_weak(seen, level)) {
  }
  if (seen >= level) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto size = write(event_.get(), &one, sizeof one);
}

}  // namespace mainspring::runner
