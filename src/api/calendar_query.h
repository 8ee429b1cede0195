// What the handlers of calendars share.
//
// Threads: those of a handler.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "api/call.h"

namespace mainspring::api {

// A query parameter that is a day: "2026-12-25". Errors: invalid_argument, naming the parameter.
base::Result<std::optional<std::chrono::local_days>> query_day(const Call& call,
                                                               std::string_view name);
// What a clock in the zone shows now; in UTC where the name is empty.
std::chrono::local_days today_of(const Call& call, const std::string& timezone);

}  // namespace mainspring::api
