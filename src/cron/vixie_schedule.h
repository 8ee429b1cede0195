// Internal: the schedule at the beginning of a crontab line, as Debian's cron reads it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace mainspring::cron {

struct VixieSchedule {
  std::string schedule;  // for Expression::parse
  std::size_t length;    // of the part of the line that it was written in
  std::vector<std::string> notes;
};

// `line` begins with the schedule. Errors: invalid_argument with one problem, whose column counts
// from the beginning of `line`.
base::Result<VixieSchedule> parse_vixie_schedule(std::string_view line);

}  // namespace mainspring::cron
