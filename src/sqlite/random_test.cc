// Random commands against the engine, in random groups and with random restarts; after each group
// the tables, the live index and the history of leases must agree.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "sql/live_rows.h"
#include "sqlite/engine.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

using namespace std::chrono_literals;
using store::Request;

// Replay one failure: MAINSPRING_TEST_SEED=<seed> build/debug/src/sqlite/test_sqlite
std::uint64_t choose_seed() {
  if (const char* text = std::getenv("MAINSPRING_TEST_SEED")) return std::stoull(text);
  return std::random_device{}();
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    reopen();
    store::PutQueue slow{"default", {}, "ada", now_};
    slow.spec.name = "slow";
    slow.spec.limit = 2;
    const Request request{slow, std::nullopt};
    engine_->apply({&request, 1});
  }

  void step() {
    std::vector<Request> group;
    for (std::int64_t i = below(6); i >= 0; --i)
      group.push_back({command(), std::nullopt});
    const sql::GroupResult result = engine_->apply(group);
    for (std::size_t i = 0; i < group.size(); ++i)
      learn(group[i].command, result.replies[i]);
    now_ += base::Duration{below(4'000)};
  }

  void reopen() {
    engine_.reset();
    engine_ = std::make_unique<Engine>(directory_.path() + "/m.db");
    engine_->database().execute("PRAGMA synchronous = OFF");
  }

  void check() {
    sql::LiveIndex rebuilt;
    sql::load_live(engine_->database(), rebuilt);
    REQUIRE(engine_->core().live() == rebuilt);
    check_rows();
    check_policies();
    check_expectations();
  }

 private:
  void check_rows() {
    // Every question counts what must not be.
    CHECK(count("SELECT count(*) FROM runs_live JOIN runs_done USING (id)") == 0);
    CHECK(count("SELECT count(*) FROM runs_live AS r JOIN occurrences AS o ON o.run = r.id"
                " WHERE o.ending IS NOT 6 AND ((r.attempts = 0 AND o.ending IS NOT NULL)"
                " OR (r.attempts > 0 AND o.ending IS NOT 0))") == 0);
    CHECK(count("SELECT count(*) FROM runs_done AS r JOIN occurrences AS o ON o.run = r.id"
                " WHERE o.ending IS NOT 6"
                " AND (o.ending IS NULL OR (o.ending = 0) != (r.attempts > 0))") == 0);
    CHECK(count("SELECT count(*) FROM runs_live AS r WHERE r.epoch != r.attempts OR r.attempts !="
                " (r.state = 2) + (SELECT count(*) FROM attempts AS a WHERE a.run = r.id)") == 0);
    CHECK(count("SELECT count(*) FROM runs_done AS r WHERE r.attempts !="
                " (SELECT count(*) FROM attempts AS a WHERE a.run = r.id)") == 0);
    CHECK(count("SELECT count(*) FROM runs_live WHERE (state = 2) != (lease_until IS NOT NULL)") ==
          0);
    CHECK(count("SELECT count(*) FROM runs_done AS r WHERE 1 != (SELECT count(*) FROM events AS e"
                " WHERE e.subject = 'run_' || lower(hex(r.id)) AND e.type IN ('run.succeeded',"
                " 'run.failed', 'run.cancelled', 'run.timed_out', 'run.skipped'))") == 0);
    CHECK(count("SELECT count(*) FROM jobs WHERE deleted_at IS NULL") ==
          count("SELECT coalesce(sum(count), 0) FROM job_counts"));
    CHECK(count("SELECT count(*) FROM schedules AS s WHERE s.runs != (SELECT count(*)"
                " FROM occurrences AS o WHERE o.schedule = s.key AND o.run IS NOT NULL"
                " AND coalesce(o.ending, 0) = 0)") == 0);
  }

  void check_policies() {
    const sql::LiveIndex& live = engine_->core().live();
    CHECK(!live.find_releasable());
    CHECK(!live.ready().find_excess());
    // Each start found its key below the limit of its own version.
    CHECK(count("SELECT count(*) FROM (SELECT count(*) AS running, max(key_limit) AS most"
                " FROM runs_live WHERE state = 2 AND key_text IS NOT NULL"
                " GROUP BY tenant, key_text) WHERE running > most") == 0);
    CHECK(count("SELECT count(*) FROM runs_live WHERE state = 2 AND queue = 'slow'") <= 2);
    // Of the runs that overlap binds, at most one of a job may run, or has run and will again.
    CHECK(count("SELECT count(*) FROM (SELECT count(*) AS active FROM runs_live"
                " WHERE overlap IN (0, 1, 2, 3, 4) AND hold = 0 AND (state > 0 OR attempts > 0)"
                " GROUP BY job) WHERE active > 1") == 0);
    CHECK(count("SELECT count(*) FROM runs_live AS r JOIN jobs AS j ON j.key = r.job"
                " WHERE r.hold = 1 AND (j.paused = 0 OR r.state != 0 OR r.attempts > 0)") == 0);
    CHECK(count("SELECT count(*) FROM runs_live WHERE hold = 2 AND (state != 1 OR attempts > 0)") ==
          0);
  }

  // Deadlines belong to runs that have not ended, silences to jobs that expect successes.
  void check_expectations() {
    CHECK(count("SELECT count(*) FROM expectations AS e WHERE NOT EXISTS"
                " (SELECT 1 FROM runs_live AS r WHERE r.id = e.run)") == 0);
    CHECK(count("SELECT count(*) FROM expectations AS e JOIN runs_live AS r ON r.id = e.run"
                " WHERE e.kind = 0 AND r.attempts > 0") == 0);
    CHECK(count("SELECT count(*) FROM expectations WHERE told AND at IS NOT NULL") == 0);
    CHECK(count("SELECT count(*) FROM expectations AS e JOIN runs_live AS r ON r.id = e.run"
                " WHERE NOT e.told AND e.due_at != coalesce(r.first_due_at, r.due_at)") == 0);
    CHECK(count("SELECT count(*) FROM events AS e WHERE e.type = 'run.late' GROUP BY e.subject,"
                " json_extract(e.payload, '$.expectation') HAVING count(*) > 1") <= 0);
    CHECK(count("SELECT count(*) FROM jobs AS j JOIN job_versions AS v"
                " ON v.job = j.key AND v.version = j.version"
                " LEFT JOIN silences AS s ON s.job = j.key WHERE (s.job IS NOT NULL) !="
                " (j.deleted_at IS NULL AND json_extract(v.spec, '$.expect.every') IS NOT NULL)") ==
          0);
    CHECK(count("SELECT count(*) FROM silences AS s JOIN jobs AS j ON j.key = s.job"
                " WHERE j.paused = 1 AND s.at IS NOT NULL") == 0);
    CHECK(count("SELECT count(*) FROM failing AS f JOIN jobs AS j ON j.key = f.job"
                " WHERE j.deleted_at IS NOT NULL OR f.since > f.failed_at OR f.streak < 1") == 0);
  }

  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  template <class T>
  T any_of(const std::vector<T>& values) {
    return values.empty() ? T{} : values[static_cast<std::size_t>(below(std::ssize(values)))];
  }
  template <class Id>
  Id fresh() {
    base::IdEntropy entropy{};
    for (auto& byte : entropy)
      byte = static_cast<std::uint8_t>(random_());
    return Id::make(now_, entropy);
  }

  std::int64_t count(sql::Sql text) {
    sql::Rows rows = engine_->database().query(text);
    std::int64_t out = -1;
    if (rows.next()) rows.read(out);
    return out;
  }

  store::Command pause() {
    if (below(2) == 0) {
      store::PauseJob out{"default", any_of(jobs_), "", "ada", now_};
      if (below(2) == 0) out.until = now_ + base::Duration{1 + below(20'000)};
      if (below(2) == 0) out.meanwhile = model::Meanwhile::hold;
      return out;
    }
    return store::ResumeJob{"default", any_of(jobs_), "ada", now_};
  }

  store::Command change_queue() {
    const std::string name = below(2) == 0 ? "slow" : "default";
    if (below(3) == 0) {
      store::PauseQueue out{"default", name, std::nullopt, "ada", now_};
      if (below(3) == 0) out.pause.emplace().until = now_ + base::Duration{1 + below(9'000)};
      return out;
    }
    if (name == "default" && below(3) == 0) {
      return store::DeleteQueue{"default", name, "ada", now_};
    }
    store::PutQueue out{"default", {}, "ada", now_};
    out.spec.name = name;
    out.spec.limit = name == "slow" ? 2 : 1 + below(5);
    if (below(2) == 0) out.spec.rate = model::RateSpec{1 + below(5), 10s, below(4)};
    if (below(2) == 0) out.spec.depth = 5 + below(20);
    return out;
  }

  store::Command change_run() {
    if (below(3) > 0) {
      const auto mode = static_cast<model::CancelMode>(below(2));
      return store::CancelRun{"default", any_of(runs_), "ada", "", now_, mode};
    }
    store::ExtendRun out{"default", any_of(runs_), {}, {}, "ada", now_};
    if (below(2) == 0) out.run = 30s;
    if (below(2) == 0) out.queue = 30s;
    return out;
  }

  store::Command command() {
    switch (below(22)) {
      case 0:
        return apply_jobs();
      case 1:
        return below(20) == 0
                   ? store::Command{store::DeleteJob{"default", any_of(jobs_), {}, "ada", now_}}
                   : pause();
      case 2:
      case 3:
        return submit();
      case 4:
      case 5:
        return materialise();
      case 6:
        return store::PromoteDue{now_};
      case 7:
      case 8:
        return store::ClaimRuns{any_of(workers_), below(4), 20s, now_};
      case 9:
        return store::RenewLeases{any_of(workers_), held_, 20s, now_};
      case 10:
        return store::ExpireLeases{random_(), now_};
      case 11:
        return change_run();
      case 12:
        return register_worker();
      case 13:
        return change_queue();
      case 14:
        return operate();
      case 15:
        return store::CheckExpectations{now_};
      default:
        return finish();
    }
  }

  store::Command apply_jobs() {
    store::JobDraft draft;
    draft.fresh_id = fresh<base::JobId>();
    draft.spec.name = std::string(1, static_cast<char>('a' + below(5)));
    draft.spec.priority = static_cast<int>(below(3));
    draft.spec.retry.max_attempts = static_cast<int>(1 + below(3));
    draft.spec.retry.backoff.initial = 2s;
    for (std::int64_t i = below(3); i > 0; --i) {
      model::ScheduleSpec schedule;
      schedule.every = std::chrono::seconds{1 + below(3)};
      schedule.overlap = static_cast<model::Overlap>(below(6));
      if (below(3) == 0) schedule.max_runs = 1 + below(20);
      draft.spec.schedule.push_back(schedule);
      draft.fresh_schedule_ids.push_back(fresh<base::ScheduleId>());
      schedules_.push_back(draft.fresh_schedule_ids.back());
    }
    set_policies(draft.spec);
    if (below(4) == 0) draft.if_version = below(3);
    return store::ApplyJobs{"default", {draft}, "ada", now_};
  }

  void set_policies(model::JobSpec& spec) {
    if (below(2) == 0) spec.queue = "slow";
    if (below(2) == 0) {
      spec.concurrency =
          model::ConcurrencySpec{static_cast<int>(1 + below(2)), below(2) == 0 ? "" : "shared",
                                 static_cast<model::OnLimit>(below(3))};
    }
    if (below(4) == 0) spec.dedupe = model::DedupeSpec{"once", 5s};
    if (below(5) == 0) spec.debounce = model::DebounceSpec{2s, 5s, ""};
    if (below(3) == 0) spec.timeout.queue = base::Duration{1 + below(9'000)};
    if (below(2) == 0) spec.timeout.run = 60s;
    if (below(4) == 0) spec.resources.slots = 2;
    if (below(6) == 0) spec.placement.labels["zone"] = "b";
    if (below(2) == 0) spec.expect = expectation();
    if (below(4) == 0) spec.pause_after_failures = static_cast<int>(1 + below(3));
  }

  model::ExpectSpec expectation() {
    model::ExpectSpec out;
    if (below(2) == 0) out.start_within = base::Duration{1'000 + below(5'000)};
    if (below(2) == 0) out.finish_within = base::Duration{6'000 + below(30'000)};
    if (below(2) == 0) out.every = base::Duration{1'000 + below(60'000)};
    return out;
  }

  // An id that a submission must not take; what was deleted is free again.
  base::RunId taken_run() {
    const base::RunId id = any_of(runs_);
    const bool is_there = engine_->core()
                              .database()
                              .query(
                                  "SELECT 1 FROM runs_live WHERE id = ?1"
                                  " UNION ALL SELECT 1 FROM runs_done WHERE id = ?1",
                                  id)
                              .next();
    return is_there ? id : fresh<base::RunId>();
  }

  store::Command submit() {
    store::SubmitRuns out{"default", {}, "ada", now_};
    for (std::int64_t i = below(3); i >= 0; --i) {
      store::NewRun run;
      run.id = below(20) == 0 ? taken_run() : fresh<base::RunId>();
      run.job_id = any_of(jobs_);
      run.due_at = now_ + base::Duration{below(3'000) - 1'000};
      if (below(4) == 0) run.overlap = static_cast<model::Overlap>(below(6));
      runs_.push_back(run.id);
      out.runs.push_back(run);
    }
    return out;
  }

  store::Command materialise() {
    store::Materialise out{{}, now_};
    for (std::int64_t i = below(3); i >= 0; --i) {
      model::SchedulePlan plan;
      plan.schedule_id = any_of(schedules_);
      sql::Rows rows = engine_->database().query(
          "SELECT planned_until FROM schedules WHERE id = ?1", plan.schedule_id);
      if (rows.next()) rows.read(plan.from);
      plan.until = plan.from + base::Duration{1 + below(5'000)};
      plan.exhausted = below(50) == 0;
      plan.fires.push_back({plan.until, fresh<base::RunId>(), "local", ""});
      if (below(3) == 0) plan.fires[0].due_at = plan.until + base::Duration{below(900)};
      runs_.push_back(plan.fires[0].run_id);
      out.plans.push_back(plan);
    }
    return out;
  }

  store::Command operate() {
    if (below(4) == 0) {
      operations_.push_back(fresh<base::OperationId>());
      model::OperationSpec spec;
      spec.kind = static_cast<model::OperationKind>(below(3));
      spec.selection = model::RunSelection{};
      return store::StartOperation{operations_.back(), "default", spec, "ada", now_};
    }
    if (below(8) == 0) {
      model::RetentionSpec keep;
      keep.runs = below(50);
      keep.age = 60s;
      return store::TrimHistory{keep, 20, now_};
    }
    if (below(8) == 0) return store::CancelOperation{"default", any_of(operations_), "ada", now_};
    store::AdvanceOperation piece;
    piece.id = any_of(operations_);
    piece.limit = 1 + below(5);
    piece.now = now_;
    for (std::int64_t i = 0; i < piece.limit; ++i)
      piece.ids.push_back(fresh<base::RunId>());
    return piece;
  }

  store::Command register_worker() {
    model::Worker worker;
    worker.name = "w";
    worker.slots = static_cast<int>(1 + below(4));
    if (below(2) == 0) worker.labels["zone"] = "b";
    if (workers_.size() < 3 || below(12) == 0) {
      if (workers_.size() < 3) workers_.push_back(fresh<base::WorkerId>());
      worker.id = any_of(workers_);
      return store::RegisterWorker{worker, random_(), now_};
    }
    const bool is_online = below(3) > 0;
    const auto state =
        is_online ? model::WorkerState::online : static_cast<model::WorkerState>(below(3));
    return store::SetWorkerState{any_of(workers_), state, now_};
  }

  store::Command finish() {
    store::FinishAttempt out{any_of(held_), {}, random_(), now_};
    if (below(2) == 0) out.outcome.status = static_cast<model::OutcomeStatus>(below(6));
    return out;
  }

  void learn(const store::Command& command, const base::Result<store::Reply>& reply) {
    if (!reply) return;
    if (const auto* applied = std::get_if<store::JobsApplied>(&*reply)) {
      jobs_.push_back(applied->jobs[0].id);
    }
    const auto* claimed = std::get_if<store::RunsClaimed>(&*reply);
    if (claimed == nullptr) return;
    for (const store::ClaimedRun& run : claimed->runs) {
      auto& last = epochs_[run.run.id];
      CHECK(run.epoch > last);  // a fencing number is given once
      last = run.epoch;
      held_.push_back({run.run.id, run.epoch});
      if (held_.size() > 30) held_.erase(held_.begin());
    }
    std::int64_t slots = 0;
    for (const store::ClaimedRun& run : claimed->runs)
      slots += run.spec.resources.slots;
    CHECK(std::get<store::ClaimRuns>(command).limit >= slots);
  }

  std::mt19937_64 random_;
  TestDirectory directory_;
  std::unique_ptr<Engine> engine_;
  base::Instant now_ = base::from_millis(1'767'225'600'000);
  std::vector<base::JobId> jobs_;
  std::vector<base::RunId> runs_;
  std::vector<base::ScheduleId> schedules_;
  std::vector<base::WorkerId> workers_;
  std::vector<base::OperationId> operations_;
  std::vector<store::LeaseRef> held_;
  std::map<base::RunId, std::int64_t> epochs_;
};

TEST_CASE("whatever commands come, tables, live index and leases agree") {
  const std::uint64_t seed = choose_seed();
  INFO("replay: MAINSPRING_TEST_SEED=" << seed);
  Walk walk(seed);
  for (int step = 0; step < 600; ++step) {
    walk.step();
    if (step % 20 == 19) walk.check();
    if (step % 90 == 89) walk.reopen();
  }
  walk.check();
}

}  // namespace
}  // namespace mainspring::sqlite
