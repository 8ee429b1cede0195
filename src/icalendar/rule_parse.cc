#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/core.h>

#include "base/text.h"
#include "icalendar/rule.h"

namespace mainspring::icalendar {
namespace {

constexpr int kMostInterval = 10'000;  // years; anything longer never comes again
constexpr int kMostCount = 1'000'000;

// A sentence about a mistake; empty is none.
using Mistake = std::string;

struct Bounds {
  int low;
  int high;
  bool negative_too;
};

std::optional<int> to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_within(int value, const Bounds& bounds) {
  const int size = bounds.negative_too && value < 0 ? -value : value;
  return size >= bounds.low && size <= bounds.high;
}

// Gives each number of a list to `add`.
template <class Add>
Mistake read_numbers(std::string_view list, const Bounds& bounds, Add add) {
  for (const std::string_view text : split(list, ',')) {
    const auto value = to_number(text);
    if (!value || !is_within(*value, bounds))
      return fmt::format("'{}' is not a number from {} to {}{}", to_one_line(text), bounds.low,
                         bounds.high, bounds.negative_too ? ", or the same below zero" : "");
    add(*value);
  }
  return {};
}

Mistake read_sorted(std::string_view list, const Bounds& bounds, std::vector<int>& out) {
  Mistake mistake = read_numbers(list, bounds, [&out](int value) { out.push_back(value); });
  std::ranges::sort(out);
  const auto doubles = std::ranges::unique(out);
  out.erase(doubles.begin(), doubles.end());
  return mistake;
}

Mistake read_places(std::string_view list, int most, Places& out) {
  return read_numbers(list, {1, most, true}, [&out](int value) { out.add(value); });
}

std::optional<unsigned> to_weekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> kWeekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  const auto found = std::ranges::find(kWeekdays, text);
  if (found == kWeekdays.end()) return std::nullopt;
  return static_cast<unsigned>(found - kWeekdays.begin());
}

Mistake read_weekdays(std::string_view list, std::vector<RuleWeekday>& out) {
  constexpr int kMostWeeks = 53;
  constexpr std::size_t kMostWeekdays = 7 * (2 * kMostWeeks + 1);
  for (const std::string_view text : split(list, ',')) {
    const std::size_t letters = text.size() >= 2 ? text.size() - 2 : 0;
    const auto weekday = to_weekday(text.substr(letters));
    const auto nth = letters == 0 ? std::optional{0} : to_number(text.substr(0, letters));
    const bool fits = weekday && nth && (letters == 0 || is_within(*nth, {1, kMostWeeks, true}));
    if (!fits)
      return fmt::format("'{}' is no day of the week; write MO, 2TU or -1FR", to_one_line(text));
    out.push_back({*weekday, *nth});
  }
  return out.size() > kMostWeekdays ? "it lists the same days many times" : Mistake{};
}

Mistake read_frequency(std::string_view text, Rule& rule) {
  if (text == "DAILY")
    rule.frequency = Frequency::daily;
  else if (text == "WEEKLY")
    rule.frequency = Frequency::weekly;
  else if (text == "MONTHLY")
    rule.frequency = Frequency::monthly;
  else if (text == "YEARLY")
    rule.frequency = Frequency::yearly;
  else if (text == "HOURLY" || text == "MINUTELY" || text == "SECONDLY")
    return "a calendar has no rules by the hour, minute or second; use DAILY with BYHOUR";
  else
    return fmt::format("'{}' is not DAILY, WEEKLY, MONTHLY or YEARLY", to_one_line(text));
  return {};
}

Mistake read_positive(std::string_view text, int most, int& out) {
  return read_numbers(text, {1, most, false}, [&out](int value) { out = value; });
}

Mistake read_limit(std::string_view name, std::string_view text, Rule& rule) {
  if (name == "COUNT") return read_positive(text, kMostCount, rule.count.emplace());
  const auto until = parse_stamp(text);
  if (!until) return until.error().message;
  rule.until = *until;
  return {};
}

Mistake read_part(std::string_view name, std::string_view text, Rule& rule) {
  if (name == "FREQ") return read_frequency(text, rule);
  if (name == "INTERVAL") return read_positive(text, kMostInterval, rule.interval);
  if (name == "COUNT" || name == "UNTIL") return read_limit(name, text, rule);
  if (name == "BYSECOND") return read_sorted(text, {0, 60, false}, rule.seconds);
  if (name == "BYMINUTE") return read_sorted(text, {0, 59, false}, rule.minutes);
  if (name == "BYHOUR") return read_sorted(text, {0, 23, false}, rule.hours);
  if (name == "BYDAY") return read_weekdays(text, rule.weekdays);
  if (name == "BYMONTHDAY") return read_places(text, 31, rule.month_days);
  if (name == "BYYEARDAY") return read_places(text, Places::kMost, rule.year_days);
  if (name == "BYWEEKNO") return read_places(text, 53, rule.weeks);
  if (name == "BYSETPOS") return read_places(text, Places::kMost, rule.positions);
  if (name == "BYMONTH") {
    const auto add = [&rule](int m) { rule.months |= static_cast<std::uint16_t>(1U << m); };
    return read_numbers(text, {1, 12, false}, add);
  }
  if (name == "WKST") {
    const auto weekday = to_weekday(text);
    rule.week_start = weekday.value_or(1);
    return weekday ? Mistake{} : fmt::format("'{}' is no day of the week", to_one_line(text));
  }
  return "this part is not known here";
}

// What RFC 5545 rules out because it would say nothing.
Mistake find_contradiction(const Rule& rule) {
  const bool by_month_or_year =
      rule.frequency == Frequency::monthly || rule.frequency == Frequency::yearly;
  const bool yearly = rule.frequency == Frequency::yearly;
  const bool nth = std::ranges::any_of(rule.weekdays, [](const auto& day) { return day.nth != 0; });
  if (rule.count && rule.until) return "COUNT and UNTIL exclude each other";
  if (nth && !by_month_or_year) return "BYDAY takes numbers with MONTHLY and YEARLY only";
  if (nth && !rule.weeks.empty()) return "BYDAY takes no numbers beside BYWEEKNO";
  if (!rule.month_days.empty() && rule.frequency == Frequency::weekly)
    return "BYMONTHDAY does not go with WEEKLY";
  if (!rule.year_days.empty() && !yearly) return "BYYEARDAY goes with YEARLY only";
  if (!rule.weeks.empty() && !yearly) return "BYWEEKNO goes with YEARLY only";
  return {};
}

std::unexpected<base::Error> refuse(std::string_view text, const Mistake& mistake) {
  return base::fail(base::Code::invalid_argument,
                    fmt::format("the rule '{}': {}", to_one_line(text), mistake));
}

}  // namespace

base::Result<Rule> parse_rule(std::string_view text) {
  Rule rule;
  std::vector<std::string> seen;
  std::string upper = base::to_upper(text);
  std::string_view parts = upper;
  if (parts.ends_with(';')) parts.remove_suffix(1);
  for (const std::string_view part : split(parts, ';')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    if (equals == part.size()) return refuse(text, "write FREQ=...;NAME=value;...");
    if (std::ranges::find(seen, name) != seen.end())
      return refuse(text, fmt::format("{} stands there twice", to_one_line(name)));
    seen.emplace_back(name);
    const Mistake mistake = read_part(name, part.substr(equals + 1), rule);
    if (!mistake.empty()) return refuse(text, fmt::format("{}: {}", to_one_line(name), mistake));
  }
  if (std::ranges::find(seen, "FREQ") == seen.end()) return refuse(text, "FREQ is missing");
  if (Mistake mistake = find_contradiction(rule); !mistake.empty()) return refuse(text, mistake);
  return rule;
}

}  // namespace mainspring::icalendar
