// Databases of earlier versions of the program: brought up to date, with everything they hold, and
// the work in them goes on.
#include <doctest/doctest.h>

#include "sqlite/database.h"
#include "sqlite/fault_disk.h"
#include "sqlite/migrations.h"
#include "sqlite/store.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

const base::Instant kNow = base::from_millis(1'767'225'600'000);

// In columns that every schema has. Ids: the last byte tells them apart. The job is paused in none;
// a run waits, one runs under a lease of a worker that is gone, one has ended with a log.
constexpr const char* kRows = R"(
INSERT INTO jobs(key, id, tenant, name, version, created_at, updated_at)
  VALUES (1, x'000000000000000000000000000000a1', 1, 'nightly', 2, 1767225000000,
          1767225000000);
INSERT INTO job_counts VALUES (1, 1);
INSERT INTO job_versions VALUES (1, 1, '{"name":"nightly","command":"false"}', 'ada',
          1767225000000),
  (1, 2, '{"name":"nightly","command":"true","schedule":[{"cron":"30 2 * * *"}]}', 'ada',
          1767225000000);
INSERT INTO job_labels VALUES (1, 'team=ops', 'nightly', 1);
INSERT INTO schedules(key, id, job, version, trigger, overlap, spec, created_at, planned_until)
  VALUES (1, x'000000000000000000000000000000b1', 1, 2, 0, 0, '{"cron":"30 2 * * *"}',
          1767225000000, 1767225000000);
INSERT INTO occurrences(schedule, at, local, tenant, job, ending, run, decided_at)
  VALUES (1, 1767225000000, '2025-12-31T23:50:00', 1, 1, 0,
          x'000000000000000000000000000000c3', 1767225000000);
INSERT INTO workers(key, id, name, state, slots, labels, version, started_at, heartbeat_at)
  VALUES (1, x'000000000000000000000000000000d1', 'old', 0, 2, '{}', '0.1', 1767225000000,
          1767225000000);
INSERT INTO runs_live(tenant, id, job, version, state, trigger, requested_by, queue,
          priority, attempts,
                      created_at, scheduled_at, due_at, epoch)
  VALUES (1, x'000000000000000000000000000000c1', 1, 2, 1, 7, 'ada', 'default', 0, 0,
          1767225000000, 1767225000000, 1767225000000, 0);
INSERT INTO runs_live(tenant, id, job, version, state, trigger, requested_by, queue,
          priority, attempts,
                      created_at, scheduled_at, due_at, started_at, epoch, worker, lease_until,
                      attempt_started_at)
  VALUES (1, x'000000000000000000000000000000c2', 1, 2, 2, 7, 'ada', 'default', 0, 1,
          1767225000000, 1767225000000, 1767225000000, 1767225000000, 4, 1, 1767225010000,
          1767225000000);
INSERT INTO runs_done(tenant, id, job, version, schedule, state, reason, trigger,
          requested_by, queue, priority,
                      attempts, created_at, scheduled_at, due_at, started_at, exit_code,
          finished_at)
  VALUES (1, x'000000000000000000000000000000c3', 1, 1, 1, 4, '', 0, 'schedule', 'default',
          0, 1,
          1767225000000, 1767225000000, 1767225000000, 1767225000000, 0, 1767225001000);
INSERT INTO run_payloads(run, params)
  VALUES (x'000000000000000000000000000000c3', '{"day":"monday"}');
INSERT INTO attempts VALUES (x'000000000000000000000000000000c3', 1, 1, 1, 1767225000000,
          1767225001000,
                             '{"status":"success","exit_code":0}', 4, NULL);
INSERT INTO log_chunks(run, attempt, seq, stream, at, bytes)
  VALUES (x'000000000000000000000000000000c3', 1, 1, 0, 1767225000500, x'68656c6c6f0a');
INSERT INTO events(position, tenant, type, subject, time, payload)
  VALUES (41, 1, 'run.succeeded', 'run_000000000000000000000000000000c3', 1767225001000, '{}');
INSERT INTO tokens(id, tenant, name, sha256, permissions, created_at)
  VALUES (x'000000000000000000000000000000e1', 1, 'ci', x'aa', '["view"]', 1767225000000);
)";

template <class Id>
Id id_of(std::uint8_t last) {
  base::IdBytes bytes{};
  bytes.back() = last;
  return Id{bytes};
}

// A file as the version of the program that knew `schema` left it.
void write_old(const std::string& path, int schema) {
  Database database(path, Database::Access::write);
  database.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA journal_mode = WAL", kApplicationId));
  for (int number = 1; number <= schema; ++number)
    database.execute(std::string{migrations()[static_cast<std::size_t>(number) - 1].sql});
  database.execute(kRows);
  if (schema == 1)
    database.execute("UPDATE jobs SET paused = 1, pause_note = 'until monday' WHERE key = 1");
  database.execute(fmt::format("PRAGMA user_version = {}", schema));
}

int newest() { return static_cast<int>(migrations().size()); }

int schema_of(const std::string& path) {
  Database database(path, Database::Access::read);
  sql::Rows rows = database.query("PRAGMA user_version");
  int schema = 0;
  if (rows.next()) rows.read(schema);
  return schema;
}

void check_history(store::Reads& reads) {
  const auto job = reads.jobs().find_by_name("default", "nightly");
  REQUIRE(job);
  CHECK(job->version == 2);
  CHECK(reads.jobs().find_version(job->id, 1).has_value());
  const auto ended = reads.runs().find("default", id_of<base::RunId>(0xc3));
  REQUIRE(ended);
  CHECK(ended->summary.state == model::RunState::succeeded);
  CHECK(ended->params.at("day") == "monday");
  CHECK(reads.runs().attempts(id_of<base::RunId>(0xc3)).size() == 1);
  const auto lines = reads.runs().lines({.run_id = id_of<base::RunId>(0xc3)});
  REQUIRE(lines.items.size() == 1);
  CHECK(lines.items[0].text.bytes == "hello");
  CHECK(reads.schedules().of_job(job->id).size() == 1);
  CHECK(reads.schedules().occurrences_at(job->id, base::from_millis(1'767'225'000'000)).size() ==
        1);
  CHECK(reads.events().last_position() == 41);
  CHECK(reads.tokens().find(base::Blob{"\xaa"}).has_value());
}

// The run that waits is claimed and ends; the one whose worker is gone is lost.
void check_work_goes_on(store::Store& store) {
  model::Worker worker;
  worker.id = id_of<base::WorkerId>(0xd2);
  worker.name = "new";
  worker.slots = 4;
  REQUIRE(store::apply(store.writer(), store::RegisterWorker{worker, 0, kNow}));
  REQUIRE(store::apply(store.writer(), store::ExpireLeases{.now = kNow}));
  const auto claimed = store::apply(
      store.writer(), store::ClaimRuns{.worker_id = worker.id, .limit = 4, .now = kNow});
  REQUIRE(claimed);
  REQUIRE(claimed->runs.size() == 1);
  CHECK(claimed->runs[0].run.id == id_of<base::RunId>(0xc1));
  model::Outcome outcome;
  outcome.exit_code = 0;
  REQUIRE(store::apply(
      store.writer(),
      store::FinishAttempt{{claimed->runs[0].run.id, claimed->runs[0].epoch}, outcome, 0, kNow}));
  const auto reads = store.open_reads();
  CHECK(reads->runs().find("default", id_of<base::RunId>(0xc1))->summary.state ==
        model::RunState::succeeded);
  const auto lost = reads->runs().find("default", id_of<base::RunId>(0xc2));
  CHECK(lost->summary.state == model::RunState::failed);
  CHECK(lost->summary.reason.find("lost") != std::string::npos);
  CHECK(reads->events().last_position() > 41);
}

TEST_CASE("a database of any earlier schema is brought up to date with all it holds") {
  for (int schema = 1; schema <= newest(); ++schema) {
    CAPTURE(schema);
    TestDirectory directory;
    const std::string path = directory.path() + "/m.db";
    write_old(path, schema);
    auto store = open({.path = path});
    REQUIRE(store);
    CHECK(schema_of(path) == newest());
    check_history(*(*store)->open_reads());
    if (schema == 1) {
      const auto job = (*store)->open_reads()->jobs().find_by_name("default", "nightly");
      REQUIRE(job->pause);
      CHECK(job->pause->note == "until monday");
      REQUIRE(store::apply((*store)->writer(),
                           store::ResumeJob{.tenant = "default", .job_id = job->id, .now = kNow}));
    }
    check_work_goes_on(**store);
  }
}

TEST_CASE("where a run of an earlier version is to be placed is still known") {
  TestDirectory directory;
  const std::string path = directory.path() + "/m.db";
  write_old(path, 9);
  Database(path, Database::Access::write)
      .execute("UPDATE runs_live SET placement = '{\"zone\":\"b\"}' WHERE state = 1");
  auto store = open({.path = path});
  REQUIRE(store);
  model::Worker worker;
  worker.id = id_of<base::WorkerId>(0xd2);
  const auto claim = [&] {
    REQUIRE(store::apply((*store)->writer(), store::RegisterWorker{worker, 0, kNow}));
    return store::apply((*store)->writer(), store::ClaimRuns{.worker_id = worker.id, .now = kNow})
        .value()
        .runs.size();
  };
  CHECK(claim() == 0);
  worker.labels["zone"] = "b";
  CHECK(claim() == 1);
}

TEST_CASE("a crash in the middle of a migration leaves the old schema or the new, and all rows") {
  int crashes = 0;
  for (int schema = 1; schema < newest(); ++schema) {
    for (std::int64_t write = 0; write < 60; write += 3) {
      CAPTURE(schema);
      CAPTURE(write);
      TestDirectory directory;
      const std::string path = directory.path() + "/m.db";
      FaultDisk disk;
      write_old(path, schema);
      disk.crash_at(write);
      if (!open({.path = path})) ++crashes;
      disk.lose_unsynced(static_cast<std::uint64_t>(write));
      const int found = schema_of(path);
      CHECK(found >= schema);
      CHECK(found <= newest());
      auto store = open({.path = path});
      REQUIRE(store);
      check_history(*(*store)->open_reads());
    }
  }
  CHECK(crashes > 20);
}

}  // namespace
}  // namespace mainspring::sqlite
