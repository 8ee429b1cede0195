// What commands and questions get when the disk fails, and that all goes on when it is well again.
#include <doctest/doctest.h>

#include "sql/live_rows.h"
#include "sqlite/engine.h"
#include "sqlite/fault_disk.h"
#include "sqlite/store.h"
#include "sqlite/test_directory.h"
#include "store/conformance_kit.h"

namespace mainspring::sqlite {
namespace {

const base::Instant kNow = base::from_millis(1'767'225'600'000);

template <class Id>
Id id_of(int number) {
  base::IdEntropy entropy{};
  entropy[8] = static_cast<std::uint8_t>(number >> 8);
  entropy[9] = static_cast<std::uint8_t>(number);
  return Id::make(kNow, entropy);
}

store::ApplyJobs put_job(int number) {
  store::JobDraft draft;
  draft.fresh_id = id_of<base::JobId>(number);
  draft.spec.name = fmt::format("job-{}", number);
  draft.spec.description = std::string(4'000, 'x');
  return {"default", {draft}, "ada", kNow};
}

store::SubmitRuns submit_run(int number) {
  store::NewRun run;
  run.id = id_of<base::RunId>(number);
  run.job_id = id_of<base::JobId>(1);
  run.due_at = kNow;
  return {"default", {run}, "ada", kNow};
}

// A store with one job on a disk that can be made to fail.
class Shaky {
 public:
  Shaky() : path_(directory_.path() + "/m.db") {
    auto opened = open(
        {path_, base::Log([this](const base::LogLine& line) { lines.emplace_back(line.message); },
                          base::LogLevel::info)});
    REQUIRE(opened);
    store_ = std::move(*opened);
    REQUIRE(store::apply(store_->writer(), put_job(1)));
    reads_ = store_->open_reads();
  }
  ~Shaky() { close(); }

  void close() {
    reads_.reset();
    store_.reset();
  }
  store::Writer& writer() { return store_->writer(); }
  const std::string& path() const { return path_; }

  bool has_job(int number) {
    return reads_->jobs().find_by_name("default", fmt::format("job-{}", number)).has_value();
  }
  void check_refused(base::Code code, const std::string& words) {
    const auto refused = store::apply(writer(), put_job(2));
    REQUIRE(!refused);
    INFO(refused.error().message);
    CHECK(refused.error().code == code);
    CHECK(refused.error().message.find(words) != std::string::npos);
    CHECK(refused.error().message.find(path_) != std::string::npos);
    REQUIRE(writer().trouble());
    CHECK(writer().trouble()->code == code);
    CHECK(has_job(1));  // questions are still answered
    CHECK(!has_job(2));
  }
  void check_well() {
    CHECK(store::apply(writer(), put_job(2)));
    CHECK(has_job(2));
    CHECK(!writer().trouble());
  }

  FaultDisk disk;
  std::vector<std::string> lines;

 private:
  TestDirectory directory_;
  std::string path_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reads> reads_;
};

struct Case {
  Trouble trouble;
  base::Code code;
  const char* words;
};
constexpr Case kCases[] = {
    {Trouble::write_error, base::Code::unavailable, "failed: Input/output error"},
    {Trouble::short_write, base::Code::unavailable, "failed: Input/output error"},
    {Trouble::sync_error, base::Code::unavailable, "failed: Input/output error"},
    {Trouble::full, base::Code::storage_full, "is full; free some space, nothing else is needed"},
    {Trouble::read_only, base::Code::unavailable, "make it writable, nothing else is needed"},
};

TEST_CASE("a disk that fails refuses changes with the reason, answers questions, and comes back") {
  for (const Case& each : kCases) {
    CAPTURE(static_cast<int>(each.trouble));
    Shaky shaky;
    shaky.disk.set(each.trouble);
    shaky.check_refused(each.code, each.words);
    shaky.check_refused(each.code, each.words);
    shaky.disk.set(Trouble::none);
    shaky.check_well();
  }
}

TEST_CASE("the log names a trouble once, and its end") {
  Shaky shaky;
  shaky.disk.set(Trouble::full);
  for (int i = 0; i < 5; ++i)
    CHECK(!store::apply(shaky.writer(), put_job(2)));
  shaky.disk.set(Trouble::none);
  // Nothing to write proves nothing.
  CHECK(store::apply(shaky.writer(), store::PromoteDue{kNow}));
  CHECK(shaky.writer().trouble());
  shaky.check_well();
  REQUIRE(shaky.lines.size() == 2);
  CHECK(shaky.lines[0].find("nothing can be written") == 0);
  CHECK(shaky.lines[0].find("is full") != std::string::npos);
  CHECK(shaky.lines[1] == "the store can be written again");
}

TEST_CASE("room for some is used to the end, and what did not fit is refused whole") {
  Shaky shaky;
  shaky.disk.set_room(300'000);
  int accepted = 0;
  for (int number = 2; number < 200; ++number) {
    const auto applied = store::apply(shaky.writer(), put_job(number));
    if (applied) ++accepted;
    CHECK(shaky.has_job(number) == applied.has_value());
    if (!applied) CHECK(applied.error().code == base::Code::storage_full);
  }
  CHECK(accepted > 3);
  CHECK(accepted < 190);
}

TEST_CASE("a start on a disk that cannot be used says why") {
  for (const Case& each : kCases) {
    CAPTURE(static_cast<int>(each.trouble));
    TestDirectory directory;
    FaultDisk disk;
    disk.set(each.trouble);
    const auto opened = open({directory.path() + "/m.db"});
    REQUIRE(!opened);
    CHECK(opened.error().code == each.code);
    CHECK(opened.error().message.find(directory.path()) != std::string::npos);
    disk.set(Trouble::none);
    CHECK(open({directory.path() + "/m.db"}));
  }
}

TEST_CASE("after any write that failed, index and counts are those of the tables") {
  for (int write = 0; write < 60; ++write) {
    CAPTURE(write);
    TestDirectory directory;
    FaultDisk disk;
    Engine engine(directory.path() + "/m.db");
    engine.database().execute("PRAGMA cache_size = 4");  // writes before the commit, too
    const store::Request job{put_job(1), std::nullopt};
    const store::Request first{submit_run(1), std::nullopt};
    REQUIRE(engine.apply({&job, 1}).replies.at(0));
    REQUIRE(engine.apply({&first, 1}).replies.at(0));
    disk.set_room(write * 1'024);
    std::vector<store::Request> more;
    for (int number = 2; number < 12; ++number) {
      more.push_back({submit_run(number), std::nullopt});
      more.push_back({put_job(number), std::nullopt});
    }
    try {
      engine.apply(more);
    } catch (const store::Unavailable& problem) {
      CHECK(problem.code() == base::Code::storage_full);
    }
    disk.set_room(INT64_MAX);
    const store::Request last{submit_run(100), std::nullopt};
    REQUIRE(engine.apply({&last, 1}).replies.at(0));
    sql::LiveIndex rebuilt;
    sql::load_live(engine.database(), rebuilt);
    CHECK(engine.core().live() == rebuilt);
    CHECK(engine.counts().of_tenant(sql::kDefaultTenant) ==
          rebuilt.counts().at(sql::kDefaultTenant));
    const auto queue = engine.counts().of_queue({sql::kDefaultTenant, "default"});
    REQUIRE(queue);
    CHECK(*queue == rebuilt.ready().counts({sql::kDefaultTenant, "default"}));
  }
}

// Every page in turn reads as noise. Some pages nobody asks for, and a text may be noise that looks
// like a text; but nothing may end the program, and an error names the file and what to do.
TEST_CASE("a damaged page is named, and is no crash") {
  Shaky shaky;
  for (int number = 2; number < 40; ++number) {
    REQUIRE(store::apply(shaky.writer(), put_job(number)));
    REQUIRE(store::apply(shaky.writer(), submit_run(number)));
  }
  shaky.close();
  const auto pages = static_cast<std::int64_t>(std::filesystem::file_size(shaky.path()) / 4'096);
  int named = 0;
  for (std::int64_t page = 1; page <= pages; ++page) {
    CAPTURE(page);
    shaky.disk.spoil_page(page);
    auto opened = open({shaky.path()});
    base::Error error;
    if (!opened) {
      error = opened.error();
    } else if (const auto reply = store::apply((*opened)->writer(), submit_run(1'000)); !reply) {
      error = reply.error();
    }
    if (error.message.find("is damaged") == std::string::npos) continue;
    ++named;
    CHECK(error.code == base::Code::unavailable);
    CHECK(error.message.find(shaky.path()) != std::string::npos);
    CHECK(error.message.find("restore a backup") != std::string::npos);
  }
  CHECK(named > 5);
}

}  // namespace
}  // namespace mainspring::sqlite
