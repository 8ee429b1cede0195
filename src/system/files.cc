#include "system/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/core.h>

#include "system/descriptor.h"

namespace mainspring::system {
namespace {

using base::Code;

constexpr int kNameTries = 100;  // temporary names left by a crash are passed over

std::atomic<unsigned> next_temporary{1};

std::unexpected<base::Error> fail_errno(std::string_view what, const std::string& path) {
  const int reason = errno;
  Code code = Code::unavailable;
  if (reason == ENOENT || reason == ENOTDIR) code = Code::not_found;
  if (reason == EACCES || reason == EPERM || reason == EROFS) code = Code::permission_denied;
  if (reason == ENOSPC || reason == EDQUOT) code = Code::storage_full;
  return base::fail(
      code, fmt::format("cannot {} '{}': {}", what, path, std::generic_category().message(reason)));
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = write(fd, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

struct Temporary {
  std::string path;
  Descriptor file;
};

Temporary open_temporary(const std::string& path) {
  for (int i = 0; i < kNameTries; ++i) {
    std::string name = fmt::format("{}.new-{}-{}", path, getpid(), next_temporary++);
    Descriptor file{open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.is_open() || errno != EEXIST) return {std::move(name), std::move(file)};
  }
  return {};
}

// A rename is durable once the directory is.
bool sync_directory(const std::string& path) {
  const Descriptor directory{open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return directory.is_open() && fsync(directory.get()) == 0;
}

}  // namespace

base::Result<void> write_private_file(const std::string& path, std::string_view bytes) {
  const Temporary temporary = open_temporary(path);
  if (!temporary.file.is_open()) return fail_errno("write", path);
  const bool written = fchmod(temporary.file.get(), 0600) == 0 &&
                       write_all(temporary.file.get(), bytes) && fsync(temporary.file.get()) == 0 &&
                       rename(temporary.path.c_str(), path.c_str()) == 0;
  if (!written) {
    auto error = fail_errno("write", path);
    unlink(temporary.path.c_str());
    return error;
  }
  if (!sync_directory(directory_of(path))) return fail_errno("make durable", path);
  return {};
}

base::Result<std::string> read_small_file(const std::string& path, std::size_t limit) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.is_open()) return fail_errno("read", path);
  std::string bytes;
  char buffer[16 << 10];
  while (true) {
    const ssize_t size = read(file.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("read", path);
    if (size == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(size));
    if (bytes.size() > limit) {
      return base::fail(Code::too_large, fmt::format("'{}' has more than {} bytes", path, limit));
    }
  }
}

base::Result<void> make_private_directory(const std::string& path) {
  bool made = mkdir(path.c_str(), 0700) == 0;
  if (!made && errno == ENOENT && directory_of(path) != path) {
    if (auto above = make_private_directory(directory_of(path)); !above) return above;
    made = mkdir(path.c_str(), 0700) == 0;
  }
  if (made) {
    if (!sync_directory(directory_of(path))) return fail_errno("make durable", path);
    return {};
  }
  if (errno != EEXIST) return fail_errno("make the directory", path);
  struct stat found{};
  if (stat(path.c_str(), &found) < 0) return fail_errno("look at", path);
  if (!S_ISDIR(found.st_mode)) {
    return base::fail(Code::conflict, fmt::format("'{}' is there and is no directory", path));
  }
  if (found.st_uid != geteuid() || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return base::fail(Code::conflict,
                      fmt::format("the directory '{}' is not safe: it must belong to user id {} "
                                  "and be writable by nobody else (chmod 700)",
                                  path, geteuid()));
  }
  return {};
}

base::Result<void> rename_durably(const Rename& rename, Existing existing) {
  const auto& [from, to] = rename;
  const unsigned flags = existing == Existing::refuse ? RENAME_NOREPLACE : 0;
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) != 0) {
    if (errno == EEXIST) return base::fail(Code::conflict, fmt::format("'{}' exists", to));
    return fail_errno("rename to", to);
  }
  if (!sync_directory(directory_of(to))) return fail_errno("make durable", to);
  return {};
}

base::Result<void> remove_durably(const std::string& path) {
  if (unlink(path.c_str()) != 0) return fail_errno("remove", path);
  if (!sync_directory(directory_of(path))) return fail_errno("make durable", path);
  return {};
}

base::Result<std::uint64_t> load_free_space(const std::string& directory) {
  struct statvfs found{};
  if (statvfs(directory.c_str(), &found) != 0) return fail_errno("look at", directory);
  return std::uint64_t{found.f_bavail} * found.f_frsize;
}

}  // namespace mainspring::system
