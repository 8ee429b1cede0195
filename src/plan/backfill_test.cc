#include "plan/backfill.h"

#include <doctest/doctest.h>

#include "plan/fixtures.h"

namespace mainspring::plan {
namespace {

using testing::CountingIds;
using testing::cron_schedule;
using testing::instant;
using testing::texts;
using testing::Texts;

BackfillRequest request_of(const std::vector<model::Schedule>& schedules, std::string_view from,
                           std::string_view until) {
  return {schedules, instant(from), instant(until)};
}

TEST_CASE("a backfill has the fires of its range, from inclusive and until exclusive") {
  const std::vector schedules{cron_schedule("0 2 * * *", "2026-06-01T00:00:00Z")};
  CountingIds ids;
  const auto slice =
      plan_backfill(request_of(schedules, "2026-01-01T02:00:00Z", "2026-01-04T02:00:00Z"), ids)
          .value();
  CHECK(texts(slice.fires) ==
        Texts{"2026-01-01T02:00:00.000Z", "2026-01-02T02:00:00.000Z", "2026-01-03T02:00:00.000Z"});
  CHECK(slice.is_last);
  CHECK(slice.planned_until == instant("2026-01-04T02:00:00Z"));
}

TEST_CASE("slices of a backfill meet without a gap, and never within one instant") {
  const std::vector schedules{cron_schedule("0 * * * *", "2026-06-01T00:00:00Z"),
                              cron_schedule("*/30 * * * *", "2026-06-01T00:00:00Z")};
  auto request = request_of(schedules, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z");
  request.limit = 7;
  CountingIds ids;
  std::vector<model::PlannedFire> fires;
  for (bool is_last = false; !is_last;) {
    const auto slice = plan_backfill(request, ids).value();
    CHECK(slice.fires.size() <= request.limit + 1);
    for (const auto& fire : slice.fires)
      CHECK(fire.at < slice.planned_until);
    fires.insert(fires.end(), slice.fires.begin(), slice.fires.end());
    request.from = slice.planned_until;
    is_last = slice.is_last;
  }
  CHECK(fires.size() == 48 + 96);
  CHECK(std::ranges::is_sorted(fires, {}, &model::PlannedFire::at));
}

TEST_CASE("a backfill keeps to the calendar, the clock changes, the start and the end") {
  auto schedule = cron_schedule("30 2 * * *", "2026-06-01T00:00:00Z");
  schedule.spec.timezone = "Europe/Berlin";
  schedule.spec.start = instant("2026-03-27T00:00:00Z");
  schedule.spec.end = instant("2026-03-31T00:00:00Z");
  schedule.spec.calendar = "days";
  schedule.calendar = model::CalendarSpec{.name = "days", .spans = {{"2026-03-28", "", ""}}};
  const std::vector schedules{schedule};
  CountingIds ids;
  const auto slice =
      plan_backfill(request_of(schedules, "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"), ids)
          .value();
  CHECK(texts(slice.fires) == Texts{"2026-03-27T01:30:00.000Z", "2026-03-30T00:30:00.000Z"});
}

TEST_CASE("a backfill of a schedule without a past is empty") {
  const std::vector schedules{cron_schedule("@reboot", "2026-01-01T00:00:00Z")};
  CountingIds ids;
  const auto slice =
      plan_backfill(request_of(schedules, "2025-01-01T00:00:00Z", "2026-05-01T00:00:00Z"), ids)
          .value();
  CHECK(slice.fires.empty());
  CHECK(slice.is_last);
}

}  // namespace
}  // namespace mainspring::plan
