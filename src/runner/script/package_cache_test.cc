#include "runner/script/package_cache.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include "runner/process/fixtures.h"

namespace mainspring::runner {
namespace {

namespace fs = std::filesystem;

struct Fixture {
  TestDirectory directory;
  std::string root = directory.path() + "/packages";
  PackageCache cache{root};

  PackageSet take(const std::string& key) {
    auto taken = cache.take(key, {.on_wait = [] { FAIL("nobody installs it"); }});
    REQUIRE(taken.has_value());
    REQUIRE(taken->has_value());
    return std::move(**taken);
  }
  // A set that is whole, as if used so many seconds ago.
  void add(const std::string& key, int seconds_ago) {
    PackageSet set = take(key);
    std::ofstream{set.path() + "/file"} << key;
    REQUIRE(set.finish().has_value());
    const timespec when{.tv_sec = 1'700'000'000 - seconds_ago, .tv_nsec = 0};
    const timespec times[2] = {when, when};
    REQUIRE_EQ(utimensat(AT_FDCWD, (set.path() + "/.mainspring-whole").c_str(), times, 0), 0);
  }
  bool has(const std::string& key) { return fs::exists(root + "/" + key + "/file"); }
};

TEST_CASE_FIXTURE(Fixture, "whoever takes a set first installs it, the next ones find it whole") {
  {
    PackageSet first = take("one");
    CHECK_FALSE(first.is_whole());
    CHECK(fs::is_empty(first.path()));
    std::ofstream{first.path() + "/file"} << "installed";
    REQUIRE(first.finish().has_value());
  }
  CHECK(take("one").is_whole());
  PackageCache next_life{root};
  auto again = next_life.take("one", {});
  REQUIRE(again.has_value());
  CHECK((*again)->is_whole());
  CHECK(has("one"));
}

TEST_CASE_FIXTURE(Fixture, "a set that was not finished leaves nothing") {
  {
    std::ofstream{take("one").path() + "/file"} << "half";
  }
  CHECK_FALSE(fs::exists(root + "/one"));
  CHECK_FALSE(take("one").is_whole());
}

TEST_CASE_FIXTURE(Fixture, "what a killed life had not finished is removed by the next one") {
  fs::create_directories(root + "/half/bin");
  add("whole", 0);
  const PackageCache next_life{root};
  CHECK_FALSE(fs::exists(root + "/half"));
  CHECK(has("whole"));
}

TEST_CASE_FIXTURE(Fixture, "others wait until the set is installed") {
  std::latch waits{1};
  std::optional<PackageSet> first{take("one")};
  bool was_whole = false;
  std::jthread other{[&] {
    auto taken = cache.take("one", {.on_wait = [&] { waits.count_down(); }});
    was_whole = taken && *taken && (*taken)->is_whole();
  }};
  waits.wait();
  REQUIRE(first->finish().has_value());
  first.reset();
  other.join();
  CHECK(was_whole);
}

TEST_CASE_FIXTURE(Fixture, "one of those who waited installs what another could not") {
  std::latch waits{1};
  std::optional<PackageSet> first{take("one")};
  bool was_whole = true;
  std::jthread other{[&] {
    auto taken = cache.take("one", {.on_wait = [&] { waits.count_down(); }});
    was_whole = !taken || !*taken || (*taken)->is_whole();
  }};
  waits.wait();
  first.reset();
  other.join();
  CHECK_FALSE(was_whole);
}

TEST_CASE_FIXTURE(Fixture, "a stop or a deadline ends the wait") {
  const PackageSet first = take("one");
  std::stop_source stop;
  auto stopped =
      cache.take("one", {.stop = stop.get_token(), .on_wait = [&] { stop.request_stop(); }});
  REQUIRE(stopped.has_value());
  CHECK_FALSE(stopped->has_value());
  auto late = cache.take("one", {.until = std::chrono::steady_clock::now(), .on_wait = [] {}});
  REQUIRE(late.has_value());
  CHECK_FALSE(late->has_value());
}

TEST_CASE_FIXTURE(Fixture, "beyond the limit the least recently used sets go, but none in use") {
  add("oldest", 1'000);
  const PackageSet in_use = take("oldest");
  const timespec times[2] = {{.tv_sec = 1'600'000'000, .tv_nsec = 0},
                             {.tv_sec = 1'600'000'000, .tv_nsec = 0}};
  utimensat(AT_FDCWD, (in_use.path() + "/.mainspring-whole").c_str(), times, 0);
  for (std::size_t i = 0; i < kPackageSets; ++i)
    add("set-" + std::to_string(i), 900 - static_cast<int>(i));
  CHECK(has("oldest"));
  CHECK_FALSE(has("set-0"));
  CHECK(has("set-1"));
  CHECK_EQ(std::distance(fs::directory_iterator(root), {}), kPackageSets);
}

}  // namespace
}  // namespace mainspring::runner
