// A store in an SQLite file as the source or the target of a copy: see sql/transfer_ends.h.
//
// Whoever calls holds the lock beside the file; see store.h. Errors: unsupported (not ours, or not
// of the newest schema), storage_full, unavailable.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "sql/transfer_ends.h"

namespace mainspring::sqlite {

base::Result<std::unique_ptr<sql::TransferSource>> open_source(const std::string& path);

// Makes the file, which must not exist. Once finish() has returned and the target is gone, the file
// is on disk, without a log beside it. What is unfinished is the caller's to remove.
base::Result<std::unique_ptr<sql::TransferTarget>> make_target(const std::string& path);

}  // namespace mainspring::sqlite
