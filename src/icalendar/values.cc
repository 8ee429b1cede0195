#include "icalendar/values.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/core.h>

#include "base/text.h"
#include "icalendar/icalendar.h"

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

// Longer ones would leave the years that a date has.
constexpr std::int64_t kLongestDays = 36'525;

// A number of exactly `digits` digits off the front.
std::optional<int> take_digits(std::string_view& rest, std::size_t digits) {
  if (rest.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : rest.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  rest.remove_prefix(digits);
  return value;
}

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

std::optional<chr::local_days> take_date(std::string_view& rest) {
  const auto year = take_digits(rest, 4);
  const auto month = year ? take_digits(rest, 2) : std::nullopt;
  const auto day = month ? take_digits(rest, 2) : std::nullopt;
  if (!day || *year == 0) return std::nullopt;
  const auto date = chr::year{*year} / *month / *day;
  return date.ok() ? std::optional{chr::local_days{date}} : std::nullopt;
}

// A leap second, 60, is the last second of its minute: clocks here have none.
std::optional<chr::seconds> take_time(std::string_view& rest) {
  const auto hour = take_digits(rest, 2);
  const auto minute = hour ? take_digits(rest, 2) : std::nullopt;
  const auto second = minute ? take_digits(rest, 2) : std::nullopt;
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return chr::hours{*hour} + chr::minutes{*minute} + chr::seconds{std::min(*second, 59)};
}

std::optional<Stamp> read_stamp(std::string_view text) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (text.empty()) return Stamp{*date, true, false};
  const auto time = take(text, 'T') ? take_time(text) : std::nullopt;
  if (!time) return std::nullopt;
  const bool utc = take(text, 'Z');
  if (!text.empty()) return std::nullopt;
  return Stamp{*date + *time, false, utc};
}

struct Unit {
  char letter;
  bool after_t;  // stands behind the T
  std::int64_t days;
  std::int64_t seconds;
};
constexpr Unit kUnits[] = {{'W', false, 7, 0},
                           {'D', false, 1, 0},
                           {'H', true, 0, 3600},
                           {'M', true, 0, 60},
                           {'S', true, 0, 1}};

// The units of a length, each at most once and largest first.
std::optional<Length> read_length(std::string_view text) {
  take(text, '+');
  if (!take(text, 'P') || text.empty()) return std::nullopt;
  Length length;
  bool after_t = false;
  for (const Unit* unit = std::begin(kUnits); !text.empty();) {
    if (!after_t && take(text, 'T')) after_t = true;
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || number < 0 || number > kLongestDays * 86'400) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto fits = [&](const Unit& u) {
      return text.starts_with(u.letter) && u.after_t == after_t;
    };
    unit = std::find_if(unit, std::end(kUnits), fits);
    if (unit == std::end(kUnits)) return std::nullopt;
    text.remove_prefix(1);
    length.days += chr::days{number * unit->days};
    length.seconds += chr::seconds{number * unit->seconds};
    ++unit;
  }
  const bool fits = length.days + length.seconds <= chr::days{kLongestDays};
  return fits ? std::optional{length} : std::nullopt;
}

std::optional<chr::seconds> read_offset(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  if (text.size() == 4) {
    const auto hour = take_digits(text, 2);
    const auto minute = hour ? take_digits(text, 2) : std::nullopt;
    if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
    const chr::seconds offset = chr::hours{*hour} + chr::minutes{*minute};
    return negative ? -offset : offset;
  }
  const auto time = take_time(text);
  if (!time || !text.empty()) return std::nullopt;
  return negative ? -*time : *time;
}

}  // namespace

base::Result<Stamp> parse_stamp(std::string_view text) {
  if (const auto stamp = read_stamp(text)) return *stamp;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("'{}' is no date or time; write 20260329, 20260329T023000 or "
                                "20260329T023000Z",
                                to_one_line(text)));
}

base::Result<Length> parse_length(std::string_view text) {
  if (const auto length = read_length(text)) return *length;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("'{}' is no length of at most 100 years; write P1D, PT2H30M or P2W",
                                to_one_line(text)));
}

base::Result<chr::seconds> parse_offset(std::string_view text) {
  if (const auto offset = read_offset(text)) return *offset;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("'{}' is no offset from UTC; write +0100", to_one_line(text)));
}

std::string to_one_line(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size() && out.size() <= kLongestSummary; ++i) {
    char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      c = value[++i];
      if (c == 'n' || c == 'N') c = ' ';
    }
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    out += control ? ' ' : c;
  }
  out.resize(base::cut_utf8(out, kLongestSummary));
  const std::size_t from = std::min(out.find_first_not_of(' '), out.size());
  return out.substr(from, out.find_last_not_of(' ') + 1 - from);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace mainspring::icalendar
