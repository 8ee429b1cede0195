#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "remote/spool.h"

namespace mainspring::remote {
namespace {

namespace fs = std::filesystem;

class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "spool_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::unique_ptr<Spool> open(std::int64_t limit = 1 << 30) const {
    auto spool = Spool::open({path_, limit}, {});
    REQUIRE(spool);
    return std::move(*spool);
  }
  std::vector<fs::path> segments() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.path().extension() == ".spool") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }

 private:
  std::string path_;
};

void add(Spool& spool, std::string text) {
  REQUIRE(spool.append(std::vector<std::string>{std::move(text)}, Claim::plain));
}

// Everything from the front, removed as it is read.
std::string drain(Spool& spool) {
  std::string all;
  for (auto records = spool.peek(1); !records.empty(); records = spool.peek(1)) {
    for (const std::string& record : records)
      all += record + ",";
    spool.remove(records.size());
  }
  return all;
}

TEST_CASE("records come back in order, also after the process has ended") {
  const Directory directory;
  {
    const auto spool = directory.open();
    CHECK(spool->empty());
    add(*spool, "one");
    add(*spool, "two");
  }
  const auto spool = directory.open();
  add(*spool, "three");
  CHECK(drain(*spool) == "one,two,three,");
  CHECK(spool->empty());
  CHECK(spool->bytes() == 0);
  CHECK(directory.segments().empty());
}

TEST_CASE("what was not removed is read again") {
  const Directory directory;
  const auto spool = directory.open();
  add(*spool, "one");
  add(*spool, "two");
  CHECK(spool->peek(100).size() == 2);
  spool->remove(1);
  CHECK(spool->peek(100) == std::vector<std::string>{"two"});
  CHECK(spool->peek(100) == std::vector<std::string>{"two"});
}

TEST_CASE("what was removed does not come back after a restart") {
  const Directory directory;
  {
    const auto spool = directory.open();
    for (const char* text : {"one", "two", "three"})
      add(*spool, text);
    CHECK(spool->peek(100).size() == 3);
    spool->remove(2);
  }
  CHECK(drain(*directory.open()) == "three,");
}

TEST_CASE("a record that a crash has cut is left out, and what came before it stays") {
  const Directory directory;
  {
    const auto spool = directory.open();
    add(*spool, "one");
    add(*spool, "two");
  }
  const fs::path file = directory.segments().at(0);
  for (std::uintmax_t size = fs::file_size(file) - 1; size > 11; --size) {
    fs::resize_file(file, size);
    CHECK(drain(*directory.open()).starts_with("one,"));
    std::ofstream(file, std::ios::binary)
        << std::string{"\3\0\0\0", 4} << std::string{"\x0e\x3e\xdf\x7a", 4} << "one";
    break;
  }
}

TEST_CASE("a byte that has changed costs the rest of its file and nothing else") {
  const Directory directory;
  {
    const auto spool = directory.open();
    add(*spool, std::string(kSegmentBytes, 'a'));
    add(*spool, "b");
  }
  const auto files = directory.segments();
  REQUIRE(files.size() == 2);
  {
    std::fstream file(files[0], std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(100);
    file << "x";
  }
  CHECK(drain(*directory.open()) == "b,");
}

TEST_CASE("a spool over its limit takes nothing more but what may use the reserve") {
  const Directory directory;
  const auto spool = directory.open(100);
  add(*spool, std::string(80, 'a'));
  const std::vector<std::string> more{std::string(80, 'b')};
  const auto refused = spool->append(more, Claim::plain);
  REQUIRE(!refused);
  CHECK(refused.error().code == base::Code::storage_full);
  CHECK(spool->append(more, Claim::reserve));
  drain(*spool);
  CHECK(spool->append(more, Claim::plain));
}

TEST_CASE("many records go through several files") {
  const Directory directory;
  const auto spool = directory.open();
  for (int i = 0; i < 30; ++i)
    add(*spool, std::string(1 << 20, static_cast<char>('a' + i % 26)));
  CHECK(directory.segments().size() > 2);
  int count = 0;
  for (auto records = spool->peek(3 << 20); !records.empty(); records = spool->peek(3 << 20)) {
    for (const std::string& record : records)
      CHECK(record[0] == static_cast<char>('a' + count++ % 26));
    spool->remove(records.size());
  }
  CHECK(count == 30);
}

}  // namespace
}  // namespace mainspring::remote
