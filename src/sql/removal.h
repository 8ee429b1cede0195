// What is removed of the past: a finished run with everything that belongs to it, or its log alone.
// Written once, for retention and for bulk deletion; a new table about runs gets its line here.
// Internal to this module; the writer's thread.
#pragma once

#include <cstdint>

#include "sql/core.h"

namespace mainspring::sql {

struct PastRun {
  TenantKey tenant = 0;
  base::RunId id;
};

// What one command may still remove, so that no run, however long its log, holds the writer up.
struct RemovalRoom {
  std::int64_t rows = 0;
  std::int64_t log_chunks = 0;  // removed so far
};

// Each returns whether it got to the end; else it is called again when there is room.
bool remove_log(Core& core, const PastRun& run, RemovalRoom& room);
bool remove_run(Core& core, const PastRun& run, RemovalRoom& room);

}  // namespace mainspring::sql
