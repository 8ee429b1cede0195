#include "plan/calendar.h"

#include <doctest/doctest.h>

#include "plan/explain.h"
#include "plan/occurrences.h"

namespace mainspring::plan {
namespace {

base::Instant at(const char* text) { return base::parse_instant(text).value(); }

cron::TimeZone zone(const char* name) { return cron::TimeZone::load(name).value(); }

CalendarRule rule_of(const model::CalendarSpec& spec, const char* schedule_zone = "UTC") {
  return CalendarRule::make(spec, zone(schedule_zone)).value();
}

// Why the instant is left out; "" where it is not.
std::string why(const CalendarRule& rule, const char* instant) {
  const auto exclusion = rule.excludes(at(instant));
  CHECK_EQ(rule.stretch_at(at(instant)).reason, exclusion ? exclusion->reason : "");
  return exclusion ? exclusion->reason : "";
}

// "begin end", in UTC, to the minute.
std::string stretch(const CalendarRule& rule, const char* instant) {
  const CalendarStretch found = rule.stretch_at(at(instant));
  CHECK(found.begin <= at(instant));
  CHECK(at(instant) < found.end);
  return base::format_instant(found.begin).substr(0, 16) + " " +
         base::format_instant(found.end).substr(0, 16);
}

const model::CalendarSpec kHolidays{
    .name = "holidays",
    .spans = {{"2026-12-25", "2026-12-26", "Christmas"},
              {"2026-12-24T14:00", "2026-12-24T20:00", "Christmas Eve"},
              {"2027-01-01", "", ""}}};

const model::CalendarSpec kOffice{
    .name = "office",
    .mode = model::CalendarMode::only,
    .weekly = {{{model::Weekday::mon, model::Weekday::tue, model::Weekday::wed, model::Weekday::thu,
                 model::Weekday::fri},
                {"08:00-12:00", "13:00-18:00"},
                ""}}};

TEST_CASE("a day is left out from its first instant to its last, in words that name it") {
  const CalendarRule rule = rule_of(kHolidays);
  CHECK_EQ(why(rule, "2026-12-25T00:00:00Z"),
           "2026-12-25 to 2026-12-26 is excluded by calendar holidays: Christmas");
  CHECK_EQ(why(rule, "2026-12-26T23:59:59.999Z"),
           "2026-12-25 to 2026-12-26 is excluded by calendar holidays: Christmas");
  CHECK_EQ(why(rule, "2026-12-24T23:59:59.999Z"), "");
  CHECK_EQ(why(rule, "2026-12-27T00:00:00Z"), "");
  CHECK_EQ(why(rule, "2027-01-01T12:00:00Z"), "2027-01-01 is excluded by calendar holidays");
  CHECK_EQ(why(rule, "2026-12-24T14:00:00Z"),
           "2026-12-24T14:00 to 2026-12-24T20:00 is excluded by calendar holidays: Christmas Eve");
  CHECK_EQ(why(rule, "2026-12-24T20:00:00Z"), "");
}

TEST_CASE("a calendar's day is one of its own zone, or else of the schedule's") {
  CHECK_EQ(why(rule_of(kHolidays, "Europe/Berlin"), "2026-12-24T23:00:00Z"),
           "2026-12-25 to 2026-12-26 is excluded by calendar holidays: Christmas");
  CHECK_EQ(why(rule_of(kHolidays, "America/New_York"), "2026-12-25T04:59:00Z"), "");
  model::CalendarSpec german = kHolidays;
  german.timezone = "Europe/Berlin";
  CHECK_EQ(why(rule_of(german, "America/New_York"), "2026-12-24T23:00:00Z"),
           "2026-12-25 to 2026-12-26 (Europe/Berlin) is excluded by calendar holidays: Christmas");
}

TEST_CASE("a calendar of mode only leaves out what lies outside of it") {
  const CalendarRule rule = rule_of(kOffice);
  CHECK_EQ(why(rule, "2026-03-02T08:00:00Z"), "");  // a Monday
  CHECK_EQ(why(rule, "2026-03-02T12:00:00Z"),
           "2026-03-02T12:00 to 2026-03-02T13:00 is outside of calendar office");
  CHECK_EQ(why(rule, "2026-03-01T12:00:00Z"),
           "2026-02-27T18:00 to 2026-03-02T08:00 is outside of calendar office");
  model::CalendarSpec days{.name = "sprint", .mode = model::CalendarMode::only};
  CHECK_EQ(why(rule_of(days), "2026-03-02T08:00:00Z"), "every time is outside of calendar sprint");
  days.spans = {{"2026-03-02", "2026-03-06", ""}};
  CHECK_EQ(why(rule_of(days), "2026-03-04T08:00:00Z"), "");
  CHECK_EQ(why(rule_of(days), "2026-03-01T08:00:00Z"),
           "everything before 2026-03-02 is outside of calendar sprint");
  CHECK_EQ(why(rule_of(days), "2026-03-07T00:00:00Z"),
           "everything from 2026-03-07 on is outside of calendar sprint");
}

TEST_CASE("a night goes on into the next day, over the end of a week too") {
  const model::CalendarSpec spec{.name = "nights",
                                 .weekly = {{{model::Weekday::sun}, {"22:00-06:00"}, ""}}};
  const CalendarRule rule = rule_of(spec);
  CHECK_EQ(why(rule, "2026-03-01T22:00:00Z"),
           "2026-03-01T22:00 to 2026-03-02T06:00 is excluded by calendar nights: every Sunday "
           "22:00-06:00");
  CHECK_EQ(why(rule, "2026-03-02T05:59:00Z"),
           "2026-03-01T22:00 to 2026-03-02T06:00 is excluded by calendar nights: every Sunday "
           "22:00-06:00");
  CHECK_EQ(why(rule, "2026-03-02T06:00:00Z"), "");
  CHECK_EQ(why(rule, "2026-03-01T05:00:00Z"), "");
  CHECK_EQ(stretch(rule, "2026-03-04T00:00:00Z"), "2026-03-02T06:00 2026-03-08T22:00");
}

TEST_CASE("weekly days without times are whole days") {
  const model::CalendarSpec spec{.name = "weekends",
                                 .weekly = {{{model::Weekday::sat, model::Weekday::sun}, {}, ""}}};
  CHECK_EQ(why(rule_of(spec), "2026-03-07T10:00:00Z"),
           "2026-03-07 is excluded by calendar weekends: every Saturday and Sunday");
  CHECK_EQ(why(rule_of(spec), "2026-03-06T10:00:00Z"), "");
}

TEST_CASE("both passes of a repeated hour belong to the hour") {
  const model::CalendarSpec spec{.name = "quiet", .weekly = {{{}, {"02:00-03:00"}, "backup"}}};
  const CalendarRule rule = rule_of(spec, "Europe/Berlin");  // set back at 01:00 UTC
  CHECK_EQ(why(rule, "2026-10-25T00:30:00Z"),
           "2026-10-25T02:00 to 2026-10-25T03:00 is excluded by calendar quiet: backup");
  CHECK_EQ(why(rule, "2026-10-25T01:30:00Z"),
           "2026-10-25T02:00 to 2026-10-25T03:00 is excluded by calendar quiet: backup");
  CHECK_EQ(stretch(rule, "2026-10-25T00:30:00Z"), "2026-10-25T00:00 2026-10-25T01:00");
  CHECK_EQ(stretch(rule, "2026-10-25T01:30:00Z"), "2026-10-25T01:00 2026-10-25T02:00");
}

TEST_CASE("an hour that a clock change removed leaves nothing out") {
  const model::CalendarSpec spec{.name = "quiet", .weekly = {{{}, {"02:00-03:00"}, ""}}};
  const CalendarRule rule = rule_of(spec, "Europe/Berlin");  // set forward at 01:00 UTC
  CHECK_EQ(why(rule, "2026-03-29T00:59:59Z"), "");
  CHECK_EQ(why(rule, "2026-03-29T01:00:00Z"), "");
  CHECK_EQ(stretch(rule, "2026-03-29T00:30:00Z"), "2026-03-28T02:00 2026-03-29T01:00");
  CHECK_EQ(stretch(rule, "2026-03-29T01:00:00Z"), "2026-03-29T01:00 2026-03-30T00:00");
}

TEST_CASE("stretches meet without a gap, and each says the same all over") {
  model::CalendarSpec spec = kHolidays;
  spec.weekly = {{{model::Weekday::sat}, {}, ""}, {{}, {"22:00-06:00", "12:00-13:00"}, "night"}};
  for (const auto mode : {model::CalendarMode::exclude, model::CalendarMode::only}) {
    spec.mode = mode;
    const CalendarRule rule = rule_of(spec, "Europe/Berlin");
    base::Instant from = at("2026-10-20T00:00:00Z");
    int stretches = 0;
    for (; from < at("2027-04-05T00:00:00Z"); ++stretches) {
      const CalendarStretch found = rule.stretch_at(from);
      REQUIRE(found.begin <= from);
      REQUIRE(found.end > from);
      const base::Instant last = found.end - base::Duration{1};
      const bool is_left_out = !found.reason.empty();
      for (const base::Instant other : {from, from + (last - from) / 2, last})
        CHECK_EQ(rule.excludes(other).has_value(), is_left_out);
      from = found.end;
    }
    CHECK_GT(stretches, 500);
  }
}

TEST_CASE("overlapping spans are all found") {
  const model::CalendarSpec spec{.name = "many",
                                 .spans = {{"2026-01-01", "2026-12-31", "the year"},
                                           {"2026-03-01", "", "a day"},
                                           {"2026-03-05", "2026-03-06", "two days"}}};
  const CalendarRule rule = rule_of(spec);
  CHECK_EQ(why(rule, "2026-03-01T00:00:00Z"), "2026-03-01 is excluded by calendar many: a day");
  CHECK_EQ(why(rule, "2026-03-07T00:00:00Z"),
           "2026-01-01 to 2026-12-31 is excluded by calendar many: the year");
  CHECK_EQ(why(rule, "2027-01-01T00:00:00Z"), "");
}

TEST_CASE("a calendar that cannot be read is an error") {
  model::CalendarSpec spec = kHolidays;
  spec.timezone = "Mars/Base";
  CHECK_FALSE(CalendarRule::make(spec, zone("UTC")).has_value());
  spec = kHolidays;
  spec.spans.push_back({"2026-02-30", "", ""});
  CHECK_EQ(CalendarRule::make(spec, zone("UTC")).error().message,
           "'2026-02-30' is no day: February 2026 has 28 days");
  spec = kOffice;
  spec.weekly.front().times = {"8-12"};
  CHECK_FALSE(CalendarRule::make(spec, zone("UTC")).has_value());
}

class OneId final : public RunIds {
 public:
  base::RunId next_run_id(base::Instant) override { return {}; }
};

// Every day at noon in Berlin, but for the holidays.
model::Schedule noon_schedule() {
  model::Schedule schedule;
  schedule.job = "report";
  schedule.spec.cron = "0 12 * * *";
  schedule.spec.timezone = "Europe/Berlin";
  schedule.spec.calendar = "holidays";
  schedule.spec.misfire = model::Misfire::run_all;
  schedule.spec.catch_up = std::chrono::hours{1'000};
  schedule.calendar = kHolidays;
  schedule.created_at = schedule.planned_until = at("2026-12-23T00:00:00Z");
  return schedule;
}

std::string outcomes(const model::Schedule& schedule, const char* now) {
  OneId ids;
  const Planned planned =
      plan_schedule({schedule, at(now), at(now) + std::chrono::minutes{1}}, ids).value();
  std::string out;
  for (const model::PlannedFire& fire : planned.plan.fires)
    out += fire.local + " fires\n";
  for (const model::PlannedEnding& ending : planned.plan.endings) {
    CHECK(ending.ending == model::Ending::skipped_calendar);
    out += ending.local + " " + ending.detail + "\n";
  }
  return out;
}

TEST_CASE("the planner ends what a calendar leaves out, in the calendar's words") {
  CHECK_EQ(outcomes(noon_schedule(), "2026-12-28T00:00:00Z"),
           "2026-12-23T12:00:00 fires\n"
           "2026-12-24T12:00:00 fires\n"
           "2026-12-27T12:00:00 fires\n"
           "2026-12-25T12:00:00 2026-12-25 to 2026-12-26 is excluded by calendar holidays: "
           "Christmas\n"
           "2026-12-26T12:00:00 2026-12-25 to 2026-12-26 is excluded by calendar holidays: "
           "Christmas\n");
}

TEST_CASE("a schedule whose calendar has gone does not fire, and says why") {
  model::Schedule schedule = noon_schedule();
  schedule.calendar.reset();
  CHECK_EQ(outcomes(schedule, "2026-12-24T00:00:00Z"),
           "2026-12-23T12:00:00 there is no calendar 'holidays'\n");
}

TEST_CASE("a preview shows only what a calendar lets through") {
  std::string out;
  for (const base::Instant fire :
       upcoming(noon_schedule(), {at("2026-12-24T00:00:00Z"), kNoEnd}, 3).value())
    out += base::format_instant(fire).substr(0, 10) + " ";
  CHECK_EQ(out, "2026-12-24 2026-12-27 2026-12-28 ");
}

TEST_CASE("a preview ends where a calendar never lets anything through again") {
  model::Schedule schedule = noon_schedule();
  schedule.calendar->mode = model::CalendarMode::only;
  CHECK_EQ(upcoming(schedule, {at("2026-12-24T00:00:00Z"), kNoEnd}, 10).value().size(), 3);
  schedule.calendar->spans.clear();
  CHECK(upcoming(schedule, {at("2026-12-24T00:00:00Z"), kNoEnd}, 10).value().empty());
}

TEST_CASE("an occurrence that a calendar left out is explained with its sentence") {
  model::Occurrence occurrence;
  occurrence.at = at("2026-12-25T11:00:00Z");
  occurrence.local = "2026-12-25T12:00:00";
  occurrence.ending = model::Ending::skipped_calendar;
  occurrence.detail = "2026-12-25 is excluded by calendar holidays: Christmas";
  const model::Schedule schedule = noon_schedule();
  const Lines lines =
      explain(occurrence, {.now = at("2026-12-26T00:00:00Z"), .schedule = &schedule});
  CHECK_EQ(lines.front(),
           "2026-12-25T12:00:00 Europe/Berlin: skipped, because 2026-12-25 is excluded by calendar "
           "holidays: Christmas");
}

}  // namespace
}  // namespace mainspring::plan
