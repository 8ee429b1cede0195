// The shelf, and what a restored store makes of what was going on when its backup was made.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "backup/leftovers.h"
#include "backup/make.h"
#include "backup/proof.h"
#include "backup/restore.h"
#include "backup/shelf.h"
#include "env/testing.h"
#include "plan/fresh_ids.h"
#include "plan/occurrences.h"
#include "sqlite/store.h"
#include "sqlite/test_directory.h"
#include "system/file_lock.h"

namespace mainspring::backup {
namespace {

using namespace std::chrono_literals;
using sqlite::TestDirectory;
using store::BackupState;

const base::Instant kNow = base::from_millis(1'767'225'600'000);  // 2026-01-01T00:00:00Z

template <class Id>
Id id_of(std::uint8_t last) {
  base::IdBytes bytes{};
  bytes.back() = last;
  return Id{bytes};
}

model::Worker worker_of(std::uint8_t last) {
  model::Worker worker;
  worker.id = id_of<base::WorkerId>(last);
  worker.name = "node";
  worker.slots = 4;
  return worker;
}

// A data directory whose store has one job with a schedule, and one run that is under way.
class Place {
 public:
  Place() {
    store::JobDraft draft;
    draft.fresh_id = id_of<base::JobId>(1);
    draft.fresh_schedule_ids = {id_of<base::ScheduleId>(1)};
    draft.spec.name = "hourly";
    draft.spec.retry.max_attempts = 3;
    model::ScheduleSpec hourly;
    hourly.cron = "0 * * * *";
    draft.spec.schedule = {hourly};
    auto store = open();
    REQUIRE(store::apply(store->writer(), store::ApplyJobs{"default", {draft}, "ada", kNow}));
    store::NewRun run;
    run.id = id_of<base::RunId>(1);
    run.job_id = draft.fresh_id;
    run.due_at = kNow;
    REQUIRE(store::apply(store->writer(), store::SubmitRuns{"default", {run}, "ada", kNow}));
    REQUIRE(claim(*store, 7) == 1);
    REQUIRE(make({.database = database(), .file = file()}));
  }

  std::string data() const { return directory_.path() + "/data"; }
  std::string database() const { return data() + "/m.db"; }
  std::string file() const { return directory_.path() + "/b.db"; }

  std::unique_ptr<store::Store> open() {
    auto opened = sqlite::open({.path = database()});
    REQUIRE(opened);
    return std::move(*opened);
  }
  // A worker of this number joins and takes what it may.
  static std::size_t claim(store::Store& store, std::uint8_t number, base::Instant now = kNow) {
    REQUIRE(store::apply(store.writer(), store::RegisterWorker{worker_of(number), 0, now}));
    const auto claimed = store::apply(
        store.writer(),
        store::ClaimRuns{.worker_id = worker_of(number).id, .limit = 4, .lease = 10s, .now = now});
    REQUIRE(claimed);
    return claimed->runs.size();
  }
  base::Result<Restored> restore(RestoreRequest::Over over) {
    return backup::restore({.file = file(),
                            .directory = data(),
                            .lock = data() + "/lock",
                            .database = database(),
                            .over = over,
                            .now = kNow});
  }

 private:
  TestDirectory directory_;
};

std::vector<model::Attempt> attempts(store::Store& store) {
  return store.open_reads()->runs().attempts(id_of<base::RunId>(1));
}

TEST_CASE("a run that was under way is lost when its worker comes back, and is tried again") {
  Place place;
  REQUIRE(place.restore(RestoreRequest::Over::old_database));
  auto store = place.open();
  Place::claim(*store, 7, kNow + 1h);
  const auto ended = attempts(*store);
  REQUIRE(!ended.empty());
  REQUIRE(ended[0].outcome);
  REQUIRE(ended[0].outcome->error);
  CHECK(ended[0].outcome->error->type == "lost");
  CHECK(Place::claim(*store, 8, kNow + 2h) == 1);
}

TEST_CASE("a run that was under way is lost when its lease ends, where its worker is gone") {
  Place place;
  REQUIRE(place.restore(RestoreRequest::Over::old_database));
  auto store = place.open();
  CHECK(Place::claim(*store, 8, kNow + 5s) == 0);  // the lease still holds
  REQUIRE(store::apply(store->writer(), store::ExpireLeases{.now = kNow + 11s}));
  const auto ended = attempts(*store);
  REQUIRE(!ended.empty());
  CHECK(ended[0].outcome->error->type == "lost");
  CHECK(Place::claim(*store, 8, kNow + 2h) == 1);
}

TEST_CASE("fires between a backup and its restore are missed fires, and misfire decides") {
  Place place;
  REQUIRE(place.restore(RestoreRequest::Over::old_database));
  auto store = place.open();
  const auto schedules = store->open_reads()->schedules().of_job(id_of<base::JobId>(1));
  REQUIRE(schedules.size() == 1);
  const base::Instant later = kNow + 5h + 30min;
  env::ManualClock clock(later);
  env::SeededRandom random(1);
  plan::FreshIds ids(clock, random);
  const auto planned =
      plan::plan_schedule({.schedule = schedules[0], .now = later, .horizon = later + 1min}, ids);
  REQUIRE(planned);
  CHECK(planned->plan.fires.size() == 1);  // run_once: one for the five that were missed
  std::int64_t missed = 0;
  for (const model::PlannedEnding& ending : planned->plan.endings)
    missed += ending.count;
  CHECK(missed == 4);
}

TEST_CASE("a restore over a database keeps that whole, with what its log alone held") {
  Place place;
  {
    auto store = place.open();
    REQUIRE(store::apply(store->writer(), store::RegisterWorker{worker_of(9), 0, kNow}));
    const auto busy = place.restore(RestoreRequest::Over::nothing);
    REQUIRE(!busy);
    CHECK(busy.error().code == base::Code::conflict);
    CHECK(busy.error().message.find("--force") != std::string::npos);
  }
  const auto restored = place.restore(RestoreRequest::Over::old_database);
  REQUIRE(restored);
  auto old = sqlite::open({.path = restored->moved_aside});
  REQUIRE(old);
  CHECK((*old)->open_reads()->workers().all().size() == 2);
  CHECK(place.open()->open_reads()->workers().all().size() == 1);
}

TEST_CASE("a proof says what is in a backup and what fires next, and leaves nothing behind") {
  Place place;
  const auto proof = prove({.file = place.file(), .against = place.database(), .now = kNow});
  REQUIRE(proof);
  CHECK(proof->contents.jobs == 1);
  CHECK(proof->contents.runs_open == 1);
  CHECK(proof->contents.definitions.size() == 64);
  REQUIRE(proof->next.size() == 1);
  CHECK(proof->next[0].at == kNow + 1h);
  CHECK(proof->findings.empty());
  CHECK_FALSE(std::filesystem::exists(place.file() + ".proof"));
}

std::set<std::string> names_in(const std::string& directory) {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(directory))
    names.insert(file.path().filename().string());
  return names;
}

void touch(const std::string& path) { std::ofstream(path) << "half"; }

TEST_CASE("what a killed restore left goes, and the old database keeps its log and its place") {
  Place place;
  const std::string database = place.database();
  const std::string aside = database + ".before-20260101T000000Z";
  const auto before = names_in(place.data());
  for (const char* end : {".incoming", ".incoming-wal", ".incoming.part", ".incoming.part.lock"})
    touch(database + end);
  touch(aside + "-earlier");  // of another restore, which came to its end
  std::filesystem::create_hard_link(database, aside);
  touch(aside + "-wal");
  CHECK(clear_restore_leftovers(database).size() == 4);
  auto left = names_in(place.data());
  CHECK(left.erase("m.db-wal") == 1);
  CHECK(left.erase("m.db.before-20260101T000000Z-earlier") == 1);
  CHECK(left == before);
  std::filesystem::remove(database + "-wal");
  CHECK(place.open()->open_reads()->workers().all().size() == 1);
  CHECK(clear_restore_leftovers(database).empty());
}

TEST_CASE("what a killed backup left goes, but for one that is being made and files of others") {
  TestDirectory directory;
  const Shelf shelf(directory.path());
  const auto path = [&](base::Instant at, const char* end) {
    return shelf.path_of(Shelf::name_for(at) + end);
  };
  touch(path(kNow, ""));
  for (const char* end : {".part", ".part.lock", ".part-journal"})
    touch(path(kNow + 1h, end));
  touch(path(kNow + 2h, ".json"));
  std::filesystem::create_directory(path(kNow, ".proof"));
  touch(path(kNow, ".proof") + "/copy");
  touch(path(kNow + 3h, ".part"));
  const auto lock = system::FileLock::take(path(kNow + 3h, ".part.lock"));
  REQUIRE(lock);
  touch(shelf.path_of("mine.db.part"));
  CHECK(clear_shelf_leftovers(directory.path()).size() == 4);
  const std::string busy = Shelf::name_for(kNow + 3h);
  CHECK(names_in(directory.path()) == std::set<std::string>{"mine.db.part", Shelf::name_for(kNow),
                                                            busy + ".part", busy + ".part.lock"});
  CHECK(shelf.list()->size() == 1);
}

void put(const Shelf& shelf, base::Instant made_at, BackupState state) {
  const std::string name = Shelf::name_for(made_at);
  std::ofstream(shelf.path_of(name)) << "seven b";
  store::Backup backup{.name = name, .state = state, .made_at = made_at};
  if (state == BackupState::verified) backup.verified_at = made_at + 1s;
  REQUIRE(shelf.record(backup));
}

TEST_CASE("a shelf lists what is a backup, newest first, with or without its record") {
  TestDirectory directory;
  const Shelf shelf(directory.path());
  CHECK(Shelf::name_for(kNow) == "mainspring-20260101T000000000Z.db");
  put(shelf, kNow, BackupState::verified);
  put(shelf, kNow + 1h, BackupState::damaged);
  std::ofstream(shelf.path_of(Shelf::name_for(kNow + 2h))) << "no record";
  std::ofstream(shelf.path_of(Shelf::name_for(kNow + 3h) + ".part")) << "half";
  std::ofstream(shelf.path_of("mine.db")) << "not ours";
  std::ofstream(shelf.path_of("mainspring-2026-01-01Txxxxx.db")) << "not ours";
  const auto list = shelf.list();
  REQUIRE(list);
  REQUIRE(list->size() == 3);
  CHECK((*list)[0].state == BackupState::made);
  CHECK((*list)[0].made_at == kNow + 2h);
  CHECK((*list)[1].state == BackupState::damaged);
  CHECK((*list)[2].bytes == 7);
  CHECK(find_newest(*list) == &(*list)[0]);
  CHECK(last_proven(*list) == kNow + 1s);
  CHECK(Shelf(directory.path() + "/none").list()->empty());
}

TEST_CASE("of too many backups the oldest go, but for the last proven one and damaged ones") {
  TestDirectory directory;
  const Shelf shelf(directory.path());
  put(shelf, kNow, BackupState::made);
  put(shelf, kNow + 1h, BackupState::verified);
  put(shelf, kNow + 2h, BackupState::damaged);
  put(shelf, kNow + 3h, BackupState::made);
  put(shelf, kNow + 4h, BackupState::made);
  const auto removed = shelf.remove_old(2);
  REQUIRE(removed);
  CHECK(*removed == std::vector{Shelf::name_for(kNow)});
  CHECK(shelf.list()->size() == 4);
  CHECK_FALSE(std::filesystem::exists(shelf.path_of(Shelf::name_for(kNow) + ".json")));
}

}  // namespace
}  // namespace mainspring::backup
