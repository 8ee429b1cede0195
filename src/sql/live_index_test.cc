#include "sql/live_index.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

namespace mainspring::sql {
namespace {

using model::RunState;
using namespace std::chrono_literals;

base::RunId id_of(int number) {
  base::IdBytes bytes{};
  bytes[14] = static_cast<std::uint8_t>(number >> 8);
  bytes[15] = static_cast<std::uint8_t>(number);
  return base::RunId{bytes};
}

base::Instant at(int seconds) { return base::Instant{std::chrono::seconds{seconds}}; }

LiveRun run_of(int number, RunState state) {
  LiveRun run;
  run.id = id_of(number);
  run.tenant = 1;
  run.job = 1;
  run.state = state;
  run.due_at = at(100);
  if (state == RunState::running) {
    run.worker = 1;
    run.lease_until = at(200);
    run.attempts = 1;
  }
  return run;
}

Verdict take_any(const Needs&, const ReadyKey&) { return Verdict::take; }

// Every run that may start, in the order in which claims take them.
std::vector<base::RunId> take_all(LiveIndex& live) {
  std::vector<base::RunId> out;
  while (const auto next = live.ready().next(take_any)) {
    out.push_back(*next);
    live.erase(*next);
  }
  return out;
}

TEST_CASE("ready runs come by priority, then due, then id") {
  LiveIndex live;
  LiveRun late = run_of(1, RunState::queued);
  late.due_at = at(300);
  LiveRun urgent = run_of(4, RunState::queued);
  urgent.priority = 5;
  live.put(late);
  live.put(run_of(3, RunState::queued));
  live.put(run_of(2, RunState::queued));
  live.put(urgent);
  live.put(run_of(5, RunState::running));
  CHECK(take_all(live) == std::vector{id_of(4), id_of(2), id_of(3), id_of(1)});
}

TEST_CASE("what is due includes the instant itself, what is expired does not") {
  LiveIndex live;
  live.put(run_of(1, RunState::scheduled));
  live.put(run_of(2, RunState::running));
  CHECK(live.due(at(100) - 1ms, 10).empty());
  CHECK(live.due(at(100), 10).size() == 1);
  CHECK(live.expired(at(200), 10).empty());
  CHECK(live.expired(at(200) + 1ms, 10).size() == 1);
  CHECK(live.next_due() == at(100));
  CHECK(live.next_expiry() == at(200));
}

TEST_CASE("a run that is only written ahead is in nobody's way, one between attempts is") {
  LiveIndex live;
  live.put(run_of(1, RunState::scheduled));
  live.put(run_of(2, RunState::scheduled));
  CHECK(!live.find_in_the_way(1, id_of(2)));
  LiveRun retry = run_of(1, RunState::scheduled);
  retry.attempts = 1;
  live.put(retry);
  CHECK(live.find_in_the_way(1, id_of(2)) == id_of(1));
  CHECK(!live.find_in_the_way(1, id_of(1)));
  CHECK(!live.find_in_the_way(2, id_of(2)));
}

TEST_CASE("a key that gets room wakes the queue of the run that waited for it") {
  LiveIndex index;
  QueueGate dry;
  dry.rate = model::RateSpec{1, 1min, 1};
  dry.tokens_at = at(0);
  index.put_gate({1, "slow"}, dry);
  LiveRun first = run_of(1, RunState::running);
  LiveRun second = run_of(2, RunState::queued);
  first.limit = second.limit = {"region", 1, model::OnLimit::queue};
  second.queue = "slow";
  index.put(first);
  index.put(second);
  CHECK_FALSE(index.ready().next_due());
  index.erase(first.id);
  CHECK(index.ready().next_due() == next_token_at(dry));
}

TEST_CASE("counts follow every change and vanish with the last run") {
  LiveIndex live;
  live.put(run_of(1, RunState::queued));
  live.put(run_of(1, RunState::running));
  CHECK(live.live_of(1) == 1);
  CHECK(live.leases_of(1) == 1);
  live.erase(id_of(1));
  CHECK(live.live_of(1) == 0);
  live.keep();
  CHECK(live == LiveIndex{});
}

TEST_CASE("undo leaves the index as it was at the last keep, whatever was done") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(limit));
  };
  LiveIndex live;
  std::map<base::RunId, LiveRun> model;
  for (int round = 0; round < 300; ++round) {
    auto next = model;
    for (int i = below(6); i >= 0; --i) {
      LiveRun run = run_of(below(40), static_cast<RunState>(below(4)));
      run.job = below(3);
      run.priority = below(3);
      run.due_at = at(below(50));
      if (below(3) > 0) {
        live.put(run);
        next[run.id] = run;
      } else if (live.find(run.id) != nullptr) {
        live.erase(run.id);
        next.erase(run.id);
      }
    }
    if (below(2) == 0) {
      live.undo();
    } else {
      live.keep();
      model = next;
    }
    LiveIndex rebuilt;
    for (const auto& [id, run] : model)
      rebuilt.put(run);
    REQUIRE(live == rebuilt);
  }
}

TEST_CASE("who finds a queue full is sent away for longer the more it holds") {
  QueueGate gate;
  const auto with_depth = [&](std::int64_t depth) {
    gate.depth = depth;
    return retry_after(gate, at(0));
  };
  CHECK(with_depth(1) == 1s);
  CHECK(with_depth(1'000) == 10s);
  CHECK(with_depth(1'000'000) == 30s);
  gate.rate = model::RateSpec{.count = 1, .per = 24h, .burst = 1};
  CHECK(retry_after(gate, at(0)) == kLongestRetry);
  gate.is_paused = true;  // until somebody resumes it
  CHECK(retry_after(gate, at(0)) == 30s);
  gate.paused_until = at(50);
  CHECK(retry_after(gate, at(0)) == 50s);
}

// Starts the first run that may, as a claim does, and says which queue it was of.
std::string start_next(LiveIndex& live) {
  const auto next = live.ready().next(take_any);
  REQUIRE(next.has_value());
  LiveRun run = *live.find(*next);
  const QueueName queue{run.tenant, run.queue};
  if (const auto share = live.ready().next_share(queue, run.needs.slots)) {
    live.put_share(queue, *share);
  }
  live.erase(run.id);
  return run.queue;
}

QueueGate gate_with(std::optional<int> weight) {
  QueueGate gate;
  gate.weight = weight;
  return gate;
}

void put_runs(LiveIndex& live, const std::string& queue, std::pair<int, int> numbers) {
  for (int i = numbers.first; i < numbers.second; ++i) {
    LiveRun run = run_of(i, RunState::queued);
    run.queue = queue;
    live.put(run);
  }
}

TEST_CASE("queues share the starts of their tenant by weight, and those without one count as 1") {
  LiveIndex live;
  live.put_gate({1, "heavy"}, gate_with(3));
  put_runs(live, "light", {0, 40});
  put_runs(live, "heavy", {40, 80});
  std::map<std::string, int> starts;
  for (int i = 0; i < 40; ++i)
    ++starts[start_next(live)];
  CHECK(starts["heavy"] == 30);
  CHECK(starts["light"] == 10);
}

TEST_CASE("without a weight the queues of a tenant stand in one line") {
  LiveIndex live;
  put_runs(live, "a", {0, 3});
  put_runs(live, "b", {3, 6});
  CHECK_FALSE(live.ready().next_share({1, "a"}, 1).has_value());
  for (const char* queue : {"a", "a", "a", "b", "b", "b"})
    CHECK(start_next(live) == queue);
}

TEST_CASE("a queue that was idle has no claim for that time") {
  LiveIndex live;
  live.put_gate({1, "a"}, gate_with(1));
  put_runs(live, "a", {0, 50});
  for (int i = 0; i < 20; ++i)
    CHECK(start_next(live) == "a");
  put_runs(live, "b", {50, 60});
  std::map<std::string, int> starts;
  for (int i = 0; i < 10; ++i)
    ++starts[start_next(live)];
  CHECK(starts["b"] <= 6);
  CHECK(starts["a"] >= 4);
}

TEST_CASE("a higher priority goes before every share") {
  LiveIndex live;
  live.put_gate({1, "heavy"}, gate_with(100));
  put_runs(live, "heavy", {0, 5});
  LiveRun urgent = run_of(9, RunState::queued);
  urgent.queue = "light";
  urgent.priority = 1;
  live.put(urgent);
  CHECK(start_next(live) == "light");
}

}  // namespace
}  // namespace mainspring::sql
