#include "runner/script/package_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "runner/process/fd.h"

namespace mainspring::runner {
namespace {

namespace fs = std::filesystem;
using base::Code;

constexpr const char* kMark = ".mainspring-whole";
constexpr std::string_view kAside = ".removed-";

std::unexpected<base::Error> fail_errno(std::string_view what, const std::string& path) {
  const int reason = errno;
  const Code code = reason == ENOSPC || reason == EDQUOT ? Code::storage_full : Code::unavailable;
  return base::fail(
      code, fmt::format("cannot {} '{}': {}", what, path, std::generic_category().message(reason)));
}

void remove_tree(const std::string& path) {
  std::error_code ignored;  // what stays has no mark, and the next life tries again
  fs::remove_all(path, ignored);
}

}  // namespace

PackageSet::PackageSet(PackageSet&& other) noexcept
    : cache_(std::exchange(other.cache_, nullptr)),
      key_(std::move(other.key_)),
      is_whole_(other.is_whole_) {}

PackageSet::~PackageSet() {
  if (cache_ == nullptr) return;
  if (!is_whole_) remove_tree(path());
  cache_->give_back(*this);
}

std::string PackageSet::path() const { return cache_->path_of(key_); }

// A mark that survives a crash of the machine must not stand in a set whose files did not.
base::Result<void> PackageSet::finish() {
  const std::string mark = cache_->mark_of(key_);
  const Fd directory{open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.is_open()) return fail_errno("open", path());
  if (syncfs(directory.get()) < 0) return fail_errno("write out", path());
  const Fd out{open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  if (!out.is_open() || fsync(out.get()) < 0) return fail_errno("write", mark);
  is_whole_ = true;
  return {};
}

PackageCache::PackageCache(std::string root) : root_(std::move(root)) {
  std::error_code ignored;  // take() says what is wrong with the place
  std::vector<std::string> unfinished;
  for (const auto& entry : fs::directory_iterator(root_, ignored)) {
    if (!fs::exists(entry.path() / kMark, ignored)) unfinished.push_back(entry.path());
  }
  for (const std::string& path : unfinished)
    remove_tree(path);
}

std::string PackageCache::mark_of(const std::string& key) const {
  return fmt::format("{}/{}", path_of(key), kMark);
}

base::Result<std::optional<PackageSet>> PackageCache::take(const std::string& key,
                                                           const Patience& patience) {
  std::unique_lock lock{mutex_};
  const auto found = uses_.find(key);
  if (found != uses_.end() && found->second.is_installing) {
    lock.unlock();
    patience.on_wait();
    lock.lock();
    if (!wait_for(key, patience, lock)) return std::nullopt;
  }
  auto set = open(key);
  if (!set) return base::fail(std::move(set.error()));
  return std::optional{std::move(*set)};
}

bool PackageCache::wait_for(const std::string& key, const Patience& patience,
                            std::unique_lock<std::mutex>& lock) {
  const auto is_free = [&] {
    const auto found = uses_.find(key);
    return found == uses_.end() || !found->second.is_installing;
  };
  if (!patience.until) return changed_.wait(lock, patience.stop, is_free);
  return changed_.wait_until(lock, patience.stop, *patience.until, is_free);
}

// Under the mutex.
base::Result<PackageSet> PackageCache::open(const std::string& key) {
  const std::string mark = mark_of(key);
  if (utimensat(AT_FDCWD, mark.c_str(), nullptr, 0) == 0) {
    ++uses_[key].users;
    return PackageSet{*this, key, PackageSet::State::whole};
  }
  remove_tree(path_of(key));
  if (mkdir(root_.c_str(), 0700) < 0 && errno != EEXIST) return fail_errno("make", root_);
  if (mkdir(path_of(key).c_str(), 0700) < 0) return fail_errno("make", path_of(key));
  uses_[key] = {.users = 1, .is_installing = true};
  return PackageSet{*this, key, PackageSet::State::to_install};
}

void PackageCache::give_back(const PackageSet& set) {
  std::vector<std::string> old;
  {
    const std::lock_guard lock{mutex_};
    const auto use = uses_.find(set.key_);
    use->second.is_installing = false;
    if (--use->second.users == 0) uses_.erase(use);
    old = set_aside_old();
  }
  changed_.notify_all();
  for (const std::string& path : old)
    remove_tree(path);
}

// Under the mutex: renamed, which is quick, to be removed outside. Returns the new paths.
std::vector<std::string> PackageCache::set_aside_old() {
  struct Found {
    fs::file_time_type used;
    std::string key;
  };
  std::vector<Found> sets;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root_, ignored)) {
    const auto used = fs::last_write_time(entry.path() / kMark, ignored);
    if (!ignored) sets.push_back({used, entry.path().filename()});
  }
  std::ranges::sort(sets, {}, &Found::used);
  std::vector<std::string> aside;
  for (const Found& set : sets) {
    if (sets.size() - aside.size() <= kPackageSets) break;
    if (uses_.contains(set.key)) continue;
    std::string to = fmt::format("{}/{}{}", root_, kAside, ++removed_);
    fs::remove(mark_of(set.key), ignored);
    fs::rename(path_of(set.key), to, ignored);
    if (!ignored) aside.push_back(std::move(to));
  }
  return aside;
}

}  // namespace mainspring::runner
