#include "icalendar/rule.h"

#include <algorithm>

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

using cron::LocalTime;
using Day = chr::local_days;

int year_of(Day day) { return static_cast<int>(chr::year_month_day{day}.year()); }
unsigned month_of(Day day) { return static_cast<unsigned>(chr::year_month_day{day}.month()); }
unsigned day_of(Day day) { return static_cast<unsigned>(chr::year_month_day{day}.day()); }
unsigned weekday_of(Day day) { return chr::weekday{day}.c_encoding(); }
Day first_of_year(int year) { return Day{chr::year{year} / 1 / 1}; }

Day first_of_week(Day day, unsigned week_start) {
  return day - chr::days{(weekday_of(day) + 7 - week_start) % 7};
}

// The week with the fourth of January is the first of its year.
Day first_week_of(int year, unsigned week_start) {
  return first_of_week(Day{chr::year{year} / 1 / 4}, week_start);
}

// [first, end)
struct Days {
  Day first;
  Day end;

  int count() const { return static_cast<int>((end - first).count()); }
  int nth(Day day) const { return static_cast<int>((day - first).count()) + 1; }
};

Days month_around(Day day) {
  const chr::year_month_day date{day};
  const auto month = date.year() / date.month();
  return {Day{month / 1}, Day{(month + chr::months{1}) / 1}};
}

Days year_around(Day day) { return {first_of_year(year_of(day)), first_of_year(year_of(day) + 1)}; }

// What a rule leaves unsaid follows from the start.
Rule completed(Rule rule, const RuleStart& start) {
  const Day day = chr::floor<chr::days>(start.local);
  const bool by_day_of_year = !rule.year_days.empty() || !rule.weeks.empty();
  const bool says_day = by_day_of_year || !rule.month_days.empty() || !rule.weekdays.empty();
  if (rule.frequency == Frequency::yearly && !says_day && rule.months == 0)
    rule.months = static_cast<std::uint16_t>(1U << month_of(day));
  const bool in_month = rule.frequency == Frequency::monthly || rule.frequency == Frequency::yearly;
  if (in_month && !says_day) rule.month_days.add(static_cast<int>(day_of(day)));
  const bool only_week = !rule.weeks.empty() && rule.year_days.empty() && rule.month_days.empty();
  if ((rule.frequency == Frequency::weekly || only_week) && rule.weekdays.empty())
    rule.weekdays.push_back({weekday_of(day), 0});
  return rule;
}

// The clock times of a day, in order.
std::vector<chr::seconds> clock_times(const Rule& rule, const RuleStart& start, Work& work) {
  const chr::hh_mm_ss clock{start.local - chr::floor<chr::days>(start.local)};
  if (start.is_date || (rule.hours.empty() && rule.minutes.empty() && rule.seconds.empty()))
    return {clock.to_duration()};
  const auto or_start = [](const std::vector<int>& values, auto part) {
    return values.empty() ? std::vector{static_cast<int>(part.count())} : values;
  };
  std::vector<chr::seconds> times;
  for (const int hour : or_start(rule.hours, clock.hours())) {
    for (const int minute : or_start(rule.minutes, clock.minutes())) {
      for (const int second : or_start(rule.seconds, clock.seconds()))
        times.push_back(chr::hours{hour} + chr::minutes{minute} +
                        chr::seconds{std::min(second, 59)});  // clocks here have no leap second
    }
  }
  work.spend(static_cast<std::int64_t>(times.size()));
  return times;
}

class Unfolding {
 public:
  Unfolding(const Rule& rule, const RuleStart& start, Work& work)
      : rule_(completed(rule, start)),
        start_(start.local),
        work_(work),
        times_(clock_times(rule, start, work)) {}

  std::vector<LocalTime> within(LocalRange range) {
    std::vector<LocalTime> found;
    int count = 1;  // the start
    if (start_ >= range.from && start_ <= range.until) found.push_back(start_);
    if (rule_.until) range.until = std::min(range.until, latest(*rule_.until));
    for (int n = rule_.count ? 0 : first_period(range.from); !work_.exhausted(); ++n) {
      const Days days = period(n);
      if (days.first > range.until) break;
      for (const LocalTime at : times_of(days)) {
        if (at <= start_) continue;
        if (at > range.until || (rule_.count && ++count > *rule_.count)) return found;
        if (at >= range.from) found.push_back(at);
      }
    }
    return found;
  }

 private:
  static LocalTime latest(const Stamp& until) {
    constexpr chr::hours kFarthestOffset{48};
    if (until.is_date) return until.local + chr::days{1} - chr::seconds{1};
    return until.is_utc ? until.local + kFarthestOffset : until.local;
  }

  // Periods are counted from the one of the start. This one is no later than that of `from`.
  int first_period(LocalTime from) const {
    const Day day = chr::floor<chr::days>(from);
    const Day start = chr::floor<chr::days>(start_);
    const auto days = (day - start).count();
    const auto years = year_of(day) - year_of(start);
    const auto periods = rule_.frequency == Frequency::yearly    ? years
                         : rule_.frequency == Frequency::monthly ? (years - 1) * 12
                         : rule_.frequency == Frequency::weekly  ? days / 7
                                                                 : days;
    return static_cast<int>(std::max<std::int64_t>(0, periods / rule_.interval - 1));
  }

  Days period(int n) const {
    const Day start = chr::floor<chr::days>(start_);
    const std::int64_t steps = std::int64_t{n} * rule_.interval;
    switch (rule_.frequency) {
      case Frequency::daily: {
        const Day day = start + chr::days{steps};
        return {day, day + chr::days{1}};
      }
      case Frequency::weekly: {
        const Day week = first_of_week(start, rule_.week_start) + chr::weeks{steps};
        return {week, week + chr::weeks{1}};
      }
      case Frequency::monthly: {
        const chr::year_month_day date{start};
        const auto month = date.year() / date.month() + chr::months{steps};
        return month_around(Day{month / 1});
      }
      case Frequency::yearly:
        break;
    }
    return year_around(first_of_year(year_of(start) + static_cast<int>(steps)));
  }

  std::vector<LocalTime> times_of(const Days& days) {
    std::vector<LocalTime> times;
    for (Day day = days.first; day < days.end;) {
      const Days month = month_around(day);
      const Day end = std::min(month.end, days.end);
      if (rule_.months != 0 && (rule_.months >> month_of(day) & 1) == 0) {
        work_.spend(1);
        day = end;
        continue;
      }
      for (; day < end; day += chr::days{1})
        if (work_.spend(1); matches(day, month)) add_times(day, times);
    }
    return rule_.positions.empty() ? times : at_positions(times);
  }

  void add_times(Day day, std::vector<LocalTime>& times) {
    for (const chr::seconds time : times_)
      times.push_back(day + time);
    work_.spend(static_cast<std::int64_t>(times_.size()));
  }

  std::vector<LocalTime> at_positions(const std::vector<LocalTime>& times) const {
    std::vector<LocalTime> chosen;
    const int count = static_cast<int>(times.size());
    for (int i = 0; i < count; ++i) {
      if (rule_.positions.contains(i + 1, count)) chosen.push_back(times[i]);
    }
    return chosen;
  }

  bool matches(Day day, const Days& month) const {
    return (rule_.month_days.empty() || is_named(rule_.month_days, day, month)) &&
           (rule_.weekdays.empty() || matches_weekday(day, month)) &&
           (rule_.year_days.empty() || is_named(rule_.year_days, day, year_around(day))) &&
           (rule_.weeks.empty() || matches_week(day));
  }

  static bool is_named(const Places& places, Day day, const Days& within) {
    return places.contains(within.nth(day), within.count());
  }

  // A number counts within the month, or within the year where a yearly rule names no months.
  bool matches_weekday(Day day, const Days& month) const {
    const unsigned weekday = weekday_of(day);
    const bool by_year = rule_.frequency == Frequency::yearly && rule_.months == 0;
    return std::ranges::any_of(rule_.weekdays, [&](const RuleWeekday& wanted) {
      if (wanted.weekday != weekday) return false;
      if (wanted.nth == 0) return true;
      const Days within = by_year ? year_around(day) : month;
      const int from_first = (within.nth(day) - 1) / 7 + 1;
      const int from_last = (within.count() - within.nth(day)) / 7 + 1;
      return wanted.nth == from_first || wanted.nth == -from_last;
    });
  }

  bool matches_week(Day day) const {
    const Day week = first_of_week(day, rule_.week_start);
    const int year = year_of(week + chr::days{3});
    const Day first = first_week_of(year, rule_.week_start);
    const Day end = first_week_of(year + 1, rule_.week_start);
    const auto nth = static_cast<int>((week - first) / chr::weeks{1}) + 1;
    return rule_.weeks.contains(nth, static_cast<int>((end - first) / chr::weeks{1}));
  }

  const Rule rule_;
  const LocalTime start_;
  Work& work_;
  const std::vector<chr::seconds> times_;
};

}  // namespace

void Places::add(int place) {
  empty_ = false;
  (place > 0 ? from_first_ : from_last_).set(static_cast<std::size_t>(place > 0 ? place : -place));
}

bool Places::contains(int nth, int count) const {
  const auto bit = [](const auto& bits, int n) {
    return n <= kMost && bits[static_cast<std::size_t>(n)];
  };
  return bit(from_first_, nth) || bit(from_last_, count - nth + 1);
}

std::vector<LocalTime> unfold(const Rule& rule, const RuleStart& start, const LocalRange& range,
                              Work& work) {
  return Unfolding{rule, start, work}.within(range);
}

}  // namespace mainspring::icalendar
