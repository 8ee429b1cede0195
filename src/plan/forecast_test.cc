#include "plan/forecast.h"

#include <doctest/doctest.h>

#include "plan/fixtures.h"

namespace mainspring::plan {
namespace {

using testing::cron_schedule;
using testing::instant;

constexpr std::string_view kNow = "2027-03-01T12:00:00Z";

model::ScheduleSpec cron_spec(const char* expression, const char* zone = "UTC") {
  model::ScheduleSpec spec;
  spec.cron = expression;
  spec.timezone = zone;
  return spec;
}

struct Change {
  std::vector<model::Schedule> stored;
  std::vector<model::ScheduleSpec> specs;
  std::vector<model::CalendarSpec> calendars = {};
  bool shadow = false;

  Forecast forecast() const {
    return plan::forecast({"nightly", stored, specs, calendars, shadow, instant(kNow)}).value();
  }
};

TEST_CASE("a new job adds its fires of the next 30 days, the first ones by name") {
  const Forecast forecast = Change{{}, {cron_spec("30 2 * * *", "Europe/Berlin")}}.forecast();
  CHECK(forecast.added.count == 29);  // 2027-03-28 has no 02:30
  CHECK(forecast.removed.count == 0);
  REQUIRE(forecast.added.first.size() == kForecastShown);
  CHECK(forecast.added.first[0].at == instant("2027-03-02T01:30:00Z"));
  CHECK(forecast.added.first[0].local == "2027-03-02T02:30:00");
  CHECK(forecast.added.first[0].schedule == "at 02:30 every day, Europe/Berlin");
}

TEST_CASE("a schedule that only changes its policy changes no fire") {
  auto spec = cron_spec("30 2 * * *");
  spec.overlap = model::Overlap::allow;
  const Forecast forecast =
      Change{{cron_schedule("30 2 * * *", "2026-01-01T00:00:00Z")}, {spec}}.forecast();
  CHECK(forecast.added.count == 0);
  CHECK(forecast.removed.count == 0);
}

TEST_CASE("an hour later is as many fires removed as added") {
  const Forecast forecast = Change{
      {cron_schedule("30 2 * * *", "2026-01-01T00:00:00Z")},
      {cron_spec("30 3 * * *")}}.forecast();
  CHECK(forecast.added.count == 30);
  CHECK(forecast.removed.count == 30);
  CHECK(forecast.removed.first[0].at == instant("2027-03-02T02:30:00Z"));
}

TEST_CASE("an interval that stays goes on counting from where it began") {
  model::ScheduleSpec spec;
  spec.every = std::chrono::minutes{7};
  auto stored = testing::schedule_of(spec, "2026-01-01T00:00:00.123Z");
  CHECK(Change{{stored}, {spec}}.forecast().added.count == 0);
  spec.max_runs = 100;  // a schedule of its own
  CHECK(Change{{stored}, {spec}}.forecast().added.count == 100);
}

TEST_CASE("a job that goes, or only shadows from now on, loses every fire") {
  const auto stored = cron_schedule("0 * * * *", "2026-01-01T00:00:00Z");
  CHECK(Change{{stored}, {}}.forecast().removed.count == 30 * 24);
  CHECK(Change{{stored}, {stored.spec}, {}, true}.forecast().removed.count == 30 * 24);
}

TEST_CASE("a calendar that leaves a day out removes that day's fires") {
  auto stored = cron_schedule("0 12 * * *", "2026-01-01T00:00:00Z");
  stored.spec.calendar = "days";
  stored.calendar = model::CalendarSpec{.name = "days"};
  const model::CalendarSpec calendar{.name = "days", .spans = {{"2027-03-05", "", ""}}};
  const Forecast forecast = Change{{stored}, {stored.spec}, {calendar}}.forecast();
  CHECK(forecast.added.count == 0);
  REQUIRE(forecast.removed.count == 1);
  CHECK(forecast.removed.first[0].local == "2027-03-05T12:00:00");
}

TEST_CASE("more fires than a forecast compares are compared as far as they reach") {
  const Forecast forecast =
      Change{{cron_schedule("* * * * * *", "2026-01-01T00:00:00Z")}, {cron_spec("*/2 * * * * *")}}
          .forecast();
  CHECK(forecast.until == instant(kNow) + std::chrono::seconds{kForecastFires});
  CHECK(forecast.removed.count == kForecastFires / 2);
  CHECK(forecast.added.count == 0);
}

TEST_CASE("the next clock change is told for each schedule, with those it surprises") {
  auto moved = cron_spec("15 2 * * *", "Europe/Berlin");
  moved.dst.gap = cron::GapPolicy::shift;
  const Forecast forecast = Change{
      {},
      {cron_spec("30 2 * * *", "Europe/Berlin"), cron_spec("0 12 * * *", "Europe/Berlin"), moved,
       cron_spec("30 2 * * *")}}.forecast();
  REQUIRE(forecast.clock.size() == 3);  // UTC has no clock change
  CHECK(forecast.clock[0].note.is_surprise);
  CHECK(forecast.clock[0].note.text ==
        "2027-03-28: 02:30 does not exist in Europe/Berlin; the run is skipped");
  CHECK_FALSE(forecast.clock[1].note.is_surprise);
  CHECK(forecast.clock[2].note.text ==
        "2027-03-28: 02:15 does not exist in Europe/Berlin; it runs at 03:15");
}

}  // namespace
}  // namespace mainspring::plan
