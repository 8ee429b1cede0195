#include "runner/attempt/code_files.h"

#include <sys/stat.h>

#include <algorithm>

namespace mainspring::runner {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t nanoseconds_of(const timespec& time) { return time.tv_sec * kSecond + time.tv_nsec; }

}  // namespace

bool CodeFiles::look_at(const std::string& path, Identity& identity) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return false;
  identity = {found.st_dev, found.st_ino, found.st_size, nanoseconds_of(found.st_mtim),
              nanoseconds_of(found.st_ctim)};
  return true;
}

CodeFiles CodeFiles::load(const std::vector<std::string>& paths, base::Instant since) {
  const std::int64_t since_ns = std::chrono::nanoseconds{since.time_since_epoch()}.count();
  CodeFiles files;
  for (const std::string& path : paths) {
    Identity identity;
    if (!look_at(path, identity)) continue;
    if (identity.changed_ns > since_ns) files.has_changed_since_ = true;
    files.files_.push_back({path, identity});
  }
  return files;
}

bool CodeFiles::are_current() const {
  if (has_changed_since_) return false;
  return std::ranges::all_of(files_, [](const File& file) {
    Identity now;
    return look_at(file.path, now) && now == file.identity;
  });
}

}  // namespace mainspring::runner
