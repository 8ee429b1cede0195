#include "cron/local_search.h"

#include <algorithm>
#include <chrono>

#include "cron/fields.h"

namespace mainspring::cron {
namespace {

namespace chr = std::chrono;

constexpr chr::local_days kFirstDay{chr::year{kFirstYear} / 1 / 1};
constexpr chr::local_days kLastDay{chr::year{kLastYear} / 12 / 31};

struct Clock {
  int hour;
  int minute;
  int second;

  chr::seconds since_midnight() const {
    return chr::hours{hour} + chr::minutes{minute} + chr::seconds{second};
  }
};

Clock clock_of(chr::seconds since_midnight) {
  const auto total = static_cast<int>(since_midnight.count());
  return {total / 3600, total / 60 % 60, total % 60};
}

struct Date {
  int year;
  int month;
  int day;
};

Date date_of(chr::local_days days) {
  const chr::year_month_day date{days};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

chr::local_days to_days(Date date) {
  return chr::local_days{chr::year{date.year} / date.month / date.day};
}

constexpr Clock kMidnight{0, 0, 0};
constexpr Clock kDayEnd{23, 59, 59};

std::optional<chr::seconds> first_time(const Fields& fields, Clock from) {
  if ((fields.hours >> from.hour & 1) != 0) {
    if ((fields.minutes >> from.minute & 1) != 0) {
      if (const auto second = bit_from(fields.seconds, from.second))
        return Clock{from.hour, from.minute, *second}.since_midnight();
    }
    if (const auto minute = bit_from(fields.minutes, from.minute + 1))
      return Clock{from.hour, *minute, *bit_from(fields.seconds, 0)}.since_midnight();
  }
  const auto hour = bit_from(fields.hours, from.hour + 1);
  if (!hour) return std::nullopt;
  return Clock{*hour, *bit_from(fields.minutes, 0), *bit_from(fields.seconds, 0)}.since_midnight();
}

std::optional<chr::seconds> last_time(const Fields& fields, Clock upto) {
  if ((fields.hours >> upto.hour & 1) != 0) {
    if ((fields.minutes >> upto.minute & 1) != 0) {
      if (const auto second = bit_upto(fields.seconds, upto.second))
        return Clock{upto.hour, upto.minute, *second}.since_midnight();
    }
    if (const auto minute = bit_upto(fields.minutes, upto.minute - 1))
      return Clock{upto.hour, *minute, *bit_upto(fields.seconds, 59)}.since_midnight();
  }
  const auto hour = bit_upto(fields.hours, upto.hour - 1);
  if (!hour) return std::nullopt;
  return Clock{*hour, *bit_upto(fields.minutes, 59), *bit_upto(fields.seconds, 59)}
      .since_midnight();
}

std::optional<chr::local_days> first_date(const Fields& fields, Date from) {
  for (int year = from.year; year <= kLastYear; ++year) {
    if (!has_year(fields, year)) continue;
    const bool same_year = year == from.year;
    auto month = bit_from(fields.months, same_year ? from.month : 1);
    for (; month; month = bit_from(fields.months, *month + 1)) {
      const bool same_month = same_year && *month == from.month;
      const std::uint32_t days = days_of(fields, year, static_cast<unsigned>(*month));
      if (const auto day = bit_from(days, same_month ? from.day : 1))
        return to_days({year, *month, *day});
    }
  }
  return std::nullopt;
}

std::optional<chr::local_days> last_date(const Fields& fields, Date upto) {
  for (int year = upto.year; year >= kFirstYear; --year) {
    if (!has_year(fields, year)) continue;
    const bool same_year = year == upto.year;
    auto month = bit_upto(fields.months, same_year ? upto.month : 12);
    for (; month; month = bit_upto(fields.months, *month - 1)) {
      const bool same_month = same_year && *month == upto.month;
      const std::uint32_t days = days_of(fields, year, static_cast<unsigned>(*month));
      if (const auto day = bit_upto(days, same_month ? upto.day : 31))
        return to_days({year, *month, *day});
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<LocalTime> first_match(const Fields& fields, LocalTime from) {
  from = std::max(from, LocalTime{kFirstDay});
  const auto today = chr::floor<chr::days>(from);
  if (today > kLastDay) return std::nullopt;
  auto day = first_date(fields, date_of(today));
  if (day && *day == today) {
    if (const auto time = first_time(fields, clock_of(from - today))) return today + *time;
    day = today == kLastDay ? std::nullopt : first_date(fields, date_of(today + chr::days{1}));
  }
  if (!day) return std::nullopt;
  return *day + *first_time(fields, kMidnight);
}

std::optional<LocalTime> last_match(const Fields& fields, LocalTime upto) {
  upto = std::min(upto, LocalTime{kLastDay + chr::days{1}} - chr::seconds{1});
  const auto today = chr::floor<chr::days>(upto);
  if (today < kFirstDay) return std::nullopt;
  auto day = last_date(fields, date_of(today));
  if (day && *day == today) {
    if (const auto time = last_time(fields, clock_of(upto - today))) return today + *time;
    day = today == kFirstDay ? std::nullopt : last_date(fields, date_of(today - chr::days{1}));
  }
  if (!day) return std::nullopt;
  return *day + *last_time(fields, kDayEnd);
}

}  // namespace mainspring::cron
