#include "worker/worker.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <latch>
#include <set>
#include <stdexcept>
#include <thread>

#include "worker/attempt.h"
#include "worker/fixtures.h"

namespace mainspring::worker {
namespace {

using model::OutcomeStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::MemoryStore;

model::Outcome outcome(OutcomeStatus status) {
  model::Outcome made;
  made.status = status;
  return made;
}

// Blocks until somebody stops the attempt; says how it was stopped.
execution::StopCause wait_for_stop(const std::stop_token& token,
                                   const execution::StopSignal& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, token, seconds{10}, [] { return false; });
  return stop.cause;
}

// A worker on a memory store, running a function for jobs of type `command`.
class Bench {
 public:
  explicit Bench(testing::RunFunction function, int slots = 1, int gpus = 0)
      : runner_(std::move(function)) {
    Settings settings;
    settings.name = "test";
    settings.slots = slots;
    settings.resources.gpus = gpus;
    worker.emplace(Parts{store, clock, random_, {{model::JobType::command, &runner_}}, {}},
                   settings);
  }
  ~Bench() {
    store.change([](MemoryStore& s) { s.is_hanging = false; });
    worker.reset();
  }

  bool wait_for_outcome(base::RunId run_id) {
    return store.wait([&](MemoryStore& s) { return !s.runs[run_id].outcomes.empty(); });
  }
  void pass(base::Duration time) {
    clock.advance(time);
    store.nudge();
  }

  testing::SharedClock clock;
  testing::CountingRandom random_;
  testing::FunctionRunner runner_;
  MemoryStore store;
  std::optional<Worker> worker;
};

template <class C>
std::size_t index_of() {
  return store::Command{C{}}.index();
}

TEST_CASE("a queued run is claimed, run, and its output stored before its outcome") {
  Bench bench([](const auto& order, const auto&, execution::Report& report) {
    report.output(model::LogStream::out, "hello ");
    report.output(model::LogStream::out, "world\n");
    report.output(model::LogStream::err, order.trace.traceparent.empty() ? "no trace" : "traced");
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].text() == "hello world\ntraced");
    CHECK(s.runs[run].log_at_outcome == 2);
    CHECK(s.runs[run].log[0].seq == 1);
    CHECK(s.runs[run].log[1].stream == model::LogStream::err);
    CHECK(s.runs[run].outcomes[0].status == OutcomeStatus::success);
  });
}

TEST_CASE("a runner gets the run's values in place of expressions") {
  Bench bench([](const auto& order, const auto&, execution::Report& report) {
    for (const std::string& argument : order.spec->command.argv)
      report.output(model::LogStream::out, argument + "\n");
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  store::ClaimedRun claimed;
  claimed.spec.command.argv = {"greet", "${{ params.who }}", "${{ run.attempt }}"};
  claimed.params["who"] = "; rm -rf / ${{ params.who }}";
  claimed.attempt = 3;
  const auto run = bench.store.enqueue(claimed);
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].text() == "greet\n; rm -rf / ${{ params.who }}\n3\n");
  });
}

TEST_CASE("a value that cannot be evaluated fails the attempt with the key and the reason") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); });
  bench.worker->start();
  store::ClaimedRun claimed;
  claimed.spec.command.argv = {"greet", "${{ params.hosts[1] }}"};
  claimed.params["hosts"] = json::Array{"a"};
  const auto run = bench.store.enqueue(claimed);
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    const model::Outcome& ended = s.runs[run].outcomes[0];
    CHECK(ended.status == OutcomeStatus::failed);
    REQUIRE(ended.error);
    CHECK(ended.error->type == "expression");
    CHECK(ended.error->message ==
          "the value of command[1] cannot be used: column 18: params.hosts has 1 element, counted "
          "from 0; there is none at this index");
  });
}

TEST_CASE("many runs pass through few slots, and no more are claimed than slots are free") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); }, 3);
  std::vector<base::RunId> runs;
  for (int i = 0; i < 60; ++i)
    runs.push_back(bench.store.enqueue());
  bench.worker->start();
  for (const auto run : runs)
    REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([](MemoryStore& s) { CHECK(s.largest_claim <= 3); });
}

TEST_CASE("a gpu belongs to one attempt at a time, and who finds none left waits for it") {
  std::mutex mutex;
  std::multiset<int> taken;
  std::set<int> seen;
  bool is_shared = false;
  const auto use = [&](const auto& order, const auto&, auto&) {
    {
      const std::scoped_lock lock(mutex);
      taken.insert(order.gpus.begin(), order.gpus.end());
      seen.insert(order.gpus.begin(), order.gpus.end());
      is_shared = is_shared ||
                  std::ranges::any_of(order.gpus, [&](int gpu) { return taken.count(gpu) > 1; });
    }
    std::this_thread::yield();
    const std::scoped_lock lock(mutex);
    for (const int gpu : order.gpus)
      taken.erase(gpu);
    return outcome(OutcomeStatus::success);
  };
  Bench bench(use, 4, 3);
  store::ClaimedRun claimed;
  std::vector<base::RunId> runs;
  for (int i = 0; i < 40; ++i) {
    claimed.spec.resources.gpus = i % 3;  // the store counts as free what is being killed here
    runs.push_back(bench.store.enqueue(claimed));
  }
  bench.worker->start();
  for (const auto run : runs)
    REQUIRE(bench.wait_for_outcome(run));
  CHECK_FALSE(is_shared);
  CHECK(std::ranges::all_of(seen, [](int gpu) { return gpu >= 0 && gpu < 3; }));
  CHECK(taken.empty());
}

TEST_CASE("a run that takes more gpus than the machine has fails and says so") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); }, 1,
              1);
  bench.worker->start();
  store::ClaimedRun claimed;
  claimed.spec.resources.gpus = 2;
  const auto run = bench.store.enqueue(claimed);
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    const model::Outcome& ended = s.runs[run].outcomes[0];
    CHECK(ended.status == OutcomeStatus::failed);
    REQUIRE(ended.error);
    CHECK(ended.error->message == "the run takes 2 gpus, and this worker has 1");
  });
}

TEST_CASE("output of a quiet program is stored half a second later, without another word") {
  std::latch has_spoken{1};
  std::latch may_end{1};
  Bench bench([&](const auto&, const auto&, execution::Report& report) {
    report.output(model::LogStream::out, "thinking...\n");
    has_spoken.count_down();
    may_end.wait();
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_spoken.wait();
  bench.pass(milliseconds{500});
  CHECK(bench.store.wait([&](MemoryStore& s) { return s.runs[run].text() == "thinking...\n"; }));
  may_end.count_down();
  CHECK(bench.wait_for_outcome(run));
}

TEST_CASE("a flooding program is held back while the store hangs, and loses no byte") {
  const std::string line(1000, 'x');
  std::atomic<int> written = 0;
  Bench bench([&](const auto&, const auto&, execution::Report& report) {
    bench.store.change([](MemoryStore& s) { s.is_hanging = true; });
    for (; written < 4000; ++written)
      report.output(model::LogStream::out, line);
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  const std::size_t room = ShipmentLimits{}.waiting_bytes / line.size();
  // Blocked: the output that has room was written, and no more comes.
  while (written < static_cast<int>(room))
    std::this_thread::yield();
  CHECK(written < 2000);
  bench.store.change([](MemoryStore& s) { s.is_hanging = false; });
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].text().size() == 4'000'000);
    std::int64_t seq = 0;
    for (const auto& chunk : s.runs[run].log)
      CHECK(chunk.seq == ++seq);
  });
}

TEST_CASE("what the store refuses for now is sent again: logs and outcome") {
  Bench bench([](const auto&, const auto&, execution::Report& report) {
    report.output(model::LogStream::out, "once");
    return outcome(OutcomeStatus::success);
  });
  bench.store.change([](MemoryStore& s) {
    s.fail[index_of<store::RegisterWorker>()] = {base::Code::unavailable};
    s.fail[index_of<store::FinishAttempt>()] = {base::Code::unavailable, base::Code::overloaded};
    s.fail[index_of<store::AppendLog>()] = {base::Code::unavailable};
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  // Nobody moves this test's clock but the waits for a retry look at it.
  while (!bench.store.wait_briefly([&](MemoryStore& s) { return !s.runs[run].outcomes.empty(); }))
    bench.pass(kFirstRetry);
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].text() == "once");
    CHECK(s.runs[run].outcomes.size() == 1);
  });
}

TEST_CASE("an outcome that the store can never take becomes a failure that says so") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); });
  bench.store.change(
      [](MemoryStore& s) { s.fail[index_of<store::FinishAttempt>()] = {base::Code::too_large}; });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].outcomes[0].status == OutcomeStatus::failed);
    CHECK(s.runs[run].outcomes[0].error->type == "internal");
  });
}

TEST_CASE("a runner that throws fails its attempt and not its worker") {
  int calls = 0;
  Bench bench([&](const auto&, const auto&, auto&) -> model::Outcome {
    if (++calls == 1) throw std::runtime_error("the runner is broken");
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  const auto first = bench.store.enqueue();
  const auto second = bench.store.enqueue();
  REQUIRE(bench.wait_for_outcome(second));
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[first].outcomes[0].status == OutcomeStatus::failed);
    CHECK(s.runs[first].outcomes[0].error->message == "the runner is broken");
  });
}

TEST_CASE("a job type without a runner fails its run and names the type") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); });
  bench.worker->start();
  const auto run = bench.store.enqueue(model::JobType::sql);
  REQUIRE(bench.wait_for_outcome(run));
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].outcomes[0].error->message ==
          "this worker has no runner for jobs of type 'sql'");
  });
}

// ---- stops -------------------------------------------------------------------------------------

// A runner that works until it is stopped, and how it was.
struct Stoppable {
  std::latch has_started{1};
  std::optional<execution::StopCause> cause;

  testing::RunFunction function() {
    return [this](const auto&, const execution::StopSignal& stop, auto&) {
      has_started.count_down();
      cause = wait_for_stop(stop.source.get_token(), stop);
      return outcome(OutcomeStatus::cancelled);
    };
  }
};

TEST_CASE("a cancel by notice reaches the runner at once") {
  Stoppable stoppable;
  Bench bench(stoppable.function());
  bench.worker->start();
  const auto run = bench.store.enqueue();
  stoppable.has_started.wait();
  bench.store.tell(store::CancelAsked{run, base::WorkerId{}});
  REQUIRE(bench.wait_for_outcome(run));
  CHECK(stoppable.cause == execution::StopCause::cancelled);
}

TEST_CASE("a cancel whose notice was lost arrives with the heartbeat") {
  Stoppable stoppable;
  Bench bench(stoppable.function());
  bench.worker->start();
  const auto run = bench.store.enqueue();
  stoppable.has_started.wait();
  bench.store.change([&](MemoryStore& s) { s.runs[run].cancel = model::CancelRequest{}; });
  bench.pass(seconds{2});
  REQUIRE(bench.wait_for_outcome(run));
  CHECK(stoppable.cause == execution::StopCause::cancelled);
}

TEST_CASE("a cancel without grace kills at once, also after one with grace, and is reported") {
  std::latch has_started{1};
  std::latch was_asked{1};
  std::atomic<bool> was_killed = false;
  Bench bench([&](const auto&, const execution::StopSignal& stop, auto&) {
    has_started.count_down();
    wait_for_stop(stop.source.get_token(), stop);
    was_asked.count_down();
    was_killed = wait_for_stop(stop.kill.get_token(), stop) == execution::StopCause::cancelled;
    return outcome(OutcomeStatus::cancelled);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_started.wait();
  bench.store.tell(store::CancelAsked{run, base::WorkerId{}});
  was_asked.wait();
  bench.store.tell(store::CancelAsked{run, base::WorkerId{}, model::CancelMode::kill});
  REQUIRE(bench.wait_for_outcome(run));
  CHECK(was_killed);
  bench.store.change(
      [&](MemoryStore& s) { CHECK(s.runs[run].outcomes[0].status == OutcomeStatus::cancelled); });
}

TEST_CASE("a cancel without grace whose notice was lost arrives with the heartbeat as one") {
  std::latch has_started{1};
  std::atomic<bool> was_killed = false;
  Bench bench([&](const auto&, const execution::StopSignal& stop, auto&) {
    has_started.count_down();
    wait_for_stop(stop.source.get_token(), stop);
    was_killed = stop.kill.stop_requested();
    return outcome(OutcomeStatus::cancelled);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_started.wait();
  bench.store.change([&](MemoryStore& s) {
    s.runs[run].cancel = model::CancelRequest{.mode = model::CancelMode::kill};
  });
  bench.pass(seconds{2});
  REQUIRE(bench.wait_for_outcome(run));
  CHECK(was_killed);
}

TEST_CASE(
    "more time given to a run reaches its runner by notice or heartbeat, the later one wins") {
  std::latch has_started{1};
  std::latch may_end{1};
  std::atomic<base::Instant> seen = base::Instant{};
  Bench bench([&](const auto&, const execution::StopSignal& stop, auto&) {
    has_started.count_down();
    may_end.wait();
    seen = stop.extended_until.load();
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_started.wait();
  const base::Instant later = bench.clock.now() + seconds{60};
  std::int64_t renewed = 0;
  bench.store.change([&](MemoryStore& s) {
    s.runs[run].extended_until = later;
    renewed = s.count<store::RenewLeases>();
  });
  bench.store.tell(store::ExtensionGiven{run, base::WorkerId{}, later - seconds{30}});
  bench.pass(seconds{2});
  // The next heartbeat can only be sent when the answer to this one was dealt with.
  const auto has_renewed_twice = [&](MemoryStore& s) {
    return s.count<store::RenewLeases>() >= renewed + 2;
  };
  while (!bench.store.wait_briefly(has_renewed_twice))
    bench.pass(seconds{2});
  may_end.count_down();
  REQUIRE(bench.wait_for_outcome(run));
  CHECK(seen.load() == later);
}

TEST_CASE("a lease that the store gave away kills the work, whose outcome is not reported") {
  Stoppable stoppable;
  Bench bench(stoppable.function());
  bench.worker->start();
  const auto run = bench.store.enqueue();
  stoppable.has_started.wait();
  bench.store.change([&](MemoryStore& s) { s.runs[run].is_leased = false; });
  bench.pass(seconds{2});
  const auto next = bench.store.enqueue();
  REQUIRE(bench.store.wait([&](MemoryStore& s) { return s.runs[next].epoch == 1; }));
  CHECK(stoppable.cause == execution::StopCause::lease_lost);
  bench.store.change([&](MemoryStore& s) { CHECK(s.runs[run].outcomes.empty()); });
  bench.worker->stop(seconds{0});
}

TEST_CASE("a run that comes back begins when its earlier work is gone, and not before") {
  std::latch has_begun{1};
  std::latch may_end{1};
  std::atomic<int> inside = 0;
  std::atomic<int> most_inside = 0;
  Bench bench(
      [&](const execution::Order& order, const execution::StopSignal& stop, execution::Report&) {
        most_inside = std::max(most_inside.load(), ++inside);
        if (order.epoch == 1) {
          has_begun.count_down();
          wait_for_stop(stop.kill.get_token(), stop);
          may_end.wait();  // a process that dies slowly
        }
        --inside;
        return model::Outcome{};
      },
      2);
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_begun.wait();
  bench.store.give_away(run);
  REQUIRE(bench.store.wait([&](MemoryStore& s) { return s.runs[run].epoch == 2; }));
  CHECK(!bench.store.wait_briefly([&](MemoryStore& s) { return !s.runs[run].outcomes.empty(); }));
  may_end.count_down();
  CHECK(bench.wait_for_outcome(run));
  CHECK(most_inside == 1);
  bench.worker->stop(seconds{0});
}

TEST_CASE("a claim that is answered when its leases are over starts nothing") {
  constexpr int kRuns = 16;
  std::atomic<int> begun = 0;
  Bench bench(
      [&](const auto&, const auto&, auto&) {
        ++begun;
        return model::Outcome{};
      },
      kRuns);
  bench.worker->start();
  REQUIRE(bench.store.wait([](MemoryStore& s) { return s.count<store::ClaimRuns>() > 0; }));
  bench.store.change([](MemoryStore& s) { s.is_hanging = true; });
  std::vector<base::RunId> runs;
  for (int i = 0; i < kRuns; ++i)
    runs.push_back(bench.store.enqueue());
  REQUIRE(bench.store.wait([](MemoryStore& s) { return s.is_waiting<store::ClaimRuns>(); }));
  bench.clock.advance(seconds{10});  // as after a standstill: nobody has had time to notice
  bench.store.change([](MemoryStore& s) { s.is_hanging = false; });
  REQUIRE(bench.store.wait([&](MemoryStore& s) { return s.runs[runs.back()].epoch == 1; }));
  for (const base::RunId run : runs)
    bench.store.give_away(run);
  for (const base::RunId run : runs)
    CHECK(bench.wait_for_outcome(run));
  CHECK(begun == kRuns);
}

TEST_CASE("work is told how long it may still begin, and later when its lease is renewed") {
  LeaseBook book;
  const store::LeaseRef ref{base::RunId{}, 1};
  const auto lease = book.add(ref, Monotonic{seconds{10}});
  CHECK(lease->stop().begin_by.load() == seconds{10});
  const store::LeasesRenewed reply{{{ref.run_id, base::Instant{}, {}, {}}}};
  book.renew(reply, {ref}, Monotonic{seconds{13}});
  CHECK(lease->stop().begin_by.load() == seconds{13});
  book.renew(reply, {ref}, Monotonic{seconds{12}});
  CHECK(lease->stop().begin_by.load() == seconds{13});
}

TEST_CASE("while the store hangs, work is killed before its lease can be given away") {
  Stoppable stoppable;
  std::latch has_ended{1};
  Bench bench([&](const auto& order, const auto& stop, auto& report) {
    auto ended = stoppable.function()(order, stop, report);
    has_ended.count_down();
    return ended;
  });
  bench.worker->start();
  bench.store.enqueue();
  stoppable.has_started.wait();
  bench.store.change([](MemoryStore& s) { s.is_hanging = true; });
  bench.pass(seconds{10} - kKillMargin);
  has_ended.wait();
  CHECK(stoppable.cause == execution::StopCause::lease_lost);
}

TEST_CASE("a lease lost during the grace of a cancel kills at once") {
  std::latch has_started{1};
  std::latch was_asked{1};
  std::atomic<bool> was_killed = false;
  Bench bench([&](const auto&, const execution::StopSignal& stop, auto&) {
    has_started.count_down();
    wait_for_stop(stop.source.get_token(), stop);
    was_asked.count_down();
    was_killed = wait_for_stop(stop.kill.get_token(), stop) == execution::StopCause::lease_lost;
    return outcome(OutcomeStatus::cancelled);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_started.wait();
  bench.store.tell(store::CancelAsked{run, base::WorkerId{}});
  was_asked.wait();
  bench.store.change([&](MemoryStore& s) { s.runs[run].is_leased = false; });
  bench.pass(seconds{2});
  bench.worker->stop(seconds{10});
  CHECK(was_killed);
}

// ---- claims ------------------------------------------------------------------------------------

TEST_CASE("a worker claims by itself at the instant that the store names") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); });
  bench.store.change([&](MemoryStore& s) { s.next_due = bench.clock.now() + seconds{5}; });
  bench.worker->start();
  REQUIRE(bench.store.wait([](MemoryStore& s) { return s.count<store::ClaimRuns>() == 1; }));
  bench.store.change([&](MemoryStore& s) { s.next_due.reset(); });
  bench.clock.advance(seconds{5});
  bench.store.tell(store::LogGrew{});
  bench.store.tell(store::DueChanged{bench.clock.now()});
  CHECK(bench.store.wait([](MemoryStore& s) { return s.count<store::ClaimRuns>() == 2; }));
}

TEST_CASE("a worker that the store has forgotten registers again") {
  Bench bench([](const auto&, const auto&, auto&) { return outcome(OutcomeStatus::success); });
  bench.store.change(
      [](MemoryStore& s) { s.fail[index_of<store::ClaimRuns>()] = {base::Code::not_found}; });
  bench.worker->start();
  REQUIRE(bench.store.wait([](MemoryStore& s) { return s.count<store::RegisterWorker>() == 2; }));
  bench.pass(kFirstRetry);
  const auto run = bench.store.enqueue();
  CHECK(bench.wait_for_outcome(run));
}

// ---- end of the node ---------------------------------------------------------------------------

TEST_CASE("a worker that stops lets its attempts finish, and says offline when it is done") {
  std::latch has_started{1};
  std::latch may_end{1};
  Bench bench([&](const auto&, const auto&, auto&) {
    has_started.count_down();
    may_end.wait();
    return outcome(OutcomeStatus::success);
  });
  bench.worker->start();
  const auto run = bench.store.enqueue();
  has_started.wait();
  std::jthread stopper([&] { bench.worker->stop(seconds{10}); });
  CHECK(bench.store.wait([](MemoryStore& s) { return s.state == model::WorkerState::draining; }));
  const auto unwanted = bench.store.enqueue();
  may_end.count_down();
  stopper.join();
  bench.store.change([&](MemoryStore& s) {
    CHECK(s.runs[run].outcomes[0].status == OutcomeStatus::success);
    CHECK(s.runs[unwanted].epoch == 0);
    CHECK(s.state == model::WorkerState::offline);
  });
}

TEST_CASE("an attempt that outlives the drain is reported as lost, so that it is tried again") {
  Stoppable stoppable;
  Bench bench(stoppable.function());
  bench.worker->start();
  const auto run = bench.store.enqueue();
  stoppable.has_started.wait();
  bench.worker->stop(milliseconds{0});
  bench.store.change([&](MemoryStore& s) {
    REQUIRE(s.runs[run].outcomes.size() == 1);
    CHECK(s.runs[run].outcomes[0].status == OutcomeStatus::lost);
    CHECK(s.runs[run].outcomes[0].error->message == "the node shut down");
  });
  CHECK(bench.worker->busy() == 0);
}

// ---- pieces ------------------------------------------------------------------------------------

TEST_CASE("a log over its limit ends with a visible mark, and nothing more is kept") {
  LogBatch batch(10);
  const base::Instant now{seconds{1}};
  batch.append(model::LogStream::out, "12345678", now);
  batch.append(model::LogStream::out, "90abc", now);
  batch.append(model::LogStream::out, "def", now);
  const auto chunks = batch.take(1 << 20);
  REQUIRE(chunks.size() == 2);
  CHECK(chunks[0].bytes.bytes == "1234567890");
  CHECK(chunks[1].stream == model::LogStream::system);
  CHECK(chunks[1].bytes.bytes ==
        "[log truncated: this attempt wrote more than 10 bytes; the rest is not kept]\n");
}

TEST_CASE("chunks join output of one stream and moment, and never grow past their limit") {
  LogBatch batch(1 << 20);
  const base::Instant now{seconds{1}};
  batch.append(model::LogStream::out, "a", now);
  batch.append(model::LogStream::out, "b", now + kChunkAge - milliseconds{1});
  batch.append(model::LogStream::out, "c", now + kChunkAge);
  batch.append(model::LogStream::err, "d", now + kChunkAge);
  batch.append(model::LogStream::err, std::string(kChunkBytes, 'e'), now + kChunkAge);
  std::vector<std::size_t> sizes;
  while (!batch.empty())
    for (const auto& chunk : batch.take(1))
      sizes.push_back(chunk.bytes.bytes.size());
  CHECK(sizes == std::vector<std::size_t>{2, 1, kChunkBytes, 1});
  CHECK(batch.bytes() == 0);
}

TEST_CASE("a run claimed again loses its older lease") {
  LeaseBook book;
  const auto run = base::RunId::parse("run_0190f3b0c1d27abc8def0123456789ab").value();
  const auto older = book.add({run, 1}, {seconds{10}});
  const auto newer = book.add({run, 2}, {seconds{20}});
  CHECK(older->is_lost());
  CHECK_FALSE(newer->is_lost());
  book.remove(*older);
  CHECK(book.refs().size() == 1);
  CHECK(book.lose_expired({seconds{20}}) == 1);
  CHECK(newer->is_lost());
}

TEST_CASE("what a heartbeat says of a lease does not concern a later one of the same run") {
  LeaseBook book;
  const auto run = base::RunId::parse("run_0190f3b0c1d27abc8def0123456789ab").value();
  const std::vector<store::LeaseRef> sent{{run, 1}};
  const auto later = book.add({run, 2}, {seconds{20}});
  const store::LeasesRenewed lost{.leases = {{.run_id = run, .until = {}, .cancel = {}}}};
  book.renew(lost, sent, {seconds{30}});
  CHECK_FALSE(later->is_lost());
  CHECK(book.earliest_loss() == Monotonic{seconds{20}});
  book.renew(lost, {{run, 2}}, {seconds{30}});
  CHECK(later->is_lost());
}

TEST_CASE("an extension of a lease never moves back, and a cancel without grace does not lose it") {
  LeaseBook book;
  const auto run = base::RunId::parse("run_0190f3b0c1d27abc8def0123456789ab").value();
  const auto lease = book.add({run, 1}, {seconds{10}});
  book.extend(run, base::from_millis(2'000));
  book.extend(run, base::from_millis(1'000));
  CHECK(lease->stop().extended_until.load() == base::from_millis(2'000));
  book.cancel(run, model::CancelMode::ask);
  CHECK_FALSE(lease->stop().kill.stop_requested());
  book.cancel(run, model::CancelMode::kill);
  CHECK(lease->stop().kill.stop_requested());
  CHECK_FALSE(lease->is_lost());
  CHECK(lease->stop().cause == execution::StopCause::cancelled);
}

}  // namespace
}  // namespace mainspring::worker
