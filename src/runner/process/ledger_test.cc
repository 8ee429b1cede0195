#include "runner/process/ledger.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>

#include <cstdio>
#include <sstream>

#include <fmt/core.h>

#include "runner/process/fixtures.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

constexpr const char* kLabel = "run_of_an_earlier_life";

void write_record(const TestDirectory& directory, std::string_view text) {
  const std::string path = directory.path() + "/1-1.process";
  const Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  REQUIRE_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

// Not a test of its own: the next one starts this program again, as a node that will be killed.
TEST_CASE("a node that is about to be killed" * doctest::skip()) {
  const char* directory = getenv("LEDGER");
  REQUIRE(directory != nullptr);
  ProcessLedger ledger{directory};
  StopLine stop;
  ProcessSpec spec;
  spec.shell = "sleep 1000 & echo $$ $!; wait";
  spec.environment = {{"MAINSPRING_RUN_ID", kLabel}, {"PATH", "/usr/bin:/bin"}};
  spec.label = kLabel;
  auto process = launch(spec, stop, &ledger);
  REQUIRE(process.has_value());
  Captured sink;
  sink.on_output = [&] {
    fmt::print(stderr, "{}", sink.out);
    std::fflush(stderr);
  };
  run_to_end(**process, sink);
}

TEST_CASE("what a killed node left running is ended by its next life") {
  const TestDirectory directory;
  ProcessSpec spec;
  spec.argv = {"/proc/self/exe", "--no-skip", "--test-case=a node that is about to be killed"};
  spec.environment = {{"LEDGER", directory.path()}};
  StopLine stop;
  Captured sink;
  sink.on_output = [&] {
    if (sink.err.contains('\n')) stop.kill();
  };
  auto node = launch(spec, stop, nullptr);
  REQUIRE(node.has_value());
  REQUIRE(run_to_end(**node, sink));
  CAPTURE(sink.out);
  std::istringstream pids{sink.err};
  pid_t leader = 0;
  pid_t straggler = 0;
  pids >> leader >> straggler;
  REQUIRE(straggler > 0);
  CHECK(wait_for_death(leader));  // the kernel ends it with the node
  const auto alive = load_proc_stat(straggler);
  REQUIRE(alive.has_value());
  CHECK(alive->state != 'Z');
  CHECK_EQ(directory.count_entries(), 1);

  const auto ended = kill_leftovers(directory.path());
  REQUIRE(ended.has_value());
  CHECK_EQ(*ended, std::vector<std::string>{kLabel});
  CHECK(wait_for_death(straggler));
  CHECK_EQ(directory.count_entries(), 0);
}

TEST_CASE("a process that has only taken over a recorded number is left alone") {
  const TestDirectory directory;
  StopLine stop;
  ProcessSpec spec;
  spec.argv = {"/bin/sleep", "1000"};
  auto stranger = launch(spec, stop, nullptr);
  REQUIRE(stranger.has_value());
  const std::string stat = load_text(fmt::format("/proc/{}/stat", (*stranger)->pid()), 4096);
  const auto now = parse_proc_stat(stat);
  REQUIRE(now.has_value());
  const std::string start = fmt::format(" {} ", now->start_ticks);
  std::string earlier = stat;
  earlier.replace(earlier.find(start), start.size(), " 1 ");

  for (const std::string& record :
       {fmt::format("mainspring-process-1 {} run\n{}", load_boot_id(), earlier),
        fmt::format("mainspring-process-1 another-boot run\n{}", stat),
        fmt::format("mainspring-process-1 {} run\n", load_boot_id()),
        std::string{"mainspring-process-1"}, std::string{}}) {
    write_record(directory, record);
    const auto ended = kill_leftovers(directory.path());
    REQUIRE(ended.has_value());
    CHECK(ended->empty());
    CHECK_EQ(directory.count_entries(), 0);
  }
  CHECK(load_proc_stat((*stranger)->pid())->state != 'Z');

  write_record(directory, fmt::format("mainspring-process-1 {} run\n{}", load_boot_id(), stat));
  CHECK_EQ(kill_leftovers(directory.path()).value().size(), 1);
}

TEST_CASE("a directory of records that is not there is an error") {
  CHECK_FALSE(kill_leftovers("/no/such/place").has_value());
  CHECK_FALSE(ProcessLedger{"/no/such/place"}.open_record("run").has_value());
}

TEST_CASE("the line of a process is read past any name a program may have") {
  const auto stat =
      parse_proc_stat("77 (a) b (c) S 1 70 71 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 1 0 8642 2 3 4\n");
  REQUIRE(stat.has_value());
  CHECK_EQ(stat->pid, 77);
  CHECK_EQ(stat->state, 'S');
  CHECK_EQ(stat->group, 70);
  CHECK_EQ(stat->session, 71);
  CHECK_EQ(stat->start_ticks, 8642);
  CHECK_FALSE(parse_proc_stat("77 (a) S 1 2").has_value());
  CHECK_FALSE(parse_proc_stat("").has_value());
}

}  // namespace
}  // namespace mainspring::runner
