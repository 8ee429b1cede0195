#include <doctest/doctest.h>

#include "plan/fixtures.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::CountingIds;
using testing::cron_schedule;
using testing::instant;
using testing::plan_at;
using testing::schedule_of;
using testing::texts;
using testing::Texts;

TEST_CASE("fires within the horizon are written ahead, each once, with its local time") {
  auto schedule = cron_schedule("*/20 * * * * *", "2026-01-01T10:00:00Z");
  schedule.spec.timezone = "Europe/Berlin";
  const Planned planned = plan_at(schedule, "2026-01-01T10:00:00Z");
  CHECK(texts(planned.plan.fires) ==
        Texts{"2026-01-01T10:00:20.000Z", "2026-01-01T10:00:40.000Z", "2026-01-01T10:01:00.000Z"});
  CHECK(planned.plan.fires[0].local == "2026-01-01T11:00:20");
  CHECK(planned.plan.fires[0].run_id != planned.plan.fires[1].run_id);
  CHECK(planned.plan.until == instant("2026-01-01T10:01:00Z"));
  CHECK(planned.next == instant("2026-01-01T10:01:20Z"));
  CHECK(planned.plan.endings.empty());
}

TEST_CASE("a plan without fires is not needed, and names the next occurrence") {
  const auto schedule = cron_schedule("0 2 * * *", "2026-01-01T10:00:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T10:00:00Z");
  CHECK_FALSE(is_needed(planned.plan));
  CHECK(planned.next == instant("2026-01-02T02:00:00Z"));
}

TEST_CASE("a fire planned a second late is not a missed fire") {
  const auto schedule = cron_schedule("0 * * * *", "2026-01-01T10:30:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T11:00:01Z");
  REQUIRE(planned.plan.fires.size() == 1);
  CHECK(planned.plan.fires[0].detail == "");
}

TEST_CASE("run_once starts the latest missed fire, and the others are coalesced into it") {
  const auto schedule = cron_schedule("0 * * * *", "2026-01-01T10:30:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T14:10:00Z");
  REQUIRE(texts(planned.plan.fires) == Texts{"2026-01-01T14:00:00.000Z"});
  CHECK(planned.plan.fires[0].detail ==
        "stands for 4 missed fires from 2026-01-01T11:00:00 to 2026-01-01T14:00:00 "
        "(misfire: run_once)");
  REQUIRE(planned.plan.endings.size() == 3);
  CHECK(planned.plan.endings[0].at == instant("2026-01-01T11:00:00Z"));
  for (const auto& ending : planned.plan.endings) {
    CHECK(ending.ending == model::Ending::coalesced_into);
    CHECK(ending.run_id == planned.plan.fires[0].run_id);
  }
}

TEST_CASE("missed fires older than catch_up expire") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T10:30:00Z");
  schedule.spec.catch_up = minutes{90};
  const Planned planned = plan_at(schedule, "2026-01-01T14:10:00Z");
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T14:00:00.000Z"});
  REQUIRE(planned.plan.endings.size() == 3);
  CHECK(planned.plan.endings[0].ending == model::Ending::missed_expired);
  CHECK(planned.plan.endings[1].ending == model::Ending::missed_expired);
  CHECK(planned.plan.endings[2].ending == model::Ending::coalesced_into);
}

TEST_CASE("skip expires every missed fire and says why") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T10:30:00Z");
  schedule.spec.misfire = model::Misfire::skip;
  const Planned planned = plan_at(schedule, "2026-01-01T14:10:00Z");
  CHECK(planned.plan.fires.empty());
  REQUIRE(planned.plan.endings.size() == 4);
  CHECK(planned.plan.endings[3].detail == "missed while no scheduler ran; misfire: skip");
}

TEST_CASE("run_all starts each missed fire of the last hour, unless catch_up says otherwise") {
  auto schedule = cron_schedule("*/20 * * * *", "2026-01-01T10:30:00Z");
  schedule.spec.misfire = model::Misfire::run_all;
  const Planned hour = plan_at(schedule, "2026-01-01T14:10:00Z");
  CHECK(texts(hour.plan.fires) ==
        Texts{"2026-01-01T13:20:00.000Z", "2026-01-01T13:40:00.000Z", "2026-01-01T14:00:00.000Z"});
  CHECK(hour.plan.endings.size() == 8);
  schedule.spec.catch_up = hours{24};
  CHECK(plan_at(schedule, "2026-01-01T14:10:00Z").plan.fires.size() == 11);
}

TEST_CASE("run_latest starts the latest missed fire and no other") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T10:30:00Z");
  schedule.spec.misfire = model::Misfire::run_latest;
  const Planned planned = plan_at(schedule, "2026-01-01T14:10:00Z");
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T14:00:00.000Z"});
  REQUIRE(planned.plan.endings.size() == 3);
  CHECK(planned.plan.endings[0].ending == model::Ending::missed_expired);
}

TEST_CASE("a long downtime lists the newest missed fires and sums up the rest in one row") {
  auto schedule = cron_schedule("* * * * *", "2026-01-01T00:00:30Z");
  schedule.spec.misfire = model::Misfire::skip;
  const Planned planned = plan_at(schedule, "2026-01-08T00:00:30Z");
  REQUIRE(planned.plan.endings.size() == kEndingsPerPlan + 1);
  const model::PlannedEnding& range = planned.plan.endings.front();
  CHECK(range.at == instant("2026-01-01T00:01:00Z"));
  CHECK(range.count == 7 * 24 * 60 - static_cast<std::int64_t>(kEndingsPerPlan));
  CHECK(range.through == planned.plan.endings[1].at - minutes{1});
}

TEST_CASE("what would take too long to count is said to be a lower bound") {
  const auto schedule = cron_schedule("* * * * * *", "2026-01-01T00:00:00Z");
  const Planned planned = plan_at(schedule, "2026-03-01T00:00:00Z");
  const model::PlannedEnding& range = planned.plan.endings.front();
  CHECK(range.count == kCountSteps);
  CHECK(range.detail.ends_with("; the count is a lower bound"));
  CHECK(planned.plan.fires[0].detail.starts_with("stands for at least "));
}

TEST_CASE("fires of an interval are counted exactly, however many were missed") {
  model::ScheduleSpec spec;
  spec.every = seconds{1};
  const auto schedule = schedule_of(std::move(spec), "2026-01-01T00:00:00.250Z");
  const Planned planned = plan_at(schedule, "2027-01-01T00:00:00.250Z");
  std::int64_t missed = 0;
  for (const auto& ending : planned.plan.endings)
    missed += ending.count;
  const std::int64_t year = 365 * 86'400;
  CHECK(missed == year - 2 - 1);  // those of the last two seconds are late, one is the fire
  CHECK(planned.plan.fires.front().at == instant("2026-12-31T23:59:58.250Z"));
}

TEST_CASE("one plan holds a bounded number of fires, and the next goes on where it ended") {
  auto schedule = cron_schedule("* * * * * *", "2026-01-01T00:00:00Z");
  const Planned first = plan_at(schedule, "2026-01-01T00:00:00Z", hours{3});
  CHECK(first.plan.fires.size() == kFiresPerPlan);
  CHECK(first.plan.until == instant("2026-01-01T00:00:00Z") + seconds{kFiresPerPlan});
  schedule.planned_until = first.plan.until;
  const Planned second = plan_at(schedule, "2026-01-01T00:00:00Z", hours{3});
  CHECK(second.plan.fires.size() == 3 * 3600 - kFiresPerPlan);
}

TEST_CASE("a paused schedule is planned up to now, and every instant says that it was paused") {
  auto schedule = cron_schedule("*/20 * * * * *", "2026-01-01T10:00:00Z");
  schedule.pause = model::Pause{"ana", "", instant("2026-01-01T10:00:00Z"), {}, {}};
  const Planned planned = plan_at(schedule, "2026-01-01T10:01:00Z");
  CHECK(planned.plan.until == instant("2026-01-01T10:01:00Z"));
  CHECK(planned.plan.fires.empty());
  REQUIRE(planned.plan.endings.size() == 3);
  CHECK(planned.plan.endings[2].ending == model::Ending::skipped_paused);
  CHECK(planned.next == instant("2026-01-01T10:01:20Z"));
}

TEST_CASE("`at` fires once and exhausts its schedule") {
  model::ScheduleSpec spec;
  spec.at = instant("2026-01-01T10:00:30Z");
  const auto schedule = schedule_of(std::move(spec), "2026-01-01T10:00:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T10:00:00Z");
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T10:00:30.000Z"});
  CHECK(planned.plan.exhausted);
  CHECK_FALSE(planned.next);
}

TEST_CASE("`at` that was past when the job was stored ends as missed, and says so once") {
  model::ScheduleSpec spec;
  spec.at = instant("2025-12-31T00:00:00Z");
  auto schedule = schedule_of(std::move(spec), "2026-01-01T10:00:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T10:00:01Z");
  CHECK(planned.plan.fires.empty());
  CHECK(planned.plan.exhausted);
  REQUIRE(planned.plan.endings.size() == 1);
  CHECK(planned.plan.endings[0].detail == "was already past when the job was stored");
  schedule.planned_until = planned.plan.until;
  CHECK(plan_at(schedule, "2026-01-01T10:00:05Z").plan.endings.empty());
}

TEST_CASE("`delay` counts from the creation") {
  model::ScheduleSpec spec;
  spec.delay = seconds{10};
  const auto schedule = schedule_of(std::move(spec), "2026-01-01T10:00:00Z");
  CHECK(texts(plan_at(schedule, "2026-01-01T10:00:00Z").plan.fires) ==
        Texts{"2026-01-01T10:00:10.000Z"});
}

TEST_CASE("start and end bound a schedule, both inclusive") {
  auto schedule = cron_schedule("0 * * * *", "2026-01-01T00:30:00Z");
  schedule.spec.start = instant("2026-01-01T02:00:00Z");
  schedule.spec.end = instant("2026-01-01T03:00:00Z");
  const Planned planned = plan_at(schedule, "2026-01-01T00:30:00Z", hours{24});
  CHECK(texts(planned.plan.fires) == Texts{"2026-01-01T02:00:00.000Z", "2026-01-01T03:00:00.000Z"});
  CHECK(planned.plan.exhausted);
}

TEST_CASE("a local time that the clock change removed has a row that no occurrence can take") {
  auto schedule = cron_schedule("0,30 2,3 * * *", "2026-03-28T12:00:00Z");
  schedule.spec.timezone = "Europe/Berlin";
  const Planned planned = plan_at(schedule, "2026-03-28T12:00:00Z", hours{24});
  CHECK(texts(planned.plan.fires) == Texts{"2026-03-29T01:00:00.000Z", "2026-03-29T01:30:00.000Z"});
  REQUIRE(planned.plan.endings.size() == 2);
  CHECK(planned.plan.endings[0].ending == model::Ending::dst_skipped);
  CHECK(planned.plan.endings[0].at == instant("2026-03-29T01:00:00.001Z"));
  CHECK(planned.plan.endings[0].local == "2026-03-29T02:00:00");
  CHECK(planned.plan.endings[1].at == instant("2026-03-29T01:00:00.002Z"));
  CHECK(planned.plan.endings[1].local == "2026-03-29T02:30:00");
}

TEST_CASE("the scheduler is woken for a removed local time as for a fire") {
  auto schedule = cron_schedule("30 2 * * *", "2026-03-28T12:00:00Z");
  schedule.spec.timezone = "Europe/Berlin";
  CHECK(plan_at(schedule, "2026-03-28T12:00:00Z").next == instant("2026-03-29T01:00:00.001Z"));
}

TEST_CASE("@reboot fires once for each start of the node, and at no other time") {
  auto schedule = cron_schedule("@reboot", "2026-01-01T10:00:00Z");
  CountingIds ids;
  const auto start = instant("2026-01-02T10:00:00Z");
  CHECK(plan_at(schedule, "2026-01-02T10:00:00Z").plan.fires.empty());
  CHECK_FALSE(plan_at(schedule, "2026-01-02T10:00:00Z").plan.exhausted);
  const auto fires_for = [&](base::Instant start) {
    return plan_schedule({schedule, start, start, start}, ids).value().plan;
  };
  const auto plan = fires_for(start);
  CHECK(texts(plan.fires) == Texts{"2026-01-02T10:00:00.000Z"});
  schedule.planned_until = plan.until;
  CHECK(fires_for(start).fires.empty());
  CHECK(fires_for(start + seconds{5}).fires.size() == 1);
}

TEST_CASE("@reboot does not fire for a start before the job was stored") {
  const auto schedule = cron_schedule("@reboot", "2026-01-01T10:00:00Z");
  CountingIds ids;
  const auto now = instant("2026-01-01T10:00:01Z");
  const PlanRequest request{schedule, now, now, instant("2026-01-01T09:00:00Z")};
  CHECK(plan_schedule(request, ids).value().plan.fires.empty());
}

TEST_CASE("an expression that cannot be read is an error, not an empty plan") {
  const auto schedule = cron_schedule("not cron", "2026-01-01T10:00:00Z");
  CountingIds ids;
  const auto now = instant("2026-01-01T10:00:00Z");
  CHECK_FALSE(plan_schedule({schedule, now, now}, ids));
}

TEST_CASE("a preview lists the next occurrences") {
  const auto schedule = cron_schedule("0 2 * * *", "2026-01-01T00:00:00Z");
  const auto next = upcoming(schedule, {instant("2026-01-01T12:00:00Z"), kNoEnd}, 2).value();
  CHECK(next == std::vector{instant("2026-01-02T02:00:00Z"), instant("2026-01-03T02:00:00Z")});
}

}  // namespace
}  // namespace mainspring::plan
