// PackageCache: the packages that scripts need, a directory for each set of them: installed by the
// first attempt that asks for a set, and kept for the next ones.
//
// A set is installed in its final place, because the programs of a Python environment name it; a
// mark inside, written last, says that it is whole. What has no mark is removed: after a failure at
// once, after a crash by the node's next life. Beyond kPackageSets the least recently used ones go,
// never one in use.
//
// Threads: any. The directory belongs to this process alone (the data directory's lock).
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"

namespace mainspring::runner {

inline constexpr std::size_t kPackageSets = 20;  // some GiB, where each has its numpy

class PackageCache;

// A set in use: it is there for as long as this is.
class PackageSet {
 public:
  PackageSet(PackageSet&& other) noexcept;
  PackageSet& operator=(PackageSet&&) = delete;
  ~PackageSet();  // of one that was to be installed and is not finished: removes it

  std::string path() const;
  // False: whoever holds this is to install it, into the empty directory at path().
  bool is_whole() const { return is_whole_; }
  // It is whole, on disk. Errors: unavailable, storage_full.
  base::Result<void> finish();

 private:
  friend class PackageCache;
  enum class State { to_install, whole };
  PackageSet(PackageCache& cache, std::string key, State state)
      : cache_(&cache), key_(std::move(key)), is_whole_(state == State::whole) {}

  PackageCache* cache_;  // null once moved from
  std::string key_;
  bool is_whole_;
};

class PackageCache {
 public:
  // Removes what an earlier life did not finish. `root` is made when it is needed.
  explicit PackageCache(std::string root);

  struct Patience {
    std::stop_token stop;
    std::optional<std::chrono::steady_clock::time_point> until;
    std::function<void()> on_wait;  // called once if somebody else is installing the set
  };
  // `key` is a name for a file. Nothing: the patience was over. Errors: unavailable, storage_full.
  base::Result<std::optional<PackageSet>> take(const std::string& key, const Patience& patience);

 private:
  friend class PackageSet;
  struct Use {
    int users = 0;
    bool is_installing = false;
  };

  std::string path_of(const std::string& key) const { return root_ + "/" + key; }
  std::string mark_of(const std::string& key) const;
  bool wait_for(const std::string& key, const Patience& patience,
                std::unique_lock<std::mutex>& lock);
  base::Result<PackageSet> open(const std::string& key);
  void give_back(const PackageSet& set);
  std::vector<std::string> set_aside_old();

  const std::string root_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Use> uses_;  // guarded by mutex_; those in use alone
  int removed_ = 0;                  // guarded by mutex_; makes names for what is being removed
};

}  // namespace mainspring::runner
