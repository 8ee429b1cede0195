// What a group does when one of its commands fails after it has written.
#include "sqlite/engine.h"

#include <doctest/doctest.h>

#include "sql/live_rows.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

const base::Instant kNow = base::from_millis(1'767'225'600'000);

template <class Id>
Id numbered(std::uint8_t number) {
  base::IdEntropy entropy{};
  entropy[9] = number;
  return Id::make(kNow, entropy);
}

// An engine with one job and one worker.
struct World {
  World() {
    model::Worker worker;
    worker.id = numbered<base::WorkerId>(1);
    worker.name = "w1";
    REQUIRE(one(store::RegisterWorker{worker, 1, kNow}));
    store::JobDraft draft;
    draft.fresh_id = numbered<base::JobId>(1);
    draft.spec.name = "job";
    draft.spec.command.shell = "true";
    REQUIRE(one(store::ApplyJobs{"default", {draft}, "ada", kNow}));
  }

  base::Result<store::Reply> one(store::Command command) {
    const std::vector<store::Request> group{{std::move(command), std::nullopt}};
    return engine.apply(group).replies.front();
  }
  static store::Command submission(std::uint8_t number) {
    store::NewRun run;
    run.id = numbered<base::RunId>(number);
    run.job_id = numbered<base::JobId>(1);
    run.due_at = kNow;
    return store::SubmitRuns{"default", {run}, "ada", kNow};
  }
  std::int64_t count(sql::Sql text) {
    sql::Rows rows = engine.database().query(text);
    std::int64_t out = 0;
    if (rows.next()) rows.read(out);
    return out;
  }

  TestDirectory directory;
  Engine engine{directory.path() + "/m.db"};
};

TEST_CASE("a command that breaks off half-way takes nothing of its group with it") {
  World world;
  REQUIRE(world.one(World::submission(1)));
  REQUIRE(world.one(store::ClaimRuns{.worker_id = numbered<base::WorkerId>(1), .now = kNow}));
  // The history has the run already: its report writes the attempt, and then cannot go on.
  world.engine.database().run(
      "INSERT INTO runs_done(tenant, id, job, version, state, reason, trigger, requested_by, queue,"
      " priority, attempts, created_at, scheduled_at, due_at, finished_at)"
      " SELECT tenant, id, job, version, 4, '', trigger, requested_by, queue, priority, 1,"
      " created_at, scheduled_at, due_at, due_at FROM runs_live");
  store::FinishAttempt report;
  report.lease = {numbered<base::RunId>(1), 1};
  report.now = kNow;
  const std::vector<store::Request> group{{World::submission(2), std::nullopt},
                                          {store::Command{report}, std::nullopt},
                                          {World::submission(3), std::nullopt}};
  const sql::GroupResult result = world.engine.apply(group);
  CHECK(result.replies[0].has_value());
  REQUIRE_FALSE(result.replies[1].has_value());
  CHECK(result.replies[1].error().code == base::Code::internal);
  CHECK(result.replies[2].has_value());
  CHECK(world.count("SELECT count(*) FROM attempts") == 0);
  CHECK(world.count("SELECT count(*) FROM runs_live") == 3);
  sql::LiveIndex rebuilt;
  sql::load_live(world.engine.database(), rebuilt);
  CHECK(world.engine.core().live() == rebuilt);
}

}  // namespace
}  // namespace mainspring::sqlite
