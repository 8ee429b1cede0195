#include "cron/fields.h"

#include <array>
#include <chrono>

namespace mainspring::cron {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays{"SUN", "MON", "TUE", "WED",
                                                    "THU", "FRI", "SAT"};

const std::array<FieldRule, kFieldCount> kRules{{
    {"second", 0, 59, 59, {}, 0, "0-59"},
    {"minute", 0, 59, 59, {}, 0, "0-59"},
    {"hour", 0, 23, 23, {}, 0, "0-23"},
    {"day-of-month", 1, 31, 31, {}, 0, "1-31"},
    {"month", 1, 12, 12, kMonths, 1, "1-12 or JAN-DEC"},
    {"day-of-week", 0, 7, 6, kWeekdays, 0, "0-7 or SUN-SAT"},
    {"year", kFirstYear, kLastYear, kLastYear, {}, 0, "1970-2199"},
}};

// One month: its length, and the weekday of its first day (Sunday is 0).
struct Month {
  unsigned length;
  unsigned first;

  unsigned weekday(unsigned day) const { return (first + day - 1) % 7; }
};

Month month_of(int year, unsigned month) {
  namespace chr = std::chrono;
  const chr::year_month ym{chr::year{year}, chr::month{month}};
  const chr::year_month_day_last last{ym.year(), chr::month_day_last{ym.month()}};
  const chr::weekday first{chr::sys_days{ym / 1}};
  return {static_cast<unsigned>(last.day()), first.c_encoding()};
}

// The weekday (Monday to Friday) nearest to `day` without leaving the month.
unsigned nearest_weekday(const Month& month, unsigned day) {
  switch (month.weekday(day)) {
    case 6:
      return day > 1 ? day - 1 : day + 2;
    case 0:
      return day < month.length ? day + 1 : day - 2;
    default:
      return day;
  }
}

std::uint32_t days_by_date(const Fields& fields, const Month& month) {
  std::uint32_t days = fields.days;
  if (fields.last_day) days |= 1U << month.length;
  if (fields.nearest == kNearestLast) {
    unsigned day = month.length;
    while (month.weekday(day) == 0 || month.weekday(day) == 6)
      --day;
    days |= 1U << day;
  } else if (fields.nearest != 0 && fields.nearest <= month.length) {
    days |= 1U << nearest_weekday(month, fields.nearest);
  }
  return days;
}

std::uint32_t days_by_weekday(const Fields& fields, const Month& month) {
  std::uint32_t days = 0;
  for (unsigned weekday = 0; weekday < 7; ++weekday) {
    const unsigned first = (weekday + 7 - month.first) % 7 + 1;
    const bool every = (fields.weekdays >> weekday & 1) != 0;
    const unsigned nth = fields.nth[weekday];
    if (!every && nth == 0) continue;
    for (unsigned day = first, n = 1; day <= month.length; day += 7, ++n) {
      const bool last = day + 7 > month.length;
      if (every || (nth >> n & 1) != 0 || (last && (nth >> kNthLast & 1) != 0)) days |= 1U << day;
    }
  }
  return days;
}

}  // namespace

const FieldRule& field_rule(Field field) { return kRules[static_cast<std::size_t>(field)]; }

std::string_view field_name(Field field) { return field_rule(field).name; }

std::uint32_t days_of(const Fields& fields, int year, unsigned month) {
  const Month shape = month_of(year, month);
  const auto within = static_cast<std::uint32_t>((std::uint64_t{2} << shape.length) - 2);
  const bool any_date = fields.star[static_cast<std::size_t>(Field::day_of_month)] == kPlainStar;
  const bool any_weekday = fields.star[static_cast<std::size_t>(Field::day_of_week)] == kPlainStar;
  const std::uint32_t by_date = any_date ? within : days_by_date(fields, shape);
  const std::uint32_t by_weekday = any_weekday ? within : days_by_weekday(fields, shape);
  const bool both = any_date || any_weekday || fields.both_days;
  return (both ? by_date & by_weekday : by_date | by_weekday) & within;
}

}  // namespace mainspring::cron
