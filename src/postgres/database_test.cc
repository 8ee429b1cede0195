// The connection below src/sql: transactions, savepoints, what waits and what does not, and what
// happens when the server goes away.
#include <doctest/doctest.h>

#include "postgres/database.h"
#include "postgres/test_database.h"

namespace mainspring::postgres {
namespace {

using Purpose = sql::Database::Purpose;

// A table of its own for each test.
class Bench {
 public:
  explicit Bench(const std::string& url = test_server().url()) : database(test_address(url)) {
    database.execute(
        "DROP TABLE IF EXISTS bench; CREATE TABLE bench(id bigint PRIMARY KEY, name text)");
  }
  ~Bench() {
    try {
      database.roll_back();
      database.execute("DROP TABLE IF EXISTS bench");
    } catch (const std::exception&) {  // NOLINT: a test has cut the line; the next one drops it
    }
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  std::int64_t count() {
    sql::Rows rows = database.query("SELECT count(*) FROM bench");
    std::int64_t out = 0;
    if (rows.next()) rows.read(out);
    return out;
  }
  void add(std::int64_t id) { database.run("INSERT INTO bench(id, name) VALUES (?1, 'x')", id); }

  PgDatabase database;
};

// Both ways to send a statement.
template <class Test>
void with_and_without_pooler(Test test) {
  SUBCASE("directly") { test(test_server().url()); }
  SUBCASE("through a pooler") { test(test_server().pooler_url()); }
}

TEST_CASE("a pooler is found out, and so is that there is none") {
  CHECK(!PgDatabase(test_address(test_server().url())).is_pooled());
  CHECK(PgDatabase(test_address(test_server().pooler_url())).is_pooled());
}

TEST_CASE("a transaction that is rolled back leaves nothing, and one that is committed does") {
  with_and_without_pooler([](const std::string& url) {
    Bench bench(url);
    bench.database.begin(Purpose::write);
    bench.add(1);
    bench.database.roll_back();
    CHECK(bench.count() == 0);
    bench.database.begin(Purpose::write);
    for (std::int64_t id = 0; id < 3'000; ++id)
      bench.add(id);
    bench.database.commit();
    CHECK(bench.count() == 3'000);
  });
}

TEST_CASE("a savepoint takes back what came after it, and what failed") {
  with_and_without_pooler([](const std::string& url) {
    Bench bench(url);
    bench.database.begin(Purpose::write);
    bench.add(1);
    bench.database.save();
    bench.add(2);
    bench.database.undo_to_save();
    bench.database.save();
    bench.add(1);  // a second time
    CHECK_THROWS_AS(bench.database.sync(), sql::BrokenConstraint);
    bench.database.undo_to_save();
    bench.database.save();
    bench.add(3);
    bench.database.release_save();
    bench.database.commit();
    CHECK(bench.count() == 2);
  });
}

TEST_CASE("a failure that nobody waited for comes with the commit, and nothing is kept") {
  Bench bench;
  bench.database.begin(Purpose::write);
  bench.add(1);
  bench.add(1);
  CHECK_THROWS_AS(bench.database.commit(), sql::BrokenConstraint);
  bench.database.roll_back();
  CHECK(bench.count() == 0);
}

TEST_CASE("a failure that is rolled back unseen is not told to the next who asks") {
  Bench bench;
  bench.database.begin(Purpose::write);
  bench.add(1);
  bench.add(1);
  bench.database.roll_back();
  CHECK(bench.count() == 0);
}

TEST_CASE("a statement comes again and again, with values of any kind or none") {
  with_and_without_pooler([](const std::string& url) {
    Bench bench(url);
    for (std::int64_t id = 0; id < 10; ++id) {
      const std::optional<std::string> name =
          id % 2 == 0 ? std::optional<std::string>{} : std::optional{std::to_string(id)};
      bench.database.run("INSERT INTO bench(id, name) VALUES (?1, ?2)", id, name);
    }
    CHECK(bench.database.change("DELETE FROM bench WHERE name IS NULL") == 5);
    CHECK(bench.database.change("DELETE FROM bench WHERE id = ?1", std::int64_t{3}) == 1);
    CHECK(bench.database.change("DELETE FROM bench WHERE id = ?1", std::int64_t{3}) == 0);
  });
}

TEST_CASE("a walk reads on for as long as its reader wants, beside other statements") {
  with_and_without_pooler([](const std::string& url) {
    Bench bench(url);
    bench.database.run("INSERT INTO bench SELECT each, 'n' FROM generate_series(1, 12345) AS each");
    const sql::Snapshot snapshot(bench.database);
    for (const std::int64_t wanted : {1, 100, 101, 5'000, 20'000}) {
      sql::Rows rows =
          bench.database.walk("SELECT id FROM bench WHERE id > ?1 ORDER BY id", std::int64_t{0});
      std::int64_t seen = 0;
      std::int64_t id = 0;
      while (seen < wanted && rows.next()) {
        rows.read(id);
        REQUIRE(id == ++seen);
        if (seen == 150) CHECK(bench.count() == 12'345);
      }
      CHECK(seen == std::min<std::int64_t>(wanted, 12'345));
    }
  });
}

TEST_CASE("a snapshot sees one state, whatever others commit meanwhile") {
  Bench bench;
  Bench* const other = &bench;
  PgDatabase reader(test_address(test_server().url()));
  const sql::Snapshot snapshot(reader);
  const auto count = [&] {
    sql::Rows rows = reader.query("SELECT count(*) FROM bench");
    std::int64_t out = 0;
    if (rows.next()) rows.read(out);
    return out;
  };
  CHECK(count() == 0);
  other->add(1);
  CHECK(count() == 0);
}

// What a server does to a session that it ends: the next who asks finds it gone.
void end_sessions() {
  execute(test_server().url(),
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
}

TEST_CASE("a question after the session was ended is asked again on a new one") {
  Bench bench;
  bench.add(1);
  end_sessions();
  CHECK(bench.count() == 1);
  CHECK(bench.database.session() == 2);
}

TEST_CASE("a transaction begins again on a new session while nothing was done in it") {
  Bench bench;
  end_sessions();
  bench.database.begin(Purpose::write);
  CHECK(bench.count() == 0);
  bench.add(1);
  bench.database.commit();
  CHECK(bench.count() == 1);
}

TEST_CASE("a session that ends within a transaction takes all of it along, and says so") {
  Bench bench;
  bench.database.begin(Purpose::write);
  bench.add(1);
  bench.database.sync();
  end_sessions();
  try {
    bench.count();
    FAIL("the question was answered");
  } catch (const ConnectionLost& problem) {
    CHECK(std::string(problem.what()).find("shuts down or ended this session") !=
          std::string::npos);
  }
  bench.database.roll_back();
  CHECK(bench.count() == 0);
}

TEST_CASE("a write that stands alone is not repeated when its session was ended") {
  Bench bench;
  end_sessions();
  CHECK_THROWS_AS(bench.add(1), ConnectionLost);
  bench.add(1);
  CHECK(bench.count() == 1);
}

TEST_CASE("a server that is away is not asked again and again, and comes back by itself") {
  Bench bench;
  test_server().crash();
  CHECK_THROWS_AS(bench.count(), store::Unavailable);
  for (int i = 0; i < 20; ++i)
    CHECK_THROWS_AS(bench.count(), store::Unavailable);
  test_server().start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  std::int64_t found = -1;
  while (found < 0 && std::chrono::steady_clock::now() < deadline) {
    try {
      found = bench.count();
    } catch (const store::Unavailable&) {
    }
  }
  CHECK(found == 0);
}

TEST_CASE("a node that stands still in a transaction loses it after a while") {
  Bench bench;
  PgDatabase slow(test_address(test_server().url()), {.lock = std::chrono::milliseconds{8'000},
                                                      .idle = std::chrono::milliseconds{50},
                                                      .statement = std::chrono::seconds{20}});
  slow.begin(Purpose::write);
  slow.run("INSERT INTO bench(id, name) VALUES (1, 'x')");
  slow.sync();
  // Waits in the server for the lock that the sleeper has.
  PgDatabase next(test_address(test_server().url()));
  next.begin(Purpose::write);
  next.run("INSERT INTO bench(id, name) VALUES (1, 'y')");
  next.commit();
  CHECK_THROWS_AS(slow.commit(), ConnectionLost);
  slow.roll_back();
  CHECK(bench.count() == 1);
}

TEST_CASE("what the server refuses is said in a sentence that helps") {
  const auto message = [](const Refusal& refusal) -> std::string {
    try {
      fail(refusal);
    } catch (const std::exception& problem) {
      return problem.what();
    }
  };
  CHECK(message({"53100", "could not extend file: No space left on device", "jobs at db:5432"}) ==
        "the disk of the PostgreSQL server jobs at db:5432 is full; free some space there, nothing "
        "else is needed (could not extend file: No space left on device)");
  CHECK_THROWS_AS(fail({"23505", "duplicate key", "x"}), sql::BrokenConstraint);
  CHECK_THROWS_AS(fail({"25006", "cannot execute UPDATE in a read-only transaction", "x"}),
                  ConnectionLost);
  CHECK_THROWS_AS(fail({"99999", "new", "x"}), store::Unavailable);
  try {
    fail({"53100", "", ""});
  } catch (const store::Unavailable& problem) {
    CHECK(problem.code() == base::Code::storage_full);
  }
}

}  // namespace
}  // namespace mainspring::postgres
