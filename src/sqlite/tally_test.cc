// What the writer says of each group, for those who count.
#include <doctest/doctest.h>

#include <mutex>

#include "sqlite/store.h"
#include "sqlite/test_directory.h"
#include "store/conformance_kit.h"

namespace mainspring::sqlite {
namespace {

using namespace std::chrono_literals;
using store::conformance::World;

// A store whose facts are kept. Commands of a World are answered one by one, after the observer has
// heard of them; the lock is for the reader's sake.
class CountedSubject final : public store::Subject {
 public:
  CountedSubject() { reopen(); }
  store::Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    auto opened = open({.path = directory_.path() + "/mainspring.db",
                        .observe = [this](const store::Tally& tally) { hear(tally); }});
    if (!opened) throw std::runtime_error(base::to_text(opened.error()));
    store_ = std::move(*opened);
  }

  template <class F>
  std::vector<F> all() {
    const std::lock_guard lock(mutex_);
    std::vector<F> out;
    for (const store::Fact& fact : facts_) {
      if (const auto* found = std::get_if<F>(&fact)) out.push_back(*found);
    }
    return out;
  }
  std::int64_t commands() {
    const std::lock_guard lock(mutex_);
    return commands_;
  }

 private:
  void hear(const store::Tally& tally) {
    const std::lock_guard lock(mutex_);
    facts_.insert(facts_.end(), tally.facts.begin(), tally.facts.end());
    commands_ += tally.commands;
  }

  std::mutex mutex_;
  std::vector<store::Fact> facts_;
  std::int64_t commands_ = 0;
  TestDirectory directory_;
  std::unique_ptr<store::Store> store_;  // last: its writer calls hear()
};

TEST_CASE("a run is counted at each step of its life, with its delay and how long it took") {
  CountedSubject subject;
  World w(subject);
  const auto job = w.job("nightly");
  const auto worker = w.worker();
  w.submit(job);
  w.now += 250ms;
  const auto run = w.claim_one(worker);
  w.now += 3s;
  w.finish(run);
  REQUIRE(subject.all<store::RunAccepted>().size() == 1);
  const auto started = subject.all<store::RunStarted>();
  REQUIRE(started.size() == 1);
  CHECK(started[0].delay == 250ms);
  const auto attempts = subject.all<store::AttemptEnded>();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].took == 3s);
  CHECK(attempts[0].status == model::OutcomeStatus::success);
  const auto ended = subject.all<store::RunEnded>();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].state == model::RunState::succeeded);
  CHECK(subject.all<store::RunRetried>().empty());
}

TEST_CASE("a retry is counted as one, and its second attempt starts no second run") {
  CountedSubject subject;
  World w(subject);
  auto spec = World::spec("flaky");
  spec.retry.max_attempts = 2;
  const auto job = w.put(spec).id;
  const auto worker = w.worker();
  w.submit(job);
  w.finish(w.claim_one(worker), World::failed(1));
  w.now += 1h;
  w.promote();
  w.finish(w.claim_one(worker));
  CHECK(subject.all<store::RunStarted>().size() == 1);
  CHECK(subject.all<store::RunRetried>().size() == 1);
  CHECK(subject.all<store::AttemptEnded>().size() == 2);
  CHECK(subject.all<store::RunEnded>().size() == 1);
}

TEST_CASE("a lease that runs out counts as a lost attempt") {
  CountedSubject subject;
  World w(subject);
  const auto worker = w.worker();
  w.submit(w.job("nightly"));
  w.claim_one(worker);
  w.now += 1h;
  w.expire();
  const auto attempts = subject.all<store::AttemptEnded>();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].status == model::OutcomeStatus::lost);
}

TEST_CASE("an occurrence counts under the one ending it gets") {
  CountedSubject subject;
  World w(subject);
  auto spec = World::spec("often");
  spec.schedule = {World::every(1min)};
  const auto job = w.put(spec).id;
  const auto worker = w.worker();
  w.plan_fire(job, 10s);
  CHECK(subject.all<store::OccurrencesEnded>().empty());
  w.now += 10s;
  w.promote();
  w.claim_one(worker);
  const auto ended = subject.all<store::OccurrencesEnded>();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].ending == model::Ending::ran);
  CHECK(ended[0].count == 1);
}

TEST_CASE("a command that was refused counts as a command and does nothing else") {
  CountedSubject subject;
  World w(subject);
  const auto fine = w.new_run(w.job("nightly"));
  const auto missing = w.new_run(w.fresh<base::JobId>());
  const auto before = subject.commands();
  const auto error = w.refuse(store::SubmitRuns{w.tenant, {fine, missing}, "ada", w.now});
  CHECK(error.code == base::Code::not_found);
  CHECK(subject.commands() == before + 1);
  CHECK(subject.all<store::RunAccepted>().empty());
}

}  // namespace
}  // namespace mainspring::sqlite
