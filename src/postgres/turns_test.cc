// Two nodes on one database: what one commits the other knows before it decides, whoever was away,
// cut off, or lied to about the history.
#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "postgres/engine.h"
#include "postgres/migrations.h"
#include "postgres/store.h"
#include "postgres/test_database.h"
#include "postgres/test_proxy.h"
#include "store/conformance_kit.h"

namespace mainspring::postgres {
namespace {

using store::conformance::World;

class Node final : public store::Subject {
 public:
  explicit Node(std::string url) : url_(std::move(url)) { reopen(); }
  store::Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    auto opened = open({.url = url_});
    if (!opened) throw std::runtime_error(base::to_text(opened.error()));
    store_ = std::move(*opened);
  }

 private:
  std::string url_;
  std::unique_ptr<store::Store> store_;
};

// Two nodes; ids of theirs differ because their worlds' clocks do.
class Fleet {
 public:
  explicit Fleet(const std::string& second_url = test_server().url())
      : empty_((empty_database(test_server().url()), 0)),
        first(test_server().url()),
        second(second_url),
        a(first),
        b(second) {
    b.now += std::chrono::milliseconds{1};
  }

 private:
  int empty_;

 public:
  Node first;
  Node second;
  World a;
  World b;
};

TEST_CASE("a run that one node was given is claimed through another, once") {
  Fleet fleet;
  const auto job = fleet.a.job("greet");
  const auto run = fleet.a.submit(job);
  const auto worker = fleet.b.worker("w-b");
  const auto claimed = fleet.b.claim_one(worker);
  CHECK(claimed.run.id == run);
  CHECK(fleet.a.claim(fleet.a.worker("w-a")).empty());
  fleet.b.finish(claimed);
  CHECK(fleet.a.run(run).summary.state == model::RunState::succeeded);
}

TEST_CASE("overlap, keys and queues are decided on what both nodes did") {
  Fleet fleet;
  fleet.a.apply(store::PutQueue{"default", {.name = "default", .limit = 1}, "ada", fleet.a.now});
  const auto job = fleet.a.job("greet");
  fleet.a.submit(job);
  fleet.b.submit(job);
  const auto worker = fleet.a.worker();
  CHECK(fleet.a.claim(worker).size() == 1);
  CHECK(fleet.b.claim(fleet.b.worker("other")).empty());
}

TEST_CASE("a definition that one node changed is known to the other at its next command") {
  Fleet fleet;
  const auto job = fleet.a.job("greet");
  fleet.b.submit(job);
  fleet.a.apply(store::DeleteJob{"default", job, std::nullopt, "a", fleet.a.now});
  const auto refused =
      fleet.b.refuse(store::SubmitRuns{"default", {fleet.b.new_run(job)}, "ada", fleet.b.now});
  CHECK(refused.code == base::Code::not_found);
}

TEST_CASE("what one node told its listeners reaches those of the other") {
  Fleet fleet;
  fleet.b.worker();  // since this turn it misses none; those before were removed with the tables
  std::mutex mutex;
  std::condition_variable arrived;
  std::int64_t ready = 0;
  fleet.second.store().writer().add_listener([&](const std::vector<store::Notice>& notices) {
    const std::lock_guard lock(mutex);
    for (const store::Notice& each : notices)
      if (const auto* runs = std::get_if<store::RunsReady>(&each)) ready += runs->count;
    arrived.notify_all();
  });
  fleet.a.submit(fleet.a.job("greet"));
  std::unique_lock lock(mutex);
  CHECK(arrived.wait_for(lock, std::chrono::seconds{20}, [&] { return ready == 1; }));
}

TEST_CASE("who was away for longer than turns are kept reads everything") {
  empty_database(test_server().url());
  const Address address = test_address(test_server().url());
  Engine away(address);
  Node node(test_server().url());
  World w(node);
  const auto run = w.submit(w.job("greet"));
  execute(test_server().url(), "DELETE FROM mainspring.turns");
  CHECK(away.core().live().find(run) == nullptr);
  away.catch_up();
  CHECK(away.core().live().find(run) == nullptr);  // nobody told it that there is news
  away.apply({});
  CHECK(away.core().live().find(run) != nullptr);
}

TEST_CASE("a history that is not the one that was seen is read from the tables") {
  empty_database(test_server().url());
  const Address address = test_address(test_server().url());
  Engine engine(address);
  Node node(test_server().url());
  World w(node);
  const auto run = w.submit(w.job("greet"));
  engine.apply({});
  REQUIRE(engine.core().live().find(run) != nullptr);
  // As after a failover that lost the run, and then another turn of the same number.
  execute(test_server().url(),
          "DELETE FROM mainspring.runs_live;"
          "UPDATE mainspring.writer_turn SET turn = gen_random_uuid();"
          "UPDATE mainspring.turns SET turn = (SELECT turn FROM mainspring.writer_turn)"
          " WHERE seq = (SELECT seq FROM mainspring.writer_turn)");
  engine.apply({});
  CHECK(engine.core().live().find(run) == nullptr);
}

TEST_CASE("what a newer node says that this one has no word for is read from the tables") {
  empty_database(test_server().url());
  const Address address = test_address(test_server().url());
  Engine engine(address);
  Node node(test_server().url());
  World w(node);
  const auto run = w.submit(w.job("greet"));
  engine.apply({});
  REQUIRE(engine.core().live().find(run) != nullptr);
  execute(test_server().url(),
          "DELETE FROM mainspring.runs_live;"
          "UPDATE mainspring.writer_turn SET seq = seq + 1, before = turn,"
          " turn = gen_random_uuid();"
          "INSERT INTO mainspring.turns(seq, turn, changes) SELECT seq, turn,"
          " '{\"moved\":7,\"notices\":[{\"type\":\"Unheard\"}]}' FROM mainspring.writer_turn");
  engine.apply({});
  CHECK(engine.core().live().find(run) == nullptr);
}

TEST_CASE("a node goes on under a newer schema, until one needs a newer program") {
  const std::string url = make_database("mainspring_newer");
  Node node(url);
  World w(node);
  const auto job = w.job("greet");
  const std::string later = std::to_string(std::ssize(migrations()) + 1);
  execute(url,
          "ALTER TABLE mainspring.queues ADD COLUMN later text;"
          "INSERT INTO mainspring.schema_migrations(number, name) VALUES (" +
              later + ", 'later')");
  w.submit(job);
  node.reopen();  // as an older node that crashes during the upgrade of the others
  const auto run = w.submit(job);
  execute(url, "UPDATE mainspring.writer_turn SET needs = " + later);
  const auto refused = w.refuse(store::SubmitRuns{"default", {w.new_run(job)}, "ada", w.now});
  CHECK(refused.code == base::Code::unavailable);  // a caller may have more luck with another node
  CHECK(refused.message.contains("needs a program that knows the schema " + later));
  CHECK(w.run(run).summary.state == model::RunState::queued);  // questions are answered
  const auto opened = open({.url = url});
  REQUIRE(!opened);
  CHECK(opened.error().code == base::Code::unsupported);
  CHECK(opened.error().message.contains("Start that version"));
}

TEST_CASE("a commit whose answer was lost is found to have happened") {
  TestProxy proxy(test_server().url());
  Fleet fleet(proxy.url());
  const auto job = fleet.b.job("greet");
  proxy.cut_at_commit(TestProxy::Cut::after);
  const auto run = fleet.b.submit(job);
  CHECK(proxy.has_cut());
  CHECK(fleet.b.run(run).summary.state == model::RunState::queued);
  CHECK(fleet.a.claim_one(fleet.a.worker()).run.id == run);
}

TEST_CASE("a commit that never arrived is refused, and nothing of it is there") {
  TestProxy proxy(test_server().url());
  Fleet fleet(proxy.url());
  const auto job = fleet.b.job("greet");
  proxy.cut_at_commit(TestProxy::Cut::before);
  const auto refused =
      fleet.b.refuse(store::SubmitRuns{"default", {fleet.b.new_run(job)}, "ada", fleet.b.now});
  CHECK(refused.code == base::Code::unavailable);
  CHECK(proxy.has_cut());
  CHECK(fleet.a.claim(fleet.a.worker()).empty());
  // It goes on by itself.
  const auto run = fleet.b.submit(job);
  CHECK(fleet.a.claim_one(fleet.a.worker()).run.id == run);
}

TEST_CASE("a turn in which nothing changed leaves no trace") {
  Fleet fleet;
  const auto worker = fleet.a.worker();
  const std::string count = "SELECT seq FROM mainspring.writer_turn";
  const std::int64_t before = ask_number(test_server().url(), count);
  CHECK(fleet.a.claim(worker).empty());
  CHECK(ask_number(test_server().url(), count) == before);
}

TEST_CASE("two nodes that start at once on an empty database make one schema") {
  const std::string url = make_database("mainspring_two_starts");
  std::vector<std::thread> threads;
  std::atomic<int> opened{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      if (open({.url = url})) ++opened;
    });
  for (std::thread& thread : threads)
    thread.join();
  CHECK(opened == 4);
  CHECK(ask_number(url, "SELECT count(*) FROM mainspring.schema_migrations") >= 1);
}

TEST_CASE("a node whose clock is wrong writes nothing until it is right, and says by how much") {
  empty_database(test_server().url());
  std::atomic<std::int64_t> wrong_by{0};  // seconds
  auto opened = open({.url = test_server().url(), .wall = [&] {
                        return std::chrono::system_clock::now() + std::chrono::seconds{wrong_by};
                      }});
  REQUIRE(opened);
  const auto put = [&] {
    return store::apply((*opened)->writer(), store::PutQueue{"default", {.name = "q"}, "ada", {}});
  };
  CHECK(put());
  for (const std::int64_t seconds : {30, -30}) {
    wrong_by = seconds;
    const auto refused = put();
    REQUIRE(!refused);
    CHECK(refused.error().code == base::Code::unavailable);
    CHECK(refused.error().message.starts_with(seconds > 0
                                                  ? "this node's clock is 30s ahead of that"
                                                  : "this node's clock is 30s behind that"));
    const auto offset = (*opened)->clock_offset();
    REQUIRE(offset);
    CHECK(std::chrono::abs(offset->offset + std::chrono::seconds{seconds}) <=
          std::chrono::milliseconds{500});
  }
  wrong_by = 0;
  CHECK(put());
}

TEST_CASE("a node that counts with its wrong clock writes, and no more when the clock is right") {
  empty_database(test_server().url());
  std::atomic<std::int64_t> wrong_by{30};  // seconds
  std::atomic<std::int64_t> corrected_by{-30};
  auto opened = open(
      {.url = test_server().url(),
       .wall = [&] { return std::chrono::system_clock::now() + std::chrono::seconds{wrong_by}; },
       .correction = [&] { return std::chrono::seconds{corrected_by}; }});
  REQUIRE(opened);
  const auto put = [&] {
    return store::apply((*opened)->writer(), store::PutQueue{"default", {.name = "q"}, "ada", {}});
  };
  CHECK(put());
  wrong_by = 0;
  const auto refused = put();
  REQUIRE(!refused);
  // What it counts with, which is the clock less a correction that is not due any more.
  CHECK(refused.error().message.starts_with("this node's clock is 30s behind that"));
  corrected_by = 0;
  CHECK(put());
}

TEST_CASE("the clock of the database is measured, and is ours on the same machine") {
  Node node(test_server().url());
  auto& store = dynamic_cast<Store&>(node.store());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!store.clock_offset() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  const auto offset = store.clock_offset();
  REQUIRE(offset);
  CHECK(std::chrono::abs(offset->offset) <= offset->uncertainty + std::chrono::milliseconds{5});
}

}  // namespace
}  // namespace mainspring::postgres
