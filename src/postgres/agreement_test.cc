// Engines of several nodes on one database, with commands of every kind, lost connections and a
// server that crashes: their memories agree with the tables, what was acknowledged is there, and
// nothing happened twice.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "postgres/engine.h"
#include "postgres/store.h"
#include "postgres/test_database.h"
#include "postgres/test_proxy.h"
#include "sql/live_rows.h"
#include "sql/random_commands.h"

namespace mainspring::postgres {
namespace {

using namespace std::chrono_literals;

// Replay one failure: MAINSPRING_TEST_SEED=<seed> tests/support/postgres.py run
// build/debug/src/postgres/test_postgres -tc="engines*"
std::uint64_t choose_seed() {
  if (const char* text = std::getenv("MAINSPRING_TEST_SEED")) return std::stoull(text);
  return std::random_device{}();
}

// A node's part of the store, behind a line that can be cut.
struct Seat {
  Seat() : proxy(test_server().url()), engine(test_address(proxy.url())) {}

  bool has_the_truth() {
    sql::LiveIndex rebuilt;
    PgDatabase database(test_address(test_server().url()));
    sql::load_live(database, rebuilt);
    return engine.core().live() == rebuilt;
  }
  // As long as the line is cut, the truth may have to wait.
  void catch_up() {
    while (true) {
      try {
        engine.apply({});
        return;
      } catch (const store::Unavailable&) {
        std::this_thread::sleep_for(10ms);  // what a backoff waits for is time
      }
    }
  }

  TestProxy proxy;
  Engine engine;
};

TEST_CASE("engines that take turns have the same picture, whoever did what and lost the line") {
  const std::uint64_t seed = choose_seed();
  INFO("replay: MAINSPRING_TEST_SEED=" << seed);
  empty_database(test_server().url());
  Seat seats[2];
  PgDatabase asker(test_address(test_server().url()));
  sql::RandomCommands commands(seed);
  seats[0].engine.apply(commands.begin());
  for (int step = 0; step < 300; ++step) {
    Seat& acting = seats[commands.below(2)];
    Seat& other = &acting == &seats[0] ? seats[1] : seats[0];
    const auto group = commands.next(asker);
    const std::int64_t chance = commands.below(40);
    if (chance == 0) acting.proxy.cut_at_commit(TestProxy::Cut::before);
    if (chance == 1) acting.proxy.cut_at_commit(TestProxy::Cut::after);
    if (chance == 2) execute(test_server().url(), "DELETE FROM mainspring.turns");
    try {
      commands.learn(group, acting.engine.apply(group).replies);
    } catch (const store::Unavailable&) {
      acting.catch_up();  // nothing of it happened
    }
    acting.proxy.cut_at_commit(TestProxy::Cut::none);
    if (commands.below(3) == 0) {
      other.catch_up();
      REQUIRE(other.has_the_truth());
    }
    if (step % 10 == 9) REQUIRE(acting.has_the_truth());
  }
  for (Seat& seat : seats) {
    seat.catch_up();
    CHECK(seat.has_the_truth());
  }
}

template <class Id>
Id random_id(std::mt19937_64& random) {
  base::IdEntropy entropy{};
  for (auto& byte : entropy)
    byte = static_cast<std::uint8_t>(random());
  return Id::make(base::from_millis(1'767'225'600'000), entropy);
}

// Nodes that submit and claim as fast as they can while the server crashes.
class Storm {
 public:
  static constexpr int kNodes = 2;
  static constexpr int kThreads = 2;  // of each node
  static constexpr int kRuns = 150;   // of each thread
  const base::Instant now = base::from_millis(1'767'225'600'000);

  Storm() {
    empty_database(test_server().url());
    for (auto& node : nodes_) {
      auto opened = open({.url = test_server().url()});
      if (!opened) throw std::runtime_error(base::to_text(opened.error()));
      node = std::move(*opened);
    }
    std::mt19937_64 random(1);
    store::JobDraft draft;
    job_ = draft.fresh_id = random_id<base::JobId>(random);
    draft.spec.name = "greet";
    draft.spec.command.shell = "true";
    until_done(0, store::ApplyJobs{"default", {draft}, "ada", now});
    worker_ = random_id<base::WorkerId>(random);
    model::Worker worker;
    worker.id = worker_;
    worker.name = "w";
    worker.slots = 1'000'000;
    worker.started_at = worker.heartbeat_at = now;
    until_done(0, store::RegisterWorker{worker, 7, now});
  }

  void blow() {
    std::vector<std::thread> threads;
    for (int i = 0; i < kNodes * kThreads; ++i)
      threads.emplace_back([this, i] { submit_all(i); });
    for (int i = 0; i < kNodes; ++i)
      threads.emplace_back([this, i] { claim_all(i); });
    for (int crash = 0; crash < 3; ++crash) {
      const auto enough = static_cast<std::size_t>((crash + 1) * kNodes * kThreads * kRuns / 5);
      while (acknowledged() < enough)
        std::this_thread::sleep_for(1ms);
      test_server().crash();
      test_server().start();
    }
    for (std::thread& thread : threads)
      thread.join();
  }

  void check() {
    const auto runs = [](const char* where) {
      return ask_number(test_server().url(),
                        fmt::format("SELECT count(*) FROM mainspring.runs_live {}", where));
    };
    CHECK(acknowledged() == kNodes * kThreads * kRuns);
    CHECK(runs("") == kNodes * kThreads * kRuns);
    // Claims whose answer was lost hold a lease that nobody knows of; it would run out.
    CHECK(static_cast<std::size_t>(runs("WHERE state = 2")) >= claims_.size());
    CHECK(runs("WHERE epoch > 1") == 0);
    CHECK(claims_.size() > 0);
    for (const auto& [run, times] : claims_)
      CHECK(times == 1);
  }

 private:
  // Until it is known to have happened.
  template <class C>
  std::optional<store::ReplyOf<C>> until_done(int node, const C& command) {
    while (true) {
      auto reply = store::apply(nodes_[node]->writer(), command);
      if (reply) return std::move(*reply);
      // It had happened although nobody could say so.
      if (reply.error().code == base::Code::conflict) return std::nullopt;
      if (reply.error().code != base::Code::unavailable) {
        FAIL_CHECK(base::to_text(reply.error()));
        return std::nullopt;
      }
      std::this_thread::sleep_for(5ms);
    }
  }

  void submit_all(int thread) {
    std::mt19937_64 random(100 + thread);
    for (int i = 0; i < kRuns; ++i) {
      store::NewRun run;
      run.id = random_id<base::RunId>(random);
      run.job_id = job_;
      run.due_at = now;
      until_done(thread % kNodes, store::SubmitRuns{"default", {run}, "ada", now});
      const std::lock_guard lock(mutex_);
      ++acknowledged_;
    }
  }

  void claim_all(int node) {
    while (acknowledged() < kNodes * kThreads * kRuns) {
      const auto reply = until_done(node, store::ClaimRuns{worker_, 5, 1h, now});
      if (!reply) continue;
      const std::lock_guard lock(mutex_);
      for (const store::ClaimedRun& each : reply->runs)
        ++claims_[each.run.id];
    }
  }

  std::size_t acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }

  std::array<std::unique_ptr<Store>, kNodes> nodes_;
  base::JobId job_;
  base::WorkerId worker_;
  std::mutex mutex_;
  std::size_t acknowledged_ = 0;
  std::map<base::RunId, int> claims_;
};

TEST_CASE(
    "a server that crashes under load loses nothing that was acknowledged, and doubles nothing") {
  Storm storm;
  storm.blow();
  storm.check();
}

}  // namespace
}  // namespace mainspring::postgres
