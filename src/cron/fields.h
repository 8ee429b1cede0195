// Internal: the table of fields, and the calendar of one month under an expression's day fields.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "cron/expression.h"

namespace mainspring::cron {

struct FieldRule {
  std::string_view name;
  int low;
  int high;       // the largest value that may be written
  int star_high;  // the largest that `*` means: Sunday counts once
  std::span<const std::string_view> names;
  int first_name;            // the value of names[0]
  std::string_view allowed;  // in words, for messages
};

const FieldRule& field_rule(Field field);

// The days of this month that match both day fields, as bits 1 to 31.
std::uint32_t days_of(const Fields& fields, int year, unsigned month);

inline bool has_year(const Fields& fields, int year) {
  const auto n = static_cast<unsigned>(year - kFirstYear);
  return (fields.years[n / 64] >> (n % 64) & 1) != 0;
}

// The lowest set bit at or above `from`, and the highest at or below it.
inline std::optional<int> bit_from(std::uint64_t mask, int from) {
  if (from > 63) return std::nullopt;
  const std::uint64_t rest = from <= 0 ? mask : mask >> from << from;
  if (rest == 0) return std::nullopt;
  return std::countr_zero(rest);
}
inline std::optional<int> bit_upto(std::uint64_t mask, int upto) {
  if (upto < 0) return std::nullopt;
  const std::uint64_t rest = upto >= 63 ? mask : mask & ((std::uint64_t{2} << upto) - 1);
  if (rest == 0) return std::nullopt;
  return 63 - std::countl_zero(rest);
}

}  // namespace mainspring::cron
