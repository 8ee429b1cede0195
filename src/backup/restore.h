// The way back: a backup becomes the database of a data directory.
//
// What a restore means for what was going on: docs/guide/backup.md. Threads: any, one at a time per
// directory; blocks for as long as the disk takes.
#pragma once

#include <string>

#include "base/error.h"
#include "base/time.h"
#include "sqlite/copy.h"

namespace mainspring::backup {

struct RestoreRequest {
  std::string file;       // the backup; never changed
  std::string directory;  // the data directory; made where it is missing
  std::string lock;       // the paths in it
  std::string database;
  enum class Over { nothing, old_database } over = Over::nothing;
  base::Instant now;  // names what is moved aside, and is told by the event
  sqlite::CopyWatch watch = {};
};

struct Restored {
  std::string moved_aside;    // where the old database is now; "": there was none
  std::int64_t position = 0;  // of the event that says so; none that was lost is given again
};

// Checks the backup, copies it into the directory, and only then moves the old database aside and
// the copy into its place. A crash at any moment leaves the old database, or the new one; the last
// step is one rename. Errors: conflict (a node runs there; there is a database and `over` does not
// allow that), not_found, unsupported, storage_full, unavailable, timed_out (the watch ended it).
base::Result<Restored> restore(const RestoreRequest& request);

}  // namespace mainspring::backup
