#include "postgres/encoding.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <fmt/core.h>

namespace mainspring::postgres {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kEpochMillis = 946'684'800'000;  // 2000-01-01, in milliseconds since 1970
// What timestamptz holds: from 4714 BC until 294276 AD.
constexpr std::int64_t kFirstMillis = -210'866'803'200'000;
constexpr std::int64_t kEndMillis = 9'224'318'016'000'000;

[[noreturn]] void fail_pair(const char* wanted, Type type) {
  throw std::logic_error(
      fmt::format("{} was asked for where PostgreSQL has the type {}", wanted, type));
}

template <class T>
T from_network(T value) {
  return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

template <class T>
T get(std::string_view bytes) {
  T value{};
  if (bytes.size() != sizeof value) throw std::logic_error("a value has the wrong length");
  std::memcpy(&value, bytes.data(), sizeof value);
  return from_network(value);
}

std::int64_t to_micros(std::int64_t millis) {
  if (millis >= kEndMillis) return kMost;    // 'infinity'
  if (millis < kFirstMillis) return kLeast;  // '-infinity'
  return (millis - kEpochMillis) * 1000;
}

std::int64_t to_millis(std::int64_t micros) {
  if (micros == kMost || micros == kLeast) return micros;
  const std::int64_t whole = micros >= 0 ? micros / 1000 : -((-micros + 999) / 1000);
  return whole + kEpochMillis;
}

// numeric, as far as it is whole: the count of its digits to the base 10000, the weight of the
// first, the sign, the scale, the digits. A sum of bigints is one.
std::int64_t decode_numeric(std::string_view bytes) {
  if (bytes.size() < 8) throw std::logic_error("a numeric is cut off");
  const auto count = get<std::int16_t>(bytes.substr(0, 2));
  const auto weight = get<std::int16_t>(bytes.substr(2, 2));
  const auto sign = get<std::uint16_t>(bytes.substr(4, 2));
  std::int64_t value = 0;
  for (int place = 0; place <= weight; ++place) {
    const auto at = 8 + 2 * static_cast<std::size_t>(place);
    value = value * 10'000 + (place < count ? get<std::int16_t>(bytes.substr(at, 2)) : 0);
  }
  return sign == 0x4000 ? -value : value;
}

}  // namespace

std::uint64_t encode_real(double value) {
  return from_network(std::bit_cast<std::uint64_t>(value));
}

std::uint64_t encode_instant(base::Instant instant) {
  return from_network(static_cast<std::uint64_t>(to_micros(base::to_millis(instant))));
}

std::int64_t decode_integer(Type type, std::string_view bytes) {
  switch (type) {
    case type::int8:
      return get<std::int64_t>(bytes);
    case type::int4:
      return get<std::int32_t>(bytes);
    case type::int2:
      return get<std::int16_t>(bytes);
    case type::boolean:
      return bytes == std::string_view("\1", 1) ? 1 : 0;
    case type::numeric:
      return decode_numeric(bytes);
    default:
      fail_pair("an integer", type);
  }
}

double decode_real(Type type, std::string_view bytes) {
  if (type == type::float8) return std::bit_cast<double>(get<std::uint64_t>(bytes));
  return static_cast<double>(decode_integer(type, bytes));
}

base::IdBytes decode_id(Type type, std::string_view bytes) {
  base::IdBytes out{};
  if (type != type::uuid || bytes.size() != out.size()) fail_pair("an id", type);
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

base::Instant decode_instant(Type type, std::string_view bytes) {
  if (type != type::timestamptz) fail_pair("an instant", type);
  return base::from_millis(to_millis(get<std::int64_t>(bytes)));
}

}  // namespace mainspring::postgres
