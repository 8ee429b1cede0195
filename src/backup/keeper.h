// Keeper: the role that makes a node's backups, on a schedule and when asked, proves each by a
// restore to the side, and removes the oldest. One thread of its own, one backup at a time; the
// writer is asked only to tell what happened.
//
// The schedule counts from the newest backup in the directory, so that a restart neither skips nor
// repeats one. After a failure it tries again after kRetry at the latest.
//
// Threads: start() and list() from any; the rest by the owner. Failures never end the thread: they
// are logged, told as `backup.failed`, and stand in the list until one succeeds.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "backup/shelf.h"
#include "env/clock.h"
#include "store/store.h"

namespace mainspring::backup {

inline constexpr base::Duration kRetry = std::chrono::minutes{15};
// The clock is looked at so often at least: it may be set.
inline constexpr base::Duration kLongestSleep = std::chrono::seconds{30};

struct KeeperParts {
  store::Writer& writer;
  const env::Clock& clock;
  std::function<void(std::string_view)> log;  // a line; called from the keeper's thread
};

struct KeeperSettings {
  std::string database;
  std::string directory;
  std::optional<base::Duration> every;  // absent: only when asked
  std::size_t keep = 7;
};

class Keeper final : public store::Backups {
 public:
  Keeper(KeeperParts parts, KeeperSettings settings);
  ~Keeper() override;  // stop()

  void begin();
  // How often, and how many are kept, from now on. Any thread.
  void configure(std::optional<base::Duration> every, std::size_t keep);
  void stop();  // gives up a backup under way; idempotent

  base::Result<store::Backup> start() override;
  base::Result<store::BackupList> list() override;

 private:
  void run();
  std::optional<store::Backup> wait_for_work();
  base::Duration time_to_next() const;
  void make(store::Backup backup);
  base::Result<void> copy(store::Backup& backup);
  base::Result<void> prove(store::Backup& backup);
  void fail(const store::Backup& backup, const base::Error& error);
  void tell(store::BackupFact fact, const store::Backup& backup);
  store::Backup plan_one() const;

  const KeeperParts parts_;
  const Shelf shelf_;
  mutable std::mutex mutex_;
  KeeperSettings settings_;  // `every` and `keep` change, under the mutex
  std::condition_variable changed_;
  std::optional<store::Backup> under_way_;  // asked for, or being made
  bool is_asked_ = false;
  std::string problem_;
  std::optional<base::Instant> tried_at_;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace mainspring::backup
