#include "runner/process/fixtures.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include <filesystem>
#include <stdexcept>

namespace mainspring::runner {

bool run_to_end(Process& process, OutputSink& sink) {
  const SteadyTime until = std::chrono::steady_clock::now() + kTestDeadline;
  while (!process.finished() && std::chrono::steady_clock::now() < until)
    process.pump(until, sink);
  return process.finished();
}

bool wait_for_death(pid_t pid) {
  const Fd pidfd{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
  if (!pidfd.is_open()) return true;
  pollfd entry{pidfd.get(), POLLIN, 0};
  return poll(&entry, 1, static_cast<int>(std::chrono::milliseconds{kTestDeadline}.count())) == 1;
}

TestDirectory::TestDirectory() : path_("/tmp/mainspring-test-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
}

TestDirectory::~TestDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::size_t TestDirectory::count_entries() const {
  const std::filesystem::directory_iterator entries{path_};
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace mainspring::runner
