// Copies of a database while it is in use, and what a database file holds: the mechanics of backup
// and restore. When, where and how many is decided above (src/backup).
//
// A copy is the state at one instant. It is read within one transaction of a connection of its own,
// so the writer goes on meanwhile and is never waited for; only its log cannot be emptied until the
// copy is done, and grows by what is written in that time.
//
// Threads: any; blocks for as long as the disk takes. Errors: storage_full, unavailable (a damaged
// or missing file, a failing disk), unsupported (not ours, or a newer program's), others where
// said.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/backups.h"

namespace mainspring::sqlite {

struct CopyProgress {
  std::int64_t done = 0;  // bytes
  std::int64_t all = 0;
};
// Asked after every few megabytes; false gives the copy up.
using CopyWatch = std::function<bool(const CopyProgress&)>;

struct CopyRequest {
  std::string from;
  std::string to;        // must not exist; made with mode 0600
  CopyWatch watch = {};  // none: nobody looks
};

// When this returns the copy is on disk, one file without a log beside it. What it leaves when it
// fails is removed. Errors also: conflict (`to` exists), timed_out (the watch gave it up).
base::Result<void> copy_database(const CopyRequest& request);

// Reads every page of the file and changes nothing. Returns its schema.
enum class Depth { quick, full };  // full: indexes are compared with their tables too
base::Result<int> check_database(const std::string& path, Depth depth);

// The number of the newest schema that this program knows.
int newest_schema();

// What a file of the newest schema holds. `definitions` stays empty: see for_each_definition().
base::Result<store::BackupContents> read_contents(const std::string& path);

// A text for each job with its version, each queue and each calendar, in a fixed order: two stores
// with the same definitions give the same texts.
base::Result<void> for_each_definition(const std::string& path,
                                       const std::function<void(std::string_view)>& action);

// How a later state of a store differs from an earlier one, both of the newest schema.
struct Difference {
  std::string what;
  std::int64_t count = 0;
  bool is_explained = true;  // by events that the later one has, or by retention
};
struct StatePair {
  std::string earlier;
  std::string later;
};
base::Result<std::vector<Difference>> compare(const StatePair& states);

// Makes a copy that is to be lived in again, and says so by an event. That stands well behind those
// that the lost state may have had, so that no position is given twice. Returns its position.
struct NewHistory {
  std::string path;
  std::string backup;  // the file that it comes from
  base::Instant now;
};
inline constexpr std::int64_t kPositionGap = 1'000'000;
base::Result<std::int64_t> open_new_history(const NewHistory& history);

// Writes the log of a database that nobody uses into its file and empties it.
base::Result<void> flush_log(const std::string& path);

}  // namespace mainspring::sqlite
