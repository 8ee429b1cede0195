#include "runner/script/warm_pool.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "runner/process/fixtures.h"

namespace mainspring::runner {
namespace {

using std::chrono::milliseconds;

class Recorder final : public execution::Report {
 public:
  void output(model::LogStream stream, std::string_view bytes) override {
    (stream == model::LogStream::out ? out : other) += bytes;
  }
  void progress(double, std::string_view) override {}

  std::string out;
  std::string other;
};

// Programs that are shells: each writes down its number, prepares itself, says so, and begins to
// print its order.
struct Fixture {
  TestDirectory scratch_root;
  TestDirectory work;
  std::unique_ptr<ProgramRunner> programs =
      std::make_unique<ProgramRunner>(ProgramSettings{.scratch_root = scratch_root.path()});
  std::shared_ptr<model::JobSpec> spec = std::make_shared<model::JobSpec>();
  std::string preparation = ":";
  std::string files;
  std::string ending = "echo begin >&0; echo \"$order $$\"; cat; exit 0";
  std::unique_ptr<WarmPool> pool;

  Fixture() {
    spec->name = "score";
    pool = make_pool({});
  }
  std::unique_ptr<WarmPool> make_pool(WarmPool::Limits limits) const {
    return std::make_unique<WarmPool>(*programs, limits);
  }

  execution::Order order() const {
    execution::Order order;
    order.tenant = "default";
    order.run_id = base::RunId::make(base::from_millis(1'000), {});
    order.spec = spec;
    return order;
  }
  WarmUse use(std::size_t count) const {
    const std::string text = "read setup; echo $$ >>" + work.path() +
                             "/started; printf \"early $setup \"; " + preparation +
                             "; echo '{\"ready\": true, \"files\": [" + files +
                             "]}' >&0; read order; " + ending;
    return {.job = "default/score",
            .version = 1,
            .spec = "spec",
            .machine = "machine",
            .count = count,
            .like = order(),
            .prepare = [text](const Scratch&) -> base::Result<Program> {
              return Program{.shell = text, .input = "setup\n"};
            }};
  }

  // The processes that were started, those that have ended included.
  std::vector<pid_t> started() const {
    std::vector<pid_t> pids;
    std::ifstream in{work.path() + "/started"};
    for (pid_t pid = 0; in >> pid;)
      pids.push_back(pid);
    return pids;
  }
  std::size_t count_alive() const {
    std::size_t count = 0;
    for (const pid_t pid : started())
      count += ::kill(pid, 0) == 0 ? 1 : 0;
    return count;
  }
  template <class Is>
  static bool wait_until(const Is& is) {
    const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
    while (!is()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  // One that has been prepared.
  std::optional<WaitingProgram> take_ready(const WarmUse& use) {
    std::optional<WaitingProgram> taken;
    wait_until([&] { return (taken = pool->take(use)).has_value(); });
    return taken;
  }
  std::expected<model::Outcome, NotRun> run(std::optional<WaitingProgram> waiting,
                                            Recorder& report) const {
    const execution::StopSignal stop;
    return run(std::move(waiting), report, stop, [](const ProgramRunner::Variables& variables) {
      return "go " + variables.at("MAINSPRING_RUN_ID") + "\n";
    });
  }
  std::expected<model::Outcome, NotRun> run(std::optional<WaitingProgram> waiting, Recorder& report,
                                            const execution::StopSignal& stop,
                                            const ProgramRunner::Tell& tell) const {
    REQUIRE(waiting.has_value());
    const execution::Order now = order();
    return programs->run_waiting(std::move(*waiting), {now, stop, report}, tell);
  }
};

TEST_CASE("a job that was run has programs that wait, each for one run") {
  Fixture fixture;
  CHECK_FALSE(fixture.pool->take(fixture.use(2)).has_value());
  CHECK(Fixture::wait_until([&] { return fixture.count_alive() == 2; }));
  Recorder report;
  const auto outcome = fixture.run(fixture.take_ready(fixture.use(2)), report);
  REQUIRE(outcome.has_value());
  CHECK_EQ(outcome->status, model::OutcomeStatus::success);
  CHECK(report.out.starts_with("early setup go run_"));
  CHECK_EQ(report.other, "");
  CHECK(Fixture::wait_until([&] { return fixture.count_alive() == 2; }));
  fixture.pool->stop();
  CHECK_EQ(fixture.count_alive(), 0);
  CHECK_EQ(fixture.scratch_root.count_entries(), 0);
  CHECK_FALSE(fixture.pool->take(fixture.use(2)).has_value());
}

TEST_CASE("all programs that wait end when what they are started by changes") {
  Fixture fixture;
  fixture.pool->take(fixture.use(2));
  REQUIRE(Fixture::wait_until([&] { return fixture.count_alive() == 2; }));
  const auto before = fixture.started();
  WarmUse changed = fixture.use(2);
  SUBCASE("in a new version of the job") {
    changed.version = 2;
    changed.spec = "other";
  }
  SUBCASE("on the machine") { changed.machine = "other"; }
  CHECK_FALSE(fixture.pool->take(changed).has_value());
  for (const pid_t pid : before)
    CHECK(wait_for_death(pid));
  CHECK(Fixture::wait_until([&] { return fixture.count_alive() == 2; }));
  if (changed.version == 1) return;
  CHECK_FALSE(fixture.pool->take(fixture.use(2)).has_value());  // a run of the older version
  CHECK(fixture.take_ready(changed).has_value());
}

TEST_CASE("a new version that starts the same programs keeps those that wait") {
  Fixture fixture;
  fixture.pool->take(fixture.use(1));
  REQUIRE(Fixture::wait_until([&] { return fixture.count_alive() == 1; }));
  const pid_t first = fixture.started().front();
  WarmUse newer = fixture.use(1);
  newer.version = 2;
  Recorder report;
  REQUIRE(fixture.run(fixture.take_ready(newer), report).has_value());
  CHECK(report.out.ends_with(" " + std::to_string(first) + "\n"));
}

TEST_CASE("a version whose runs differ gets no programs, until there is another") {
  Fixture fixture;
  fixture.pool->take(fixture.use(1));
  REQUIRE(Fixture::wait_until([&] { return fixture.count_alive() == 1; }));
  for (const char* spec : {"second", "second", "third"}) {
    WarmUse other = fixture.use(1);
    other.spec = spec;
    CHECK_FALSE(fixture.pool->take(other).has_value());
  }
  CHECK(wait_for_death(fixture.started().front()));
  WarmUse last = fixture.use(1);  // which comes after the others
  last.job = "default/zz";
  CHECK(fixture.take_ready(last).has_value());
  WarmUse third = fixture.use(1);
  third.spec = "third";
  CHECK_FALSE(fixture.pool->take(third).has_value());
  WarmUse next = fixture.use(1);
  next.version = 2;
  CHECK(fixture.take_ready(next).has_value());
}

TEST_CASE("stale programs end all at once") {
  Fixture fixture;
  const std::string secret = fixture.work.path() + "/secret";
  std::ofstream{secret} << "first";
  REQUIRE_EQ(::chmod(secret.c_str(), 0600), 0);
  fixture.spec->environment["KEY"].file = secret;
  fixture.pool->take(fixture.use(3));
  REQUIRE(Fixture::wait_until([&] { return fixture.count_alive() == 3; }));
  const auto before = fixture.started();
  std::ofstream{secret} << "second";
  Recorder report;
  const auto outcome = fixture.run(fixture.take_ready(fixture.use(3)), report);
  REQUIRE_FALSE(outcome.has_value());
  CHECK_EQ(outcome.error(), NotRun::stale);
  CHECK_EQ(report.out, "");
  fixture.pool->drop("default/score");
  for (const pid_t pid : before)
    CHECK(wait_for_death(pid));
}

TEST_CASE("a program is stale when a file that it has loaded was changed") {
  Fixture fixture;
  const std::string code = fixture.work.path() + "/code";
  std::ofstream{code} << "one";
  // As young as the program it would count as changed since.
  const auto written = std::chrono::system_clock::now();
  REQUIRE(Fixture::wait_until(
      [&] { return std::chrono::system_clock::now() > written + milliseconds{2}; }));
  fixture.files = "\"" + code + "\"";
  fixture.pool->take(fixture.use(1));
  auto waiting = fixture.take_ready(fixture.use(1));
  REQUIRE(waiting.has_value());
  CHECK(waiting->is_current());
  SUBCASE("in place") { std::ofstream{code} << "changed"; }
  SUBCASE("by another in its place") {
    std::ofstream{code + ".new"} << "two";
    REQUIRE_EQ(::rename((code + ".new").c_str(), code.c_str()), 0);
  }
  SUBCASE("or removed") { REQUIRE_EQ(::unlink(code.c_str()), 0); }
  CHECK_FALSE(waiting->is_current());
}

TEST_CASE("a program that dies while it waits is never given to a run, and is replaced") {
  Fixture fixture;
  fixture.pool = fixture.make_pool({.first_pause = milliseconds{1}});
  fixture.pool->take(fixture.use(1));
  REQUIRE(Fixture::wait_until([&] { return fixture.count_alive() == 1; }));
  const pid_t first = fixture.started().front();
  ::kill(first, SIGKILL);
  CHECK(wait_for_death(first));
  CHECK(Fixture::wait_until([&] { return fixture.started().size() == 2; }));
  Recorder report;
  const auto outcome = fixture.run(fixture.take_ready(fixture.use(1)), report);
  REQUIRE(outcome.has_value());
  CHECK_FALSE(report.out.contains(" " + std::to_string(first) + "\n"));
}

TEST_CASE("a program that ends with its order, before it begins, leaves the run to another") {
  Fixture fixture;
  SUBCASE("at once") { fixture.ending = "kill -9 $$"; }
  SUBCASE("and closes its line before") { fixture.ending = "exec 0>&-; sleep 0.1; kill -9 $$"; }
  Recorder report;
  const auto outcome = fixture.run(fixture.take_ready(fixture.use(1)), report);
  REQUIRE_FALSE(outcome.has_value());
  CHECK_EQ(outcome.error(), NotRun::ended);
  CHECK_EQ(report.out, "");
}

TEST_CASE("a program that has begun is a run, however it ends") {
  Fixture fixture;
  fixture.ending = "echo begin >&0; kill -9 $$";
  Recorder report;
  const auto outcome = fixture.run(fixture.take_ready(fixture.use(1)), report);
  REQUIRE(outcome.has_value());
  CHECK_EQ(outcome->signal, "SIGKILL");
  CHECK_EQ(report.out, "early setup ");
}

TEST_CASE("what cannot be prepared is tried again after longer and longer pauses") {
  Fixture fixture;
  fixture.preparation = "exit 1";
  fixture.pool = fixture.make_pool({.first_pause = milliseconds{25}});
  const auto begin = std::chrono::steady_clock::now();
  fixture.pool->take(fixture.use(1));
  CHECK(Fixture::wait_until([&] { return fixture.started().size() == 6; }));
  CHECK_GE(std::chrono::steady_clock::now() - begin, milliseconds{25 * (1 + 2 + 4 + 8 + 16)});
}

TEST_CASE("programs of a job without a run end after a time") {
  Fixture fixture;
  fixture.pool = fixture.make_pool({.idle = milliseconds{300}});
  fixture.pool->take(fixture.use(2));
  REQUIRE(Fixture::wait_until([&] { return fixture.started().size() == 2; }));
  CHECK(Fixture::wait_until([&] { return fixture.count_alive() == 0; }));
  CHECK_EQ(fixture.started().size(), 2);
}

TEST_CASE("there are never more programs than the pool may have") {
  Fixture fixture;
  fixture.pool = fixture.make_pool({.programs = 2, .idle = milliseconds{500}});
  fixture.pool->take(fixture.use(6));
  REQUIRE(Fixture::wait_until([&] { return fixture.started().size() >= 2; }));
  CHECK(Fixture::wait_until([&] { return fixture.count_alive() == 0; }));  // it is over
  CHECK_EQ(fixture.started().size(), 2);
}

TEST_CASE("a program that waits is given no run whose lease has ended") {
  Fixture fixture;
  fixture.pool->take(fixture.use(1));
  execution::StopSignal stop;
  stop.begin_by = base::Duration{1};
  Recorder report;
  bool was_told = false;
  const auto outcome =
      fixture.run(fixture.take_ready(fixture.use(1)), report, stop, [&](const auto&) {
        was_told = true;
        return std::string{"go\n"};
      });
  REQUIRE(outcome.has_value());
  CHECK(outcome->status == model::OutcomeStatus::lost);
  CHECK_FALSE(was_told);
  CHECK_EQ(report.out, "");
}

TEST_CASE("a program that waits can be stopped as soon as it has a run") {
  Fixture fixture;
  fixture.pool->take(fixture.use(1));
  execution::StopSignal stop;
  Recorder report;
  const auto outcome =
      fixture.run(fixture.take_ready(fixture.use(1)), report, stop, [&](const auto&) {
        stop.source.request_stop();
        return std::string{"go\n"};
      });
  REQUIRE(outcome.has_value());
  CHECK_EQ(outcome->status, model::OutcomeStatus::cancelled);
}

}  // namespace
}  // namespace mainspring::runner
