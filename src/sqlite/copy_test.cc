// Copies while somebody writes, and what becomes of them when the disk fails.
#include "sqlite/copy.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "sqlite/engine.h"
#include "sqlite/fault_disk.h"
#include "sqlite/store.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

namespace fs = std::filesystem;

const base::Instant kNow = base::from_millis(1'767'225'600'000);

store::ApplyJobs put_job(int number) {
  store::JobDraft draft;
  base::IdEntropy entropy{};
  entropy[8] = static_cast<std::uint8_t>(number >> 8);
  entropy[9] = static_cast<std::uint8_t>(number);
  draft.fresh_id = base::JobId::make(kNow, entropy);
  draft.spec.name = fmt::format("job-{}", number);
  draft.spec.description = std::string(4'000, 'x');
  return {"default", {draft}, "ada", kNow};
}

// A store with some jobs, and a place for copies of it.
class Original {
 public:
  Original() {
    auto opened = open({.path = path()});
    REQUIRE(opened);
    store_ = std::move(*opened);
    put(0, 50);
  }
  void put(int from, int until) {
    for (int i = from; i < until; ++i)
      REQUIRE(store::apply(store_->writer(), put_job(i)));
  }
  void close() { store_.reset(); }

  std::string path() const { return directory_.path() + "/m.db"; }
  std::string copy() const { return directory_.path() + "/copy.db"; }
  // The names of files that begin as the copy does.
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_.path()))
      if (const auto name = entry.path().filename().string(); name.starts_with("copy"))
        names.push_back(name);
    return names;
  }

 private:
  TestDirectory directory_;
  std::unique_ptr<store::Store> store_;
};

std::vector<std::string> definitions_of(const std::string& path) {
  std::vector<std::string> texts;
  REQUIRE(for_each_definition(path, [&](std::string_view text) { texts.emplace_back(text); }));
  return texts;
}

TEST_CASE("a copy of a store in use holds all that was acknowledged, in one private file") {
  Original original;
  REQUIRE(copy_database({original.path(), original.copy()}));
  CHECK(original.left() == std::vector<std::string>{"copy.db"});
  struct stat found{};
  REQUIRE(::stat(original.copy().c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600);
  CHECK(check_database(original.copy(), Depth::full) == newest_schema());
  CHECK(original.left() == std::vector<std::string>{"copy.db"});  // looking leaves nothing
  const auto contents = read_contents(original.copy());
  REQUIRE(contents);
  CHECK(contents->jobs == 50);
  CHECK(contents->events == 50);
  CHECK(definitions_of(original.copy()) == definitions_of(original.path()));
  CHECK(open({.path = original.copy()}));
}

TEST_CASE("a copy is of one instant, however much is written meanwhile") {
  Original original;
  std::atomic<bool> has_begun = false;
  std::atomic<bool> is_over = false;
  int written = 50;
  std::thread other([&] {
    while (!has_begun)
      std::this_thread::yield();
    while (!is_over)
      original.put(written, written + 1), ++written;
  });
  // The first look holds the copy up until the writer has gone on, which it must be able to.
  int looks = 0;
  const auto made = copy_database({original.path(), original.copy(), [&](const CopyProgress& seen) {
                                     CHECK(seen.done <= seen.all);
                                     has_begun = true;
                                     if (looks++ > 0) return true;
                                     const auto before = read_contents(original.path());
                                     while (read_contents(original.path())->jobs < before->jobs + 5)
                                       std::this_thread::yield();
                                     return true;
                                   }});
  is_over = true;
  other.join();
  REQUIRE(made);
  const auto contents = read_contents(original.copy());
  REQUIRE(contents);
  CHECK(contents->jobs == 50);  // its instant is before the first look
  CHECK(contents->jobs == contents->events);
  CHECK(check_database(original.copy(), Depth::full).has_value());
}

TEST_CASE("a copy that is given up leaves nothing") {
  Original original;
  const auto made =
      copy_database({original.path(), original.copy(), [](const CopyProgress&) { return false; }});
  // A store this small is one step; the watch is asked all the same.
  if (!made) CHECK(made.error().code == base::Code::timed_out);
  CHECK(original.left().size() == (made ? 1u : 0u));
}

TEST_CASE("a copy never overwrites") {
  Original original;
  std::ofstream(original.copy()) << "precious";
  const auto made = copy_database({original.path(), original.copy()});
  REQUIRE(!made);
  CHECK(made.error().code == base::Code::conflict);
  std::string text;
  std::ifstream(original.copy()) >> text;
  CHECK(text == "precious");
}

TEST_CASE("a disk that is full or fails while it is copied to leaves nothing of the copy") {
  Original original;
  original.close();
  for (const Trouble trouble : {Trouble::full, Trouble::write_error, Trouble::short_write,
                                Trouble::sync_error, Trouble::read_error}) {
    FaultDisk disk;
    disk.set(trouble);
    const auto made = copy_database({original.path(), original.copy()});
    REQUIRE(!made);
    const bool is_full = trouble == Trouble::full;
    CHECK(made.error().code == (is_full ? base::Code::storage_full : base::Code::unavailable));
    CHECK(original.left().empty());
  }
  REQUIRE(copy_database({original.path(), original.copy()}));
  CHECK(check_database(original.copy(), Depth::full).has_value());
}

TEST_CASE("a damaged page is found and named with the file") {
  Original original;
  original.close();
  FaultDisk disk;
  disk.spoil_page(3);
  const auto checked = check_database(original.path(), Depth::full);
  REQUIRE(!checked);
  CHECK(checked.error().code == base::Code::unavailable);
  CHECK(checked.error().message.find("m.db is damaged") != std::string::npos);
}

TEST_CASE("a file of another program, of a newer one, or none is refused with the reason") {
  Original original;
  REQUIRE(copy_database({original.path(), original.copy()}));
  Database(original.copy(), Database::Access::write).execute("PRAGMA user_version = 99");
  const auto newer = check_database(original.copy(), Depth::quick);
  REQUIRE(!newer);
  CHECK(newer.error().code == base::Code::unsupported);
  CHECK(newer.error().message.find("schema 99, this program knows up to") != std::string::npos);
  Database(original.copy(), Database::Access::write).execute("PRAGMA application_id = 7");
  const auto foreign = check_database(original.copy(), Depth::quick);
  REQUIRE(!foreign);
  CHECK(foreign.error().message.find("another program") != std::string::npos);
  CHECK(check_database(original.copy() + "x", Depth::quick).error().code ==
        base::Code::unavailable);
}

const Difference* find(const std::vector<Difference>& all, std::string_view what) {
  for (const Difference& each : all)
    if (each.what.find(what) != std::string::npos) return &each;
  return nullptr;
}

TEST_CASE("what a store wrote after a copy is explained, what was done behind its back is not") {
  Original original;
  REQUIRE(copy_database({original.path(), original.copy()}));
  const StatePair states{.earlier = original.copy(), .later = original.path()};
  CHECK(compare(states)->empty());
  original.put(50, 53);
  auto found = compare(states);
  REQUIRE(found);
  REQUIRE(find(*found, "jobs created since") != nullptr);
  CHECK(find(*found, "jobs created since")->count == 3);
  for (const Difference& each : *found)
    CHECK(each.is_explained);
  original.close();
  Database(original.path(), Database::Access::write)
      .execute("DELETE FROM jobs WHERE key = 7; UPDATE events SET type = 'x' WHERE position = 3");
  found = compare(states);
  REQUIRE(found);
  REQUIRE(find(*found, "without an event") != nullptr);
  CHECK(find(*found, "without an event")->count == 1);
  CHECK_FALSE(find(*found, "without an event")->is_explained);
  REQUIRE(find(*found, "tell something else") != nullptr);
  CHECK_FALSE(find(*found, "tell something else")->is_explained);
}

TEST_CASE("a restored store gives no position of an event a second time") {
  Original original;
  REQUIRE(copy_database({original.path(), original.copy()}));
  const auto newest = open_new_history({original.copy(), "nightly.db", base::from_millis(7)});
  REQUIRE(newest);
  CHECK(*newest == 50 + kPositionGap);
  auto restored = open({.path = original.copy()});
  REQUIRE(restored);
  REQUIRE(store::apply((*restored)->writer(), put_job(77)));
  const auto reads = (*restored)->open_reads();
  CHECK(reads->events().last_position() == *newest + 1);
  const auto events = reads->events().after({.tenant = "default"}, *newest - 1, 1);
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == "backup.restored");
  CHECK(events[0].subject == "nightly.db");
  CHECK(events[0].time == base::from_millis(7));
}

}  // namespace
}  // namespace mainspring::sqlite
