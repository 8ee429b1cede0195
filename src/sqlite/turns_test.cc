// Engines that take turns on one database: each knows what the others did before it decides
// anything. SQLite's file is such a database as far as this goes; what a turn is in earnest, a
// shared store says.
#include <doctest/doctest.h>

#include <cstdlib>
#include <future>
#include <mutex>
#include <random>

#include "sql/json_column.h"
#include "sql/live_rows.h"
#include "sql/random_commands.h"
#include "sql/writer.h"
#include "sqlite/engine.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

using namespace std::chrono_literals;

const base::Instant kNow = base::from_millis(1'767'225'600'000);

// What each transaction changed, as text, in the order of commits.
struct Ledger {
  std::mutex mutex;
  std::vector<std::string> entries;
};

class LedgerTurns final : public sql::Turns {
 public:
  LedgerTurns(Database& database, Ledger& ledger) : database_(database), ledger_(ledger) {}

  sql::Changes begin(sql::Database::Purpose purpose) override {
    database_.begin(purpose);
    const std::lock_guard lock(ledger_.mutex);
    sql::Changes others;
    others.is_everything = is_behind;
    for (; seen_ < ledger_.entries.size(); ++seen_)
      others.add(sql::from_column<sql::Changes>(ledger_.entries[seen_]));
    if (is_behind) others = {.is_everything = true};
    is_behind = false;
    return others;
  }
  void commit(const sql::Changes& own) override {
    if (std::exchange(is_failing, false)) {
      throw store::Unavailable(base::Code::unavailable, "the line is cut");
    }
    const std::lock_guard lock(ledger_.mutex);
    database_.commit();
    ledger_.entries.push_back(sql::to_column(own));
    seen_ = ledger_.entries.size();
  }
  void roll_back() noexcept override { database_.roll_back(); }
  bool has_news() override {
    const std::lock_guard lock(ledger_.mutex);
    return seen_ < ledger_.entries.size();
  }
  bool is_shared() const override { return true; }

  bool is_behind = false;   // further than is known of
  bool is_failing = false;  // the next commit does

 private:
  Database& database_;
  Ledger& ledger_;
  std::size_t seen_ = 0;
};

// A node's part of the store.
struct Seat {
  Seat(const std::string& path, Ledger& ledger)
      : file(path), turns(file.connection, ledger), engine(file.connection, turns) {
    file.connection.execute("PRAGMA synchronous = OFF");
  }

  bool has_the_truth() {
    sql::LiveIndex rebuilt;
    sql::load_live(file.connection, rebuilt);
    return engine.core().live() == rebuilt;
  }

  WritableFile file;
  LedgerTurns turns;
  sql::Engine engine;
};

// Replay one failure: MAINSPRING_TEST_SEED=<seed> build/debug/src/sqlite/test_sqlite
std::uint64_t choose_seed() {
  if (const char* text = std::getenv("MAINSPRING_TEST_SEED")) return std::stoull(text);
  return std::random_device{}();
}

TEST_CASE("engines that take turns have the same picture, whoever did what") {
  const std::uint64_t seed = choose_seed();
  INFO("replay: MAINSPRING_TEST_SEED=" << seed);
  TestDirectory directory;
  Ledger ledger;
  Seat seats[] = {{directory.path() + "/m.db", ledger}, {directory.path() + "/m.db", ledger}};
  sql::RandomCommands commands(seed);
  seats[0].engine.apply(commands.begin());
  for (int step = 0; step < 600; ++step) {
    Seat& acting = seats[commands.below(2)];
    Seat& other = &acting == &seats[0] ? seats[1] : seats[0];
    const auto group = commands.next(acting.file.connection);
    acting.turns.is_behind = commands.below(40) == 0;
    acting.turns.is_failing = commands.below(40) == 0;
    try {
      commands.learn(group, acting.engine.apply(group).replies);
    } catch (const store::Unavailable&) {
      continue;  // nothing of it happened; the next turn reads everything
    }
    acting.turns.is_failing = false;  // nothing was written
    if (commands.below(3) == 0) {
      other.engine.catch_up();
      REQUIRE(other.has_the_truth());
    }
    if (step % 10 == 9) REQUIRE(acting.has_the_truth());
  }
  for (Seat& seat : seats) {
    seat.engine.catch_up();
    CHECK(seat.has_the_truth());
  }
}

template <class Id>
Id numbered(std::uint8_t number) {
  base::IdEntropy entropy{};
  entropy[9] = number;
  return Id::make(kNow, entropy);
}

store::Request put_job(const std::string& name, std::uint8_t number) {
  store::JobDraft draft;
  draft.fresh_id = numbered<base::JobId>(number);
  draft.spec.name = name;
  draft.spec.command.shell = "true";
  return {store::ApplyJobs{"default", {draft}, "ada", kNow}, std::nullopt};
}

store::Request submit(std::uint8_t job, std::uint8_t number) {
  store::NewRun run;
  run.id = numbered<base::RunId>(number);
  run.job_id = numbered<base::JobId>(job);
  run.due_at = kNow;
  return {store::SubmitRuns{"default", {run}, "ada", kNow}, std::nullopt};
}

base::Result<store::Reply> one(Seat& seat, const store::Request& request) {
  return std::move(seat.engine.apply({&request, 1}).replies.front());
}

template <class N>
bool has(const std::vector<store::Notice>& notices) {
  return std::ranges::any_of(
      notices, [](const store::Notice& each) { return std::holds_alternative<N>(each); });
}

TEST_CASE("what one engine defines, the next command of another knows") {
  TestDirectory directory;
  Ledger ledger;
  Seat here(directory.path() + "/m.db", ledger);
  Seat there(directory.path() + "/m.db", ledger);
  REQUIRE(one(here, put_job("first", 1)));
  CHECK(one(there, submit(1, 1)).has_value());
  CHECK(one(here, submit(1, 1)).error().code == base::Code::conflict);
  REQUIRE(one(there, {store::DeleteJob{"default", numbered<base::JobId>(1), {}, "ada", kNow},
                      std::nullopt}));
  CHECK(one(here, submit(1, 2)).error().code == base::Code::not_found);
}

TEST_CASE("listeners are told once of what others did, and that something was missed") {
  TestDirectory directory;
  Ledger ledger;
  Seat here(directory.path() + "/m.db", ledger);
  Seat there(directory.path() + "/m.db", ledger);
  REQUIRE(one(here, put_job("first", 1)));
  const auto heard = there.engine.catch_up();
  CHECK(has<store::JobChanged>(heard));
  CHECK(has<store::EventsAdded>(heard));
  CHECK(there.engine.catch_up().empty());
  REQUIRE(one(here, put_job("second", 2)));
  there.turns.is_behind = true;
  const auto missed = there.engine.catch_up();
  CHECK_FALSE(has<store::JobChanged>(missed));
  CHECK(has<store::NoticesLost>(missed));
  CHECK(has<store::EventsAdded>(missed));
}

TEST_CASE("a failed transaction loses nothing that others told") {
  TestDirectory directory;
  Ledger ledger;
  Seat here(directory.path() + "/m.db", ledger);
  Seat there(directory.path() + "/m.db", ledger);
  REQUIRE(one(here, put_job("first", 1)));
  there.turns.is_failing = true;
  CHECK_THROWS(one(there, submit(1, 1)));
  const store::Request again = submit(1, 1);
  const sql::GroupResult result = there.engine.apply({&again, 1});
  CHECK(result.replies.front().has_value());
  CHECK(has<store::JobChanged>(result.notices));
}

TEST_CASE("what changed nothing is not told, and takes no place in the order") {
  TestDirectory directory;
  Ledger ledger;
  Seat here(directory.path() + "/m.db", ledger);
  REQUIRE(one(here, put_job("first", 1)));
  const std::size_t entries = ledger.entries.size();
  CHECK(one(here, {store::PromoteDue{kNow}, std::nullopt}).has_value());
  CHECK(one(here, put_job("first", 1)).has_value());
  CHECK(ledger.entries.size() == entries);
}

TEST_CASE("an idle writer tells its listeners what others wrote") {
  TestDirectory directory;
  Ledger ledger;
  Seat here(directory.path() + "/m.db", ledger);
  Seat there(directory.path() + "/m.db", ledger);
  std::promise<void> told;
  std::once_flag once;
  const auto listen = [&](const std::vector<store::Notice>& notices) {
    if (has<store::JobChanged>(notices)) std::call_once(once, [&] { told.set_value(); });
  };
  const auto expect_told = [&] {
    CHECK(told.get_future().wait_for(30s) == std::future_status::ready);
  };
  SUBCASE("because it looks now and then") {
    sql::GroupWriter writer(there.engine, {}, 1ms);
    writer.add_listener(listen);
    REQUIRE(one(here, put_job("first", 1)));
    expect_told();
  }
  SUBCASE("because it is woken") {
    sql::GroupWriter writer(there.engine, {}, 1h);
    writer.add_listener(listen);
    REQUIRE(one(here, put_job("first", 1)));
    writer.wake();
    expect_told();
  }
}

}  // namespace
}  // namespace mainspring::sqlite
