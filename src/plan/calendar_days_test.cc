#include "plan/calendar_days.h"

#include <doctest/doctest.h>

namespace mainspring::plan {
namespace {

// "2026-12-24 14:00-20:00: reason; reason", "2026-12-25 whole: reason".
std::string show(const model::CalendarSpec& spec, const char* from, const char* until) {
  const auto days =
      left_out_days(spec, {model::parse_day(from).value(), model::parse_day(until).value()});
  REQUIRE(days.has_value());
  std::string out;
  for (const LeftOutDay& day : *days) {
    out += model::format_day(day.day);
    for (const model::LocalSpan& span : day.spans)
      out += " " + model::format_minute(span.begin).substr(11) + "-" +
             model::format_minute(span.end).substr(11);
    out += day.is_whole() ? " (whole)" : "";
    for (const std::string& reason : day.reasons)
      out += "\n  " + reason;
    out += "\n";
  }
  return out;
}

TEST_CASE("each day says what a calendar leaves out of it, and why") {
  const model::CalendarSpec spec{.name = "c",
                                 .timezone = "Europe/Berlin",
                                 .spans = {{"2026-12-24T14:00", "2026-12-26T06:00", "Christmas"},
                                           {"2026-12-24T14:00", "2026-12-24T15:00", "Party"}},
                                 .weekly = {{{model::Weekday::sun}, {}, ""}}};
  CHECK_EQ(show(spec, "2026-12-23", "2026-12-28"),
           "2026-12-24 14:00-00:00\n"
           "  2026-12-24T14:00 to 2026-12-26T06:00 is excluded by calendar c: Christmas\n"
           "2026-12-25 00:00-00:00 (whole)\n"
           "  2026-12-24T14:00 to 2026-12-26T06:00 is excluded by calendar c: Christmas\n"
           "2026-12-26 00:00-06:00\n"
           "  2026-12-24T14:00 to 2026-12-26T06:00 is excluded by calendar c: Christmas\n"
           "2026-12-27 00:00-00:00 (whole)\n"
           "  2026-12-27 is excluded by calendar c: every Sunday\n");
}

TEST_CASE("of a calendar that only allows, each day says when it does not") {
  const model::CalendarSpec spec{
      .name = "office",
      .mode = model::CalendarMode::only,
      .weekly = {{{model::Weekday::mon}, {"08:00-12:00", "13:00-18:00"}, ""}}};
  CHECK_EQ(show(spec, "2026-03-02", "2026-03-03"),
           "2026-03-02 00:00-08:00 12:00-13:00 18:00-00:00\n"
           "  2026-02-23T18:00 to 2026-03-02T08:00 is outside of calendar office\n"
           "  2026-03-02T12:00 to 2026-03-02T13:00 is outside of calendar office\n"
           "  2026-03-02T18:00 to 2026-03-09T08:00 is outside of calendar office\n"
           "2026-03-03 00:00-00:00 (whole)\n"
           "  2026-03-02T18:00 to 2026-03-09T08:00 is outside of calendar office\n");
}

TEST_CASE("a day that a clock change shortens or lengthens is a whole day all the same") {
  const model::CalendarSpec spec{
      .name = "c", .timezone = "Europe/Berlin", .spans = {{"2026-03-29", "", ""}}};
  CHECK_EQ(show(spec, "2026-03-28", "2026-03-30"),
           "2026-03-29 00:00-00:00 (whole)\n  2026-03-29 is excluded by calendar c\n");
}

TEST_CASE("a range of days is bounded and in order") {
  const model::CalendarSpec spec{.name = "c"};
  const auto day = [](const char* text) { return model::parse_day(text).value(); };
  CHECK(left_out_days(spec, {day("2026-01-01"), day("2028-12-31")})->empty());
  CHECK_FALSE(left_out_days(spec, {day("2026-01-02"), day("2026-01-01")}).has_value());
  CHECK_FALSE(left_out_days(spec, {day("2026-01-01"), day("2030-01-01")}).has_value());
}

}  // namespace
}  // namespace mainspring::plan
