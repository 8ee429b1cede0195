// Real programs that try to exceed each limit. Where this machine cannot enforce one, the test says
// so and checks that the node would too.

#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/core.h>

#include "runner/process/cgroup_root.h"
#include "runner/process/cgroup_tree.h"
#include "runner/process/fixtures.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMebibyte = 1 << 20;

std::unique_ptr<CgroupRoot> open_root() {
  return CgroupRoot::open(fmt::format("test-{}", getpid()));
}

// Whether the machine can; if not, that a group with this limit says why.
bool can_enforce(const CgroupRoot& root, Limit limit, const CgroupLimits& limits) {
  if (root.why_not(limit).empty()) return true;
  MESSAGE("not enforced on this machine: " << controller_of(limit) << ": " << root.why_not(limit));
  const MadeCgroup made = root.make("run", limits);
  REQUIRE_EQ(made.unenforced.size(), 1);
  CHECK(made.unenforced[0].limit == limit);
  CHECK_EQ(made.unenforced[0].why, root.why_not(limit));
  return false;
}

bool has_groups(const CgroupRoot& root) {
  const MadeCgroup made = root.make("run", {});
  if (made.group) return true;
  MESSAGE("this machine gives this test no control group: " << made.why_none);
  CHECK_FALSE(made.why_none.empty());
  return false;
}

bool is_dead(pid_t pid) {
  const auto stat = load_proc_stat(pid);
  return !stat || stat->state == 'Z' || stat->state == 'X';
}

ProcessSpec shell(std::string text) {
  ProcessSpec spec;
  spec.shell = std::move(text);
  spec.environment = {{"PATH", "/usr/bin:/bin"}};
  return spec;
}

struct Ended {
  Ending ending;
  CgroupUse use;
  std::string out;
  std::string err;
};

Ended run_in(const CgroupRoot& root, const CgroupLimits& limits, ProcessSpec spec) {
  const MadeCgroup made = root.make("run", limits);
  REQUIRE(made.group != nullptr);
  REQUIRE(made.unenforced.empty());
  spec.group = made.group.get();
  StopLine stop;
  Captured sink;
  auto process = launch(spec, stop, nullptr);
  REQUIRE_MESSAGE(process.has_value(), (process ? std::string{} : process.error().message));
  REQUIRE(run_to_end(**process, sink));
  return {(*process)->ending(), made.group->load_use(), sink.out, sink.err};
}

TEST_CASE("a program that eats memory is killed at its limit, and the kernel's word for it kept") {
  const auto root = open_root();
  const CgroupLimits limits{.memory_bytes = 32 * kMebibyte};
  if (!can_enforce(*root, Limit::memory, limits)) return;
  // tail keeps what it reads, for the line end that never comes
  const Ended eater = run_in(*root, limits, shell("exec tail /dev/zero"));
  CHECK_EQ(eater.ending.signal, SIGKILL);
  CHECK(eater.use.oom_kills >= 1);
  CHECK(eater.use.reached_memory_limit);
  REQUIRE(eater.use.memory_peak.has_value());
  CHECK(*eater.use.memory_peak > 30 * kMebibyte);
  CHECK(*eater.use.memory_peak <= 33 * kMebibyte);

  const Ended modest = run_in(*root, limits, shell("head -c 4000000 /dev/zero | tail | wc -c"));
  CHECK_EQ(modest.ending.exit_code, 0);
  CHECK_EQ(modest.out, "4000000\n");
  CHECK_EQ(modest.use.oom_kills, 0);
  CHECK_FALSE(modest.use.reached_memory_limit);
}

TEST_CASE("a program that forks without end stops at its limit of processes, and all of it ends") {
  const auto root = open_root();
  const CgroupLimits limits{.pids = 20};
  if (!can_enforce(*root, Limit::pids, limits)) return;
  const Ended bomb = run_in(
      *root, limits,
      shell("for i in $(seq 300); do setsid sleep 1000 >/dev/null 2>&1 & echo $!; done; exit 0"));
  CHECK_FALSE(bomb.ending.exit_code == 0);  // the shell gives up when it cannot fork
  CHECK(bomb.err.contains("ork"));
  CHECK(bomb.use.forks_refused >= 1);
  std::istringstream pids{bomb.out};
  int started = 0;
  for (pid_t pid = 0; pids >> pid; ++started)
    CHECK(is_dead(pid));
  CHECK(started >= 10);
  CHECK(started < 20);
}

TEST_CASE("a program that burns cpu gets the share it was given, however many processes it makes") {
  const auto root = open_root();
  const CgroupLimits limits{.cpu_cores = 0.2};
  if (!can_enforce(*root, Limit::cpu, limits)) return;
  ProcessSpec spec = shell("(while :; do :; done) & (while :; do :; done) & wait");
  spec.run_timeout = milliseconds{1'500};
  spec.grace = milliseconds{0};
  const Ended burner = run_in(*root, limits, spec);
  CHECK(burner.ending.cause == EndCause::run_timeout);
  const auto wall = burner.ending.wall;
  // The kernel's count for the group; a machine with v1 alone has only that of the waited for.
  const auto used =
      burner.use.cpu ? burner.use.cpu->user + burner.use.cpu->system : milliseconds{0};
  CAPTURE(wall.count());
  CAPTURE(used.count());
  // A period may begin with the last of one quota and end with the next: two quotas of slack.
  CHECK(used <= milliseconds{wall.count() / 5 + 40 + 50});
  // Where other work leaves it less than its share it is not held back, or for less than a
  // millisecond.
  if (used >= milliseconds{wall.count() / 5}) CHECK(burner.use.throttled > milliseconds{0});
}

TEST_CASE("a process that made a session of its own is ended with the attempt") {
  const auto root = open_root();
  if (!has_groups(*root)) return;
  const Ended done =
      run_in(*root, {}, shell("setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $!; sleep 0.1"));
  CHECK_EQ(done.ending.exit_code, 0);
  const pid_t escaped = std::stoi(done.out);
  REQUIRE(escaped > 0);
  CHECK(is_dead(escaped));
}

TEST_CASE("asked to stop, a process in a session of its own hears it too and has its grace") {
  const auto root = open_root();
  if (!has_groups(*root)) return;
  const MadeCgroup made = root->make("run", {});
  ProcessSpec spec = shell(
      "setsid sh -c 'trap \"echo cleaned; exit\" TERM; echo ready; while :; do sleep 0.01; done' &"
      "wait");
  spec.group = made.group.get();
  StopLine stop;
  Captured sink;
  sink.on_output = [&] { stop.ask(); };
  auto process = launch(spec, stop, nullptr);
  REQUIRE(process.has_value());
  REQUIRE(run_to_end(**process, sink));
  CHECK_EQ(sink.out, "ready\ncleaned\n");
}

TEST_CASE("the cpu time of a group counts children that nobody waited for") {
  const auto root = open_root();
  if (!has_groups(*root)) return;
  // The inner shell is gone at once; what it started is nobody's child, and keeps the pipe open.
  const Ended done = run_in(
      *root, {},
      shell("sh -c '(i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; echo done) &' | cat"));
  CHECK_EQ(done.out, "done\n");
  if (!done.use.cpu) return;
  const auto& usage = done.ending.usage;
  const milliseconds waited{(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1'000};
  CHECK(done.use.cpu->user + done.use.cpu->system > waited);
}

TEST_CASE("a group is gone with its object, whatever the program made below it") {
  const auto root = open_root();
  if (!has_groups(*root)) return;
  std::string directory;
  {
    const MadeCgroup made = root->make("run of 1", {});
    ProcessSpec spec = shell("cat /proc/self/cgroup; sleep 1000 >/dev/null 2>&1 & exit 0");
    spec.group = made.group.get();
    StopLine stop;
    Captured sink;
    auto process = launch(spec, stop, nullptr);
    REQUIRE(process.has_value());
    REQUIRE(run_to_end(**process, sink));
    const std::size_t at = sink.out.find("attempt-run_of_1-");
    REQUIRE(at != sink.out.npos);
    directory = sink.out.substr(at, sink.out.find('\n', at) - at);
    for (const auto& hierarchy : parse_hierarchies(load_group_file("/proc/self/mountinfo"),
                                                   load_group_file("/proc/self/cgroup"))) {
      const std::string group =
          fmt::format("{}/mainspring-test-{}/{}", hierarchy.top, getpid(), directory);
      std::error_code ignored;
      std::filesystem::create_directory(group + "/below", ignored);
    }
  }
  std::istringstream again{load_group_file("/proc/self/mountinfo")};
  for (const auto& hierarchy : parse_hierarchies(again.str(), load_group_file("/proc/self/cgroup")))
    CHECK_FALSE(std::filesystem::exists(
        fmt::format("{}/mainspring-test-{}/{}", hierarchy.top, getpid(), directory)));
}

TEST_CASE("a machine without control groups says so, and no limit is taken for enforced") {
  const auto root = CgroupRoot::make_none("nothing is mounted here");
  CHECK_EQ(root->version(), "none");
  const MadeCgroup made =
      root->make("run", {.memory_bytes = kMebibyte, .pids = 5, .cpu_cores = 0.5});
  CHECK(made.group == nullptr);
  CHECK_EQ(made.why_none, "nothing is mounted here");
  REQUIRE_EQ(made.unenforced.size(), 3);
  for (const Unenforced& limit : made.unenforced)
    CHECK_EQ(limit.why, "nothing is mounted here");
  CHECK(root->make("run", {}).unenforced.empty());
  CHECK(root->kill_leftovers().value().empty());
}

// Not a test of its own: the next one starts this program again, as a node that will be killed.
TEST_CASE("a node with groups that is about to be killed" * doctest::skip()) {
  const char* name = getenv("NODE_NAME");
  REQUIRE(name != nullptr);
  const auto root = CgroupRoot::open(name);
  const MadeCgroup made = root->make("run_of_an_earlier_life", {});
  REQUIRE(made.group != nullptr);
  ProcessSpec spec = shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!; wait");
  spec.group = made.group.get();
  StopLine stop;
  auto process = launch(spec, stop, nullptr);
  REQUIRE(process.has_value());
  Captured sink;
  sink.on_output = [&] { fmt::print(stderr, "{}", sink.out); };
  run_to_end(**process, sink);
}

TEST_CASE("what a killed node left in its groups is ended by its next life, sessions and all") {
  const std::string name = fmt::format("test-{}-killed", getpid());
  {
    const auto root = CgroupRoot::open(name);
    if (!has_groups(*root)) return;
  }
  ProcessSpec spec;
  spec.argv = {"/proc/self/exe", "--no-skip",
               "--test-case=a node with groups that is about to be killed"};
  spec.environment = {{"NODE_NAME", name}};
  StopLine stop;
  Captured sink;
  sink.on_output = [&] {
    if (sink.err.contains('\n')) stop.kill();
  };
  auto node = launch(spec, stop, nullptr);
  REQUIRE(node.has_value());
  REQUIRE(run_to_end(**node, sink));
  CAPTURE(sink.out);
  const pid_t escaped = std::stoi(sink.err);
  REQUIRE(escaped > 0);
  CHECK_FALSE(is_dead(escaped));

  open_root();  // a neighbour, who leaves it alone
  CHECK_FALSE(is_dead(escaped));
  const auto next_life = CgroupRoot::open(name);
  const auto ended = next_life->kill_leftovers();
  REQUIRE(ended.has_value());
  CHECK_EQ(*ended, std::vector<std::string>{"run_of_an_earlier_life"});
  CHECK(is_dead(escaped));
  CHECK(next_life->kill_leftovers().value().empty());
}

TEST_CASE("the empty groups of a dead node are removed by the next one, those of a live one kept") {
  const auto live = CgroupRoot::open(fmt::format("test-{}-live", getpid()));
  if (!has_groups(*live)) return;
  const MadeCgroup made = live->make("run", {});
  const std::string own = fmt::format("/proc/self/fd/{}", made.group->entries().front());
  const auto attempt = std::filesystem::read_symlink(own).parent_path();
  const auto dead = attempt.parent_path().parent_path() /
                    fmt::format("mainspring-test-{}-dead", getpid()) / "attempt-run-1";
  std::filesystem::create_directories(dead);
  open_root();
  CHECK_FALSE(std::filesystem::exists(dead.parent_path()));
  CHECK(std::filesystem::exists(attempt));
  CHECK(live->make("another", {}).group != nullptr);
}

TEST_CASE("a limit that the kernel refuses is not taken for enforced") {
  const auto root = open_root();
  const CgroupLimits limits{.cpu_cores = 1e-9};
  if (!can_enforce(*root, Limit::cpu, limits)) return;
  const MadeCgroup made = root->make("run", limits);
  REQUIRE_EQ(made.unenforced.size(), 1);
  CHECK(made.unenforced[0].why.contains("did not take"));
  CHECK(made.group != nullptr);
}

TEST_CASE("a hundred attempts in groups leave no group and no descriptor behind") {
  const auto root = open_root();
  if (!has_groups(*root)) return;
  const auto count_open_files = [] {
    const std::filesystem::directory_iterator entries{"/proc/self/fd"};
    return std::distance(begin(entries), end(entries));
  };
  const auto before = count_open_files();
  for (int i = 0; i < 100; ++i) {
    const MadeCgroup made = root->make("run", {});
    ProcessSpec spec = shell("exit 0");
    if (i % 4 == 0) spec.working_dir = "/no/such/place";
    spec.group = made.group.get();
    StopLine stop;
    Captured sink;
    auto process = launch(spec, stop, nullptr);
    CHECK_EQ(process.has_value(), i % 4 != 0);
    if (process && i % 4 != 3) REQUIRE(run_to_end(**process, sink));
  }
  CHECK_EQ(count_open_files(), before);
  CHECK(root->kill_leftovers().value().empty());
}

}  // namespace
}  // namespace mainspring::runner
