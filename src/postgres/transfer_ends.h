// A store in a PostgreSQL database as the source or the target of a copy: see sql/transfer_ends.h.
//
// Both hold the turn, so that no node writes meanwhile. All that goes into a target is one
// transaction, and the server forgets it when the copy does not come to its end.
//
// Errors: those of open(); conflict (a node uses the database, or the target holds a store),
// unsupported (the source is not of the newest schema).
#pragma once

#include <memory>

#include "base/error.h"
#include "postgres/store.h"
#include "sql/transfer_ends.h"

namespace mainspring::postgres {

base::Result<std::unique_ptr<sql::TransferSource>> open_source(const Settings& settings);
base::Result<std::unique_ptr<sql::TransferTarget>> make_target(const Settings& settings);

}  // namespace mainspring::postgres
