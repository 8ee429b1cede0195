// A whole store copied from one database to another, SQLite or PostgreSQL, and proven to be the
// same: counts and contents of every table, and the fires that come next.
//
// Until it is proven the target is no store: what fails, is stopped or killed leaves nothing that a
// node could take for one, and may be begun again. The source is not changed, and no node may use
// either meanwhile.
//
// Threads: any; blocks for as long as it takes. Errors: invalid_argument (an address that is
// neither), not_found (the source), conflict (a node uses one of them, or the target holds a
// store), unsupported (a schema that is not the newest), timed_out (the watch gave it up),
// storage_full, unavailable, internal (what was copied differs).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace mainspring::backup {

struct TransferProgress {
  std::string_view table;
  bool is_proving = false;  // what was copied is read again
  std::int64_t done = 0;    // rows
  std::int64_t all = 0;
};
// Asked now and then; false gives the copy up.
using TransferWatch = std::function<bool(const TransferProgress&)>;

struct TransferRequest {
  std::string from;  // "sqlite:/var/lib/mainspring/mainspring.db", "postgresql://..."
  std::string to;
  std::string password_file;  // for whichever is in PostgreSQL; "": none
  base::Instant now;          // the fires compared are those after it
  TransferWatch watch = {};
};

struct TransferredTable {
  std::string name;
  std::int64_t rows = 0;
  std::string digest;  // SHA-256 of its rows, in their order
};

struct Transferred {
  std::vector<TransferredTable> tables;
  std::int64_t rows = 0;
  std::size_t next_fires = 0;  // that were compared
};

base::Result<Transferred> transfer(const TransferRequest& request);

}  // namespace mainspring::backup
