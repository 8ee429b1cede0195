#include "base/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <iterator>

#include <fmt/core.h>

namespace mainspring::base {
namespace {

constexpr Duration kLongest = std::chrono::hours{24} * 366 * 100;

// What four digits of a year can write, from the epoch on.
constexpr Instant kEarliest{};
constexpr Instant kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};

struct Unit {
  std::string_view name;
  std::int64_t millis;
};
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

// A cursor over text that is expected to have a fixed shape; any mismatch leaves it failed.
struct Cursor {
  std::string_view rest;
  bool failed = false;

  int digits(std::size_t count) {
    int value = 0;
    if (rest.size() < count) failed = true;
    for (std::size_t i = 0; i < count && !failed; ++i) {
      if (rest[i] < '0' || rest[i] > '9') failed = true;
      value = value * 10 + (rest[i] - '0');
    }
    if (!failed) rest.remove_prefix(count);
    return value;
  }
  char one_of(std::string_view allowed) {
    if (failed || rest.empty() || !allowed.contains(rest.front())) {
      failed = true;
      return '\0';
    }
    const char found = rest.front();
    rest.remove_prefix(1);
    return found;
  }
};

int read_fraction_millis(Cursor& cursor) {
  if (cursor.rest.empty() || cursor.rest.front() != '.') return 0;
  cursor.rest.remove_prefix(1);
  int millis = 0;
  std::size_t count = 0;
  while (count < cursor.rest.size() && cursor.rest[count] >= '0' && cursor.rest[count] <= '9') {
    if (count < 3) millis = millis * 10 + (cursor.rest[count] - '0');
    ++count;
  }
  for (std::size_t i = count; i < 3; ++i)
    millis *= 10;
  if (count == 0 || count > 9) cursor.failed = true;
  cursor.rest.remove_prefix(count);
  return millis;
}

std::chrono::minutes read_offset(Cursor& cursor) {
  const char sign = cursor.one_of("Zz+-");
  if (sign == 'Z' || sign == 'z' || cursor.failed) return std::chrono::minutes{0};
  const int hours = cursor.digits(2);
  cursor.one_of(":");
  const int minutes = cursor.digits(2);
  if (hours > 23 || minutes > 59) cursor.failed = true;
  const std::chrono::minutes offset{hours * 60 + minutes};
  return sign == '-' ? -offset : offset;
}

// A number that is not negative, with zeros before it.
void append_padded(std::string& out, std::int64_t number, std::size_t width) {
  char digits[20];
  const char* end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  const auto size = static_cast<std::size_t>(end - digits);
  if (size < width) out.append(width - size, '0');
  out.append(digits, size);
}

// What is wrong with a text that is no instant, behind "is not an instant".
std::unexpected<std::string_view> not_an_instant(std::string_view why) {
  return std::unexpected{why};
}

std::expected<Instant, std::string_view> read_instant(Cursor cursor) {
  namespace chr = std::chrono;
  const int year = cursor.digits(4);
  cursor.one_of("-");
  const int month = cursor.digits(2);
  cursor.one_of("-");
  const int day = cursor.digits(2);
  if (!cursor.failed && cursor.rest.empty())
    return not_an_instant(": its time of day and its zone are missing");
  cursor.one_of("Tt ");
  const int hour = cursor.digits(2);
  cursor.one_of(":");
  const int minute = cursor.digits(2);
  cursor.one_of(":");
  const int second = cursor.digits(2);
  const int millis = read_fraction_millis(cursor);
  const auto offset = read_offset(cursor);
  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  if (cursor.failed || !cursor.rest.empty()) return not_an_instant("");
  if (!date.ok()) return not_an_instant(": the calendar has no such day");
  if (hour > 23 || minute > 59 || second > 59)
    return not_an_instant(": a day has no such time, and ends at 23:59:59");
  const Instant instant = chr::sys_days{date} + chr::hours{hour} + chr::minutes{minute} +
                          chr::seconds{second} + chr::milliseconds{millis} - offset;
  if (instant < kEarliest || instant >= kEnd)  // by its year, or by its offset
    return not_an_instant(" of the years 1970 to 9999");
  return instant;
}

}  // namespace

std::string format_instant(Instant instant) {
  namespace chr = std::chrono;
  const auto day = chr::floor<chr::days>(instant);
  const chr::year_month_day date{day};
  const chr::hh_mm_ss time{instant - day};
  std::string out;
  out.reserve(24);
  append_padded(out, static_cast<int>(date.year()), 4);
  append_padded(out += '-', static_cast<unsigned>(date.month()), 2);
  append_padded(out += '-', static_cast<unsigned>(date.day()), 2);
  append_padded(out += 'T', time.hours().count(), 2);
  append_padded(out += ':', time.minutes().count(), 2);
  append_padded(out += ':', time.seconds().count(), 2);
  append_padded(out += '.', time.subseconds().count(), 3);
  return out += 'Z';
}

Result<Instant> parse_instant(std::string_view text) {
  const auto instant = read_instant(Cursor{text});
  if (instant) return *instant;
  return fail(Code::invalid_argument,
              fmt::format("'{}' is not an instant{}; write RFC 3339, such as 2026-03-29T01:30:00Z",
                          text, instant.error()));
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  std::string out = rest < 0 ? "-" : "";
  if (rest < 0) rest = -rest;
  if (rest == 0) return "0s";
  for (const Unit& unit : kUnits) {
    if (rest >= unit.millis) out += fmt::format("{}{}", rest / unit.millis, unit.name);
    rest %= unit.millis;
  }
  return out;
}

std::string format_roughly(Duration duration) {
  constexpr std::int64_t kSecond = 1'000;
  const std::int64_t size = std::abs(duration.count());
  const auto largest =
      std::ranges::find_if(kUnits, [size](const Unit& unit) { return size >= unit.millis; });
  if (largest == kUnits.end() || std::next(largest) == kUnits.end())
    return format_duration(duration);
  std::int64_t step = std::next(largest)->millis;
  if (size >= 10 * kSecond) step = std::max(step, kSecond);
  const std::int64_t rounded = (size + step / 2) / step * step;
  return format_duration(Duration{duration.count() < 0 ? -rounded : rounded});
}

Result<Duration> parse_duration(std::string_view text) {
  const auto wrong = [text](std::string_view why) {
    return fail(Code::invalid_argument,
                fmt::format("'{}' is not a duration{}; write whole numbers with d, h, m, s or ms, "
                            "such as 90s or 1h30m",
                            text, why));
  };
  if (text == "0") return Duration{0};
  std::string_view rest = text;
  std::size_t next_unit = 0;
  std::int64_t total = 0;
  while (!rest.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (error != std::errc{} || count < 0) return wrong("");
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name)
      ++next_unit;
    if (next_unit == kUnits.size()) return wrong("");
    if (count > kLongest.count() / kUnits[next_unit].millis) return wrong(" of at most 100 years");
    total += count * kUnits[next_unit].millis;
    rest.remove_prefix(name.size());
    ++next_unit;
  }
  if (text.empty()) return wrong("");
  if (total > kLongest.count()) return wrong(" of at most 100 years");
  return Duration{total};
}

}  // namespace mainspring::base
