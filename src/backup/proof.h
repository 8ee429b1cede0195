// Proof that a backup can be restored: it is copied to the side, opened by the same code as a
// node's store, migrated if it is older, and read.
//
// Threads: any; blocks for as long as the disk takes. Needs room for a second copy beside the file.
// Errors: not_found, unsupported (not ours, or a newer program's), storage_full, unavailable
// (damaged), conflict (a proof of the same file is under way).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/next_fires.h"
#include "base/error.h"
#include "base/time.h"
#include "json/describe.h"
#include "sqlite/copy.h"
#include "store/backups.h"

namespace mainspring::backup {

struct Finding {
  std::string what;
  std::int64_t count = 0;
  bool is_explained = true;

  static const json::StructTable& described();
};

struct Proof {
  std::string file;
  std::int64_t bytes = 0;
  int schema = 0;     // as it was written
  int opened_as = 0;  // after migration
  store::BackupContents contents;
  std::vector<NextFire> next;     // the soonest after `now`, at most kNextFires
  std::vector<Finding> findings;  // against a live store, where one was named

  bool is_explained() const;
  static const json::StructTable& described();
};

struct ProofRequest {
  std::string file;
  std::string against;  // a database, in use or not; "": none
  base::Instant now;    // the next fires are those after it
  sqlite::CopyWatch watch = {};
};

base::Result<Proof> prove(const ProofRequest& request);

}  // namespace mainspring::backup
