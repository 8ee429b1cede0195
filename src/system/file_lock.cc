#include "system/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

#include <fmt/core.h>

namespace mainspring::system {
namespace {

using base::Code;

std::string read_holder(int file) {
  char text[32];
  const ssize_t size = pread(file, text, sizeof text, 0);
  std::string holder{text, size > 0 ? static_cast<std::size_t>(size) : 0};
  holder.resize(std::min(holder.find_first_not_of("0123456789"), holder.size()));
  return holder.empty() ? std::string{"another process"} : "process " + holder;
}

std::unexpected<base::Error> fail_lock(const std::string& path, int reason) {
  Code code = Code::unavailable;
  if (reason == ENOENT || reason == ENOTDIR) code = Code::not_found;
  if (reason == EACCES || reason == EPERM || reason == EROFS) code = Code::permission_denied;
  return base::fail(
      code, fmt::format("cannot lock '{}': {}", path, std::generic_category().message(reason)));
}

}  // namespace

base::Result<FileLock> FileLock::take(const std::string& path) {
  Descriptor file{open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file.is_open()) return fail_lock(path, errno);
  if (flock(file.get(), LOCK_EX | LOCK_NB) < 0) {
    if (errno != EWOULDBLOCK) return fail_lock(path, errno);
    return base::fail(Code::conflict,
                      fmt::format("'{}' is held by {}: it is running here already; stop it first "
                                  "or use another directory",
                                  path, read_holder(file.get())));
  }
  // For the message above only, so a failure to write it does not matter.
  const std::string holder = fmt::format("{}\n", getpid());
  if (ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const auto size = pwrite(file.get(), holder.data(), holder.size(), 0);
  }
  return FileLock{std::move(file)};
}

}  // namespace mainspring::system
