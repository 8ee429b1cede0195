// What the benchmarks of the engine call: runs that do nothing, through the store.
#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "env/random.h"
#include "store/store.h"
#include "system/real_clock.h"
#include "system/real_random.h"

namespace mainspring::bench {

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::to_text(result.error()));
  return std::move(*result);
}

// A store with one job that does nothing, and one worker. Any thread may call; what a store
// refuses is thrown as std::runtime_error.
class Engine {
 public:
  // Each run gets `params`, which may be empty.
  explicit Engine(std::unique_ptr<store::Store> store,
                  std::map<std::string, json::Value> params = {})
      : store_(std::move(store)), params_(std::move(params)) {
    worker_ = fresh<base::WorkerId>();
    model::Worker worker{.id = worker_, .name = "bench"};
    worker.slots = 1'000'000;
    apply(store::RegisterWorker{.worker = worker, .entropy = 1, .now = clock_.now()});
    store::JobDraft draft{
        .fresh_id = fresh<base::JobId>(), .fresh_schedule_ids = {}, .spec = {}, .if_version = {}};
    draft.spec.name = "noop";
    draft.spec.command.argv = {"/bin/true"};
    const auto applied = apply(store::ApplyJobs{
        .tenant = "default", .jobs = {draft}, .author = "bench", .now = clock_.now()});
    job_ = applied.jobs.front().id;
  }

  store::SubmitRuns submission(std::int64_t count) {
    store::SubmitRuns out{.tenant = "default", .runs = {}, .by = "bench", .now = clock_.now()};
    for (std::int64_t i = 0; i < count; ++i) {
      store::NewRun& run = out.runs.emplace_back();
      run.id = fresh<base::RunId>();
      run.job_id = job_;
      run.due_at = out.now;
      run.params = params_;
    }
    return out;
  }
  void submit(std::int64_t count) { apply(submission(count)); }

  store::RunsClaimed claim(std::int64_t limit) {
    return apply(store::ClaimRuns{.worker_id = worker_, .limit = limit, .now = clock_.now()});
  }

  // All at once, as a worker reports them; returns when the last is on the disk.
  void finish(const store::RunsClaimed& claimed) {
    std::vector<std::future<bool>> done;
    for (const store::ClaimedRun& run : claimed.runs) {
      auto promise = std::make_shared<std::promise<bool>>();
      done.push_back(promise->get_future());
      store::FinishAttempt report{
          .lease = {run.run.id, run.epoch}, .outcome = {}, .entropy = 1, .now = clock_.now()};
      report.outcome.exit_code = 0;
      store_->writer().submit(
          {store::Command{std::move(report)}, std::nullopt},
          [promise](const auto& reply) { promise->set_value(reply.has_value()); });
    }
    for (std::future<bool>& each : done) {
      if (!each.get()) throw std::runtime_error("a report was refused");
    }
  }

  // Adds runs, claims as many and finishes what was claimed; how many that were.
  std::int64_t live(std::int64_t count) {
    submit(count);
    const auto claimed = claim(count);
    finish(claimed);
    return std::ssize(claimed.runs);
  }

 private:
  template <class Id>
  Id fresh() {
    return env::make_id<Id>(clock_, random_);
  }
  template <class C>
  store::ReplyOf<C> apply(C command) {
    return taken(store::apply(store_->writer(), std::move(command)));
  }

  system::SystemClock clock_;
  system::SystemRandom random_;
  std::unique_ptr<store::Store> store_;
  std::map<std::string, json::Value> params_;
  base::WorkerId worker_;
  base::JobId job_;
};

}  // namespace mainspring::bench
