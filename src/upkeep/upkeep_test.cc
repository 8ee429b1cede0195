#include "upkeep/upkeep.h"

#include <doctest/doctest.h>

#include <set>

#include "env/testing.h"
#include "upkeep/fixtures.h"
#include "upkeep/round.h"

namespace mainspring::upkeep {
namespace {

using namespace std::chrono_literals;
using model::OperationKind;
using model::OperationState;
using testing::MemoryStore;

constexpr base::Instant kStart = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

model::OperationSpec bulk(OperationKind kind) {
  model::OperationSpec spec;
  spec.kind = kind;
  spec.selection = model::RunSelection{};
  return spec;
}

model::OperationSpec backfill(base::Duration span) {
  model::OperationSpec spec;
  spec.kind = OperationKind::backfill;
  spec.backfill = model::BackfillSpec{};
  spec.backfill->from = kStart - span;
  spec.backfill->until = kStart;
  return spec;
}

// Rounds without a thread, on a clock that jumps from one deadline to the next.
class Bench {
 public:
  Bench() {
    store.add_listener([this](const auto& notices) { inbox_.tell(notices); });
    model::Schedule schedule;
    schedule.spec.cron = "* * * * *";
    schedule.created_at = schedule.planned_until = kStart;
    store.schedules.push_back(schedule);
  }

  Parts parts() {
    return {store, clock, random_,
            base::Log{[this](const base::LogLine& line) { lines.emplace_back(line.message); },
                      base::LogLevel::info}};
  }
  void start(Settings settings = {}) { round.emplace(parts(), settings, store.open_reads()); }

  // Lives for that long as upkeep's thread would; says how many rounds that took.
  int live(base::Duration span) {
    const base::Duration end = clock.monotonic() + span;
    int rounds = 0;
    while (true) {
      round->hear(inbox_.take());
      const base::Duration time = round->time_left();
      if (clock.monotonic() + time > end) break;
      clock.advance(time);
      REQUIRE(++rounds < 100'000);
      REQUIRE(round->run());
    }
    clock.advance(std::max(end - clock.monotonic(), base::Duration{0}));  // a piece may take long
    return rounds;
  }
  const model::Operation& operation(base::OperationId id) {
    return store.works.at(id).open.operation;
  }
  // All runs of the backfill end, and events tell of it.
  void end_runs(base::OperationId id) {
    store.works.at(id).open.unfinished = 0;
    store.tell(store::EventsAdded{1});
  }

  env::ManualClock clock{kStart};
  MemoryStore store;
  std::vector<std::string> lines;
  std::optional<Round> round;

 private:
  env::SeededRandom random_{7};
  Inbox inbox_;
};

TEST_CASE("an operation is advanced until it has ended, and then left alone") {
  Bench bench;
  bench.start();
  bench.live(1s);
  const auto id = bench.store.start(bulk(OperationKind::cancel_runs), 10'000);
  bench.live(1s);
  CHECK(bench.operation(id).state == OperationState::completed);
  const std::size_t pieces = bench.store.pieces.size();
  bench.live(10min);
  CHECK(bench.store.pieces.size() == pieces);
}

TEST_CASE("operations that are open at the start are found without being told of") {
  Bench bench;
  const auto id = bench.store.start(bulk(OperationKind::delete_runs), 10);
  bench.start();
  bench.live(1s);
  CHECK(bench.operation(id).state == OperationState::completed);
}

TEST_CASE("pieces grow while the store is quick, and shrink while it is slow") {
  Bench bench;
  bench.start();
  const auto id = bench.store.start(bulk(OperationKind::cancel_runs), 100'000);
  bench.live(1s);
  CHECK(bench.store.pieces.front().limit == kFirstPiece);
  CHECK(bench.store.pieces.back().limit == kLargestPiece);
  CHECK(bench.operation(id).state == OperationState::completed);
  bench.store.pieces.clear();
  bench.store.during_a_piece = [&] { bench.clock.advance(3 * kSlow); };
  bench.store.start(bulk(OperationKind::cancel_runs), 1'000);
  bench.live(10s);
  for (const auto& piece : bench.store.pieces)
    CHECK(piece.limit == kFirstPiece);
}

TEST_CASE("open operations take turns") {
  Bench bench;
  bench.start();
  const auto large = bench.store.start(bulk(OperationKind::cancel_runs), 1'000'000);
  const auto small = bench.store.start(bulk(OperationKind::cancel_runs), 150);
  bench.store.during_a_piece = [&] { bench.clock.advance(20ms); };
  bench.live(100ms);
  CHECK(bench.operation(small).state == OperationState::completed);
  CHECK(bench.operation(large).state == OperationState::running);
}

TEST_CASE("a re-run brings an id for every run of its piece, each different") {
  Bench bench;
  bench.start();
  bench.store.start(bulk(OperationKind::rerun_runs), 300);
  bench.live(1s);
  std::set<base::RunId> ids;
  std::size_t count = 0;
  for (const auto& piece : bench.store.pieces) {
    CHECK(std::ssize(piece.ids) == piece.limit);
    ids.insert(piece.ids.begin(), piece.ids.end());
    count += piece.ids.size();
  }
  CHECK(ids.size() == count);
}

TEST_CASE("a backfill submits every fire of its range once, in order") {
  Bench bench;
  bench.start();
  const auto id = bench.store.start(backfill(500min), 0);
  bench.live(2s);
  std::vector<base::Instant> fires;
  std::vector<base::RunId> ids;
  for (const auto& piece : bench.store.pieces) {
    for (const auto& fire : piece.fires) {
      fires.push_back(fire.at);
      ids.push_back(fire.run_id);
    }
  }
  REQUIRE(fires.size() == 500);
  for (std::size_t i = 0; i < fires.size(); ++i)
    CHECK(fires[i] == kStart - 500min + i * 1min);
  CHECK(std::set(ids.begin(), ids.end()).size() == 500);
  CHECK(bench.operation(id).state == OperationState::running);
  bench.end_runs(id);
  bench.live(1s);
  CHECK(bench.operation(id).state == OperationState::completed);
}

TEST_CASE("a backfill has a bounded number of unfinished runs, and goes on as they end") {
  Bench bench;
  bench.start();
  const auto id = bench.store.start(backfill(24h * 3), 0);
  bench.live(10s);
  CHECK(bench.store.works.at(id).open.unfinished <= kUnfinishedRuns);
  CHECK(bench.store.works.at(id).open.unfinished > kUnfinishedRuns - 2 * kFiresPerPiece);
  const std::size_t pieces = bench.store.pieces.size();
  bench.live(20s);
  CHECK(bench.store.pieces.size() == pieces);
  for (int i = 0; i < 10; ++i) {
    bench.end_runs(id);
    bench.live(5s);
  }
  CHECK(bench.operation(id).state == OperationState::completed);
}

TEST_CASE("a backfill that finds no room tries a smaller piece after a pause") {
  Bench bench;
  bench.start();
  const auto id = bench.store.start(backfill(200min), 0);
  bench.store.room = 10;
  bench.live(30s);
  CHECK(bench.store.works.at(id).open.unfinished > 0);
  bench.store.room = INT64_MAX;
  bench.live(60s);
  bench.end_runs(id);
  bench.live(10s);
  CHECK(bench.operation(id).state == OperationState::completed);
}

TEST_CASE("what waits of a cancelled backfill is cancelled as well") {
  Bench bench;
  bench.start();
  const auto id = bench.store.start(backfill(200min), 0);
  bench.live(2s);
  REQUIRE(bench.store.works.at(id).open.unfinished > 0);
  bench.store.works.at(id).open.operation.state = OperationState::cancelled;
  bench.store.tell(store::OperationChanged{id});
  bench.live(2s);
  CHECK(bench.store.works.at(id).open.unfinished == 0);
}

TEST_CASE("a schedule that cannot be read stops its backfill, says so, and stops no other") {
  Bench bench;
  bench.start();
  bench.store.schedules.front().spec.cron = "every now and then";
  bench.store.start(backfill(200min), 0);
  const auto other = bench.store.start(bulk(OperationKind::cancel_runs), 10'000);
  bench.live(10s);
  CHECK(bench.operation(other).state == OperationState::completed);
  REQUIRE_FALSE(bench.lines.empty());
  CHECK(bench.lines.front().find("cannot go on") != std::string::npos);
}

TEST_CASE("history is trimmed at the start, then now and then, and as long as there is more") {
  Bench bench;
  Settings settings;
  settings.retention.runs = 7;
  settings.events_age = 24h;
  bench.store.trims_left = 5;
  bench.start(settings);
  bench.live(1s);
  CHECK(bench.store.trims.size() == 6);
  CHECK(bench.store.trims.front().defaults.runs == 7);
  CHECK(bench.store.trims.front().events_age == 24h);
  bench.live(10min);
  CHECK(bench.store.trims.size() <= 6 + 10);
}

TEST_CASE("an idle upkeep sleeps") {
  Bench bench;
  bench.start();
  CHECK(bench.live(1h) <= 60 * (60 / 30 + 2) + 3);
  CHECK(bench.store.pieces.empty());
}

TEST_CASE("expectations are checked when the store says, and soon after something happened") {
  Bench bench;
  bench.store.expected_next = kStart + 40s;
  bench.start();
  bench.live(39s);
  CHECK(bench.store.checks == 1);
  bench.store.expected_next.reset();
  bench.live(2s);
  CHECK(bench.store.checks == 2);
  for (int i = 0; i < 100; ++i) {
    bench.store.tell(store::EventsAdded{i});
    bench.live(10ms);
  }
  CHECK(bench.store.checks <= 4);
  CHECK(bench.store.checks >= 3);
}

TEST_CASE("a store that says a check is due for ever is not asked all the time") {
  Bench bench;
  bench.store.expected_next = kStart;
  bench.start();
  bench.live(60s);
  CHECK(bench.store.checks <= 62);
}

TEST_CASE("a store that cannot check expectations is left alone") {
  Bench bench;
  bench.store.checks_expectations = false;
  bench.start();
  for (int i = 0; i < 60; ++i) {
    bench.store.tell(store::EventsAdded{i});
    bench.live(5s);
  }
  CHECK(bench.store.checks == 1);
}

TEST_CASE("where another node comes first, upkeep rests until that one has gone") {
  const auto node = [](std::uint8_t number) {
    base::IdBytes bytes{};
    bytes[15] = number;
    return base::NodeId{bytes};
  };
  const std::vector both{node(1), node(2)};
  const bool is_first = plan::Share(both[0], both).rank(plan::Duty::upkeep) == 0;
  const base::NodeId second = both[is_first ? 1 : 0];
  Bench bench;
  Upkeep upkeep(bench.parts(), {}, plan::Share(second, both));
  upkeep.start();
  const auto id = bench.store.start(bulk(OperationKind::cancel_runs), 1'000);
  bench.store.change([](MemoryStore& store) { CHECK(store.pieces.empty()); });
  upkeep.set_share({second, {second}});
  CHECK(bench.store.wait([&](MemoryStore& store) {
    return store.works.at(id).open.operation.state == OperationState::completed;
  }));
}

TEST_CASE("the thread survives a store that is down, goes on when it is back, and stops") {
  Bench bench;
  bench.store.is_down = true;
  Upkeep upkeep(bench.parts(), {});
  upkeep.start();
  const auto id = bench.store.start(bulk(OperationKind::cancel_runs), 1'000);
  bench.store.change([](MemoryStore& store) { store.is_down = false; });
  CHECK(bench.store.wait([&](MemoryStore& store) {
    return store.works.at(id).open.operation.state == OperationState::completed;
  }));
  upkeep.stop();
  upkeep.stop();
}

}  // namespace
}  // namespace mainspring::upkeep
