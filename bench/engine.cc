// The engine as a library: durable adds and whole lives of runs that do nothing, beside the least
// that such writing can cost on the same file system.
//
// Usage: bench_engine [--quick] [FILTER]: only what has FILTER in its name
#include <future>
#include <span>
#include <string_view>

#include "bare.h"
#include "env/random.h"
#include "figures.h"
#include "json/codec.h"
#include "sqlite/store.h"
#include "system/real_clock.h"
#include "system/real_random.h"

namespace mainspring::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kCallers = 64;
constexpr std::int64_t kBatch = 100;

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::to_text(result.error()));
  return std::move(*result);
}

// A store with one job that does nothing and one worker. submit(), claim() and finish() may be
// called from any thread.
class Engine {
 public:
  explicit Engine(const std::string& path) : store_(taken(sqlite::open({.path = path}))) {
    worker_ = fresh<base::WorkerId>();
    model::Worker worker{.id = worker_, .name = "bench"};
    worker.slots = 1'000'000;
    apply(store::RegisterWorker{.worker = worker, .entropy = 1, .now = clock_.now()});
    store::JobDraft draft{
        .fresh_id = fresh<base::JobId>(), .fresh_schedule_ids = {}, .spec = {}, .if_version = {}};
    draft.spec.name = "noop";
    draft.spec.command.argv = {"/bin/true"};
    const auto applied = apply(store::ApplyJobs{
        .tenant = "default", .jobs = {draft}, .author = "bench", .now = clock_.now()});
    job_ = applied.jobs.front().id;
  }

  store::SubmitRuns submission(std::int64_t count) {
    store::SubmitRuns out{.tenant = "default", .runs = {}, .by = "bench", .now = clock_.now()};
    for (std::int64_t i = 0; i < count; ++i) {
      store::NewRun& run = out.runs.emplace_back();
      run.id = fresh<base::RunId>();
      run.job_id = job_;
      run.due_at = out.now;
    }
    return out;
  }
  void submit(std::int64_t count) { apply(submission(count)); }

  store::RunsClaimed claim(std::int64_t limit) {
    return apply(store::ClaimRuns{.worker_id = worker_, .limit = limit, .now = clock_.now()});
  }

  // All at once, as a worker reports them; returns when the last is on the disk.
  void finish(const store::RunsClaimed& claimed) {
    std::vector<std::future<bool>> done;
    for (const store::ClaimedRun& run : claimed.runs) {
      auto promise = std::make_shared<std::promise<bool>>();
      done.push_back(promise->get_future());
      store::FinishAttempt report{
          .lease = {run.run.id, run.epoch}, .outcome = {}, .entropy = 1, .now = clock_.now()};
      report.outcome.exit_code = 0;
      store_->writer().submit(
          {store::Command{std::move(report)}, std::nullopt},
          [promise](const auto& reply) { promise->set_value(reply.has_value()); });
    }
    for (std::future<bool>& each : done) {
      if (!each.get()) throw std::runtime_error("a report was refused");
    }
  }

  std::int64_t live(std::int64_t count) {
    submit(count);
    const auto claimed = claim(count);
    finish(claimed);
    return std::ssize(claimed.runs);
  }

 private:
  template <class Id>
  Id fresh() {
    return env::make_id<Id>(clock_, random_);
  }
  template <class C>
  store::ReplyOf<C> apply(C command) {
    return taken(store::apply(store_->writer(), std::move(command)));
  }

  system::SystemClock clock_;
  system::SystemRandom random_;
  std::unique_ptr<store::Store> store_;
  base::WorkerId worker_;
  base::JobId job_;
};

struct Time {
  int rounds = 7;
  std::chrono::milliseconds round{1'500};
  std::string_view filter;  // a part of the name
};

constexpr const char* kBar = R"(["ratio", 0.5])";

void measure_adds(const Time& time) {
  const std::string name = fmt::format("durable adds one by one, {} callers", kCallers);
  if (!name.contains(time.filter)) return;
  const Directory directory;
  Engine engine(directory.file("store.db"));
  AppendLog log(directory.file("log"));
  const std::string bytes = json::write(json::encode(engine.submission(1), json::Audience::self));
  Rounds rounds{name, fmt::format("group-commit appends of {} bytes", bytes.size())};
  const Load load{kCallers, time.round};
  for (int i = 0; i < time.rounds; ++i) {
    rounds.ours.push_back(measure_rate(load, [&engine] {
      engine.submit(1);
      return 1;
    }));
    rounds.theirs.push_back(measure_rate(load, [&] {
      log.append(bytes);
      return 1;
    }));
  }
  print(rounds, kBar);
}

struct Lives {
  std::string name;
  int callers = 1;
  std::int64_t each = 1;  // runs in a command
};

void measure_lives(const Time& time, const Lives& lives) {
  if (!lives.name.contains(time.filter)) return;
  const Directory directory;
  Engine engine(directory.file("store.db"));
  {
    const Engine made(directory.file("bare.db"));
  }
  BareStore bare(directory.file("bare.db"));
  const auto group = static_cast<int>(lives.callers * lives.each);
  Rounds rounds{lives.name, fmt::format("bare SQLite, {} in a transaction", group)};
  for (int i = 0; i < time.rounds; ++i) {
    const auto live = [&] { return engine.live(lives.each); };
    rounds.ours.push_back(measure_rate({lives.callers, time.round}, live));
    rounds.theirs.push_back(measure_rate({1, time.round}, [&] {
      bare.live(group);
      return group;
    }));
  }
  print(rounds, kBar);
}

}  // namespace
}  // namespace mainspring::bench

int main(int argc, char** argv) {
  using namespace mainspring::bench;
  Time time;
  for (const std::string_view word : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
    if (word == "--quick") {
      time.rounds = 1;
      time.round = 100ms;
    } else if (!word.starts_with("--")) {
      time.filter = word;
    }
  }
  measure_adds(time);
  measure_lives(time, {"whole life, one by one, 64 callers", kCallers, 1});
  measure_lives(time, {"whole life, one by one, one caller", 1, 1});
  measure_lives(time, {"whole life, in batches of 100", 1, kBatch});
}
