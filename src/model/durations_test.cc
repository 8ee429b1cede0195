#include "model/durations.h"

#include <doctest/doctest.h>

#include <chrono>

namespace mainspring::model {
namespace {

using namespace std::chrono_literals;

const base::Instant kNoon = base::from_millis(1'767'268'800'000);

RunTiming run_of(base::Duration took, RunState state = RunState::succeeded) {
  return {state, kNoon, kNoon + 1s, kNoon + 1s + took};
}

std::vector<RunTiming> runs_of(std::initializer_list<base::Duration> newest_first) {
  std::vector<RunTiming> out;
  for (const base::Duration took : newest_first)
    out.push_back(run_of(took));
  return out;
}

TEST_CASE("fewer than five successes are not typical of anything") {
  CHECK(!find_typical({}));
  CHECK(!find_typical(runs_of({1s, 2s, 3s, 4s})));
  auto runs = runs_of({1s, 2s, 3s, 4s});
  runs.push_back(run_of(5s, RunState::failed));
  CHECK(!find_typical(runs));
  runs.push_back(run_of(5s));
  CHECK(find_typical(runs) == TypicalRun{3s, 5});
}

TEST_CASE("the typical run is the median, which one odd run does not move") {
  CHECK(find_typical(runs_of({10s, 11s, 9s, 10s, 3h})) == TypicalRun{10s, 5});
  CHECK(find_typical(runs_of({1s, 2s, 3s, 4s, 5s, 6s})) == TypicalRun{3s, 6});
}

TEST_CASE("only the newest twenty successes count") {
  std::vector<RunTiming> runs(20, run_of(10s));
  runs.insert(runs.end(), 100, run_of(5h));
  CHECK(find_typical(runs) == TypicalRun{10s, 20});
}

TEST_CASE("a run is predicted late when it would take all that is left") {
  const TypicalRun typical{10min, 20};
  CHECK(is_predicted_late(kNoon, kNoon + 10min, typical));
  CHECK(!is_predicted_late(kNoon - 1ms, kNoon + 10min, typical));
}

TEST_CASE("a summary of nothing holds nothing but zeros") {
  const JobStats stats = summarise({});
  CHECK(stats.runs == 0);
  CHECK(stats.endings.empty());
  CHECK(!stats.failure_rate);
  CHECK(!stats.duration);
  CHECK(!stats.wait);
  CHECK(!stats.last_success);
  CHECK(!stats.trend);
}

TEST_CASE("percentiles are durations that were measured") {
  std::vector<RunTiming> runs;
  for (int i = 1; i <= 100; ++i)
    runs.push_back(run_of(base::Duration{i}));
  const JobStats stats = summarise(runs);
  REQUIRE(stats.duration);
  CHECK(stats.duration->samples == 100);
  CHECK(stats.duration->p50 == 50ms);
  CHECK(stats.duration->p95 == 95ms);
  CHECK(stats.duration->max == 100ms);
  const JobStats one = summarise(runs_of({7s}));
  CHECK(one.duration->p50 == 7s);
  CHECK(one.duration->p95 == 7s);
}

TEST_CASE("failed runs count in the rate and not in the durations") {
  std::vector<RunTiming> runs = runs_of({1min, 1min, 1min});
  runs.insert(runs.begin(), run_of(1s, RunState::failed));
  runs.push_back(run_of(5h, RunState::timed_out));
  runs.push_back({RunState::cancelled, kNoon, std::nullopt, kNoon + 5s});
  runs.push_back({RunState::skipped, kNoon, std::nullopt, kNoon});
  const JobStats stats = summarise(runs);
  CHECK(stats.runs == 7);
  CHECK(stats.endings ==
        std::map<std::string, std::int64_t>{
            {"succeeded", 3}, {"failed", 1}, {"timed_out", 1}, {"cancelled", 1}, {"skipped", 1}});
  CHECK(*stats.failure_rate == doctest::Approx(0.4));
  CHECK(stats.duration->samples == 3);
  CHECK(stats.wait->samples == 5);
  CHECK(stats.wait->p95 == 1s);
  CHECK(stats.last_success == kNoon + 1s + 1min);
}

TEST_CASE("the trend compares the newer half with the older") {
  const auto trend = [](base::Duration newer, base::Duration older) {
    std::vector<RunTiming> runs(5, run_of(newer));
    runs.push_back(run_of(9h));  // the middle one counts in neither half
    runs.insert(runs.end(), 5, run_of(older));
    return summarise(runs).trend.value();
  };
  CHECK(trend(20s, 10s).direction == TrendDirection::slower);
  CHECK(trend(20s, 10s).ratio == doctest::Approx(2.0));
  CHECK(trend(10s, 20s).direction == TrendDirection::faster);
  CHECK(trend(10s, 20s).ratio == doctest::Approx(0.5));
  CHECK(trend(12s, 10s).direction == TrendDirection::steady);
  CHECK(trend(0s, 0s).direction == TrendDirection::steady);
  CHECK(!summarise(std::vector<RunTiming>(9, run_of(1s))).trend);
}

}  // namespace
}  // namespace mainspring::model
