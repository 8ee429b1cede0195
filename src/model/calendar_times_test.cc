#include "model/calendar_times.h"

#include <doctest/doctest.h>

namespace mainspring::model {
namespace {

// "begin end", each "2026-12-24T14:00".
std::string local(const CalendarSpan& span) {
  const auto parsed = to_local(span);
  REQUIRE_MESSAGE(parsed, span.from << " " << span.to);
  return format_minute(parsed->begin) + " " + format_minute(parsed->end);
}

// "pointer: message (suggestion)".
template <class T>
std::string mistake(const base::Result<T>& parsed) {
  REQUIRE_FALSE(parsed.has_value());
  REQUIRE_EQ(parsed.error().problems.size(), 1);
  const base::Problem& problem = parsed.error().problems.front();
  CHECK_EQ(problem.message, parsed.error().message);
  return problem.pointer + ": " + problem.message +
         (problem.suggestion.empty() ? "" : " (" + problem.suggestion + ")");
}

TEST_CASE("days include their last one, times end before their last") {
  CHECK_EQ(local({"2026-12-25", "", ""}), "2026-12-25T00:00 2026-12-26T00:00");
  CHECK_EQ(local({"2026-12-25", "2026-12-25", ""}), "2026-12-25T00:00 2026-12-26T00:00");
  CHECK_EQ(local({"2026-12-25", "2027-01-06", ""}), "2026-12-25T00:00 2027-01-07T00:00");
  CHECK_EQ(local({"2026-12-24T14:00", "2026-12-24T20:00:30", ""}),
           "2026-12-24T14:00 2026-12-24T20:00:30");
  CHECK_EQ(local({"2028-02-29", "", ""}), "2028-02-29T00:00 2028-03-01T00:00");
}

TEST_CASE("a span survives being written and read") {
  for (const CalendarSpan& span :
       {CalendarSpan{"2026-12-25", "", "a"}, CalendarSpan{"2026-12-25", "2027-01-06", "b"},
        CalendarSpan{"2026-12-24T14:00", "2026-12-25T00:00", "c"},
        CalendarSpan{"2026-12-24T14:00:01", "2026-12-24T14:00:02", ""}}) {
    CAPTURE(span.from);
    CHECK(to_calendar_span(to_local(span).value(), span.note) == span);
  }
}

TEST_CASE("a text that is no day is refused with the day that may be meant") {
  CHECK_EQ(mistake(to_local({"2026-02-30", "", ""})),
           "/from: '2026-02-30' is no day: February 2026 has 28 days (2026-02-28)");
  CHECK_EQ(mistake(to_local({"2026-02-01", "2026-06-31", ""})),
           "/to: '2026-06-31' is no day: June 2026 has 30 days (2026-06-30)");
  CHECK_EQ(mistake(parse_day("2026-13-01")),
           ": '2026-13-01': there is no month 13; write a day such as 2026-12-25");
  CHECK_EQ(mistake(parse_day("2026-1-5")),
           ": '2026-1-5' is no day; write a day such as 2026-12-25 (2026-01-05)");
  CHECK_EQ(mistake(parse_day("24.12.2026")),
           ": '24.12.2026' is no day; write a day such as 2026-12-25 (2026-12-24)");
  CHECK_EQ(mistake(parse_day("1969-12-31")), ": '1969-12-31': years are 1970 to 2199 here");
  for (const char* text : {"", "2026", "2026-12", "2026-12-25-1", "x", "12/25/2026", "20261225",
                           "2026-12-25 ", "-2026-12-25", "99999999-1-1", "2026-12-00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_day(text).has_value());
  }
}

TEST_CASE("a span with a wrong end is refused in words") {
  CHECK_EQ(mistake(to_local({"2026-12-25", "2026-12-24", ""})),
           "/to: must be after `from` (2026-12-25)");
  CHECK_EQ(mistake(to_local({"2026-12-24T14:00", "", ""})),
           "/to: a time needs an end; give `to`, or only the day in `from`");
  CHECK_EQ(mistake(to_local({"2026-12-24T14:00", "2026-12-24T14:00", ""})),
           "/to: must be after `from` (2026-12-24T14:00)");
  CHECK_EQ(mistake(to_local({"2026-12-24", "2026-12-24T14:00", ""})),
           "/to: `from` and `to` must both be days, or both be times");
  CHECK_EQ(mistake(to_local({"2026-12-24T24:00", "2026-12-25T14:00", ""})),
           "/from: '2026-12-24T24:00' is no local time; write a day such as 2026-12-25, or a local "
           "time such as 2026-12-24T14:00");
  CHECK_FALSE(to_local({"2026-12-24 14:00", "2026-12-24 15:00", ""}).has_value());
  CHECK_FALSE(to_local({"2026-12-24T14:00Z", "2026-12-24T15:00Z", ""}).has_value());
}

TEST_CASE("a time of day may go on into the next day") {
  using std::chrono::hours;
  using std::chrono::minutes;
  CHECK(parse_day_times("09:00-17:30").value() == DayTimes{hours{9}, hours{17} + minutes{30}});
  CHECK(parse_day_times("22:00-06:00").value() == DayTimes{hours{22}, hours{30}});
  CHECK(parse_day_times("00:00-24:00").value() == DayTimes{hours{0}, hours{24}});
  CHECK(parse_day_times("18:00-00:00").value() == DayTimes{hours{18}, hours{24}});
  CHECK_EQ(mistake(parse_day_times("9-17")),
           ": '9-17' is no time of day; write 09:00-17:30, or 22:00-06:00 for a night");
  CHECK_EQ(mistake(parse_day_times("09:00-09:00")),
           ": '09:00-09:00' ends where it begins; for whole days leave the times out");
  for (const char* text : {"", "-", "09:00", "09:00-", "24:00-06:00", "09:60-10:00", "09:00-25:00",
                           "09:00 - 10:00", "09:00-10:00-11:00", "9am-5pm"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_day_times(text).has_value());
  }
}

}  // namespace
}  // namespace mainspring::model
