// One backup: from a database in use to a file that is on disk, whole, under its own name.
//
// Threads: any; blocks for as long as the disk takes.
#pragma once

#include <string>

#include "base/error.h"
#include "sqlite/copy.h"
#include "system/files.h"

namespace mainspring::backup {

// A disk is not filled to its last byte by a backup: a node may be writing to the same one.
inline constexpr std::uint64_t kRoomLeft = 64 << 20;

struct MakeRequest {
  std::string database;
  std::string file;  // its directory must exist
  system::Existing existing = system::Existing::refuse;
  sqlite::CopyWatch watch = {};
};

// Copies to FILE.part, syncs, renames. Errors: conflict (the file exists, or a backup to it is
// under way), not_found (no database), storage_full, unavailable, timed_out (the watch ended it).
// Whatever the error, FILE.part is gone.
base::Result<void> make(const MakeRequest& request);

}  // namespace mainspring::backup
