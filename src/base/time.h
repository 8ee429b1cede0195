// Instants, durations, and their texts.
//
// Source: RFC 3339 for instants; durations are Go-like ("1h30m", "250ms"), whole units only.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::base {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;  // UTC; leap seconds are not counted (POSIX)

inline std::int64_t to_millis(Instant t) { return t.time_since_epoch().count(); }
inline Instant from_millis(std::int64_t ms) { return Instant{Duration{ms}}; }

// "2026-03-29T01:30:00.000Z": always UTC, always three digits of milliseconds.
std::string format_instant(Instant instant);

// RFC 3339, with an offset or Z, 0 to 9 fraction digits (cut to milliseconds), a space or 't' for
// 'T'. Years 1970 to 9999. Errors: invalid_argument.
Result<Instant> parse_instant(std::string_view text);

// "1d2h", "90s" -> "1m30s", "0s"; units d h m s ms, largest first, zero units left out.
std::string format_duration(Duration duration);

// For sentences: the two largest units, rounded, and no parts of a second from ten seconds on:
// 23h26m19s807ms -> "23h26m", 12s807ms -> "13s", 1s500ms -> "1s500ms".
std::string format_roughly(Duration duration);

// One or more of <digits><unit>, units d h m s ms, each at most once, largest first; at most 100
// years; "0" alone is allowed. Errors: invalid_argument, whose message shows a right example.
Result<Duration> parse_duration(std::string_view text);

}  // namespace mainspring::base
