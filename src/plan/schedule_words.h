// A schedule in words: "at 02:30 on weekdays, Europe/Berlin", "every 5 minutes", "once at ...".
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/job.h"

namespace mainspring::plan {

// `job` is the job's name: it decides the values of `H` and `~`. An expression that this build
// cannot read is shown as it stands.
std::string schedule_words(const model::ScheduleSpec& spec, std::string_view job);

}  // namespace mainspring::plan
