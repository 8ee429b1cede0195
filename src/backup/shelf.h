// Shelf: a directory of backups and of what is known of each.
//
// A backup is NAME.db, and its record NAME.db.json: a store::Backup. A file without a readable
// record is listed all the same, as `made`. Files of other names are left alone.
//
// Threads: any, one that writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/backups.h"

namespace mainspring::backup {

class Shelf {
 public:
  explicit Shelf(std::string directory) : directory_(std::move(directory)) {}

  const std::string& directory() const { return directory_; }
  std::string path_of(std::string_view name) const;

  // "mainspring-20261122T043359123Z.db": sorted by name is sorted by time.
  static std::string name_for(base::Instant made_at);
  static bool is_name(std::string_view name);

  // Newest first. A missing directory is an empty one. Errors: permission_denied, unavailable.
  base::Result<std::vector<store::Backup>> list() const;
  // Writes the record, durably. Errors: those of system/files.h.
  base::Result<void> record(const store::Backup& backup) const;

  // Removes the oldest whole backups beyond `keep`, never the newest that was verified, and never
  // one that is damaged: somebody has to look at it. Returns the names of the removed ones.
  base::Result<std::vector<std::string>> remove_old(std::size_t keep) const;

 private:
  const std::string directory_;
};

// The newest whole one that a list has, and when the last restore of one was proven.
const store::Backup* find_newest(const std::vector<store::Backup>& newest_first);
std::optional<base::Instant> last_proven(const std::vector<store::Backup>& backups);

}  // namespace mainspring::backup
