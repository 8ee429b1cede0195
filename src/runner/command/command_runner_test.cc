#include "runner/command/command_runner.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "json/write.h"
#include "runner/attempt/program_outcome.h"
#include "runner/process/fixtures.h"

namespace mainspring::runner {
namespace {

using execution::StopCause;
using model::OutcomeStatus;
using std::chrono::milliseconds;

class Recorder final : public execution::Report {
 public:
  void output(model::LogStream stream, std::string_view bytes) override {
    (stream == model::LogStream::out   ? out
     : stream == model::LogStream::err ? err
                                       : system) += bytes;
    if (on_output) on_output();
  }
  void progress(double fraction, std::string_view message) override {
    progress_lines.push_back(std::to_string(fraction).substr(0, 4) + " " + std::string{message});
    if (on_progress) on_progress();
  }

  std::string out;
  std::string err;
  std::string system;
  std::vector<std::string> progress_lines;
  std::function<void()> on_output;
  std::function<void()> on_progress;
};

// One order for a shell text, to be changed by the test, and what came of it.
struct Fixture {
  TestDirectory scratch_root;
  std::unique_ptr<CgroupRoot> groups =
      CgroupRoot::open("test-" + std::to_string(getpid()) + "-runner");
  ProgramRunner programs{{scratch_root.path(), nullptr, groups.get()}};
  CommandRunner runner{programs};
  std::shared_ptr<model::JobSpec> spec = std::make_shared<model::JobSpec>();
  execution::Order order;
  execution::StopSignal stop;
  Recorder report;

  Fixture() {
    spec->name = "nightly";
    order.run_id = base::RunId::make(base::from_millis(1'000), {});
    order.tenant = "default";
    order.attempt = 2;
    order.epoch = 5;
    order.scheduled_at = base::from_millis(1'000);
    order.spec = spec;
  }

  model::Outcome run(std::string text) {
    spec->command.shell = std::move(text);
    model::Outcome outcome = runner.run(order, stop, report);
    CHECK_EQ(scratch_root.count_entries(), 0);
    return outcome;
  }
  void stop_with(StopCause cause) {
    stop.cause = cause;
    if (cause == StopCause::lease_lost) stop.kill.request_stop();
    stop.source.request_stop();
  }
  // Whether the machine can; the refusal is checked where it cannot.
  bool can_enforce(Limit limit) {
    if (groups->why_not(limit).empty()) return true;
    MESSAGE("not enforced on this machine: " << groups->why_not(limit));
    const model::Outcome refused = run("echo ran");
    CHECK_EQ(refused.error->type, "limit");
    CHECK(refused.error->message.contains(groups->why_not(limit)));
    CHECK_EQ(report.out, "");
    return false;
  }
  std::string write_secret(std::string_view bytes) {
    std::string path = secrets.path() + "/secret-" + std::to_string(secrets.count_entries());
    const Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    REQUIRE_EQ(write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return path;
  }

  TestDirectory secrets;
};

TEST_CASE_FIXTURE(Fixture, "a program that ends well succeeds, with its use of the machine") {
  const model::Outcome outcome = run("echo out; echo err >&2");
  CHECK(outcome.status == OutcomeStatus::success);
  CHECK_EQ(outcome.exit_code, 0);
  CHECK_FALSE(outcome.error.has_value());
  CHECK_FALSE(outcome.result.has_value());
  CHECK(outcome.usage.max_rss_bytes > 100'000);
  CHECK_EQ(report.out, "out\n");
  CHECK_EQ(report.err, "err\n");
}

TEST_CASE_FIXTURE(Fixture, "exit codes fail, 75 asks for another attempt, signals have names") {
  const model::Outcome failed = run("exit 3");
  CHECK(failed.status == OutcomeStatus::failed);
  CHECK_EQ(failed.exit_code, 3);
  CHECK_EQ(failed.error->message, "exit code 3");
  CHECK(run("exit 75").status == OutcomeStatus::retryable);
  const model::Outcome shot = run("kill -SEGV $$");
  CHECK(shot.status == OutcomeStatus::failed);
  CHECK_EQ(shot.signal, "SIGSEGV");
  CHECK_EQ(shot.error->type, "signal");

  // Where nobody counts what the kernel killed, its reason can only be guessed.
  const ProgramRunner programs{{scratch_root.path(), nullptr, nullptr}};
  CommandRunner bare{programs};
  spec->command.shell = "kill -KILL $$";
  CHECK(bare.run(order, stop, report).error->message.contains("may be out of memory"));
}

TEST_CASE_FIXTURE(Fixture, "what cannot be started says so and has no exit code") {
  spec->command.argv = {"no-such-program"};
  const model::Outcome missing = run("");
  CHECK(missing.status == OutcomeStatus::failed);
  CHECK_EQ(missing.error->type, "start");
  CHECK(missing.error->message.starts_with("cannot start 'no-such-program': no such file in PATH"));
  CHECK_FALSE(missing.exit_code.has_value());

  spec->command.argv.clear();
  spec->user = "no-such-user";
  CHECK_EQ(run("true").error->message, "there is no user 'no-such-user' on this machine");
  spec->user.clear();
  spec->environment["KEY"].secret = "pg";
  CHECK(run("true").error->message.contains("secret 'pg'"));
}

TEST_CASE_FIXTURE(Fixture, "the environment is defaults, the job's own values, and the protocol") {
  spec->environment["LANG"].value = "de_DE.UTF-8";
  spec->environment["MAINSPRING_EPOCH"].value = "forged";
  order.trace = {"00-aa-bb-01", "vendor=1"};
  run("env | cut -d= -f1 | sort | tr '\\n' ' '; echo; "
      "echo $MAINSPRING_RUN_ID $MAINSPRING_JOB $MAINSPRING_ATTEMPT $MAINSPRING_EPOCH "
      "$MAINSPRING_SCHEDULED_AT $TRACEPARENT $TRACESTATE $LANG");
  CHECK(report.out.starts_with(
      "HOME LANG LOGNAME MAINSPRING_ATTEMPT MAINSPRING_EPOCH "
      "MAINSPRING_EXTEND_FILE MAINSPRING_INPUT_FILE MAINSPRING_JOB MAINSPRING_OUTPUT "
      "MAINSPRING_PROGRESS_FILE MAINSPRING_RESULT_FILE "
      "MAINSPRING_RUN_ID MAINSPRING_SCHEDULED_AT MAINSPRING_TENANT "
      "PATH PWD SHELL TRACEPARENT TRACESTATE USER "));
  CHECK(report.out.ends_with(
      order.run_id.text() +
      " nightly 2 5 1970-01-01T00:00:01.000Z 00-aa-bb-01 vendor=1 de_DE.UTF-8\n"));
}

TEST_CASE_FIXTURE(Fixture, "a run with gpus is told which are its own, as nvidia-smi counts them") {
  order.gpus = {1, 3};
  run("echo $MAINSPRING_GPUS $CUDA_VISIBLE_DEVICES $NVIDIA_VISIBLE_DEVICES $CUDA_DEVICE_ORDER");
  CHECK_EQ(report.out, "1,3 1,3 1,3 PCI_BUS_ID\n");
}

TEST_CASE_FIXTURE(Fixture, "parameters come in a file that only the program's user may read") {
  order.params = {{"region", "eu"}, {"n", 3}};
  run("cat $MAINSPRING_INPUT_FILE; stat -c ' %a' $MAINSPRING_INPUT_FILE; "
      "stat -c %a $(dirname $MAINSPRING_INPUT_FILE)");
  CHECK_EQ(report.out, "{\"n\":3,\"region\":\"eu\"} 600\n700\n");
}

TEST_CASE_FIXTURE(Fixture, "stdin and the working directory are the job's") {
  spec->stdin_text = "typed";
  spec->working_dir = "/usr";
  run("cat; pwd");
  CHECK_EQ(report.out, "typed/usr\n");
}

TEST_CASE_FIXTURE(Fixture, "a result comes from the document, or else from the output lines") {
  model::Outcome outcome = run("echo n=1 >> $MAINSPRING_OUTPUT; echo m=2 >> $MAINSPRING_OUTPUT");
  CHECK_EQ(json::write(*outcome.result), R"({"n":"1","m":"2"})");
  CHECK_EQ(outcome.result_media_type, "application/json");
  outcome =
      run("echo n=1 >> $MAINSPRING_OUTPUT; "
          "echo '{\"protocol_version\":1,\"output\":[7]}' > $MAINSPRING_RESULT_FILE");
  CHECK_EQ(json::write(*outcome.result), "[7]");
}

TEST_CASE_FIXTURE(Fixture, "the document's status and error win, but for a success that was none") {
  const auto with = [&](std::string body, int code) {
    return run("echo '{\"protocol_version\":1," + body + "}' > $MAINSPRING_RESULT_FILE; exit " +
               std::to_string(code));
  };
  CHECK(with(R"("status":"failed")", 0).status == OutcomeStatus::failed);
  CHECK(with(R"("status":"failed")", 75).status == OutcomeStatus::failed);
  CHECK(with(R"("status":"retryable")", 1).status == OutcomeStatus::retryable);
  CHECK(with(R"("output":1)", 0).status == OutcomeStatus::success);
  const auto told = with(R"("status":"failed","error":{"type":"E","message":"why"})", 1);
  CHECK_EQ(told.error->message, "why");
  const auto odd = with(R"("status":"success")", 1);
  CHECK(odd.status == OutcomeStatus::failed);
  CHECK(odd.error->message.contains("although"));
}

TEST_CASE_FIXTURE(Fixture, "a program says how long to wait before another attempt") {
  const model::Outcome outcome =
      run("echo '{\"protocol_version\":1,\"status\":\"retryable\",\"retry_after\":\"30s\"}' "
          "> $MAINSPRING_RESULT_FILE");
  CHECK(outcome.status == OutcomeStatus::retryable);
  CHECK(outcome.retry_after == std::chrono::seconds{30});
}

TEST_CASE_FIXTURE(Fixture, "bytes are a result in base64, with their media type") {
  const model::Outcome outcome =
      run("echo '{\"protocol_version\":1,\"output\":\"AAE=\",\"media_type\":\"image/png\"}' "
          "> $MAINSPRING_RESULT_FILE");
  CHECK(outcome.status == OutcomeStatus::success);
  CHECK_EQ(outcome.result_media_type, "image/png");
}

TEST_CASE_FIXTURE(Fixture, "a program that must say how it ended has failed without a word") {
  const auto run_text = [&](std::string text) {
    return programs.run({order, stop, report}, [&](const Scratch&) -> base::Result<Program> {
      return Program{.shell = text, .has_param_variables = false, .must_state = true};
    });
  };
  CHECK_EQ(run_text("exit 0").error->type, "exit");
  CHECK_EQ(run_text("exit 3").error->type, "exit_code");
  const std::string say =
      "echo '{\"protocol_version\":1,\"status\":\"success\"}' > $MAINSPRING_RESULT_FILE";
  CHECK(run_text(say).status == OutcomeStatus::success);
  order.params = {{"name", "value"}};
  CHECK(run_text("test -z \"$MAINSPRING_PARAM_NAME\" && " + say).status == OutcomeStatus::success);
}

TEST_CASE_FIXTURE(Fixture, "a broken result fails the attempt, whatever was put in its place") {
  for (const char* text :
       {"echo '{' > $MAINSPRING_RESULT_FILE", "echo nonsense > $MAINSPRING_OUTPUT",
        "ln -s /etc/passwd $MAINSPRING_RESULT_FILE", "mkfifo $MAINSPRING_RESULT_FILE",
        "mkdir -p $MAINSPRING_OUTPUT/deep/er",
        "head -c 3000000 /dev/zero > $MAINSPRING_RESULT_FILE",
        "(echo -n '{\"protocol_version\":1,\"output\":\"'; head -c 1100000 /dev/zero | tr '\\0' x;"
        " echo '\"}') > $MAINSPRING_RESULT_FILE"}) {
    CAPTURE(text);
    const model::Outcome outcome = run(text);
    CHECK(outcome.status == OutcomeStatus::failed);
    CHECK_EQ(outcome.error->type, "result_protocol");
    CHECK_EQ(outcome.exit_code, 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "progress is reported while it runs, and its last line at the end") {
  report.on_progress = [&] {
    if (report.progress_lines.size() == 1) stop_with(StopCause::cancelled);
  };
  run("trap 'echo 0.9 stopping >> $MAINSPRING_PROGRESS_FILE; exit' TERM; "
      "echo wrong >> $MAINSPRING_PROGRESS_FILE; echo 0.5 half >> $MAINSPRING_PROGRESS_FILE; "
      "while :; do sleep 0.01; done");
  CHECK_EQ(report.progress_lines, std::vector<std::string>{"0.50 half", "0.90 stopping"});
  report.progress_lines.clear();
}

TEST_CASE_FIXTURE(Fixture, "progress counts as a sign of life for the idle timeout") {
  spec->timeout.idle = milliseconds{1'500};
  const auto outcome =
      run("for i in 1 2 3 4 5 6; do echo 0.$i >> $MAINSPRING_PROGRESS_FILE; sleep 0.4; done; "
          "echo done; sleep 1000");
  CHECK(outcome.status == OutcomeStatus::timed_out);
  CHECK_EQ(report.out, "done\n");
  CHECK(outcome.error->message.contains("timeout.idle, 1s500ms"));
}

TEST_CASE_FIXTURE(Fixture, "a cancelled attempt is cancelled, even if its program then ends well") {
  report.on_output = [&] { stop_with(StopCause::cancelled); };
  const auto outcome = run("trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK_EQ(outcome.exit_code, 0);
}

TEST_CASE_FIXTURE(Fixture, "nothing is started once the lease has ended") {
  stop.begin_by = base::Duration{1};
  const model::Outcome outcome = run("echo begun");
  CHECK(outcome.status == OutcomeStatus::lost);
  REQUIRE(outcome.error.has_value());
  CHECK_EQ(outcome.error->message, "the worker lost its lease; nothing of it was started");
  CHECK_EQ(report.out, "");
}

TEST_CASE_FIXTURE(Fixture, "a lost lease kills at once") {
  report.on_output = [&] { stop_with(StopCause::lease_lost); };
  const auto outcome = run("trap '' TERM; echo ready; sleep 1000; sleep 1000");
  CHECK(outcome.status == OutcomeStatus::lost);
  CHECK_EQ(outcome.signal, "SIGKILL");
}

TEST_CASE_FIXTURE(Fixture,
                  "a lease lost while a cancelled attempt has its grace voids the rest of it") {
  report.on_output = [&] {
    if (report.out == "ready\n") stop_with(StopCause::cancelled);
    if (report.out != "ready\nbusy\n") return;
    stop.cause = StopCause::lease_lost;
    stop.kill.request_stop();
  };
  spec->timeout.grace = std::chrono::hours{1};
  const auto outcome =
      run("trap 'echo busy; sleep 1000; sleep 1000' TERM; echo ready; "
          "while :; do sleep 0.01; done");
  CHECK_EQ(report.out, "ready\nbusy\n");
  CHECK_EQ(outcome.signal, "SIGKILL");
}

TEST_CASE_FIXTURE(Fixture, "an attempt that was stopped before its start is not started") {
  stop_with(StopCause::cancelled);
  const auto outcome = run("echo ran");
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK_EQ(report.out, "");
}

TEST_CASE_FIXTURE(Fixture, "a cancel that gives no grace kills at once, and is no lost lease") {
  report.on_output = [&] { stop.kill.request_stop(); };
  const auto outcome = run("trap '' TERM; echo ready; sleep 1000; sleep 1000");
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK_EQ(outcome.signal, "SIGKILL");
  CHECK_EQ(outcome.error->message, "cancelled while it ran; killed without grace");
}

TEST_CASE_FIXTURE(Fixture, "a program can give itself more time, and its log says so") {
  spec->timeout.run = milliseconds{700};
  const auto outcome =
      run("echo 5s >> $MAINSPRING_EXTEND_FILE; echo soon >> $MAINSPRING_EXTEND_FILE; "
          "sleep 1.2; echo done");
  CHECK(outcome.status == OutcomeStatus::success);
  CHECK_EQ(report.out, "done\n");
  CHECK(report.system.starts_with("[asked for 5s more: timeout.run ends this attempt no earlier"));
  CHECK(report.system.contains("'soon' is no duration such as 30m"));
}

TEST_CASE_FIXTURE(Fixture, "more time is counted from the line on, and then the timeout holds") {
  spec->timeout.run = milliseconds{1'000};
  const auto outcome = run("echo 1200ms >> $MAINSPRING_EXTEND_FILE; sleep 1000");
  CHECK(outcome.status == OutcomeStatus::timed_out);
  CHECK(outcome.usage.wall >= milliseconds{1'200});
}

TEST_CASE_FIXTURE(Fixture, "more time can be given from outside, while the program runs") {
  spec->timeout.run = milliseconds{200};
  report.on_output = [&] {
    stop.extended_until = std::chrono::time_point_cast<base::Duration>(
        std::chrono::system_clock::now() + std::chrono::seconds{30});
  };
  const auto outcome = run("echo ready; sleep 0.7; echo done");
  CHECK(outcome.status == OutcomeStatus::success);
  CHECK_EQ(report.out, "ready\ndone\n");
  CHECK(report.system.contains("given more time"));
}

TEST_CASE_FIXTURE(Fixture, "more time for a job that has no timeout is refused in words") {
  run("echo 5s >> $MAINSPRING_EXTEND_FILE; sleep 0.6");
  CHECK(report.system.contains("has no timeout.run"));
}

TEST_CASE_FIXTURE(Fixture, "an attempt over its limit of memory failed of it, by name and peak") {
  spec->resources.memory_bytes = 32 << 20;
  if (!can_enforce(Limit::memory)) return;
  const auto outcome = run("tail /dev/zero");
  CHECK(outcome.status == OutcomeStatus::failed);
  REQUIRE(outcome.error.has_value());
  CHECK_EQ(outcome.error->type, "out_of_memory");
  CHECK(outcome.error->message.contains("resources.memory, 32MiB; its peak was 3"));
  CHECK(outcome.usage.max_rss_bytes > 30 << 20);
  CHECK(report.system.contains("for want of memory"));

  // A child was killed; the program saw it, and took care of itself.
  const auto careful = run("tail /dev/zero; test $? = 137");
  CHECK(careful.status == OutcomeStatus::success);
}

TEST_CASE_FIXTURE(Fixture, "a killed program whose limit of memory was far did not run out of it") {
  spec->resources.memory_bytes = 256 << 20;
  if (!can_enforce(Limit::memory)) return;
  const auto outcome = run("kill -KILL $$");
  CHECK_EQ(outcome.error->type, "signal");
  CHECK_FALSE(outcome.error->message.contains("memory"));
}

TEST_CASE_FIXTURE(Fixture, "an attempt at its limit of processes says so while it still runs") {
  spec->resources.pids = 10;
  if (!can_enforce(Limit::pids)) return;
  bool was_told = false;
  report.on_output = [&] {
    if (report.system.contains("pids limit reached")) was_told = true;
    if (was_told) stop_with(StopCause::cancelled);
  };
  run("(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done); sleep 1000");
  CHECK(was_told);
}

TEST_CASE_FIXTURE(Fixture, "a failure at the limit of processes names the limit") {
  spec->resources.pids = 10;
  if (!can_enforce(Limit::pids)) return;
  const auto outcome =
      run("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 >/dev/null 2>&1 & done");
  CHECK(outcome.status == OutcomeStatus::failed);
  CHECK(outcome.error->message.contains("it had reached resources.pids, 10"));
  CHECK(outcome.usage.max_pids <= 10);
}

TEST_CASE_FIXTURE(Fixture, "a limit that cannot be enforced refuses the attempt, or is told") {
  const ProgramRunner programs{{scratch_root.path(), nullptr, nullptr}};
  CommandRunner bare{programs};
  spec->command.shell = "echo ran";
  spec->resources.memory_bytes = 1 << 30;
  const auto refused = bare.run(order, stop, report);
  CHECK(refused.status == OutcomeStatus::failed);
  CHECK_EQ(refused.error->type, "limit");
  CHECK_EQ(refused.error->message,
           "resources.memory, 1GiB, cannot be enforced on this node: this node was started without "
           "control groups. To run without it, say resources.best_effort: true");
  CHECK_EQ(report.out, "");

  spec->resources.best_effort = true;
  CHECK(bare.run(order, stop, report).status == OutcomeStatus::success);
  CHECK_EQ(report.out, "ran\n");
  CHECK_EQ(report.system,
           "[resources.memory, 1GiB, is not enforced: this node was started without control "
           "groups]\n");

  spec->resources = {};
  report.system.clear();
  CHECK(bare.run(order, stop, report).status == OutcomeStatus::success);
  CHECK_EQ(report.system, "");
}

TEST_CASE_FIXTURE(Fixture, "a value from a file reaches the program and not its log") {
  spec->environment["PGPASSWORD"].file = write_secret("hunter22\n");
  spec->environment["PIN"].file = write_secret("123");
  const auto outcome =
      run("echo \"$PGPASSWORD|$PIN\"; printf hunt >&2; sleep 0.7; echo er22 >&2; "
          "echo 0.5 $PGPASSWORD >> $MAINSPRING_PROGRESS_FILE; test ${#PGPASSWORD} = 8 || exit 9; "
          "echo '{\"protocol_version\":1,\"error\":{\"type\":\"E\",\"message\":\"bad "
          "'$PGPASSWORD'\"}}' "
          "> $MAINSPRING_RESULT_FILE; exit 1");
  CHECK_EQ(outcome.exit_code, 1);
  CHECK_EQ(report.out, "***|123\n");
  CHECK_EQ(report.err, "***\n");
  CHECK_EQ(report.progress_lines, std::vector<std::string>{"0.50 ***"});
  CHECK_EQ(outcome.error->message, "bad ***");
  CHECK(report.system.contains("PIN"));
  CHECK(report.system.contains("not masked"));
}

TEST_CASE_FIXTURE(Fixture, "a file that gives no value fails the attempt, with variable and path") {
  const auto message = [&](std::string path) {
    spec->environment["KEY"].file = std::move(path);
    const auto outcome = run("echo ran");
    CHECK(outcome.status == OutcomeStatus::failed);
    CHECK_EQ(report.out, "");
    return outcome.error->message;
  };
  CHECK_EQ(message("/no/such/secret"),
           "the environment variable 'KEY' takes its value from the file '/no/such/secret', which "
           "this node's user cannot read: No such file or directory");
  CHECK(message("/tmp").contains("is no regular file"));
  CHECK(message("/dev/zero").contains("is no regular file"));
  CHECK(message(write_secret(std::string(70'000, 'x'))).contains("more than 64 KiB"));
  CHECK(message(write_secret(std::string("a\0b", 3))).contains("zero byte"));
}

TEST_CASE_FIXTURE(Fixture, "a run timeout ends the attempt as timed out, after its grace") {
  spec->timeout.run = milliseconds{500};
  spec->timeout.grace = milliseconds{50};
  const auto outcome = run("trap '' TERM; while :; do sleep 0.01; done");
  CHECK(outcome.status == OutcomeStatus::timed_out);
  CHECK_EQ(outcome.error->message,
           "ran longer than timeout.run, 500ms; killed when the grace was over");
}

TEST_CASE_FIXTURE(Fixture, "a job of another user runs as that user and can give its result") {
  if (geteuid() != 0) return;
  chmod(scratch_root.path().c_str(), 0711);
  spec->user = "nobody";
  const auto outcome =
      run("id -un; echo $USER; echo a=1 >> $MAINSPRING_OUTPUT; "
          "cat $MAINSPRING_INPUT_FILE");
  CHECK_EQ(report.out, "nobody\nnobody\n{}");
  REQUIRE(outcome.result.has_value());
  CHECK_EQ(json::write(*outcome.result), R"({"a":"1"})");
}

TEST_CASE_FIXTURE(Fixture, "attempts of one runner run side by side") {
  std::atomic<int> right{0};
  spec->command.shell = "cat $MAINSPRING_INPUT_FILE";
  {
    std::vector<std::jthread> slots;
    for (int i = 0; i < 16; ++i) {
      slots.emplace_back([&, i] {
        execution::Order mine = order;
        mine.params = {{"i", i}};
        Recorder heard;
        const execution::StopSignal never;
        const auto outcome = runner.run(mine, never, heard);
        if (outcome.status == OutcomeStatus::success &&
            heard.out == "{\"i\":" + std::to_string(i) + "}") {
          ++right;
        }
      });
    }
  }
  CHECK_EQ(right.load(), 16);
}

TEST_CASE("signals have names") {
  CHECK_EQ(signal_name(SIGKILL), "SIGKILL");
  CHECK_EQ(signal_name(SIGRTMIN), "SIGRTMIN+0");
  CHECK_EQ(signal_name(200), "signal 200");
}

}  // namespace
}  // namespace mainspring::runner
