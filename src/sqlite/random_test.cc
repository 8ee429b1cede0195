// Random commands against the engine, in random groups and with random restarts; after each group
// the tables, the live index and the history of leases must agree.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "sql/live_rows.h"
#include "sql/random_commands.h"
#include "sqlite/engine.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

// Replay one failure: MAINSPRING_TEST_SEED=<seed> build/debug/src/sqlite/test_sqlite
std::uint64_t choose_seed() {
  if (const char* text = std::getenv("MAINSPRING_TEST_SEED")) return std::stoull(text);
  return std::random_device{}();
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : commands_(seed) {
    reopen();
    engine_->apply(commands_.begin());
  }

  void step() {
    const auto group = commands_.next(engine_->database());
    commands_.learn(group, engine_->apply(group).replies);
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
    // No worker has more gpus taken than it has, but for those that it gave away by starting anew.
    CHECK(count("SELECT count(*) FROM (SELECT sum(r.takes->>'gpus') AS taken,"
                " max(w.resources->>'gpus') AS has FROM runs_live AS r JOIN workers AS w"
                " ON w.key = r.worker WHERE r.state = 2 GROUP BY r.worker)"
                " WHERE coalesce(taken, 0) > coalesce(has, 0)") == 0);
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

  std::int64_t count(sql::Sql text) {
    sql::Rows rows = engine_->database().query(text);
    std::int64_t out = -1;
    if (rows.next()) rows.read(out);
    return out;
  }

  sql::RandomCommands commands_;
  TestDirectory directory_;
  std::unique_ptr<Engine> engine_;
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
