// Doubles for this module's tests: a store that keeps leases and logs in memory on a writer's
// thread of its own, a clock that any thread may read, and runners made of a function.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "env/clock.h"
#include "env/random.h"
#include "execution/runner.h"
#include "store/store.h"

namespace mainspring::worker::testing {

class SharedClock final : public env::Clock {
 public:
  base::Instant now() const override { return base::from_millis(1'767'225'600'000 + passed_); }
  base::Duration monotonic() const override { return base::Duration{passed_}; }
  void advance(base::Duration by) { passed_ += by.count(); }

 private:
  std::atomic<std::int64_t> passed_ = 0;
};

class CountingRandom final : public env::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(next_++);
  }

 private:
  std::atomic<unsigned> next_ = 1;
};

using RunFunction = std::function<model::Outcome(const execution::Order&,
                                                 const execution::StopSignal&, execution::Report&)>;

class FunctionRunner final : public execution::Runner {
 public:
  explicit FunctionRunner(RunFunction function) : function_(std::move(function)) {}
  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override {
    return function_(order, stop, report);
  }

 private:
  RunFunction function_;
};

// What the store remembers of one run.
struct StoredRun {
  std::int64_t epoch = 0;  // 0: never claimed
  bool is_leased = false;
  std::optional<model::CancelRequest> cancel;
  std::optional<base::Instant> extended_until;
  std::vector<model::LogChunk> log;
  std::vector<model::Outcome> outcomes;
  std::size_t log_at_outcome = 0;  // chunks stored when the outcome came

  std::string text() const {
    std::string text;
    for (const auto& chunk : log)
      text += chunk.bytes.bytes;
    return text;
  }
};

class MemoryStore final : public store::Writer {
 public:
  MemoryStore() : thread_([this](const std::stop_token& stop) { serve(stop); }) {}
  ~MemoryStore() override { thread_ = {}; }

  void submit(store::Request request, store::Completion completion) override {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back({std::move(request.command), std::move(completion)});
    changed_.notify_all();
  }
  base::Result<store::Reply> submit_and_wait(store::Request) override {
    return base::fail(base::Code::unsupported, "not used by a worker");
  }
  void add_listener(store::Listener listener) override {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
  }

  // ---- what tests do ------------------------------------------------------------------------

  base::RunId enqueue(model::JobType type = model::JobType::command) {
    store::ClaimedRun run;
    run.spec.type = type;
    return enqueue(std::move(run));
  }
  // Gives the run an id.
  base::RunId enqueue(store::ClaimedRun run) {
    {
      const std::scoped_lock lock(mutex_);
      base::IdBytes bytes{};
      bytes[15] = static_cast<std::uint8_t>(++made_);
      run.run.id = base::RunId{bytes};
      queued_.push_back(run);
    }
    tell(store::RunsReady{1});
    return run.run.id;
  }
  // What a lease that ran out does: the run waits again, with its old id.
  void give_away(base::RunId id) {
    {
      const std::scoped_lock lock(mutex_);
      runs[id].is_leased = false;
      store::ClaimedRun run;
      run.run.id = id;
      queued_.push_back(std::move(run));
    }
    tell(store::RunsReady{1});
  }
  // To all listeners, on the calling thread. Also wakes a worker whose clock was moved.
  void tell(store::Notice notice) {
    std::vector<store::Listener> listeners;
    {
      const std::scoped_lock lock(mutex_);
      listeners = listeners_;
    }
    for (const auto& listener : listeners)
      listener({notice});
  }
  void nudge() { tell(store::DueChanged{std::nullopt}); }
  void change(const std::function<void(MemoryStore&)>& action) {
    const std::scoped_lock lock(mutex_);
    action(*this);
    changed_.notify_all();
  }
  // Waits until the condition holds; false after ten seconds.
  bool wait(const std::function<bool(MemoryStore&)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return condition(*this); });
  }
  // The same for a test that moves the clock between looks; false after a moment.
  bool wait_briefly(const std::function<bool(MemoryStore&)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds{20}, [&] { return condition(*this); });
  }
  // A command that nobody has begun to answer; within change() and wait() only.
  template <class C>
  bool is_waiting() const {
    return std::ranges::any_of(
        waiting_, [](const Waiting& each) { return std::holds_alternative<C>(each.command); });
  }
  template <class C>
  std::int64_t count() const {
    const auto found = counts_.find(store::Command{C{}}.index());
    return found == counts_.end() ? 0 : found->second;
  }

  // State, to be touched within change() and wait() only.
  std::map<base::RunId, StoredRun> runs;
  std::optional<model::WorkerState> state;
  std::optional<base::Instant> next_due;
  bool is_hanging = false;                             // takes commands, answers none
  std::map<std::size_t, std::deque<base::Code>> fail;  // by index of the command, in turn
  std::int64_t largest_claim = 0;

 private:
  struct Waiting {
    store::Command command;
    store::Completion completion;
  };

  void serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [&] { return !waiting_.empty() && !is_hanging; })) {
      Waiting next = std::move(waiting_.front());
      waiting_.pop_front();
      auto result = answer(next.command);
      lock.unlock();
      next.completion(std::move(result));
      next = {};
      lock.lock();
      changed_.notify_all();
    }
  }

  base::Result<store::Reply> answer(const store::Command& command) {
    ++counts_[command.index()];
    auto& failures = fail[command.index()];
    if (!failures.empty()) {
      const base::Code code = failures.front();
      failures.pop_front();
      return base::fail(code, "as the test says");
    }
    return std::visit([this](const auto& c) { return apply(c); }, command);
  }

  using Answered = base::Result<store::Reply>;
  bool holds(const store::LeaseRef& lease) {
    const StoredRun& run = runs[lease.run_id];
    return run.is_leased && run.epoch == lease.epoch;
  }
  Answered apply(const store::RegisterWorker&) {
    state = model::WorkerState::online;
    return store::Done{};
  }
  Answered apply(const store::SetWorkerState& command) {
    state = command.state;
    return store::Done{};
  }
  Answered apply(const store::ClaimRuns& command) {
    largest_claim = std::max(largest_claim, command.limit);
    store::RunsClaimed reply{{}, next_due};
    while (!queued_.empty() && static_cast<std::int64_t>(reply.runs.size()) < command.limit) {
      StoredRun& run = runs[queued_.front().run.id];
      queued_.front().epoch = ++run.epoch;
      run.is_leased = true;
      reply.runs.push_back(std::move(queued_.front()));
      queued_.pop_front();
    }
    return reply;
  }
  Answered apply(const store::RenewLeases& command) {
    store::LeasesRenewed reply;
    for (const auto& lease : command.leases)
      reply.leases.push_back(
          {lease.run_id, holds(lease) ? std::optional(command.now + command.lease) : std::nullopt,
           runs[lease.run_id].cancel, runs[lease.run_id].extended_until});
    return reply;
  }
  Answered apply(const store::AppendLog& command) {
    if (!holds(command.lease) && !command.is_late)
      return base::fail(base::Code::lease_lost, "lost");
    auto& log = runs[command.lease.run_id].log;
    log.insert(log.end(), command.chunks.begin(), command.chunks.end());
    return store::Done{};
  }
  Answered apply(const store::FinishAttempt& command) {
    if (!holds(command.lease)) return base::fail(base::Code::lease_lost, "lost");
    StoredRun& run = runs[command.lease.run_id];
    run.is_leased = false;
    run.log.insert(run.log.end(), command.log.begin(), command.log.end());
    run.outcomes.push_back(command.outcome);
    run.log_at_outcome = run.log.size();
    return store::AttemptFinished{};
  }
  template <class C>
  Answered apply(const C&) {
    return store::Done{};
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Waiting> waiting_;
  std::deque<store::ClaimedRun> queued_;
  std::vector<store::Listener> listeners_;
  std::map<std::size_t, std::int64_t> counts_;
  int made_ = 0;
  std::jthread thread_;
};

}  // namespace mainspring::worker::testing
