#include "sql/placing.h"

#include <doctest/doctest.h>

#include <chrono>

namespace mainspring::sql {
namespace {

using namespace std::chrono_literals;
using model::RunState;

base::RunId id_of(int number) {
  base::IdBytes bytes{};
  bytes[15] = static_cast<std::uint8_t>(number);
  return base::RunId{bytes};
}

base::Instant at(base::Duration since) { return base::Instant{since}; }

// Workers, what runs on them, and claims of one run that is ready.
class World {
 public:
  void add_worker(WorkerKey key, const std::map<std::string, std::string>& labels, Take has = {}) {
    WorkerRow row;
    row.key = key;
    row.slots = 4;
    row.labels = labels;
    row.has = has;
    workers_.emplace(key, row);
  }
  void set_state(WorkerKey key, model::WorkerState state) { workers_.at(key).state = state; }
  void start(int number, WorkerKey worker, const Needs& needs) {
    LiveRun run;
    run.id = id_of(number);
    run.state = RunState::running;
    run.worker = worker;
    run.needs = needs;
    live_.put(run);
  }
  void end(int number) { live_.erase(id_of(number)); }

  Verdict ask(WorkerKey worker, const Needs& needs, base::Instant now = at(0s)) {
    const WorkerRow& row = workers_.at(worker);
    Placing placing({workers_, live_, left_}, row, row.slots - live_.use_of(worker).slots, now);
    const Verdict verdict = placing.judge(needs, {0, at(0s), id_of(100)});
    next_look = placing.next_look();
    return verdict;
  }

  std::optional<base::Instant> next_look;

 private:
  Workers workers_;
  LiveIndex live_;
  LeftSince left_;
};

Needs plain(int slots = 1) { return {.slots = slots}; }
Needs taking(const model::ResourceSpec& resources) { return {1, take_of(resources), {}}; }
Needs wishing(const model::PlacementSpec& placement) { return {1, {}, wish_of(placement, 7)}; }

model::PlacementSpec preferring(const std::string& disk) {
  model::PlacementSpec out;
  out.prefer = {{"disk", disk, 10}};
  return out;
}

TEST_CASE("a run takes no more of a worker than is free, and what is not known is not counted") {
  World w;
  w.add_worker(1, {}, {.cpu_millis = 2'000, .memory_bytes = 1'000, .gpus = 2});
  CHECK(w.ask(1, taking({.cpu = 1.5, .memory_bytes = 900, .gpus = 1})) == Verdict::take);
  w.start(1, 1, taking({.cpu = 1.5, .memory_bytes = 900, .gpus = 1}));
  CHECK(w.ask(1, plain()) == Verdict::take);
  CHECK(w.ask(1, taking({.cpu = 0.5, .memory_bytes = 100, .gpus = 1})) == Verdict::take);
  CHECK(w.ask(1, taking({.cpu = 0.6})) == Verdict::wait);
  CHECK(w.ask(1, taking({.memory_bytes = 101})) == Verdict::wait);
  CHECK(w.ask(1, taking({.gpus = 2})) == Verdict::wait);
  CHECK(w.ask(1, taking({.gpus = 3})) == Verdict::leave);  // never
  w.add_worker(2, {});
  CHECK(w.ask(2, taking({.cpu = 64, .memory_bytes = 1'000'000})) == Verdict::take);
  CHECK(w.ask(2, taking({.gpus = 1})) == Verdict::leave);
}

TEST_CASE("the memory of a gpu is compared and not used up") {
  World w;
  w.add_worker(1, {}, {.gpus = 2, .gpu_memory_bytes = 80});
  w.start(1, 1, taking({.gpus = 1, .gpu_memory_bytes = 80}));
  CHECK(w.ask(1, taking({.gpus = 1, .gpu_memory_bytes = 80})) == Verdict::take);
  CHECK(w.ask(1, taking({.gpus = 1, .gpu_memory_bytes = 81})) == Verdict::leave);
}

TEST_CASE("a run for which nobody has room is waited for by the worker that lacks the least") {
  World w;
  w.add_worker(1, {});
  w.add_worker(2, {});
  w.start(1, 1, plain(3));
  w.start(2, 2, plain(2));
  CHECK(w.ask(1, plain(3)) == Verdict::leave);
  CHECK(w.ask(2, plain(3)) == Verdict::wait);
  w.end(1);
  CHECK(w.ask(2, plain(3)) == Verdict::leave);  // the first has room now
  CHECK(w.ask(1, plain(3)) == Verdict::take);
}

TEST_CASE("a worker that does not take what it has room for is not waited for long") {
  World w;
  w.add_worker(1, {});
  w.add_worker(2, {});
  w.start(1, 2, plain(2));
  CHECK(w.ask(2, plain(3), at(0s)) == Verdict::leave);
  CHECK(w.next_look == at(kPatience));
  CHECK(w.ask(2, plain(3), at(kPatience)) == Verdict::wait);
}

TEST_CASE("a run goes to the worker that it prefers while that has room, and else to another") {
  World w;
  w.add_worker(1, {{"disk", "hdd"}});
  w.add_worker(2, {{"disk", "ssd"}});
  const Needs needs = wishing(preferring("ssd"));
  CHECK(w.ask(1, needs, at(0s)) == Verdict::leave);
  CHECK(w.ask(2, needs, at(0s)) == Verdict::take);
  SUBCASE("because it is full") {
    w.start(1, 2, plain(4));
    CHECK(w.ask(1, needs, at(0s)) == Verdict::take);
  }
  SUBCASE("because it drains") {
    w.set_state(2, model::WorkerState::draining);
    CHECK(w.ask(1, needs, at(0s)) == Verdict::take);
  }
  SUBCASE("because it has not come for it") {
    CHECK(w.ask(1, needs, at(kPatience - 1ms)) == Verdict::leave);
    CHECK(w.ask(1, needs, at(kPatience)) == Verdict::take);
  }
}

TEST_CASE("attempts of a job that spreads go where the fewest of them run") {
  World w;
  w.add_worker(1, {{"zone", "a"}, {"disk", "ssd"}});
  w.add_worker(2, {{"zone", "a"}});
  w.add_worker(3, {{"zone", "b"}});
  model::PlacementSpec placement = preferring("ssd");
  placement.spread = model::SpreadSpec{"zone"};
  const Needs needs = wishing(placement);
  CHECK(w.ask(3, needs) == Verdict::leave);  // equal places: the preference decides
  CHECK(w.ask(1, needs) == Verdict::take);
  w.start(1, 1, needs);
  CHECK(w.ask(1, needs) == Verdict::leave);
  CHECK(w.ask(2, needs) == Verdict::leave);
  CHECK(w.ask(3, needs) == Verdict::take);
}

TEST_CASE("what a worker lacks is named with what it has") {
  WorkerRow worker;
  worker.slots = 4;
  worker.labels = {{"zone", "us-1"}};
  worker.has = {.cpu_millis = 8'000, .memory_bytes = std::int64_t{16} << 30, .gpus = 0};
  model::PlacementSpec placement;
  placement.constraints = {{"zone", model::LabelOp::in, {"eu-1"}}};
  const model::WorkerResources wanted{.cpu = 16, .memory_bytes = std::int64_t{32} << 30, .gpus = 1};
  const Needs needs{8, take_of(wanted), wish_of(placement, 1)};
  CHECK(misfits(needs, worker) ==
        std::vector<std::string>{"zone in (eu-1) (it has us-1)", "8 slots (it has 4)",
                                 "cpu 16 (it has 8)", "memory 32GiB (it has 16GiB)",
                                 "gpus 1 (it has 0)"});
  CHECK(misfits(plain(), worker).empty());
}

}  // namespace
}  // namespace mainspring::sql
