#include "cron/occurrence.h"

#include <optional>
#include <string>

#include <doctest/doctest.h>

namespace mainspring::cron {
namespace {

base::Instant at(std::string_view text) { return base::parse_instant(text).value(); }

Timing timing(std::string_view expression, std::string_view zone = "UTC", DstPolicy dst = {}) {
  return {Expression::parse(expression).value(), TimeZone::load(zone).value(), dst};
}

std::string text(std::optional<base::Instant> instant) {
  return instant ? base::format_instant(*instant) : "never";
}

std::string skips(const Timing& schedule, std::string_view after, std::string_view until) {
  std::string all;
  for (const GapSkip& skip : gap_skips(schedule, {at(after), at(until)}))
    all += (all.empty() ? "" : " ") + skip.local + "@" + base::format_instant(skip.transition);
  return all;
}

TEST_CASE("next and previous are strict, to the millisecond") {
  const Timing hourly = timing("0 * * * *");
  CHECK_EQ(text(next_after(hourly, at("2026-01-01T01:00:00Z"))), "2026-01-01T02:00:00.000Z");
  CHECK_EQ(text(next_after(hourly, at("2026-01-01T00:59:59.999Z"))), "2026-01-01T01:00:00.000Z");
  CHECK_EQ(text(next_after(hourly, at("2026-01-01T01:00:00.001Z"))), "2026-01-01T02:00:00.000Z");
  CHECK_EQ(text(previous_before(hourly, at("2026-01-01T01:00:00Z"))), "2026-01-01T00:00:00.000Z");
  CHECK_EQ(text(previous_before(hourly, at("2026-01-01T01:00:00.001Z"))),
           "2026-01-01T01:00:00.000Z");
  CHECK_EQ(text(previous_before(hourly, at("2026-01-01T00:59:59.999Z"))),
           "2026-01-01T00:00:00.000Z");
}

TEST_CASE("the search ends with the years of cron") {
  const Timing last = timing("0 0 1 1 *");
  CHECK_EQ(text(next_after(last, at("2199-01-01T00:00:00Z"))), "never");
  CHECK_EQ(text(next_after(last, at("9999-01-01T00:00:00Z"))), "never");
  CHECK_EQ(text(previous_before(last, at("9999-01-01T00:00:00Z"))), "2199-01-01T00:00:00.000Z");
  CHECK_EQ(text(previous_before(last, at("1970-01-01T00:00:00Z"))), "never");
  CHECK_EQ(text(previous_before(last, at("1970-01-01T00:00:01Z"))), "1970-01-01T00:00:00.000Z");
  CHECK_EQ(text(next_after(last, base::Instant{std::chrono::days{-100'000}})),
           "1970-01-01T00:00:00.000Z");
}

TEST_CASE("a date that never comes has no occurrence on either side") {
  for (const char* expression : {"0 0 31 2 *", "0 0 30 2 +MON", "0 0 31W 2 *", "@reboot"}) {
    const Timing never = timing(expression, "Europe/Berlin", {GapPolicy::shift, FoldPolicy::both});
    CHECK_EQ(text(next_after(never, at("1970-01-01T00:00:00Z"))), "never");
    CHECK_EQ(text(previous_before(never, at("2199-12-31T00:00:00Z"))), "never");
  }
}

TEST_CASE("an interval counts from its anchor, in both directions and across clock changes") {
  Timing every = timing("@every 1h30m", "Europe/Berlin");
  every.anchor = at("2026-03-29T00:10:00.250Z");
  CHECK_EQ(text(next_after(every, every.anchor)), "2026-03-29T01:40:00.250Z");
  CHECK_EQ(text(next_after(every, at("2026-03-29T00:10:00.249Z"))), "2026-03-29T00:10:00.250Z");
  CHECK_EQ(text(next_after(every, at("2026-03-28T00:00:00Z"))), "2026-03-28T00:10:00.250Z");
  CHECK_EQ(text(previous_before(every, every.anchor)), "2026-03-28T22:40:00.250Z");
  CHECK_EQ(text(previous_before(every, at("2026-03-29T00:10:00.251Z"))),
           "2026-03-29T00:10:00.250Z");
  CHECK_EQ(text(next_after(every, at("2199-12-31T23:59:00Z"))), "never");
  CHECK_EQ(text(previous_before(every, at("1970-01-01T00:00:00Z"))), "never");
}

TEST_CASE("a gap is told with the local times that it took") {
  CHECK_EQ(
      skips(timing("30 2 * * *", "Europe/Berlin"), "2026-01-01T00:00:00Z", "2027-12-31T00:00:00Z"),
      "2026-03-29T02:30:00@2026-03-29T01:00:00.000Z "
      "2027-03-28T02:30:00@2027-03-28T01:00:00.000Z");
  CHECK_EQ(skips(timing("0,20,40 1-3 * * *", "Europe/Berlin"), "2026-03-29T00:00:00Z",
                 "2026-03-29T01:00:00Z"),
           "2026-03-29T02:00:00@2026-03-29T01:00:00.000Z "
           "2026-03-29T02:20:00@2026-03-29T01:00:00.000Z "
           "2026-03-29T02:40:00@2026-03-29T01:00:00.000Z");
  CHECK_EQ(
      skips(timing("0 12 30 12 *", "Pacific/Apia"), "2011-01-01T00:00:00Z", "2012-01-01T00:00:00Z"),
      "2011-12-30T12:00:00@2011-12-30T10:00:00.000Z");
}

TEST_CASE("the period of gap_skips leaves out its beginning and holds its end") {
  const Timing nightly = timing("30 2 * * *", "Europe/Berlin");
  CHECK_EQ(skips(nightly, "2026-03-29T01:00:00Z", "2026-12-01T00:00:00Z"), "");
  CHECK_EQ(skips(nightly, "2026-03-28T00:00:00Z", "2026-03-29T00:59:59.999Z"), "");
  CHECK_NE(skips(nightly, "2026-03-29T00:59:59.999Z", "2026-03-29T01:00:00Z"), "");
}

TEST_CASE("a policy that moves times loses none, and neither does a star in the hour") {
  const auto year = [](const Timing& schedule) {
    return skips(schedule, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  };
  CHECK_EQ(year(timing("30 2 * * *", "Europe/Berlin", {GapPolicy::next, {}})), "");
  CHECK_EQ(year(timing("30 2 * * *", "Europe/Berlin", {GapPolicy::shift, {}})), "");
  CHECK_EQ(year(timing("30 * * * *", "Europe/Berlin")), "");
  CHECK_EQ(year(timing("30 */2 * * *", "Europe/Berlin")), "");
  CHECK_EQ(year(timing("30 2 * * *", "Asia/Kolkata")), "");
  CHECK_EQ(year(timing("@every 5m", "Europe/Berlin")), "");
  // Minutes with a star keep their spacing, and no policy gives them the lost hour back.
  CHECK_EQ(year(timing("*/30 2 * * *", "Europe/Berlin", {GapPolicy::next, {}})),
           "2026-03-29T02:00:00@2026-03-29T01:00:00.000Z "
           "2026-03-29T02:30:00@2026-03-29T01:00:00.000Z");
}

TEST_CASE("gap_skips stops at its limit") {
  const Timing dense = timing("* 0-59 2 * * *", "Europe/Berlin");
  const Period period{at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")};
  CHECK_EQ(gap_skips(dense, period).size(), kMostGapSkips);
}

TEST_CASE("the next clock change is strictly later and real") {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  const auto spring = next_clock_change(berlin, at("2026-01-01T00:00:00Z"));
  REQUIRE(spring);
  CHECK_EQ(base::format_instant(spring->instant), "2026-03-29T01:00:00.000Z");
  CHECK_EQ(spring->offset_before.count(), 3600);
  CHECK_EQ(spring->offset_after.count(), 7200);
  const auto autumn = next_clock_change(berlin, spring->instant);
  REQUIRE(autumn);
  CHECK_EQ(base::format_instant(autumn->instant), "2026-10-25T01:00:00.000Z");
  CHECK(next_clock_change(berlin, at("2150-01-01T00:00:00Z")));
  CHECK_FALSE(next_clock_change(TimeZone{}, at("2026-01-01T00:00:00Z")));
  CHECK_FALSE(
      next_clock_change(TimeZone::load("Asia/Kolkata").value(), at("2026-01-01T00:00:00Z")));
}

}  // namespace
}  // namespace mainspring::cron
