// Opening, migrations, and what happens when the disk says no.
#include "sqlite/store.h"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "json/codec.h"
#include "model/occurrence.h"
#include "sql/live_rows.h"
#include "sql/writer.h"
#include "sqlite/engine.h"
#include "sqlite/migrations.h"
#include "sqlite/test_directory.h"
#include "store/conformance_kit.h"

namespace mainspring::sqlite {
namespace {

using namespace std::chrono_literals;

const base::Instant kNow = base::from_millis(1'767'225'600'000);

store::Request put_job(int number) {
  store::JobDraft draft;
  base::IdEntropy entropy{};
  entropy[8] = static_cast<std::uint8_t>(number >> 8);
  entropy[9] = static_cast<std::uint8_t>(number);
  draft.fresh_id = base::JobId::make(kNow, entropy);
  draft.spec.name = fmt::format("job-{}", number);
  draft.spec.description = std::string(2'000, 'x');
  return {store::ApplyJobs{"default", {draft}, "ada", kNow}, std::nullopt};
}

unsigned mode_of(const std::string& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

TEST_CASE("a new database is readable by its owner only, and so is its directory") {
  TestDirectory directory;
  const std::string path = directory.path() + "/var/lib/m.db";
  auto store = open({path});
  REQUIRE(store);
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(path + "-wal") == 0600);
  CHECK(mode_of(directory.path() + "/var") == 0700);
  CHECK(mode_of(directory.path() + "/var/lib") == 0700);
}

TEST_CASE("a database that is open is not opened a second time") {
  TestDirectory directory;
  auto first = open({directory.path() + "/m.db"});
  REQUIRE(first);
  auto second = open({directory.path() + "/m.db"});
  REQUIRE(!second);
  CHECK(second.error().code == base::Code::conflict);
  first->reset();
  CHECK(open({directory.path() + "/m.db"}));
}

TEST_CASE("another program's database is refused, and is left as it was") {
  TestDirectory directory;
  const std::string path = directory.path() + "/m.db";
  {
    Database(path, Database::Access::write).execute("CREATE TABLE theirs(x)");
  }
  const auto store = open({path});
  REQUIRE(!store);
  CHECK(store.error().code == base::Code::unsupported);
  CHECK(store.error().message.find("another program") != std::string::npos);
}

TEST_CASE("a file that is no database is refused") {
  TestDirectory directory;
  const std::string path = directory.path() + "/m.db";
  FILE* file = ::fopen(path.c_str(), "w");
  for (int i = 0; i < 1'000; ++i)
    std::fputs("this is no database ", file);
  std::fclose(file);
  const auto store = open({path});
  REQUIRE(!store);
  CHECK(store.error().code == base::Code::unavailable);
}

TEST_CASE("a database of a newer program is refused with both numbers") {
  TestDirectory directory;
  const std::string path = directory.path() + "/m.db";
  REQUIRE(open({path}));
  {
    Database(path, Database::Access::write).execute("PRAGMA user_version = 99");
  }
  const auto store = open({path});
  REQUIRE(!store);
  CHECK(store.error().code == base::Code::unsupported);
  CHECK(store.error().message.find("schema 99") != std::string::npos);
}

TEST_CASE("migrations are numbered without gaps, and a second start applies none") {
  int number = 0;
  for (const Migration& migration : migrations())
    CHECK(migration.name.starts_with(fmt::format("{:04}_", ++number)));
  TestDirectory directory;
  Database database(directory.path() + "/m.db", Database::Access::write);
  migrate(database);
  migrate(database);
  sql::Rows rows = database.query("PRAGMA user_version");
  REQUIRE(rows.next());
  int version = 0;
  rows.read(version);
  CHECK(version == number);
}

template <class E>
void check_names(Database& database, std::string_view kind) {
  const json::EnumTable& table = described(E{});
  sql::Rows rows =
      database.query("SELECT value, name FROM enum_names WHERE kind = ?1 ORDER BY value", kind);
  std::size_t count = 0;
  while (rows.next()) {
    std::int64_t value = 0;
    std::string name;
    rows.read(value, name);
    const auto* row = table.find(value);
    REQUIRE(row != nullptr);
    CHECK(row->name == name);
    ++count;
  }
  CHECK(count == table.rows.size());
}

TEST_CASE("the numbers in the database are those of the program's enumerations") {
  TestDirectory directory;
  Database database(directory.path() + "/m.db", Database::Access::write);
  migrate(database);
  check_names<model::RunState>(database, "run_state");
  check_names<model::Trigger>(database, "trigger");
  check_names<model::Ending>(database, "ending");
  check_names<model::Overlap>(database, "overlap");
  check_names<model::WorkerState>(database, "worker_state");
  check_names<model::LogStream>(database, "log_stream");
}

TEST_CASE("the views for people can be read") {
  TestDirectory directory;
  Database database(directory.path() + "/m.db", Database::Access::write);
  migrate(database);
  for (const char* view : {"runs_view", "occurrences_view", "jobs_view"})
    database.execute(fmt::format("SELECT * FROM {}", view));
}

TEST_CASE("when the disk is full nothing is acknowledged, and all goes on when there is room") {
  TestDirectory directory;
  Engine engine(directory.path() + "/m.db");
  const std::vector<store::Request> one{put_job(1)};
  REQUIRE(engine.apply(one).replies.at(0));
  const sql::LiveIndex before = engine.core().live();
  engine.database().execute("PRAGMA max_page_count = 1");  // as many as it has now
  std::vector<store::Request> many;
  for (int i = 2; i < 200; ++i)
    many.push_back(put_job(i));
  try {
    engine.apply(many);
    FAIL("the disk was not full");
  } catch (const store::Unavailable& problem) {
    CHECK(problem.code() == base::Code::storage_full);
    CHECK(std::string{problem.what()}.find("free some space") != std::string::npos);
  }
  engine.database().execute("PRAGMA max_page_count = 1000000");
  const sql::GroupResult result = engine.apply(many);
  for (const auto& reply : result.replies)
    CHECK(reply.has_value());
  CHECK(engine.core().live() == before);
}

TEST_CASE("when a commit fails, the live index is read from the tables again") {
  TestDirectory directory;
  Engine engine(directory.path() + "/m.db");
  const store::Request job = put_job(1);
  const auto& draft = std::get<store::ApplyJobs>(job.command).jobs[0];
  REQUIRE(engine.apply({&job, 1}).replies.at(0));
  store::NewRun run;
  run.id = base::RunId::make(kNow, {});
  run.job_id = draft.fresh_id;
  run.due_at = kNow;
  const store::Request submit{store::SubmitRuns{"default", {run}, "ada", kNow}, std::nullopt};
  sqlite3* handle = engine.database().handle();
  sqlite3_commit_hook(handle, [](void*) { return 1; }, nullptr);
  CHECK_THROWS(engine.apply({&submit, 1}));
  sqlite3_commit_hook(handle, nullptr, nullptr);
  const sql::GroupResult result = engine.apply({&submit, 1});
  CHECK(result.replies.at(0).has_value());
  CHECK(engine.core().live().size() == 1);
  sql::LiveIndex rebuilt;
  sql::load_live(engine.database(), rebuilt);
  CHECK(engine.core().live() == rebuilt);
}

TEST_CASE("the writer answers every command of every thread, and keeps each thread's order") {
  TestDirectory directory;
  Engine engine(directory.path() + "/m.db");
  std::atomic<int> answered = 0;
  {
    sql::GroupWriter writer(engine);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&writer, &answered, t] {
        for (int i = 0; i < 50; ++i) {
          writer.submit(put_job(t * 1'000 + i), [&answered](base::Result<store::Reply> reply) {
            if (reply) ++answered;
          });
        }
        CHECK(writer.submit_and_wait(put_job(t * 1'000 + 999)).has_value());
      });
    }
    for (std::thread& thread : threads)
      thread.join();
  }
  CHECK(answered == 200);
}

TEST_CASE("what waits when the writer ends is still written and answered") {
  TestDirectory directory;
  Engine engine(directory.path() + "/m.db");
  int answered = 0;
  {
    sql::GroupWriter writer(engine);
    for (int i = 0; i < 300; ++i)
      writer.submit(put_job(i), [&answered](base::Result<store::Reply>) { ++answered; });
  }
  CHECK(answered == 300);
}

TEST_CASE("a completion or listener that throws stops nobody else") {
  TestDirectory directory;
  Engine engine(directory.path() + "/m.db");
  sql::GroupWriter writer(engine);
  writer.add_listener([](const std::vector<store::Notice>&) { throw std::runtime_error("no"); });
  writer.submit(put_job(1), [](base::Result<store::Reply>) { throw std::runtime_error("no"); });
  CHECK(writer.submit_and_wait(put_job(2)).has_value());
  CHECK(writer.submit_and_wait(put_job(3)).has_value());
}

}  // namespace
}  // namespace mainspring::sqlite
