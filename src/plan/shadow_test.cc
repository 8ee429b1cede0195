#include "plan/shadow.h"

#include <doctest/doctest.h>

#include "plan/fixtures.h"

namespace mainspring::plan {
namespace {

using namespace std::chrono_literals;
using testing::cron_schedule;
using testing::instant;

const base::Instant kBegin = instant("2026-01-05T00:00:00Z");

// Fires and starts by their offset from kBegin, asked about a day later.
struct Comparison {
  std::vector<PredictedFire> fires;
  std::vector<RealStart> starts;
  ShadowQuestion question{kBegin, kBegin + 24h, 60s, kBegin + 48h};

  Comparison(const std::vector<base::Duration>& predicted,
             const std::vector<base::Duration>& real) {
    for (const base::Duration at : predicted)
      fires.push_back({kBegin + at});
    for (const base::Duration at : real)
      starts.push_back({kBegin + at, 0});
  }
  ShadowTally tally() const { return compare_shadow(fires, starts, question); }
};

using Places = std::vector<std::size_t>;

TEST_CASE("starts a little after their instants agree") {
  const ShadowTally tally = Comparison({1h, 2h, 3h}, {1h + 1s, 2h + 3s, 3h + 2s}).tally();
  CHECK(tally.agrees());
  CHECK_EQ(tally.matched, 3);
  CHECK_EQ(tally.real, 3);
  CHECK(tally.median_offset == 2s);
  CHECK(tally.largest_offset == 3s);
  CHECK_EQ(shadow_verdict(tally), "agrees: 3 of 3");
}

TEST_CASE("an instant without a start is missing, and a start without an instant extra") {
  const ShadowTally tally = Comparison({1h, 2h, 3h}, {1h, 2h + 30min, 3h, 4h}).tally();
  CHECK_EQ(tally.predicted, 3);
  CHECK(tally.missing_fires == Places{1});
  CHECK(tally.extra_starts == Places{1, 3});
  CHECK_EQ(shadow_verdict(tally),
           "1 of 3 predicted fires did not really run; 2 real runs were not predicted");
}

TEST_CASE("the tolerance itself is still near enough, before and after") {
  CHECK(Comparison({1h, 2h}, {1h + 60s, 2h - 60s}).tally().agrees());
  const ShadowTally tally = Comparison({1h, 2h}, {1h + 60s + 1ms, 2h - 60s - 1ms}).tally();
  CHECK_EQ(tally.missing, 2);
  CHECK_EQ(tally.extra, 2);
  CHECK_FALSE(tally.median_offset);
}

TEST_CASE("one missing start does not shift those that follow within the tolerance") {
  const ShadowTally tally = Comparison({1min, 2min, 3min, 4min}, {1min, 3min, 4min}).tally();
  CHECK(tally.missing_fires == Places{1});
  CHECK(tally.extra == 0);
  CHECK(tally.largest_offset == 0s);
}

TEST_CASE("a late start gets its own instant although another is nearer") {
  const ShadowTally tally = Comparison({1min, 2min}, {1min + 40s, 2min + 1s}).tally();
  CHECK(tally.agrees());
  CHECK(tally.largest_offset == 40s);
}

TEST_CASE("each start is used once: two hosts that run one job show") {
  const ShadowTally tally = Comparison({1h}, {1h + 1s, 1h + 2s}).tally();
  CHECK_EQ(tally.matched, 1);
  CHECK(tally.extra_starts == Places{1});
}

TEST_CASE("two schedules that name one instant want two starts") {
  CHECK(Comparison({1h, 1h}, {1h, 1h + 1s}).tally().agrees());
  CHECK_EQ(Comparison({1h, 1h}, {1h}).tally().missing, 1);
}

TEST_CASE("what is newer than the tolerance is not counted until it meets") {
  Comparison recent({1h, 2h}, {1h, 2h - 90s});
  recent.question.now = kBegin + 2h + 59s;
  CHECK_EQ(recent.tally().predicted, 1);
  CHECK_EQ(recent.tally().missing, 0);
  recent.question.now = kBegin + 2h + 60s;
  CHECK_EQ(recent.tally().missing, 1);

  Comparison early({}, {1h});
  early.question.now = kBegin + 1h + 30s;
  CHECK_EQ(early.tally().extra, 0);
  CHECK_EQ(early.tally().real, 1);

  Comparison met({1h}, {1h + 1s});
  met.question.now = kBegin + 1h + 2s;
  CHECK_EQ(shadow_verdict(met.tally()), "agrees: 1 of 1");
}

TEST_CASE("what lies around the period is matched and not counted") {
  const ShadowTally tally = Comparison({-10s, 1h, 24h + 5s}, {5s, 1h, 24h - 5s}).tally();
  CHECK(tally.agrees());
  CHECK_EQ(tally.predicted, 1);
  CHECK_EQ(tally.real, 3);
}

TEST_CASE("a row for many fires wants as many starts, wherever they are in it") {
  Comparison many({6h}, {1h, 2h, 3h, 6h});
  many.fires.insert(many.fires.begin(), {kBegin + 1h, kBegin + 5h, 5});
  const ShadowTally tally = many.tally();
  CHECK_EQ(tally.predicted, 6);
  CHECK_EQ(tally.matched, 4);
  CHECK_EQ(tally.missing, 2);
  CHECK(tally.missing_fires == Places{0});
  CHECK_EQ(tally.extra, 0);
  many.fires[0].count = 2;
  CHECK_EQ(many.tally().extra, 1);
}

TEST_CASE("starts that ended badly are counted, and agree all the same") {
  Comparison comparison({1h, 2h, 3h}, {1h, 2h, 3h});
  comparison.starts[1].exit_code = 2;
  comparison.starts[2].exit_code.reset();
  const ShadowTally tally = comparison.tally();
  CHECK_EQ(tally.failed, 1);
  CHECK(tally.agrees());
  CHECK_EQ(shadow_verdict(tally), "agrees: 3 of 3; 1 real run failed");
}

TEST_CASE("without fires and starts there is nothing to compare") {
  CHECK_EQ(shadow_verdict(Comparison({}, {}).tally()), "nothing to compare yet");
  CHECK_EQ(shadow_verdict(Comparison({}, {1h}).tally()), "1 real run was not predicted");
}

// ---- clock changes -------------------------------------------------------------------------

// A shadow of "30 2 * * *" in Berlin during the three days around a change, compared with starts.
struct Night {
  const char* begin;
  const char* end;
  cron::GapPolicy gap = cron::GapPolicy::skip;

  std::string verdict(const std::vector<const char*>& real) const {
    model::Schedule schedule = cron_schedule("30 2 * * *", begin);
    schedule.spec.timezone = "Europe/Berlin";
    schedule.spec.dst.gap = gap;
    schedule.shadow = true;
    std::vector<PredictedFire> fires;
    for (const model::PlannedEnding& ending : testing::plan_at(schedule, end).plan.endings) {
      if (ending.ending == model::Ending::shadowed)
        fires.push_back({ending.at, ending.through, ending.count});
    }
    std::vector<RealStart> starts;
    for (const char* at : real)
      starts.push_back({instant(at), 0});
    return shadow_verdict(
        compare_shadow(fires, starts, {instant(begin), instant(end), 60s, instant(end) + 1h}));
  }
};

TEST_CASE("a scheduler that runs what the clock skips, right after the change, is found out") {
  const std::vector<const char*> real = {"2026-03-28T01:30:02Z", "2026-03-29T01:00:02Z",
                                         "2026-03-30T00:30:02Z"};
  const Night spring{"2026-03-27T12:00:00Z", "2026-03-30T12:00:00Z"};
  CHECK_EQ(spring.verdict(real), "1 real run was not predicted");
  const Night as_cron{spring.begin, spring.end, cron::GapPolicy::next};
  CHECK_EQ(as_cron.verdict(real), "agrees: 3 of 3");
}

TEST_CASE("a scheduler that runs an hour twice in autumn is found out") {
  const Night autumn{"2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"};
  CHECK_EQ(autumn.verdict({"2026-10-25T00:30:01Z", "2026-10-26T01:30:01Z"}), "agrees: 2 of 2");
  CHECK_EQ(autumn.verdict({"2026-10-25T00:30:01Z", "2026-10-25T01:30:01Z", "2026-10-26T01:30:01Z"}),
           "1 real run was not predicted");
}

TEST_CASE("a scheduler in another zone is an hour off, all year but for one night") {
  const Night winter{"2026-01-04T12:00:00Z", "2026-01-06T12:00:00Z"};
  CHECK_EQ(winter.verdict({"2026-01-05T02:30:00Z", "2026-01-06T02:30:00Z"}),
           "2 of 2 predicted fires did not really run; 2 real runs were not predicted");
}

}  // namespace
}  // namespace mainspring::plan
