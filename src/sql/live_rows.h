// The live index as the tables have it: all of it, or what somebody else has changed. Internal to
// this module; belongs to the thread of its database.
#pragma once

#include "sql/changes.h"
#include "sql/database.h"
#include "sql/live_index.h"

namespace mainspring::sql {

// Runs, queues and pauses, all of them anew.
void load_live(Database& database, LiveIndex& live);
// Those that are named.
void refresh_live(Database& database, const Changes& changes, LiveIndex& live);

}  // namespace mainspring::sql
