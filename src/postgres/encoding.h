// Values as PostgreSQL carries them in binary. Internal to this module; pure.
//
// Instants are milliseconds since 1970 here and microseconds since 2000 there; what the server
// cannot hold is 'infinity'. What is read is told apart by the type of its column. Errors:
// std::logic_error for a pair that no statement of ours may have.
//
// Source: the binary formats of src/backend/utils/adt in PostgreSQL 15.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"

namespace mainspring::postgres {

using Type = unsigned int;  // libpq's Oid

namespace type {
inline constexpr Type unknown = 0;  // the server finds out from where the value stands
inline constexpr Type boolean = 16;
inline constexpr Type bytea = 17;
inline constexpr Type int8 = 20;
inline constexpr Type int2 = 21;
inline constexpr Type int4 = 23;
inline constexpr Type float8 = 701;
inline constexpr Type timestamptz = 1184;
inline constexpr Type numeric = 1700;
inline constexpr Type uuid = 2950;
}  // namespace type

// float8 and timestamptz: eight bytes, the highest first.
std::uint64_t encode_real(double value);
std::uint64_t encode_instant(base::Instant instant);

std::int64_t decode_integer(Type type, std::string_view bytes);
double decode_real(Type type, std::string_view bytes);
base::IdBytes decode_id(Type type, std::string_view bytes);
base::Instant decode_instant(Type type, std::string_view bytes);

}  // namespace mainspring::postgres
