#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "system/file_lock.h"
#include "system/files.h"
#include "system/host.h"
#include "system/real_clock.h"
#include "system/real_random.h"
#include "system/stop_signals.h"

namespace mainspring::system {
namespace {

class TestDirectory {
 public:
  TestDirectory() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  std::string at(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/mainspring-test-XXXXXX";
};

mode_t mode_of(const std::string& path) {
  struct stat found{};
  REQUIRE_EQ(stat(path.c_str(), &found), 0);
  return found.st_mode & 07777;
}

TEST_CASE("a private file is 0600, holds the bytes, and leaves no temporary behind") {
  const TestDirectory directory;
  const std::string path = directory.at("token");
  const std::string bytes{"a\0b\n", 4};
  for (int i = 0; i < 2; ++i) {
    REQUIRE(write_private_file(path, bytes).has_value());
    CHECK_EQ(read_small_file(path, 4).value(), bytes);
    CHECK_EQ(mode_of(path), 0600);
    chmod(path.c_str(), 0666);  // the next write does not keep this
  }
  const std::filesystem::directory_iterator entries{directory.path()};
  CHECK_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_CASE("a link in the way is replaced, not followed") {
  const TestDirectory directory;
  std::ofstream{directory.at("victim")} << "kept";
  std::filesystem::create_symlink(directory.at("victim"), directory.at("token"));
  REQUIRE(write_private_file(directory.at("token"), "secret").has_value());
  CHECK_EQ(read_small_file(directory.at("victim"), 100).value(), "kept");
}

TEST_CASE("a file that cannot be read or written says why") {
  const TestDirectory directory;
  CHECK(read_small_file(directory.at("none"), 10).error().code == base::Code::not_found);
  CHECK(write_private_file(directory.at("no/such"), "x").error().code == base::Code::not_found);
  REQUIRE(write_private_file(directory.at("long"), "12345678901").has_value());
  CHECK(read_small_file(directory.at("long"), 10).error().code == base::Code::too_large);
  CHECK_FALSE(read_small_file(directory.path(), 10).has_value());
}

TEST_CASE("a private directory is made with those above it, and must be safe if it is there") {
  const TestDirectory directory;
  const std::string path = directory.at("a/b/c");
  REQUIRE(make_private_directory(path).has_value());
  CHECK_EQ(mode_of(path), 0700);
  CHECK(make_private_directory(path).has_value());
  chmod(path.c_str(), 0777);
  CHECK(make_private_directory(path).error().code == base::Code::conflict);
  std::ofstream{directory.at("file")} << "x";
  CHECK(make_private_directory(directory.at("file")).error().code == base::Code::conflict);
}

TEST_CASE("a lock is held by one at a time, and its holder is named") {
  const TestDirectory directory;
  const std::string path = directory.at("lock");
  {
    const auto lock = FileLock::take(path);
    REQUIRE(lock.has_value());
    const auto second = FileLock::take(path);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == base::Code::conflict);
    CHECK(second.error().message.contains(fmt::format("process {}", getpid())));
  }
  CHECK(FileLock::take(path).has_value());
  CHECK(FileLock::take(directory.at("no/lock")).error().code == base::Code::not_found);
}

TEST_CASE("the first signal asks, the second one insists, an interruption is neither") {
  StopSignals signals;
  std::vector<StopAsk> asks;
  for (const int number : {SIGTERM, SIGINT}) {
    kill(getpid(), number);
    asks.push_back(signals.wait());
  }
  const std::jthread other{[&] { signals.interrupt(); }};
  asks.push_back(signals.wait());
  CHECK(asks == std::vector{StopAsk::graceful, StopAsk::at_once, StopAsk::interrupted});
}

TEST_CASE("a hangup asks a service to reload, and ends a program of a terminal") {
  StopSignals service(Hangup::reloads);
  kill(getpid(), SIGHUP);
  CHECK(service.wait() == StopAsk::reload);
  kill(getpid(), SIGTERM);
  CHECK(service.wait() == StopAsk::graceful);
  StopSignals program;
  kill(getpid(), SIGHUP);
  CHECK(program.wait() == StopAsk::graceful);
}

TEST_CASE("random bytes fill the whole span and differ from call to call") {
  SystemRandom random;
  std::array<std::uint8_t, 1'000> first{};
  std::array<std::uint8_t, 1'000> second{};
  random.fill(first);
  random.fill(second);
  CHECK(first != second);
  CHECK_FALSE(std::ranges::all_of(first.end() - 16, first.end(), [](auto b) { return b == 0; }));
}

TEST_CASE("the clocks run, and the monotonic one does not go back") {
  const SystemClock clock;
  const base::Duration before = clock.monotonic();
  CHECK(base::to_millis(clock.now()) > 1'600'000'000'000);
  CHECK(clock.monotonic() >= before);
}

TEST_CASE("the machine and its boot have names") {
  CHECK_FALSE(load_hostname().empty());
  CHECK_EQ(load_boot_id().size(), 36);
  CHECK_EQ(load_boot_id(), load_boot_id());
}

}  // namespace
}  // namespace mainspring::system
