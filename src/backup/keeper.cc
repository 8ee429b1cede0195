#include "backup/keeper.h"

#include <algorithm>

#include <fmt/core.h>

#include "backup/leftovers.h"
#include "backup/make.h"
#include "backup/proof.h"
#include "system/files.h"

namespace mainspring::backup {

using base::Code;
using base::Result;
using store::Backup;
using store::BackupFact;
using store::BackupState;

Keeper::Keeper(KeeperParts parts, KeeperSettings settings)
    : parts_(std::move(parts)), settings_(std::move(settings)), shelf_(settings_.directory) {}

Keeper::~Keeper() { stop(); }

void Keeper::begin() {
  thread_ = std::thread([this] { run(); });
}

void Keeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Backup Keeper::plan_one() const {
  const base::Instant now = parts_.clock.now();
  return {.name = Shelf::name_for(now), .made_at = now};
}

Result<Backup> Keeper::start() {
  const std::lock_guard lock(mutex_);
  if (under_way_) {
    return base::fail(Code::conflict, fmt::format("backup {} is being made; wait until it is done",
                                                  under_way_->name));
  }
  under_way_ = plan_one();
  is_asked_ = true;
  changed_.notify_all();
  return *under_way_;
}

Result<store::BackupList> Keeper::list() {
  auto found = shelf_.list();
  if (!found) return base::fail(std::move(found.error()));
  store::BackupList out{.directory = shelf_.directory(), .every = settings_.every};
  const std::lock_guard lock(mutex_);
  if (under_way_) {
    // Its file has its name before it is verified.
    std::erase_if(*found, [&](const Backup& each) { return each.name == under_way_->name; });
    found->insert(found->begin(), *under_way_);
  }
  out.items = std::move(*found);
  if (const Backup* newest = find_newest(out.items)) out.last_made_at = newest->made_at;
  out.last_proven_at = last_proven(out.items);
  out.problem = problem_;
  return out;
}

base::Duration Keeper::time_to_next() const {
  if (!settings_.every) return kLongestSleep;
  const base::Instant now = parts_.clock.now();
  base::Instant due = now;
  if (const auto found = shelf_.list()) {
    // One from the future, by a clock that was set since, keeps nobody from making another.
    const Backup* newest = find_newest(*found);
    if (newest != nullptr) due = std::min(newest->made_at, now) + *settings_.every;
  }
  if (tried_at_ && !problem_.empty())
    due = std::max(due, std::min(*tried_at_, now) + std::min(kRetry, *settings_.every));
  return std::max(due - now, base::Duration{0});
}

std::optional<Backup> Keeper::wait_for_work() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    if (std::exchange(is_asked_, false)) return under_way_;
    const base::Duration left = time_to_next();
    if (settings_.every && left == base::Duration{0}) {
      under_way_ = plan_one();
      return under_way_;
    }
    changed_.wait_for(lock, std::min(left, kLongestSleep));
  }
  return std::nullopt;
}

void Keeper::run() {
  for (const std::string& path : clear_shelf_leftovers(shelf_.directory()))
    parts_.log(fmt::format("removed what a backup left that was killed: {}", path));
  while (const auto backup = wait_for_work())
    make(*backup);
}

void Keeper::make(Backup backup) {
  {
    const std::lock_guard lock(mutex_);
    tried_at_ = parts_.clock.now();
  }
  auto done = copy(backup);
  if (done) {
    tell(BackupFact::completed, backup);
    done = prove(backup);
  }
  if (!done) {
    fail(backup, done.error());
  } else {
    tell(BackupFact::verified, backup);
    if (auto removed = shelf_.remove_old(settings_.keep); !removed)
      parts_.log(fmt::format("old backups stay: {}", removed.error().message));
  }
  const std::lock_guard lock(mutex_);
  problem_ = done || is_stopping_ ? "" : done.error().message;
  under_way_.reset();
}

Result<void> Keeper::copy(Backup& backup) {
  if (auto made = system::make_private_directory(shelf_.directory()); !made) return made;
  auto made = backup::make({.database = settings_.database,
                            .file = shelf_.path_of(backup.name),
                            .watch = [this](const auto&) { return !is_stopping_.load(); }});
  if (!made) return made;
  backup.state = BackupState::made;
  return shelf_.record(backup);
}

Result<void> Keeper::prove(Backup& backup) {
  auto proof = backup::prove({.file = shelf_.path_of(backup.name),
                              .now = parts_.clock.now(),
                              .watch = [this](const auto&) { return !is_stopping_.load(); }});
  if (!proof) {
    // Room may come back; damage does not.
    if (proof.error().code != Code::storage_full && !is_stopping_) {
      backup.state = BackupState::damaged;
      backup.problem = proof.error().message;
      if (auto kept = shelf_.record(backup); !kept) return kept;
    }
    return base::fail(std::move(proof.error()));
  }
  backup.state = BackupState::verified;
  backup.bytes = proof->bytes;
  backup.schema = proof->schema;
  backup.contents = proof->contents;
  backup.verified_at = parts_.clock.now();
  return shelf_.record(backup);
}

void Keeper::fail(const Backup& backup, const base::Error& error) {
  if (is_stopping_) return;
  parts_.log(fmt::format("backup {} failed: {}", backup.name, error.message));
  Backup failed = backup;
  failed.problem = error.message;
  tell(BackupFact::failed, failed);
}

void Keeper::tell(BackupFact fact, const Backup& backup) {
  json::Object details{{"directory", shelf_.directory()}};
  if (backup.bytes > 0) details["bytes"] = backup.bytes;
  if (backup.schema > 0) details["schema"] = backup.schema;
  if (fact == BackupFact::failed) details["problem"] = backup.problem;
  auto told = store::apply(parts_.writer, store::RecordBackup{fact, backup.name, std::move(details),
                                                              parts_.clock.now()});
  if (!told) parts_.log(fmt::format("backup {}: no event: {}", backup.name, told.error().message));
}

}  // namespace mainspring::backup
