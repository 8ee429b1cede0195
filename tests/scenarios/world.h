// World: the real store, planner and scheduler on a clock that a test moves, and a worker whose
// runs take as long as the test says. Nothing waits and nothing is random: the same calls give the
// same ledger.
//
// Belongs to one thread. Throws std::runtime_error where a command that a test relies on fails.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "env/testing.h"
#include "model/occurrence.h"
#include "model/selector.h"
#include "model/worker.h"
#include "scheduler/round.h"
#include "sqlite/engine.h"
#include "sqlite/reads.h"
#include "store/store.h"
#include "upkeep/inbox.h"
#include "upkeep/round.h"

namespace mainspring::scenarios {

// The SQLite store without its thread: a command is applied, and told, before submit() returns.
class DirectStore final : public store::Store, public store::Writer {
 public:
  explicit DirectStore(const std::string& path);

  store::Writer& writer() override { return *this; }
  std::unique_ptr<store::Reads> open_reads() override;
  void submit(store::Request request, store::Completion completion) override;
  base::Result<store::Reply> submit_and_wait(store::Request request) override;
  void add_listener(store::Listener listener) override { listeners_.push_back(listener); }

 private:
  const std::string path_;
  sqlite::Engine engine_;
  std::vector<store::Listener> listeners_;
};

// How the runs of a job go.
struct Work {
  base::Duration takes{0};
  base::Duration takes_to_stop{0};  // once it is asked to stop
  model::Outcome outcome;
};

class World {
 public:
  // The database is made in `directory`, which must be empty.
  World(const std::string& directory, base::Instant start);
  ~World();

  base::Instant now() const { return clock_.now(); }
  std::string tenant = "default";

  // ---- what a test does ---------------------------------------------------------------------
  void set_work(const std::string& job, const Work& work) { work_[job] = work; }
  void add_worker(int slots, model::Labels labels = {}, model::WorkerResources resources = {});
  // What works through operations on many runs and backfills; without it they stand still.
  void start_upkeep();
  base::Result<void> apply_manifest(std::string_view yaml);
  // What the commands that change a job carry, as the API makes it.
  std::vector<model::SchedulePlan> settled(base::JobId job);
  model::Job job(const std::string& name);
  base::JobId job_id(const std::string& name);  // also of one that was deleted since job() knew it
  base::Result<store::RunsSubmitted> submit(const std::string& job,
                                            const std::map<std::string, json::Value>& params);
  template <class C>
  base::Result<store::ReplyOf<C>> apply(C command) {
    return store::apply(store_->writer(), std::move(command));
  }

  // Time passes; everything that comes due on the way happens at its instant.
  void run_until(base::Instant until);
  // The scheduler and the store's process end and begin again at once; the worker goes on.
  void restart();
  // The whole node is away until `until`: what ran is lost.
  void be_down(base::Instant until);

  // Called between two steps of run_until(), such as to restart at any point.
  std::function<void()> between_steps;

  // ---- what a test asks ---------------------------------------------------------------------
  store::Reads& reads();
  std::vector<model::Occurrence> ledger(base::JobId job);  // oldest first
  std::vector<model::Run> runs();                          // by id
  template <class Id>
  Id fresh() {
    return env::make_id<Id>(clock_, random_);
  }

 private:
  struct UnderWay {
    store::LeaseRef lease;
    base::Instant ends_at;
    model::Outcome outcome;
    int slots = 1;
  };
  struct Pool {
    base::WorkerId id;
    int slots = 1;
    model::Labels labels;
    model::WorkerResources resources;
    std::map<base::RunId, UnderWay> under_way;
  };

  void open();
  void close();
  void register_workers();
  void hear(const std::vector<store::Notice>& notices);
  void stop(const store::CancelAsked& asked);
  bool finish_due();
  bool keep_up();
  bool claim();
  void check_expectations();
  void settle();  // until nothing is due at this instant
  base::Instant next_step() const;

  const std::string path_;
  env::ManualClock clock_;
  env::SeededRandom random_;
  std::unique_ptr<DirectStore> store_;
  std::unique_ptr<store::Reads> reads_;
  std::unique_ptr<scheduler::Round> round_;
  scheduler::Inbox inbox_;
  bool has_upkeep_ = false;
  std::unique_ptr<upkeep::Round> upkeep_;
  upkeep::Inbox upkeep_inbox_;
  std::vector<store::CancelAsked> cancels_;
  std::map<std::string, Work> work_;
  std::map<std::string, base::JobId> ids_;
  std::vector<Pool> pools_;
  std::optional<base::Instant> look_at_;      // when a worker asks again for a run that it left
  bool expects_ = false;                      // some job does
  std::optional<base::Instant> expected_at_;  // when a check has something to do
};

}  // namespace mainspring::scenarios
