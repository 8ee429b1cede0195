#include "cron/words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include <fmt/core.h>

#include "base/text.h"
#include "cron/fields.h"
#include "cron/local_search.h"

namespace mainspring::cron {
namespace {

namespace chr = std::chrono;

constexpr std::size_t kMostTimes = 6;   // more times than this are said as minutes and hours
constexpr std::size_t kLeastSteps = 6;  // fewer values than this are listed
constexpr std::size_t kMostNamed = 3;   // times of a clock change said one by one

constexpr std::uint32_t kEveryHour = (1U << 24) - 1;

constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 13> kMonths{
    "",     "January", "February",  "March",   "April",    "May",     "June",
    "July", "August",  "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kCounts{"",       "first", "second", "third",
                                                  "fourth", "fifth", "last"};

using Values = std::vector<int>;

Values values_of(std::uint64_t bits) {
  Values values;
  for (auto value = bit_from(bits, 0); value; value = bit_from(bits, *value + 1))
    values.push_back(*value);
  return values;
}

std::string join(const std::vector<std::string>& parts, std::string_view last = " and ") {
  const std::vector<std::string_view> views{parts.begin(), parts.end()};
  return base::join_words(views, last);
}

// The distance between neighbours where it is always the same; else 0.
int common_step(const Values& values) {
  const int step = values.size() > 1 ? values[1] - values[0] : 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] - values[i - 1] != step) return 0;
  }
  return step;
}

// "1, 2 and 5 to 9"; runs of three or more are said as ranges.
template <class Name>
std::string list_words(const Values& values, Name name) {
  const int step = common_step(values);
  if (step > 1 && values.size() >= kLeastSteps)
    return fmt::format("{} to {} in steps of {}", name(values.front()), name(values.back()), step);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t run = i + 1;
    while (run < values.size() && values[run] == values[run - 1] + 1)
      ++run;
    if (run - i < 3) run = i + 1;
    parts.push_back(run == i + 1 ? name(values[i])
                                 : fmt::format("{} to {}", name(values[i]), name(values[run - 1])));
    i = run;
  }
  return join(parts);
}

std::string number(int value) { return fmt::format("{}", value); }
std::string weekday_name(int day) { return std::string{kWeekdays[static_cast<std::size_t>(day)]}; }
std::string month_name(int month) { return std::string{kMonths[static_cast<std::size_t>(month)]}; }

std::string clock_text(chr::seconds since_midnight) {
  const auto total = since_midnight.count();
  const std::string text = fmt::format("{:02}:{:02}", total / 3600, total / 60 % 60);
  return total % 60 == 0 ? text : text + fmt::format(":{:02}", total % 60);
}

// n where the values are 0, n, 2n ... up to the size of the unit, which n divides; else 0.
int even_step(const Values& values, int size) {
  const int step = values.size() > 1 ? values[1] : size;
  if (values.front() != 0 || size % step != 0) return 0;
  if (values.size() != static_cast<std::size_t>(size / step)) return 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != static_cast<int>(i) * step) return 0;
  }
  return step;
}

std::string every(int step, std::string_view unit) {
  return step == 1 ? fmt::format("every {}", unit) : fmt::format("every {} {}s", step, unit);
}

// "every 15 minutes", "at minute 5", "at minutes 5 and 10"
std::string unit_words(const Values& values, int size, std::string_view unit) {
  const int step = even_step(values, size);
  if (step != 0 && values.size() > 1) return every(step, unit);
  return fmt::format("at {}{} {}", unit, values.size() == 1 ? "" : "s", list_words(values, number));
}

std::string hour_words(const Values& hours) {
  const bool run = hours.back() - hours.front() + 1 == static_cast<int>(hours.size());
  if (run) return fmt::format("from {:02}:00 to {:02}:59", hours.front(), hours.back());
  const int step = even_step(hours, 24);
  if (step != 0)
    return fmt::format("of every {}{} hour", step, step == 2 ? "nd" : step == 3 ? "rd" : "th");
  return fmt::format("in the hours {}", list_words(hours, number));
}

struct Clock {
  Values seconds;
  Values minutes;
  Values hours;
};

std::vector<std::string> times_of_day(const Clock& clock) {
  const bool precise = clock.seconds != Values{0};
  std::vector<std::string> times;
  for (const int hour : clock.hours) {
    for (const int minute : clock.minutes) {
      for (const int second : clock.seconds)
        times.push_back(precise ? fmt::format("{:02}:{:02}:{:02}", hour, minute, second)
                                : fmt::format("{:02}:{:02}", hour, minute));
    }
  }
  return times;
}

// The time of day, and whether it is a rhythm ("every 15 minutes") rather than a list of times.
struct TimeWords {
  std::string text;
  bool rhythm = false;
};

TimeWords minute_words(const Clock& clock) {
  const bool all_hours = clock.hours.size() == 24;
  const bool on_the_hour = clock.minutes == Values{0};
  const int hour_step = even_step(clock.hours, 24);
  if (on_the_hour && clock.hours.size() > 1 && hour_step != 0)
    return {every(hour_step, "hour"), true};
  if (clock.minutes.size() == 1 && all_hours)
    return {fmt::format("every hour at minute {}", clock.minutes.front()), true};
  if (clock.hours.size() * clock.minutes.size() <= kMostTimes)
    return {"at " + join(times_of_day(clock)), false};
  std::string text = unit_words(clock.minutes, 60, "minute");
  if (!all_hours) text += " " + hour_words(clock.hours);
  return {text, true};
}

TimeWords time_words(const Fields& fields) {
  Clock clock{values_of(fields.seconds), values_of(fields.minutes), values_of(fields.hours)};
  if (clock.seconds == Values{0}) return minute_words(clock);
  const std::size_t count = clock.seconds.size() * clock.minutes.size() * clock.hours.size();
  if (count <= kMostTimes) return {"at " + join(times_of_day(clock)), false};
  const std::string seconds = unit_words(clock.seconds, 60, "second");
  if (clock.minutes.size() == 60 && clock.hours.size() == 24 && seconds.starts_with("every"))
    return {seconds, true};
  clock.seconds = {0};
  if (clock.minutes.size() == 60) {
    const bool all_hours = clock.hours.size() == 24;
    return {seconds + (all_hours ? " of every minute" : " " + hour_words(clock.hours)), true};
  }
  const TimeWords minutes = minute_words(clock);
  return {seconds + (minutes.text.starts_with("at") ? ", " : " of the minute, ") + minutes.text,
          true};
}

// "day 13 of the month", "the last day of the month"
std::string date_words(const Fields& fields) {
  if (fields.nearest == kNearestLast) return "the last working day of the month";
  if (fields.nearest != 0)
    return fmt::format("the working day nearest to day {} of the month", fields.nearest);
  std::vector<std::string> parts;
  const Values days = values_of(fields.days);
  if (!days.empty()) {
    std::string list = list_words(days, number);
    list.insert(std::min(list.find(" in steps"), list.size()), " of the month");
    parts.push_back((days.size() == 1 ? "day " : "days ") + list);
  }
  if (fields.last_day) parts.emplace_back("the last day of the month");
  return join(parts);
}

// "weekdays", "Monday and Friday", "the last Friday of the month"
std::string weekday_words(const Fields& fields) {
  constexpr std::uint8_t kWorkdays = 0b0111110;
  constexpr std::uint8_t kWeekend = 0b1000001;
  std::vector<std::string> parts;
  if (fields.weekdays == kWorkdays) {
    parts.emplace_back("weekdays");
  } else if (fields.weekdays == kWeekend) {
    parts.emplace_back("weekends");
  } else if (fields.weekdays != 0) {
    parts.push_back(list_words(values_of(fields.weekdays), weekday_name));
  }
  for (std::size_t day = 0; day < 7; ++day) {
    for (const int n : values_of(fields.nth[day]))
      parts.push_back(fmt::format("the {} {} of the month", kCounts[static_cast<std::size_t>(n)],
                                  kWeekdays[day]));
  }
  return join(parts);
}

bool is_plain(const Fields& fields, Field field) {
  return fields.star[static_cast<std::size_t>(field)] == kPlainStar;
}

std::string day_words(const Fields& fields, bool rhythm) {
  const bool any_date = is_plain(fields, Field::day_of_month);
  const bool any_weekday = is_plain(fields, Field::day_of_week);
  if (any_date && any_weekday) return rhythm ? "" : "every day";
  if (any_weekday) return "on " + date_words(fields);
  if (any_date) return "on " + weekday_words(fields);
  if (!fields.both_days)
    return fmt::format("on {} and on {}", date_words(fields), weekday_words(fields));
  return fmt::format("on {}, only if also on {}", date_words(fields), weekday_words(fields));
}

std::string month_words(const Fields& fields) {
  const Values months = values_of(fields.months);
  return months.size() == 12 ? "" : "in " + list_words(months, month_name);
}

// "on weekdays in July and August", "on 1 January"
std::string date_part(const Fields& fields, bool rhythm) {
  const bool one_date = std::popcount(fields.days) == 1 && std::popcount(fields.months) == 1 &&
                        !fields.last_day && is_plain(fields, Field::day_of_week);
  if (one_date)
    return fmt::format("on {} {}", std::countr_zero(fields.days),
                       month_name(std::countr_zero(fields.months)));
  const std::string days = day_words(fields, rhythm);
  const std::string months = month_words(fields);
  return days + (days.empty() || months.empty() ? "" : " ") + months;
}

std::string year_words(const Fields& fields) {
  if (is_plain(fields, Field::year)) return "";
  Values years;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    if (has_year(fields, year)) years.push_back(year);
  }
  if (years.size() == static_cast<std::size_t>(kLastYear - kFirstYear + 1)) return "";
  return "in " + list_words(years, number);
}

LocalTime as_if_local(base::Instant instant, chr::seconds offset) {
  return LocalTime{chr::floor<chr::seconds>(instant).time_since_epoch() + offset};
}

std::string clock_text(LocalTime local) { return clock_text(local - chr::floor<chr::days>(local)); }

std::string date_text(LocalTime local) { return format_local(local).substr(0, 10); }

// The local times of the schedule that a clock change leaves out or repeats.
struct Touched {
  LocalTime low;  // [low, high)
  LocalTime high;
  std::vector<LocalTime> first;  // the first few
  bool more = false;

  bool one() const { return first.size() == 1 && !more; }
};

Touched touched_by(const Expression& expression, const ClockChange& change) {
  Touched touched{};
  std::tie(touched.low, touched.high) =
      std::minmax({as_if_local(change.instant, change.offset_before),
                   as_if_local(change.instant, change.offset_after)});
  auto match = first_match(expression.fields(), touched.low);
  while (match && *match < touched.high && !touched.more) {
    touched.more = touched.first.size() == kMostNamed;
    if (!touched.more) touched.first.push_back(*match);
    match = first_match(expression.fields(), *match + chr::seconds{1});
  }
  return touched;
}

template <class Text>
std::string times_text(const Touched& touched, Text text) {
  std::vector<std::string> parts;
  for (const LocalTime local : touched.first)
    parts.push_back(text(local));
  if (touched.more) parts.emplace_back("more");
  return join(parts);
}

std::string gap_words(const Timing& timing, const Touched& touched) {
  const auto plain = [](LocalTime local) { return clock_text(local); };
  const std::string what = fmt::format("{} {} not exist in {}; ", times_text(touched, plain),
                                       touched.one() ? "does" : "do", timing.zone.name());
  const bool skips = timing.dst.gap == GapPolicy::skip || timing.expression.keeps_spacing();
  if (skips) return what + (touched.one() ? "the run is skipped" : "the runs are skipped");
  if (timing.dst.gap == GapPolicy::next)
    return what + (touched.one() ? "it runs at " : "they run once, at ") + plain(touched.high);
  const auto moved = [&touched](LocalTime local) {
    return clock_text(local + (touched.high - touched.low));
  };
  return what + (touched.one() ? "it runs at " : "they run at ") + times_text(touched, moved);
}

std::string fold_words(const Timing& timing, const Touched& touched) {
  const auto plain = [](LocalTime local) { return clock_text(local); };
  const std::string what = fmt::format("{} {} twice in {}; {} ", times_text(touched, plain),
                                       touched.one() ? "comes" : "come", timing.zone.name(),
                                       touched.one() ? "it runs" : "they run");
  if (timing.expression.keeps_spacing() || timing.dst.fold == FoldPolicy::both)
    return what + "both times";
  return what +
         (timing.dst.fold == FoldPolicy::first ? "the first time only" : "the second time only");
}

ClockNote note_on(const Timing& timing, const ClockChange& change) {
  const Touched touched = touched_by(timing.expression, change);
  const bool forward = change.offset_after > change.offset_before;
  const std::string date = date_text(touched.low) + ": ";
  const std::string move =
      fmt::format("the clock in {} goes {} from {} to {}; ", timing.zone.name(),
                  forward ? "forward" : "back", clock_text(forward ? touched.low : touched.high),
                  clock_text(forward ? touched.high : touched.low));
  const auto calm = [&](std::string_view words) {
    return ClockNote{change.instant, false, date + move + std::string(words)};
  };
  if (timing.expression.interval() != base::Duration{0})
    return calm("the interval goes on in real time");
  if (timing.expression.fields().star[static_cast<std::size_t>(Field::hour)] != 0)
    return calm("the schedule goes on in real time");
  if (touched.first.empty()) return calm("no run is affected");
  if (forward) return {change.instant, true, date + gap_words(timing, touched)};
  const bool runs_twice = timing.expression.keeps_spacing() || timing.dst.fold == FoldPolicy::both;
  return {change.instant, runs_twice, date + fold_words(timing, touched)};
}

}  // namespace

std::string to_words(const Expression& expression, std::string_view zone_name) {
  if (expression.is_reboot()) return "once, when the node starts";
  if (expression.interval() != base::Duration{0}) {
    const auto seconds = chr::duration_cast<chr::seconds>(expression.interval()).count();
    if (seconds % 60 != 0 && seconds < 3600) return every(static_cast<int>(seconds), "second");
    if (seconds % 60 == 0 && seconds < 3600) return every(static_cast<int>(seconds / 60), "minute");
    if (seconds % 3600 == 0 && seconds < 86400)
      return every(static_cast<int>(seconds / 3600), "hour");
    return "every " + base::format_duration(expression.interval());
  }
  const Fields& fields = expression.fields();
  const TimeWords time = time_words(fields);
  std::string words = time.text;
  for (const std::string& part : {date_part(fields, time.rhythm), year_words(fields)}) {
    if (!part.empty()) words += " " + part;
  }
  const bool same_in_every_zone = words == time.text && words.starts_with("every ") &&
                                  fields.hours == kEveryHour && !words.contains("hour");
  return same_in_every_zone ? words : fmt::format("{}, {}", words, zone_name);
}

std::optional<ClockNote> next_clock_note(const Timing& timing, base::Instant after) {
  if (timing.expression.is_reboot()) return std::nullopt;
  const auto change = next_clock_change(timing.zone, after);
  if (!change) return std::nullopt;
  return note_on(timing, *change);
}

std::vector<std::string> clock_change_words(const Timing& timing, base::Instant after) {
  std::vector<std::string> lines;
  auto note = next_clock_note(timing, after);
  for (; note && lines.size() < 2; note = next_clock_note(timing, note->at))
    lines.push_back(note->text);
  return lines;
}

}  // namespace mainspring::cron
