// What a backup or a restore leaves that was killed, and how a node's next start clears it away.
//
// Only what nobody works on any more is touched: the locks tell. Whole backups and databases that
// were moved aside stay. Threads: any.
#pragma once

#include <string>
#include <vector>

namespace mainspring::backup {

// For whoever holds the lock of the data directory, before the database is opened. A half copy
// goes; of an old database that did not get moved aside the second name goes, and its log comes
// back. Returns the paths that were cleared.
std::vector<std::string> clear_restore_leftovers(const std::string& database);

// Half copies and half proofs of this shelf's backups, and records without their backup.
std::vector<std::string> clear_shelf_leftovers(const std::string& directory);

}  // namespace mainspring::backup
