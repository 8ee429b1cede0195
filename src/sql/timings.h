// The runs of a job that have ended, as model/durations.h takes them. Internal to this module.
#pragma once

#include <cstdint>
#include <vector>

#include "model/durations.h"
#include "sql/database.h"

namespace mainspring::sql {

// Of the job with this row key, the newest first, at most `limit`. Any thread's own connection.
std::vector<model::RunTiming> load_timings(Database& database, std::int64_t job,
                                           std::int64_t limit);

}  // namespace mainspring::sql
