#include "model/calendar_text.h"

#include <fmt/core.h>

namespace mainspring::model {
namespace {

namespace chr = std::chrono;

// The number that `count` digits at the front of `rest` write; nothing where there are not so many.
std::optional<int> take_digits(std::string_view& rest, std::size_t count) {
  if (rest.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : rest.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  rest.remove_prefix(count);
  return value;
}

bool take_sign(std::string_view& rest, char sign) {
  if (!rest.starts_with(sign)) return false;
  rest.remove_prefix(1);
  return true;
}

// "14:00"; 24:00 is the end of a day.
std::optional<chr::minutes> take_time(std::string_view& rest) {
  const auto hour = take_digits(rest, 2);
  if (!hour || !take_sign(rest, ':')) return std::nullopt;
  const auto minute = take_digits(rest, 2);
  if (!minute || *minute > 59 || *hour > 24 || (*hour == 24 && *minute > 0)) return std::nullopt;
  return chr::hours{*hour} + chr::minutes{*minute};
}

std::optional<chr::year_month_day> take_date(std::string_view& rest) {
  const auto year = take_digits(rest, 4);
  if (!year || !take_sign(rest, '-')) return std::nullopt;
  const auto month = take_digits(rest, 2);
  if (!month || !take_sign(rest, '-')) return std::nullopt;
  const auto day = take_digits(rest, 2);
  if (!day) return std::nullopt;
  return chr::year{*year} / *month / *day;
}

constexpr chr::minutes kDay = chr::hours{24};

}  // namespace

base::Result<LocalMoment> parse_local_moment(std::string_view text) {
  const auto refuse = [text](std::string_view why) {
    return base::fail(base::Code::invalid_argument, fmt::format("'{:.60}' {}", text, why));
  };
  constexpr std::string_view kShape =
      "is neither a day, such as 2026-12-25, nor a local time, such as 2026-12-24T14:00";
  std::string_view rest = text;
  const auto date = take_date(rest);
  if (!date) return refuse(kShape);
  if (!date->ok()) return refuse("is a day that no calendar has; write one such as 2026-12-25");
  LocalMoment moment{chr::local_days{*date}, std::nullopt};
  if (rest.empty()) return moment;
  if (!take_sign(rest, 'T')) return refuse(kShape);
  moment.time = take_time(rest);
  if (!moment.time || moment.time == kDay || !rest.empty()) return refuse(kShape);
  return moment;
}

base::Result<TimesOfDay> parse_times_of_day(std::string_view text) {
  const auto refuse = [text](std::string_view why) {
    return base::fail(base::Code::invalid_argument, fmt::format("'{:.60}' {}", text, why));
  };
  constexpr std::string_view kShape =
      "are not times of day; write two of them, such as 22:00-06:00";
  std::string_view rest = text;
  const auto from = take_time(rest);
  if (!from || *from == kDay || !take_sign(rest, '-')) return refuse(kShape);
  const auto to = take_time(rest);
  if (!to || !rest.empty()) return refuse(kShape);
  if (*from == *to) return refuse("begins when it ends; for the whole day leave `times` out");
  return TimesOfDay{*from, *to};
}

}  // namespace mainspring::model
