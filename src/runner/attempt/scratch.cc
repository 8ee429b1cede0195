#include "runner/attempt/scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

using base::Code;

std::unexpected<base::Error> fail_errno(std::string_view what, const std::string& path) {
  const int reason = errno;
  const Code code = reason == ENOSPC || reason == EDQUOT ? Code::storage_full : Code::unavailable;
  return base::fail(
      code, fmt::format("cannot {} '{}': {}", what, path, std::generic_category().message(reason)));
}

// Without O_NONBLOCK a pipe put in the file's place would hold us for ever.
Fd open_to_read(const Fd& directory, const char* file) {
  return Fd{openat(directory.get(), file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

bool is_regular(const Fd& file) {
  struct stat found{};
  return fstat(file.get(), &found) == 0 && S_ISREG(found.st_mode);
}

std::string read_at_most(const Fd& file, off_t offset, std::size_t limit) {
  std::string bytes;
  char buffer[16 << 10];
  while (bytes.size() < limit) {
    const ssize_t size = pread(file.get(), buffer, std::min(sizeof buffer, limit - bytes.size()),
                               offset + static_cast<off_t>(bytes.size()));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    bytes.append(buffer, static_cast<std::size_t>(size));
  }
  return bytes;
}

}  // namespace

Scratch::Scratch(std::string path, Fd directory)
    : path_(std::move(path)), directory_(std::move(directory)) {}

Scratch::Scratch(Scratch&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      directory_(std::move(other.directory_)),
      owner_(std::move(other.owner_)) {}

Scratch::~Scratch() {
  if (path_.empty()) return;
  std::error_code ignored;  // a file system that cannot delete will be cleaned by the operator
  std::filesystem::remove_all(path_, ignored);
}

base::Result<Scratch> Scratch::make(const std::string& root, std::string_view name,
                                    const std::optional<Identity>& owner) {
  std::string path = fmt::format("{}/{}-XXXXXX", root, name);
  if (mkdtemp(path.data()) == nullptr) return fail_errno("make the scratch directory", path);
  Scratch scratch{path, Fd{open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)}};
  if (!scratch.directory_.is_open()) return fail_errno("open the scratch directory", path);
  scratch.owner_ = owner;
  if (owner && fchown(scratch.directory_.get(), owner->uid, owner->gid) < 0) {
    return fail_errno("give away the scratch directory", path);
  }
  return scratch;
}

std::string Scratch::path_of(std::string_view file) const {
  return fmt::format("{}/{}", path_, file);
}

base::Result<void> Scratch::write_file(const char* file, std::string_view bytes) const {
  const Fd out{openat(directory_.get(), file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (!out.is_open()) return fail_errno("write", path_of(file));
  if (owner_ && fchown(out.get(), owner_->uid, owner_->gid) < 0) {
    return fail_errno("give away", path_of(file));
  }
  while (!bytes.empty()) {
    const ssize_t size = write(out.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("write", path_of(file));
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

base::Result<std::optional<std::string>> Scratch::read_file(const char* file,
                                                            std::size_t limit) const {
  const Fd in = open_to_read(directory_, file);
  if (!in.is_open() && errno == ENOENT) return std::nullopt;
  if (!in.is_open() || !is_regular(in)) {
    return base::fail(
        Code::invalid_argument,
        fmt::format("the program left something at '{}' that is no regular file", file));
  }
  std::string bytes = read_at_most(in, 0, limit + 1);
  if (bytes.size() > limit) {
    return base::fail(Code::too_large, fmt::format("'{}' has more than {} bytes", file, limit));
  }
  if (bytes.empty()) return std::nullopt;
  return bytes;
}

std::string Scratch::read_from(const char* file, off_t offset, std::size_t limit) const {
  const Fd in = open_to_read(directory_, file);
  if (!in.is_open() || !is_regular(in)) return {};
  return read_at_most(in, offset, limit);
}

}  // namespace mainspring::runner
