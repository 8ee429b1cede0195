// Loss of power at any write: what was acknowledged is there after it, and the file is whole.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "sql/live_rows.h"
#include "sqlite/engine.h"
#include "sqlite/fault_disk.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

using namespace std::chrono_literals;
using store::Request;

// Replay one: MAINSPRING_TEST_SEED=<seed>; more of them: MAINSPRING_TEST_CRASHES=<count>.
constexpr std::uint64_t kSeeds = 120;
constexpr int kSteps = 40;

// Jobs, submissions, claims, logs and outcomes in random groups, and what became of each as far as
// somebody was told.
class Work {
 public:
  Work(std::uint64_t seed, std::string path) : random_(seed), path_(std::move(path)) {}

  void open() {
    engine_.reset();
    engine_ = std::make_unique<Engine>(path_);
    // So that a short life sees the log written back to the file many times.
    engine_->database().execute("PRAGMA wal_autocheckpoint = 12");
  }
  void close() { engine_.reset(); }

  // Throws Unavailable when the disk is gone.
  void step() {
    std::vector<Request> group;
    for (std::int64_t i = below(4); i >= 0; --i)
      group.push_back({command(), std::nullopt});
    const sql::GroupResult result = engine_->apply(group);
    for (std::size_t i = 0; i < group.size(); ++i)
      learn(group[i].command, result.replies[i]);
    now_ += base::Duration{below(900)};
  }

  void check() {
    Database& database = engine_->database();
    sql::Rows rows = database.query("PRAGMA integrity_check");
    REQUIRE(rows.next());
    std::string answer;
    rows.read(answer);
    REQUIRE(answer == "ok");
    for (const base::JobId job : jobs_)
      REQUIRE(database.query("SELECT 1 FROM jobs WHERE id = ?1", job).next());
    for (const auto& [run, is_done] : runs_) {
      if (!is_done && database.query("SELECT 1 FROM runs_live WHERE id = ?1", run).next()) continue;
      REQUIRE(database.query("SELECT 1 FROM runs_done WHERE id = ?1", run).next());
    }
    for (const auto& [run, seq] : chunks_)
      REQUIRE(
          database.query("SELECT 1 FROM log_chunks WHERE run = ?1 AND seq = ?2", run, seq).next());
    for (const auto& [run, epoch] : epochs_) {
      // A number that was given to somebody is not given again.
      const sql::LiveRun* live = engine_->core().live().find(run);
      if (live != nullptr) REQUIRE(live->epoch >= epoch);
    }
    sql::LiveIndex rebuilt;
    sql::load_live(database, rebuilt);
    REQUIRE(engine_->core().live() == rebuilt);
  }

  std::size_t acknowledged() const { return jobs_.size() + runs_.size() + chunks_.size(); }

 private:
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  template <class Id>
  Id fresh() {
    base::IdEntropy entropy{};
    for (auto& byte : entropy)
      byte = static_cast<std::uint8_t>(random_());
    return Id::make(now_, entropy);
  }

  store::Command command() {
    const std::int64_t kind = below(10);
    if (jobs_.empty() || kind == 0) return put_job();
    if (kind == 1) return store::RegisterWorker{make_worker(), random_(), now_};
    if (kind < 5) return submit();
    if (kind < 7) return store::ClaimRuns{worker_, 3, 20s, now_};
    if (held_.empty()) return store::PromoteDue{now_};
    const store::LeaseRef lease = held_[static_cast<std::size_t>(below(std::ssize(held_)))];
    if (kind == 7) return store::FinishAttempt{lease, {}, random_(), now_};
    model::LogChunk chunk;
    chunk.seq = ++seq_;
    chunk.at = now_;
    chunk.bytes.bytes = std::string(static_cast<std::size_t>(1 + below(3'000)), 'x');
    return store::AppendLog{lease, {chunk}};
  }

  store::Command put_job() {
    store::JobDraft draft;
    draft.fresh_id = fresh<base::JobId>();
    draft.spec.name = "job-" + draft.fresh_id.text().substr(24);
    return store::ApplyJobs{"default", {draft}, "ada", now_};
  }
  model::Worker make_worker() const {
    model::Worker worker;
    worker.id = worker_;
    worker.name = "w";
    worker.slots = 4;
    return worker;
  }
  store::Command submit() {
    store::SubmitRuns out{"default", {}, "ada", now_};
    for (std::int64_t i = below(3); i >= 0; --i) {
      store::NewRun run;
      run.id = fresh<base::RunId>();
      run.job_id = jobs_[static_cast<std::size_t>(below(std::ssize(jobs_)))];
      run.due_at = now_;
      out.runs.push_back(run);
    }
    return out;
  }

  void learn(const store::Command& command, const base::Result<store::Reply>& reply) {
    if (!reply) return;
    if (const auto* applied = std::get_if<store::JobsApplied>(&*reply)) {
      jobs_.push_back(applied->jobs[0].id);
    }
    if (const auto* submitted = std::get_if<store::SubmitRuns>(&command)) {
      for (const store::NewRun& run : submitted->runs)
        runs_.emplace(run.id, false);
    }
    if (const auto* claimed = std::get_if<store::RunsClaimed>(&*reply)) {
      for (const store::ClaimedRun& run : claimed->runs) {
        held_.push_back({run.run.id, run.epoch});
        epochs_[run.run.id] = run.epoch;
      }
    }
    if (const auto* finish = std::get_if<store::FinishAttempt>(&command)) {
      runs_[finish->lease.run_id] = true;
    }
    if (const auto* log = std::get_if<store::AppendLog>(&command)) {
      chunks_.emplace(log->lease.run_id, log->chunks[0].seq);
    }
  }

  std::mt19937_64 random_;
  const std::string path_;
  std::unique_ptr<Engine> engine_;
  base::Instant now_ = base::from_millis(1'767'225'600'000);
  const base::WorkerId worker_ = fresh<base::WorkerId>();
  std::int64_t seq_ = 0;
  std::vector<base::JobId> jobs_;
  std::map<base::RunId, bool> runs_;  // whether it was told to have ended
  std::set<std::pair<base::RunId, std::int64_t>> chunks_;
  std::map<base::RunId, std::int64_t> epochs_;
  std::vector<store::LeaseRef> held_;
};

// Returns how much had been acknowledged when the power went.
std::size_t live_and_crash(std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  TestDirectory directory;
  FaultDisk disk;
  Work work(seed, directory.path() + "/m.db");
  // Now and then while the file is being made.
  if (seed % 10 != 0) work.open();
  disk.crash_at(static_cast<std::int64_t>(1 + dice() % (seed % 10 != 0 ? 600 : 90)));
  std::size_t acknowledged = 0;
  try {
    if (seed % 10 == 0) work.open();
    for (int i = 0; i < kSteps; ++i)
      work.step();
  } catch (const store::Unavailable&) {
    CHECK(disk.has_crashed());
  }
  acknowledged = work.acknowledged();
  disk.crash_at(0);
  work.close();
  disk.lose_unsynced(seed);
  work.open();
  work.check();
  for (int i = 0; i < 5; ++i)
    work.step();
  work.check();
  return acknowledged;
}

TEST_CASE("whatever write is the last before the power fails, what was acknowledged is there") {
  if (const char* text = std::getenv("MAINSPRING_TEST_SEED")) {
    live_and_crash(std::stoull(text));
    return;
  }
  const char* count = std::getenv("MAINSPRING_TEST_CRASHES");
  const std::uint64_t seeds = count != nullptr ? std::stoull(count) : kSeeds;
  std::size_t acknowledged = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    INFO("replay: MAINSPRING_TEST_SEED=" << seed);
    acknowledged += live_and_crash(seed);
  }
  MESSAGE(seeds << " losses of power, " << acknowledged << " acknowledged facts, none lost");
  CHECK(acknowledged > 10 * seeds);
}

}  // namespace
}  // namespace mainspring::sqlite
