#include "cron/words.h"

#include <array>
#include <string>
#include <utility>

#include <doctest/doctest.h>

namespace mainspring::cron {
namespace {

Timing timing(std::string_view expression, std::string_view zone, DstPolicy dst = {}) {
  return {Expression::parse(expression).value(), TimeZone::load(zone).value(), dst};
}

// The sentences for the two changes after `after`, on a line each.
std::string changes(const Timing& schedule, std::string_view after = "2026-01-01T00:00:00Z") {
  std::string all;
  for (const auto& line : clock_change_words(schedule, base::parse_instant(after).value()))
    all += line + "\n";
  return all;
}

TEST_CASE("a schedule reads as a person would say it") {
  constexpr auto kWords = std::to_array<std::pair<const char*, const char*>>({
      {"30 2 * * 1-5", "at 02:30 on weekdays, Europe/Berlin"},
      {"*/15 * * * *", "every 15 minutes"},
      {"0 0 * * FRI#L", "at 00:00 on the last Friday of the month, Europe/Berlin"},
      {"* * * * *", "every minute"},
      {"* * * * * *", "every second"},
      {"*/10 * * * * *", "every 10 seconds"},
      {"0 * * * *", "every hour, Europe/Berlin"},
      {"15 * * * *", "every hour at minute 15, Europe/Berlin"},
      {"0 */2 * * *", "every 2 hours, Europe/Berlin"},
      {"0 */5 * * *", "at 00:00, 05:00, 10:00, 15:00 and 20:00 every day, Europe/Berlin"},
      {"30 2 * * *", "at 02:30 every day, Europe/Berlin"},
      {"30 2,14 * * *", "at 02:30 and 14:30 every day, Europe/Berlin"},
      {"0 0 1 * *", "at 00:00 on day 1 of the month, Europe/Berlin"},
      {"0 0 1,15 * *", "at 00:00 on days 1 and 15 of the month, Europe/Berlin"},
      {"0 0 L * *", "at 00:00 on the last day of the month, Europe/Berlin"},
      {"0 0 LW * *", "at 00:00 on the last working day of the month, Europe/Berlin"},
      {"0 0 15W * *", "at 00:00 on the working day nearest to day 15 of the month, Europe/Berlin"},
      {"0 0 13 * FRI", "at 00:00 on day 13 of the month and on Friday, Europe/Berlin"},
      {"0 0 13 * +FRI", "at 00:00 on day 13 of the month, only if also on Friday, Europe/Berlin"},
      {"0 12 * * 2#3", "at 12:00 on the third Tuesday of the month, Europe/Berlin"},
      {"0 12 * * 0,6", "at 12:00 on weekends, Europe/Berlin"},
      {"0 12 * * MON,WED,FRI", "at 12:00 on Monday, Wednesday and Friday, Europe/Berlin"},
      {"0 0 1 1 *", "at 00:00 on 1 January, Europe/Berlin"},
      {"0 0 25 12 MON", "at 00:00 on day 25 of the month and on Monday in December, Europe/Berlin"},
      {"0 9 * JUN-AUG MON", "at 09:00 on Monday in June to August, Europe/Berlin"},
      {"*/5 9-17 * * MON-FRI", "every 5 minutes from 09:00 to 17:59 on weekdays, Europe/Berlin"},
      {"*/5 9,12,17 * * *", "every 5 minutes in the hours 9, 12 and 17, Europe/Berlin"},
      {"0,20 */4 * * *", "at minutes 0 and 20 of every 4th hour, Europe/Berlin"},
      {"*/7 * * * *", "at minutes 0 to 56 in steps of 7, Europe/Berlin"},
      {"10,20,30 1-5 * * *", "at minutes 10, 20 and 30 from 01:00 to 05:59, Europe/Berlin"},
      {"30 15 10 * * *", "at 10:15:30 every day, Europe/Berlin"},
      {"0 0 12 1 1 * 2026", "at 12:00 on 1 January in 2026, Europe/Berlin"},
      {"0 0 12 1 1 * */2", "at 12:00 on 1 January in 1970 to 2198 in steps of 2, Europe/Berlin"},
      {"0 0 12 1 1 * 2026,2028-2032",
       "at 12:00 on 1 January in 2026 and 2028 to 2032, Europe/Berlin"},
      {"* 30 2 * * *", "every second, at 02:30, Europe/Berlin"},
      {"*/20 30 2 * * *", "at 02:30:00, 02:30:20 and 02:30:40 every day, Europe/Berlin"},
      {"5,10 * * * * *", "at seconds 5 and 10 of every minute, Europe/Berlin"},
      {"5,10 * 9-17 * * *", "at seconds 5 and 10 from 09:00 to 17:59, Europe/Berlin"},
      {"5,10 0,30 * * * *", "at seconds 5 and 10 of the minute, every 30 minutes, Europe/Berlin"},
      {"@every 5m", "every 5 minutes"},
      {"@every 90s", "every 90 seconds"},
      {"@every 2h", "every 2 hours"},
      {"@every 1d", "every 1d"},
      {"@every 1h30m", "every 1h30m"},
      {"@reboot", "once, when the node starts"},
      {"0 0 1-7 * +MON",
       "at 00:00 on days 1 to 7 of the month, only if also on Monday, Europe/Berlin"},
      {"0 0 */2 * *", "at 00:00 on days 1 to 31 of the month in steps of 2, Europe/Berlin"},
      {"*/30 * * * MON", "every 30 minutes on Monday, Europe/Berlin"},
      {"0 0 * * *,MON", "at 00:00 every day, Europe/Berlin"},
      {"59 23 31 12 *", "at 23:59 on 31 December, Europe/Berlin"},
      {"0 0 1,L * *",
       "at 00:00 on day 1 of the month and the last day of the month, Europe/Berlin"},
      {"0 0 * * MON#1,FRI#L",
       "at 00:00 on the first Monday of the month and the last Friday of the month, Europe/Berlin"},
  });
  for (const auto& [expression, words] : kWords)
    CHECK_EQ(to_words(Expression::parse(expression).value(), "Europe/Berlin"), words);
}

TEST_CASE("the words of a clock change say what becomes of the run") {
  CHECK_EQ(changes(timing("30 2 * * *", "Europe/Berlin")),
           "2026-03-29: 02:30 does not exist in Europe/Berlin; the run is skipped\n"
           "2026-10-25: 02:30 comes twice in Europe/Berlin; it runs the first time only\n");
  CHECK_EQ(changes(timing("30 2 * * *", "Europe/Berlin", {GapPolicy::next, FoldPolicy::second})),
           "2026-03-29: 02:30 does not exist in Europe/Berlin; it runs at 03:00\n"
           "2026-10-25: 02:30 comes twice in Europe/Berlin; it runs the second time only\n");
  CHECK_EQ(changes(timing("0,30 2 * * *", "Europe/Berlin", {GapPolicy::shift, FoldPolicy::both})),
           "2026-03-29: 02:00 and 02:30 do not exist in Europe/Berlin; they run at 03:00 and "
           "03:30\n"
           "2026-10-25: 02:00 and 02:30 come twice in Europe/Berlin; they run both times\n");
  CHECK_EQ(changes(timing("0,30 2 * * *", "Europe/Berlin", {GapPolicy::next, {}})),
           "2026-03-29: 02:00 and 02:30 do not exist in Europe/Berlin; they run once, at 03:00\n"
           "2026-10-25: 02:00 and 02:30 come twice in Europe/Berlin; they run the first time "
           "only\n");
}

TEST_CASE("the words of a clock change say so when nothing is lost") {
  CHECK_EQ(changes(timing("30 4 * * *", "Europe/Berlin")),
           "2026-03-29: the clock in Europe/Berlin goes forward from 02:00 to 03:00; no run is "
           "affected\n"
           "2026-10-25: the clock in Europe/Berlin goes back from 03:00 to 02:00; no run is "
           "affected\n");
  CHECK_EQ(changes(timing("*/15 * * * *", "Australia/Lord_Howe")),
           "2026-04-05: the clock in Australia/Lord_Howe goes back from 02:00 to 01:30; the "
           "schedule goes on in real time\n"
           "2026-10-04: the clock in Australia/Lord_Howe goes forward from 02:00 to 02:30; the "
           "schedule goes on in real time\n");
  CHECK_EQ(changes(timing("@every 5m", "Europe/London")),
           "2026-03-29: the clock in Europe/London goes forward from 01:00 to 02:00; the interval "
           "goes on in real time\n"
           "2026-10-25: the clock in Europe/London goes back from 02:00 to 01:00; the interval "
           "goes on in real time\n");
  CHECK_EQ(changes(timing("30 2 * * *", "Asia/Kolkata")), "");
  CHECK_EQ(changes(timing("@reboot", "Europe/Berlin")), "");
}

TEST_CASE("minutes with a star and fixed hours lose a gap and run through both passes of a fold") {
  CHECK_EQ(changes(timing("*/10 2 * * *", "Europe/Berlin", {GapPolicy::next, FoldPolicy::second})),
           "2026-03-29: 02:00, 02:10, 02:20 and more do not exist in Europe/Berlin; the runs are "
           "skipped\n"
           "2026-10-25: 02:00, 02:10, 02:20 and more come twice in Europe/Berlin; they run both "
           "times\n");
}

TEST_CASE("a day that was left out is named by its own date") {
  CHECK_EQ(changes(timing("0 12 * * *", "Pacific/Apia"), "2011-12-01T00:00:00Z"),
           "2011-12-30: 12:00 does not exist in Pacific/Apia; the run is skipped\n"
           "2012-04-01: the clock in Pacific/Apia goes back from 04:00 to 03:00; no run is "
           "affected\n");
}

}  // namespace
}  // namespace mainspring::cron
