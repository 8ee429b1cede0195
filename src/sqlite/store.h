// The store in one SQLite file: for one node, for development, and for the embedded library.
//
// Threads: see store/store.h. The Store owns the writer's thread; destroying it finishes what waits
// and joins. Every Reads must be gone before. Limits: one process at a time per file (a lock beside
// it says so); store/commands.h names the others.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "store/store.h"
#include "store/tally.h"

namespace mainspring::sqlite {

struct Settings {
  // The database file, such as "/var/lib/mainspring/mainspring.db". Its directory is made (0700)
  // where it is missing; the file is made readable by its owner only.
  std::string path;
  // Told, on the writer's thread, when writing begins to fail and when it works again.
  base::Log log = {};
  store::Observer observe = {};
};

// Opens or makes the database and brings its schema up to date. Errors: conflict (another process
// has it open), unsupported (not our file, or a newer program's), storage_full, unavailable.
base::Result<std::unique_ptr<store::Store>> open(const Settings& settings);

}  // namespace mainspring::sqlite
