#include "model/calendar_times.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "cron/expression.h"

namespace mainspring::model {
namespace {

namespace chr = std::chrono;

constexpr std::string_view kDayExample = "write a day such as 2026-12-25";
constexpr std::string_view kTimeExample =
    "write a day such as 2026-12-25, or a local time such as 2026-12-24T14:00";

struct Wrong {
  std::string message;
  std::string suggestion = {};
};

std::unexpected<base::Error> refuse(Wrong wrong) {
  base::Problem problem{"", 0, 0, wrong.message, std::move(wrong.suggestion)};
  return base::fail(
      base::Error{base::Code::invalid_argument, std::move(wrong.message), {std::move(problem)}});
}

// The numbers of a text in which single separators part them: "2026-12-25" with "--".
std::optional<std::vector<int>> numbers(std::string_view text, std::string_view separators) {
  constexpr std::size_t kMostDigits = 4;
  std::vector<int> out(1, 0);
  std::size_t digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9' && ++digits <= kMostDigits) {
      out.back() = out.back() * 10 + (c - '0');
    } else if (digits > 0 && out.size() <= separators.size() && c == separators[out.size() - 1]) {
      out.push_back(0);
      digits = 0;
    } else {
      return std::nullopt;
    }
  }
  const bool is_whole = digits > 0 && out.size() == separators.size() + 1;
  return is_whole ? std::optional{std::move(out)} : std::nullopt;
}

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

// What a person who wrote three numbers in another order may have meant.
Wrong explain_day(std::string_view text) {
  if (const auto dotted = numbers(text, ".."); dotted && (*dotted)[2] > 999)
    return {fmt::format("'{}' is no day; {}", text, kDayExample),
            fmt::format("{:04}-{:02}-{:02}", (*dotted)[2], (*dotted)[1], (*dotted)[0])};
  return {fmt::format("'{}' is no day; {}", text, kDayExample)};
}

base::Result<chr::local_days> make_day(std::string_view text, const std::vector<int>& parts) {
  const int year = parts[0];
  const int month = parts[1];
  const int day = parts[2];
  if (year < cron::kFirstYear || year > cron::kLastYear)
    return refuse(
        {fmt::format("'{}': years are {} to {} here", text, cron::kFirstYear, cron::kLastYear)});
  if (month < 1 || month > 12)
    return refuse({fmt::format("'{}': there is no month {}; {}", text, month, kDayExample)});
  const auto last = static_cast<unsigned>((chr::year{year} / month / chr::last).day());
  if (day < 1 || day > static_cast<int>(last))
    return refuse({fmt::format("'{}' is no day: {} {} has {} days", text,
                               kMonths[static_cast<std::size_t>(month - 1)], year, last),
                   fmt::format("{:04}-{:02}-{:02}", year, month, day < 1 ? 1U : last)});
  return chr::local_days{chr::year{year} / month / day};
}

std::optional<chr::seconds> to_clock(std::string_view text) {
  auto parts = numbers(text, ":");
  if (!parts) parts = numbers(text, "::");
  if (!parts) return std::nullopt;
  parts->resize(3);
  const bool fits = (*parts)[0] <= 23 && (*parts)[1] <= 59 && (*parts)[2] <= 59;
  if (!fits) return std::nullopt;
  return chr::hours{(*parts)[0]} + chr::minutes{(*parts)[1]} + chr::seconds{(*parts)[2]};
}

// A time of day as a bound: midnight may be written as the end of a day.
std::optional<chr::seconds> to_bound(std::string_view text) {
  return text == "24:00" ? std::optional<chr::seconds>{chr::days{1}} : to_clock(text);
}

struct Point {
  cron::LocalTime at;
  bool is_day = false;
};

base::Result<Point> parse_point(std::string_view text) {
  const std::size_t t = std::min(text.find_first_of("T "), text.size());
  auto day = parse_day(text.substr(0, t));
  if (!day) return base::fail(std::move(day.error()));
  if (t == text.size()) return Point{*day, true};
  const auto clock = to_clock(text.substr(t + 1));
  if (!clock || text[t] != 'T')
    return refuse({fmt::format("'{}' is no local time; {}", text, kTimeExample)});
  return Point{*day + *clock, false};
}

std::unexpected<base::Error> at_key(std::string_view key, base::Error error) {
  for (base::Problem& problem : error.problems)
    problem.pointer = fmt::format("/{}", key);
  return base::fail(std::move(error));
}

}  // namespace

base::Result<chr::local_days> parse_day(std::string_view text) {
  const auto parts = numbers(text, "--");
  if (!parts) return refuse(explain_day(text));
  auto day = make_day(text, *parts);
  if (day && format_day(*day) != text)
    return refuse({fmt::format("'{}' is no day; {}", text, kDayExample), format_day(*day)});
  return day;
}

std::string format_day(chr::local_days day) {
  return cron::format_local(cron::LocalTime{day}).substr(0, 10);
}

std::string format_minute(cron::LocalTime local) {
  constexpr std::size_t kToTheMinute = 16;
  std::string text = cron::format_local(local);
  if (text.ends_with(":00")) text.resize(kToTheMinute);
  return text;
}

base::Result<LocalSpan> to_local(const CalendarSpan& span) {
  const auto from = parse_point(span.from);
  if (!from) return at_key("from", from.error());
  const auto to = span.to.empty() ? base::Result<Point>{*from} : parse_point(span.to);
  if (!to) return at_key("to", to.error());
  const auto wrong_end = [](std::string message) {
    return at_key("to", refuse({std::move(message)}).error());
  };
  if (!from->is_day && span.to.empty())
    return wrong_end("a time needs an end; give `to`, or only the day in `from`");
  if (from->is_day != to->is_day)
    return wrong_end("`from` and `to` must both be days, or both be times");
  if (from->is_day ? to->at < from->at : to->at <= from->at)
    return wrong_end(fmt::format("must be after `from` ({})", span.from));
  return LocalSpan{from->at, to->is_day ? to->at + chr::days{1} : to->at};
}

CalendarSpan to_calendar_span(const LocalSpan& span, std::string note) {
  const auto first = chr::floor<chr::days>(span.begin);
  const auto end = chr::floor<chr::days>(span.end);
  if (span.begin != first || span.end != end)
    return {format_minute(span.begin), format_minute(span.end), std::move(note)};
  const auto last = end - chr::days{1};
  return {format_day(first), first == last ? "" : format_day(last), std::move(note)};
}

base::Result<DayTimes> parse_day_times(std::string_view text) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto begin = to_clock(text.substr(0, dash));
  const auto end = dash < text.size() ? to_bound(text.substr(dash + 1)) : std::nullopt;
  if (!begin || !end)
    return refuse(
        {fmt::format("'{}' is no time of day; write 09:00-17:30, or 22:00-06:00 for a "
                     "night",
                     text)});
  if (*begin == *end)
    return refuse(
        {fmt::format("'{}' ends where it begins; for whole days leave the times out", text)});
  return DayTimes{*begin, *end > *begin ? *end : *end + chr::days{1}};
}

}  // namespace mainspring::model
