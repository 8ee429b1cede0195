// Jitter, max_runs, pauses, shadow, @reboot under all of these, and previews.
#include <set>

#include <doctest/doctest.h>

#include "plan/fixtures.h"
#include "plan/jitter.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using model::Ending;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::CountingIds;
using testing::cron_schedule;
using testing::instant;
using testing::plan_at;
using testing::texts;
using testing::Texts;

std::vector<Ending> endings(const Planned& planned) {
  std::vector<Ending> out;
  for (const auto& ending : planned.plan.endings)
    out.push_back(ending.ending);
  return out;
}

// ---- jitter --------------------------------------------------------------------------------

TEST_CASE("jitter delays a fire by the same for ever, and fires differently") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.spec.jitter = minutes{10};
  std::set<base::Duration> delays;
  const auto once = plan_at(schedule, "2026-01-01T00:30:00Z", hours{48}).plan.fires;
  const auto again = plan_at(schedule, "2026-01-01T00:40:00Z", hours{48}).plan.fires;
  REQUIRE(once.size() == 48);
  for (std::size_t i = 0; i < once.size(); ++i) {
    CHECK(once[i].due_at == again[i].due_at);
    const base::Duration delay = once[i].due_at.value_or(once[i].at) - once[i].at;
    CHECK(delay >= milliseconds{0});
    CHECK(delay <= minutes{10});
    delays.insert(delay);
  }
  CHECK(delays.size() > 40);
  CHECK(*delays.begin() < minutes{1});
  CHECK(*delays.rbegin() > minutes{9});
}

TEST_CASE("jitter of two schedules at one instant differs") {
  auto one = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  one.spec.jitter = hours{1};
  auto other = one;
  other.id = base::ScheduleId{base::IdBytes{1}};
  const auto at = instant("2026-01-01T01:00:00Z");
  CHECK(due_with_jitter(one, at, std::nullopt) != due_with_jitter(other, at, std::nullopt));
}

TEST_CASE("jitter longer than the interval ends before the next fire") {
  auto schedule = cron_schedule("* * * * *", "2026-01-01T00:00:30Z");
  schedule.spec.jitter = hours{24};
  for (const auto& fire : plan_at(schedule, "2026-01-01T00:00:30Z", hours{5}).plan.fires)
    CHECK(fire.due_at.value_or(fire.at) < fire.at + minutes{1});
}

TEST_CASE("a fire whose instant is past is not missed before its jitter is over") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.spec.jitter = minutes{30};
  schedule.spec.misfire = model::Misfire::skip;
  const auto at = instant("2026-01-01T03:00:00Z");
  const auto due = due_with_jitter(schedule, at, at + hours{1});
  REQUIRE(due > at + seconds{10});
  CountingIds ids;
  const auto just_before = due - seconds{1};
  const auto waiting = plan_schedule({schedule, just_before, just_before}, ids).value();
  CHECK(texts(waiting.plan.fires) == Texts{"2026-01-01T03:00:00.000Z"});
  CHECK(waiting.plan.endings.size() == 2);
  const auto after = due + seconds{3};
  CHECK(plan_schedule({schedule, after, after}, ids).value().plan.endings.size() == 3);
}

// ---- max_runs ------------------------------------------------------------------------------

TEST_CASE("max_runs ends a schedule when all its runs were written and have come due") {
  auto schedule = cron_schedule("* * * * *", "2026-01-01T00:00:30Z");
  schedule.spec.max_runs = 3;
  const Planned first = plan_at(schedule, "2026-01-01T00:00:30Z", hours{1});
  CHECK(first.plan.fires.size() == 3);
  CHECK_FALSE(first.plan.exhausted);
  CHECK_FALSE(first.can_be_ahead);
  CHECK(first.next > first.plan.until);
  schedule.runs = 3;
  schedule.planned_until = first.plan.until;
  CHECK_FALSE(plan_at(schedule, "2026-01-01T00:02:00Z").plan.exhausted);
  CHECK(plan_at(schedule, "2026-01-01T00:03:01Z").plan.exhausted);
}

TEST_CASE("a run that was given back leaves room for another") {
  auto schedule = cron_schedule("* * * * *", "2026-01-01T00:00:30Z");
  schedule.spec.max_runs = 3;
  schedule.runs = 2;  // the third ended without a run
  schedule.planned_until = instant("2026-01-01T00:03:00Z");
  CHECK(texts(plan_at(schedule, "2026-01-01T00:03:01Z").plan.fires) ==
        Texts{"2026-01-01T00:04:00.000Z"});
}

TEST_CASE("max_runs bounds what run_all makes up for") {
  auto schedule = cron_schedule("*/10 * * * *", "2026-01-01T00:05:00Z");
  schedule.spec.max_runs = 2;
  schedule.spec.misfire = model::Misfire::run_all;
  const Planned planned = plan_at(schedule, "2026-01-01T00:55:00Z");
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T00:10:00.000Z", "2026-01-01T00:20:00.000Z"});
  CHECK(planned.plan.until == instant("2026-01-01T00:20:00Z"));
}

// ---- pauses --------------------------------------------------------------------------------

TEST_CASE("a pause that has ended dropped its own fires and no others") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.paused_at = instant("2026-01-01T02:30:00Z");
  schedule.resumed_at = instant("2026-01-01T04:30:00Z");
  schedule.spec.misfire = model::Misfire::run_all;
  schedule.spec.catch_up = hours{24};
  const Planned planned = plan_at(schedule, "2026-01-01T06:30:00Z");
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T01:00:00.000Z", "2026-01-01T02:00:00.000Z",
                                           "2026-01-01T05:00:00.000Z", "2026-01-01T06:00:00.000Z"});
  CHECK(endings(planned) == std::vector{Ending::skipped_paused, Ending::skipped_paused});
  CHECK(planned.plan.endings[0].detail ==
        "the job was paused from 2026-01-01T02:30:00.000Z to 2026-01-01T04:30:00.000Z");
}

TEST_CASE("one fire stands for what was missed on both sides of a pause") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.paused_at = instant("2026-01-01T02:30:00Z");
  schedule.resumed_at = instant("2026-01-01T04:30:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T06:30:00Z");
  REQUIRE(texts(planned.plan.fires) == Texts{"2026-01-01T06:00:00.000Z"});
  CHECK(planned.plan.fires[0].detail ==
        "stands for 4 missed fires from 2026-01-01T01:00:00 to 2026-01-01T06:00:00 "
        "(misfire: run_once)");
}

TEST_CASE("a pause says who, when and why in what it dropped") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.paused_at = instant("2026-01-01T00:40:00Z");
  schedule.pause = model::Pause{"ana", "the disk is full", *schedule.paused_at,
                                instant("2026-01-02T00:00:00Z"), model::Meanwhile::drop};
  const Planned planned = plan_at(schedule, "2026-01-01T01:00:00Z");
  REQUIRE(planned.plan.endings.size() == 1);
  CHECK(planned.plan.endings[0].detail ==
        "ana paused the job at 2026-01-01T00:40:00.000Z until 2026-01-02T00:00:00.000Z: "
        "the disk is full");
  CHECK_FALSE(planned.can_be_ahead);
}

TEST_CASE("a pause whose time is over drops nothing more") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.paused_at = instant("2026-01-01T00:40:00Z");
  schedule.pause = model::Pause{"ana", "", *schedule.paused_at, instant("2026-01-01T02:30:00Z"),
                                model::Meanwhile::drop};
  const Planned planned = plan_at(schedule, "2026-01-01T03:00:00Z");
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T03:00:00.000Z"});
  CHECK(planned.plan.endings.size() == 2);
  CHECK(planned.can_be_ahead);
}

// ---- shadow --------------------------------------------------------------------------------

TEST_CASE("a job that shadows fires only in the ledger, and not ahead") {
  auto schedule = cron_schedule("* * * * *", "2026-01-01T00:00:30Z");
  schedule.shadow = true;
  const Planned planned = plan_at(schedule, "2026-01-01T00:02:00Z", hours{1});
  CHECK(planned.plan.fires.empty());
  CHECK(endings(planned) == std::vector{Ending::shadowed, Ending::shadowed});
  CHECK(planned.plan.until == instant("2026-01-01T00:02:00Z"));
  CHECK_FALSE(planned.can_be_ahead);
  CHECK(planned.next == instant("2026-01-01T00:03:00Z"));
}

TEST_CASE("a job that stops to shadow fires from its next instant on") {
  auto schedule = cron_schedule("* * * * *", "2026-01-01T00:00:30Z");
  schedule.planned_until = instant("2026-01-01T00:02:00Z");
  CHECK(texts(plan_at(schedule, "2026-01-01T00:02:30Z").plan.fires) ==
        Texts{"2026-01-01T00:03:00.000Z"});
}

// ---- calendars -----------------------------------------------------------------------------

model::Schedule on_workdays(std::string_view expression, std::string_view created) {
  auto schedule = cron_schedule(expression, created);
  schedule.spec.calendar = "workdays";
  using model::Weekday;
  schedule.calendar = model::CalendarSpec{
      .name = "workdays",
      .mode = model::CalendarMode::only,
      .weekly = {{{Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri}, {}, ""}}};
  return schedule;
}

TEST_CASE("one fire stands for missed fires that the calendar lets through, and for no other") {
  const auto schedule = on_workdays("0 12 * * *", "2026-01-01T13:00:00Z");  // a Thursday
  const Planned planned = plan_at(schedule, "2026-01-04T13:00:00Z");        // the Sunday after
  REQUIRE(texts(planned.plan.fires) == Texts{"2026-01-02T12:00:00.000Z"});
  CHECK(planned.plan.fires[0].detail == "missed while no scheduler ran; started late");
  CHECK(endings(planned) == std::vector{Ending::skipped_calendar, Ending::skipped_calendar});
}

TEST_CASE("a weekend of seconds is one row of the ledger for each of its reasons") {
  auto schedule = on_workdays("* * * * * *", "2026-01-01T00:00:00Z");
  schedule.spec.misfire = model::Misfire::skip;
  const Planned planned = plan_at(schedule, "2026-01-07T00:00:00Z");
  std::int64_t weekend = 0;
  for (const auto& ending : planned.plan.endings)
    if (ending.ending == Ending::skipped_calendar) weekend += ending.count;
  CHECK(weekend >= kCountSteps);
  CHECK(planned.plan.endings.size() == kEndingsPerPlan + 3);
}

// ---- @reboot -------------------------------------------------------------------------------

TEST_CASE("a start of the node during a pause, of a shadow or on a free day is no fire") {
  const auto start = instant("2026-01-03T10:00:00Z");  // a Saturday
  const auto plan_of = [&](const model::Schedule& schedule) {
    CountingIds ids;
    return plan_schedule({schedule, start, start + minutes{1}, start}, ids).value();
  };
  auto schedule = cron_schedule("@reboot", "2026-01-01T10:00:00Z");
  CHECK(plan_of(schedule).plan.fires.size() == 1);
  schedule.shadow = true;
  CHECK(endings(plan_of(schedule)) == std::vector{Ending::shadowed});
  schedule.paused_at = instant("2026-01-02T10:00:00Z");
  schedule.pause = model::Pause{"ana", "", *schedule.paused_at, {}, model::Meanwhile::drop};
  CHECK(endings(plan_of(schedule)) == std::vector{Ending::skipped_paused});
  CHECK(endings(plan_of(on_workdays("@reboot", "2026-01-01T10:00:00Z"))) ==
        std::vector{Ending::skipped_calendar});
}

TEST_CASE("@reboot keeps to its start, its end, its jitter and max_runs") {
  const auto start = instant("2026-01-03T10:00:00Z");
  const auto plan_of = [&](const model::Schedule& schedule) {
    CountingIds ids;
    return plan_schedule({schedule, start, start + minutes{1}, start}, ids).value().plan;
  };
  auto schedule = cron_schedule("@reboot", "2026-01-01T10:00:00Z");
  schedule.spec.jitter = minutes{5};
  const auto fire = plan_of(schedule).fires.at(0);
  CHECK(fire.due_at.value_or(fire.at) <= start + minutes{5});
  schedule.spec.start = start + hours{1};
  CHECK(plan_of(schedule).fires.empty());
  schedule.spec.start.reset();
  schedule.spec.end = start - hours{1};
  CHECK(plan_of(schedule).exhausted);
  schedule.spec.end.reset();
  schedule.spec.max_runs = schedule.runs = 1;
  CHECK(plan_of(schedule).fires.empty());
  CHECK(plan_of(schedule).exhausted);
}

// ---- previews ------------------------------------------------------------------------------

TEST_CASE("a preview begins where it is asked to, also before the schedule was made") {
  auto schedule = cron_schedule("0 2 * * *", "2026-01-01T00:00:00Z");
  CHECK(upcoming(schedule, {instant("2020-01-01T00:00:00Z"), kNoEnd}, 1).value() ==
        std::vector{instant("2020-01-01T02:00:00Z")});
  schedule.spec.cron.reset();
  schedule.spec.every = minutes{90};
  CHECK(upcoming(schedule, {instant("2025-12-31T21:30:00Z"), kNoEnd}, 3).value() ==
        std::vector{instant("2025-12-31T22:30:00Z"), instant("2026-01-01T00:00:00Z"),
                    instant("2026-01-01T01:30:00Z")});
}

TEST_CASE("a preview ends with the last run of max_runs, those written ahead among them") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.spec.max_runs = 3;
  schedule.runs = 1;
  schedule.planned_until = instant("2026-01-01T01:00:00Z");
  CHECK(upcoming(schedule, {instant("2026-01-01T00:59:30Z"), kNoEnd}, 10).value().size() == 3);
  CHECK(upcoming(schedule, {instant("2026-01-01T01:30:00Z"), kNoEnd}, 10).value().size() == 2);
}

}  // namespace
}  // namespace mainspring::plan
