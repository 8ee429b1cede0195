#include "runner/process/process.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <thread>

#include "runner/process/fixtures.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

using std::chrono::milliseconds;

ProcessSpec program(std::vector<std::string> argv) {
  ProcessSpec spec;
  spec.argv = std::move(argv);
  spec.environment = {{"PATH", "/usr/bin:/bin"}};
  return spec;
}

ProcessSpec shell(std::string text) {
  ProcessSpec spec = program({});
  spec.shell = std::move(text);
  return spec;
}

struct Ended {
  Ending ending;
  std::string out;
  std::string err;
};

Ended run(const ProcessSpec& spec) {
  StopLine stop;
  Captured sink;
  auto process = launch(spec, stop, nullptr);
  REQUIRE_MESSAGE(process.has_value(), (process ? std::string{} : process.error().message));
  REQUIRE(run_to_end(**process, sink));
  return {(*process)->ending(), sink.out, sink.err};
}

base::Error start_error(const ProcessSpec& spec) {
  StopLine stop;
  const auto process = launch(spec, stop, nullptr);
  REQUIRE_FALSE(process.has_value());
  return process.error();
}

std::size_t count_open_files() {
  const std::filesystem::directory_iterator entries{"/proc/self/fd"};
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

// Reaped or not: whoever adopts an orphan may take its time.
bool is_dead(pid_t pid) {
  const auto stat = load_proc_stat(pid);
  return !stat || stat->state == 'Z' || stat->state == 'X';
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

TEST_CASE("exit codes, signals and both streams come back as they were") {
  const Ended done = run(shell("echo to-out; echo to-err >&2; exit 7"));
  CHECK(done.ending.cause == EndCause::exited);
  CHECK_EQ(done.ending.exit_code, 7);
  CHECK_FALSE(done.ending.signal.has_value());
  CHECK_EQ(done.out, "to-out\n");
  CHECK_EQ(done.err, "to-err\n");
  CHECK(done.ending.usage.ru_maxrss > 0);

  const Ended shot = run(shell("kill -USR1 $$"));
  CHECK_EQ(shot.ending.signal, SIGUSR1);
  CHECK_FALSE(shot.ending.exit_code.has_value());
}

TEST_CASE("a list is passed on word for word, without a shell") {
  const Ended done = run(program({"printf", "%s|", "a b", "$HOME", "*", ""}));
  CHECK_EQ(done.out, "a b|$HOME|*||");
}

TEST_CASE("a missing program is named with the PATH that was searched") {
  CHECK_EQ(start_error(program({"no-such-program"})).message,
           "cannot start 'no-such-program': no such file in PATH=/usr/bin:/bin");
  CHECK(start_error(program({"no-such-program"})).code == base::Code::not_found);
  CHECK_EQ(start_error(program({"/no/such"})).message, "cannot start '/no/such': no such file");
}

TEST_CASE("what keeps a program from starting is said exactly") {
  const TestDirectory directory;
  const auto write_file = [&](const std::string& name, std::string_view text, mode_t mode) {
    const std::string path = directory.path() + "/" + name;
    const Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mode)};
    REQUIRE_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return path;
  };
  CHECK(start_error(program({write_file("plain", "#!/bin/sh\n", 0644)})).code ==
        base::Code::permission_denied);
  CHECK(start_error(program({write_file("lost", "#!/no/such/sh\n", 0755)}))
            .message.contains("the interpreter that it names is not"));
  CHECK(start_error(program({write_file("bare", "echo hello\n", 0755)}))
            .message.contains("starts with #!"));

  ProcessSpec elsewhere = program({"true"});
  elsewhere.working_dir = "/no/such/place";
  CHECK_EQ(start_error(elsewhere).message,
           "cannot enter the working directory '/no/such/place': No such file or directory");

  ProcessSpec large = program({"true"});
  for (int i = 0; i < 100; ++i)
    large.argv.emplace_back(100'000, 'x');
  CHECK(start_error(large).code == base::Code::too_large);

  CHECK(start_error(program({})).code == base::Code::invalid_argument);
  CHECK(start_error(program({""})).code == base::Code::invalid_argument);
  CHECK(start_error(program({"true", std::string{"a\0b", 3}})).code ==
        base::Code::invalid_argument);
  ProcessSpec odd = program({"true"});
  odd.environment["A=B"] = "c";
  CHECK(start_error(odd).code == base::Code::invalid_argument);
}

TEST_CASE("a program whose time to begin is over is not started, and one in time is") {
  const TestDirectory directory;
  ProcessSpec spec = shell("touch " + directory.path() + "/begun");
  spec.begin_by = std::chrono::steady_clock::now();
  const base::Error late = start_error(spec);
  CHECK(late.code == base::Code::lease_lost);
  CHECK(late.message.ends_with("its lease has ended"));
  CHECK_FALSE(has_children());
  CHECK_FALSE(std::filesystem::exists(directory.path() + "/begun"));
  spec.begin_by = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  CHECK_EQ(run(spec).ending.exit_code, 0);
  CHECK(std::filesystem::exists(directory.path() + "/begun"));
}

TEST_CASE("the environment is exactly what was given") {
  ProcessSpec spec = program({"env"});
  spec.environment = {{"PATH", "/usr/bin:/bin"}, {"B", ""}, {"A", "x=y z"}};
  CHECK_EQ(run(spec).out, "A=x=y z\nB=\nPATH=/usr/bin:/bin\n");
}

TEST_CASE("the program has three descriptors, its own session, and clean signals") {
  // Several of them in the node's table: none may reach the child, whatever its flags say.
  const Fd inherited{open("/dev/null", O_RDONLY)};
  signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  const Ended files = run(shell("ls /proc/$$/fd"));
  const Ended status = run(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"));
  const Ended stat = run(shell("cat /proc/$$/stat; true"));
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  signal(SIGPIPE, SIG_DFL);
  CHECK_EQ(files.out, "0\n1\n2\n");
  CHECK_EQ(status.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  const auto parsed = parse_proc_stat(stat.out);
  REQUIRE(parsed.has_value());
  CHECK_EQ(parsed->group, parsed->pid);
  CHECK_EQ(parsed->session, parsed->pid);
}

TEST_CASE("working directory, umask and limits are set") {
  ProcessSpec spec = shell("pwd; umask; ulimit -n; ulimit -c");
  spec.working_dir = "/usr";
  spec.umask = 077;
  spec.limits = {{RLIMIT_NOFILE, {64, 64}}, {RLIMIT_CORE, {0, 0}}};
  CHECK_EQ(run(spec).out, "/usr\n0077\n64\n0\n");
}

TEST_CASE("a program runs as another user when the node is root") {
  ProcessSpec spec = program({"id"});
  spec.identity = Identity{65534, 65534, {}};
  if (geteuid() == 0) {
    CHECK(run(spec).out.starts_with("uid=65534"));
  } else {
    CHECK(start_error(spec).code == base::Code::permission_denied);
  }
}

TEST_CASE("ten megabytes of input come back without a deadlock, byte for byte") {
  std::string input(10 << 20, '\0');
  for (std::size_t i = 0; i < input.size(); ++i)
    input[i] = static_cast<char>((i * 2654435761U) >> 13);
  ProcessSpec spec = program({"cat"});
  spec.input = input;
  CHECK(run(spec).out == input);
  spec.argv = {"true"};  // reads nothing
  CHECK_EQ(run(spec).ending.exit_code, 0);
  spec.argv = {"cat"};
  spec.input = std::nullopt;
  CHECK_EQ(run(spec).out, "");
}

TEST_CASE("a hundred megabytes of output arrive complete") {
  class Counter final : public OutputSink {
   public:
    void output(OutputStream, std::string_view bytes) override { total += bytes.size(); }
    std::size_t total = 0;
  } sink;
  StopLine stop;
  auto process = launch(program({"head", "-c", "100000000", "/dev/zero"}), stop, nullptr);
  REQUIRE(process.has_value());
  REQUIRE(run_to_end(**process, sink));
  CHECK_EQ(sink.total, 100'000'000);
}

TEST_CASE("asked to stop, a program that obeys is not killed") {
  StopLine stop;
  Captured sink;
  sink.on_output = [&] { stop.ask(); };
  ProcessSpec spec =
      shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done");
  auto process = launch(spec, stop, nullptr);
  REQUIRE(process.has_value());
  REQUIRE(run_to_end(**process, sink));
  CHECK((*process)->ending().cause == EndCause::asked);
  CHECK_EQ((*process)->ending().exit_code, 3);
  CHECK_FALSE((*process)->ending().was_killed);
  CHECK_EQ(sink.out, "ready\nbye\n");
}

TEST_CASE("a program deaf to SIGTERM is killed after the grace, and its whole group with it") {
  StopLine stop;
  Captured sink;
  sink.on_output = [&] { stop.ask(); };
  ProcessSpec spec = shell("trap '' TERM; sleep 1000 & echo $!; wait; wait; sleep 1000");
  spec.grace = milliseconds{50};
  auto process = launch(spec, stop, nullptr);
  REQUIRE(process.has_value());
  REQUIRE(run_to_end(**process, sink));
  CHECK((*process)->ending().cause == EndCause::asked);
  CHECK_EQ((*process)->ending().signal, SIGKILL);
  CHECK((*process)->ending().was_killed);
  CHECK((*process)->ending().wall >= milliseconds{50});
  CHECK(is_dead(std::stoi(sink.out)));
}

TEST_CASE("what a shell started keeps its grace when the shell itself is gone at once") {
  StopLine stop;
  Captured sink;
  sink.on_output = [&] { stop.ask(); };
  auto process = launch(shell("(trap 'sleep 0.1; echo cleaned; exit 0' TERM; echo ready; "
                              "while :; do sleep 0.01; done) & wait"),
                        stop, nullptr);
  REQUIRE(process.has_value());
  REQUIRE(run_to_end(**process, sink));
  CHECK_EQ((*process)->ending().signal, SIGTERM);
  CHECK_EQ(sink.out, "ready\ncleaned\n");
}

TEST_CASE("kill gives no grace, also after an ask") {
  for (const bool asked_first : {false, true}) {
    StopLine stop;
    Captured sink;
    sink.on_output = [&] {
      if (asked_first) stop.ask();
      stop.kill();
    };
    auto process = launch(shell("trap '' TERM; echo ready; sleep 1000; sleep 1000"), stop, nullptr);
    REQUIRE(process.has_value());
    REQUIRE(run_to_end(**process, sink));
    CHECK((*process)->ending().cause == EndCause::killed);
    CHECK_EQ((*process)->ending().signal, SIGKILL);
  }
}

TEST_CASE("a stop from another thread wakes the waiting one") {
  StopLine stop;
  Captured sink;
  auto process = launch(program({"sleep", "1000"}), stop, nullptr);
  REQUIRE(process.has_value());
  const std::jthread other{[&] { stop.ask(); }};
  REQUIRE(run_to_end(**process, sink));
  CHECK((*process)->ending().cause == EndCause::asked);
  CHECK_EQ((*process)->ending().signal, SIGTERM);
}

TEST_CASE("the run timeout and the idle timeout end a program, output defers the second") {
  ProcessSpec spec = program({"sleep", "1000"});
  spec.run_timeout = milliseconds{30};
  CHECK(run(spec).ending.cause == EndCause::run_timeout);

  spec = shell("for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done; sleep 1000");
  spec.idle_timeout = milliseconds{400};
  const Ended idle = run(spec);
  CHECK(idle.ending.cause == EndCause::idle_timeout);
  CHECK_EQ(idle.out, "1\n2\n3\n4\n5\n6\n");
}

TEST_CASE("a child left in the background that holds the output open is cut off and killed") {
  const Ended done = run(shell("sleep 1000 & echo $!; exit 4"));
  CHECK(done.ending.cause == EndCause::exited);
  CHECK_EQ(done.ending.exit_code, 4);
  CHECK(is_dead(std::stoi(done.out)));
}

TEST_CASE("a child left in the background that holds nothing open is killed too") {
  const Ended done = run(shell("sleep 1000 >/dev/null 2>&1 & echo $!"));
  CHECK_EQ(done.ending.exit_code, 0);
  CHECK(is_dead(std::stoi(done.out)));
}

TEST_CASE("output written by the last children after the program's exit is not lost") {
  CHECK_EQ(run(shell("(sleep 0.1; echo late) & echo early")).out, "early\nlate\n");
}

TEST_CASE("a stopped program is woken to hear the request") {
  StopLine stop;
  Captured sink;
  sink.on_output = [&] { stop.ask(); };
  auto process = launch(shell("echo ready; kill -STOP $$; exit 9"), stop, nullptr);
  REQUIRE(process.has_value());
  REQUIRE(run_to_end(**process, sink));
  CHECK_EQ((*process)->ending().signal, SIGTERM);
}

TEST_CASE("a process that is dropped unfinished is killed and reaped") {
  StopLine stop;
  pid_t pid = 0;
  {
    auto process = launch(program({"sleep", "1000"}), stop, nullptr);
    REQUIRE(process.has_value());
    pid = (*process)->pid();
  }
  CHECK_FALSE(load_proc_stat(pid).has_value());
}

TEST_CASE("two hundred starts, failures among them, leave no descriptor, child or record") {
  const TestDirectory directory;
  const std::size_t before = count_open_files();
  {
    ProcessLedger ledger{directory.path()};
    StopLine stop;
    Captured sink;
    for (int i = 0; i < 200; ++i) {
      ProcessSpec spec = program({i % 4 == 0 ? "no-such-program" : "true"});
      if (i % 4 == 1) spec.working_dir = "/no/such/place";
      if (i % 4 == 2) spec.input = "text";
      auto process = launch(spec, stop, &ledger);
      CHECK_EQ(process.has_value(), i % 4 >= 2);
      if (process && i % 8 != 7) REQUIRE(run_to_end(**process, sink));
    }
    CHECK_EQ(directory.count_entries(), 1);  // one at a time needs one file
  }
  CHECK_EQ(count_open_files(), before);
  CHECK_FALSE(has_children());
  CHECK_EQ(directory.count_entries(), 0);
}

TEST_CASE("64 programs started at once from 8 threads each get their own output") {
  const TestDirectory directory;
  std::atomic<int> right{0};
  {
    ProcessLedger ledger{directory.path()};
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&, thread] {
        StopLine stop;
        std::vector<std::unique_ptr<Process>> processes;
        for (int i = 0; i < 8; ++i) {
          ProcessSpec spec = program({"cat"});
          spec.input = std::to_string(thread * 8 + i);
          if (auto process = launch(spec, stop, &ledger)) processes.push_back(std::move(*process));
        }
        for (std::size_t i = 0; i < processes.size(); ++i) {
          Captured sink;
          if (!run_to_end(*processes[i], sink)) continue;
          if (sink.out == std::to_string(thread * 8 + static_cast<int>(i))) ++right;
        }
      });
    }
  }
  CHECK_EQ(right.load(), 64);
  CHECK_FALSE(has_children());
  CHECK_EQ(directory.count_entries(), 0);
}

}  // namespace
}  // namespace mainspring::runner
