// A cron expression: which local times a schedule names.
//
// Source: Open Cron Pattern Specification (OCPS) 1.0 to 1.4, github.com/open-source-cron/ocps, and
// three extensions: `H` (Jenkins) and `~` (OpenBSD) spread load by a hash, `@every 5m` counts real
// time. docs/reference/cron.md is the grammar for users.
//
// Immutable values: cheap to copy, safe to read from any thread. Pure: nothing here reads a clock.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace mainspring::cron {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2199;  // of OCPS; the search for an occurrence ends here too
// Longer than any expression that says something new: every year written out takes 1150 characters.
constexpr std::size_t kLongestText = 4096;

enum class Field : std::uint8_t {
  second,
  minute,
  hour,
  day_of_month,
  month,
  day_of_week,
  year,
};
constexpr std::size_t kFieldCount = 7;

// "day-of-week"
std::string_view field_name(Field field);

// How a field's first list item was written, where that is a star: 0 is no star, kPlainStar is
// exactly `*` (or `?`), any other n is `*/n`.
using Star = std::uint8_t;
constexpr Star kPlainStar = 255;

constexpr std::uint8_t kNearestLast = 32;  // Fields::nearest of `LW`
constexpr int kNthLast = 6;                // the bit of Fields::nth that stands for "the last"

// The sets that an expression names. Bit n stands for value n; Sunday is 0.
struct Fields {
  std::uint64_t seconds = 0;
  std::uint64_t minutes = 0;
  std::uint32_t hours = 0;
  std::uint32_t days = 0;  // bits 1 to 31
  std::uint16_t months = 0;
  std::uint8_t weekdays = 0;
  std::uint8_t nearest = 0;              // `nW`: n, or kNearestLast for `LW`; 0 is none
  std::array<std::uint8_t, 7> nth{};     // by weekday, bits 1 to 5 and kNthLast: `5#2`, `5#L`
  bool last_day = false;                 // `L` in day-of-month
  bool both_days = false;                // `+`: both day fields must match
  std::array<std::uint64_t, 4> years{};  // bit n of the row stands for year 1970 + n
  std::array<Star, kFieldCount> star{};

  friend bool operator==(const Fields&, const Fields&) = default;
};

class Expression {
 public:
  // `spread_seed` decides the values of `H` and `~`; equal seeds give equal values for ever. A
  // job's name is a good seed. The hash is FNV-1a, 64 bits, of the seed, a zero byte and the
  // field's name, finished by x ^= x >> 33, x *= 0xff51afd7ed558ccd, x ^= x >> 33; the value is
  // the lowest of the range plus the remainder by the range's size (or by the step, for `H/n`).
  //
  // Errors: invalid_argument. The message names the field, the column (from 1, in `text`), the
  // rule, and what to write instead; the same stands in its one problem.
  static base::Result<Expression> parse(std::string_view text, std::string_view spread_seed = {});

  // The expression in canonical form, `H` and `~` replaced by their values:
  // parse(text()) == *this.
  std::string text() const;

  bool is_reboot() const { return reboot_; }
  // The interval of `@every`, a whole number of seconds; 0 for every other expression.
  base::Duration interval() const { return interval_; }
  // All sets are empty for `@reboot` and `@every`.
  const Fields& fields() const { return fields_; }

  // Whether the clock's own spacing rules it: the hour or the minute begins with a star. Such a
  // schedule neither gains nor loses fires by a DST policy.
  bool keeps_spacing() const;

  friend bool operator==(const Expression&, const Expression&) = default;

 private:
  Expression() = default;

  Fields fields_{};
  base::Duration interval_{0};
  bool reboot_ = false;
};

}  // namespace mainspring::cron
