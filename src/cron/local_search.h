// Internal: the search for local times that an expression names, blind to clock changes.
#pragma once

#include <optional>

#include "cron/expression.h"
#include "cron/zone.h"

namespace mainspring::cron {

// The first match at or after, and the last at or before, within the years of cron.
std::optional<LocalTime> first_match(const Fields& fields, LocalTime from);
std::optional<LocalTime> last_match(const Fields& fields, LocalTime upto);

}  // namespace mainspring::cron
