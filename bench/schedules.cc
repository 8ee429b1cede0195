// Many schedules in one process: how long they take to load, what memory they need, and how late
// their fires reach a worker when 1,000 of them are due each second.
//
// Usage: bench_schedules [--quick | --full]: 2,000 schedules, 1,000,000, or else 100,000
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <future>
#include <mutex>
#include <string_view>

#include "env/random.h"
#include "figures.h"
#include "scheduler/scheduler.h"
#include "sqlite/store.h"
#include "system/real_clock.h"
#include "system/real_random.h"

namespace mainspring::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kFiresPerSecond = 1'000;
constexpr std::int64_t kJobsPerCommand = 100;
constexpr std::size_t kCommandsUnderWay = 16;
constexpr std::int64_t kSlots = 1'000;

// What came due before anybody planned it is dealt with when so many seconds in a row have handed
// over no more than was due in them.
constexpr int kSteadySeconds = 3;
constexpr double kSteadyShare = 1.1;

struct Size {
  std::int64_t schedules = 100'000;
  std::chrono::seconds patience{120};  // with the catching up
  std::chrono::seconds window{20};
};

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::to_text(result.error()));
  return std::move(*result);
}

double resident_mib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word != "VmRSS:") continue;
    double kib = 0;
    status >> kib;
    return kib / 1024;
  }
  throw std::runtime_error("this process has no memory");
}

// Claims as soon as the store says that something is ready, and reports success at once. Remembers
// how late each run was handed over.
class Claimer {
 public:
  Claimer(store::Writer& writer, const env::Clock& clock) : writer_(writer), clock_(clock) {
    system::SystemRandom random;
    model::Worker worker{.id = env::make_id<base::WorkerId>(clock, random), .name = "bench"};
    worker.slots = kSlots;
    id_ = worker.id;
    taken(store::apply(writer_, store::RegisterWorker{worker, 1, clock.now()}));
    writer_.add_listener([this](const std::vector<store::Notice>& notices) {
      const auto is_ready = [](const store::Notice& notice) {
        return std::holds_alternative<store::RunsReady>(notice);
      };
      if (std::ranges::any_of(notices, is_ready)) wake();
    });
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Claimer() {
    thread_.request_stop();
    wake();
  }

  // Milliseconds of every run handed over since the last call.
  std::vector<double> take_lateness() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lateness_, {});
  }

 private:
  void wake() {
    const std::lock_guard lock(mutex_);
    is_ready_ = true;
    woken_.notify_one();
  }
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      {
        std::unique_lock lock(mutex_);
        woken_.wait(lock, [this] { return is_ready_; });
        is_ready_ = false;
      }
      while (claim_some()) {
      }
    }
  }
  bool claim_some() {
    const auto claimed = taken(store::apply(
        writer_, store::ClaimRuns{.worker_id = id_, .limit = kSlots, .now = clock_.now()}));
    const base::Instant now = clock_.now();
    {
      const std::lock_guard lock(mutex_);
      for (const store::ClaimedRun& run : claimed.runs)
        lateness_.push_back(static_cast<double>((now - run.run.due_at).count()));
    }
    for (const store::ClaimedRun& run : claimed.runs) {
      store::FinishAttempt report{
          .lease = {run.run.id, run.epoch}, .outcome = {}, .entropy = 1, .now = now};
      report.outcome.exit_code = 0;
      writer_.submit({store::Command{std::move(report)}, std::nullopt}, [](const auto&) {});
    }
    return !claimed.runs.empty();
  }

  store::Writer& writer_;
  const env::Clock& clock_;
  base::WorkerId id_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool is_ready_ = false;
  std::vector<double> lateness_;
  std::jthread thread_;
};

// Jobs of one schedule each. An interval counts from the instant at which its job was stored, so
// these are spread over one interval: as many fires are due in each second.
class Loader {
 public:
  Loader(store::Writer& writer, const env::Clock& clock) : writer_(writer), clock_(clock) {}

  void load(std::int64_t schedules) {
    const base::Duration every{schedules * 1'000 / kFiresPerSecond};
    const base::Duration step = every * kJobsPerCommand / schedules;
    base::Instant stored_at = clock_.now() - every;
    std::deque<std::future<bool>> under_way;
    for (std::int64_t first = 0; first < schedules; first += kJobsPerCommand) {
      if (under_way.size() == kCommandsUnderWay) await(under_way);
      under_way.push_back(submit(command(first, every, stored_at)));
      stored_at += step;
    }
    while (!under_way.empty())
      await(under_way);
  }

 private:
  store::ApplyJobs command(std::int64_t first, base::Duration every, base::Instant now) {
    store::ApplyJobs out{.tenant = "default", .jobs = {}, .author = "bench", .now = now};
    for (std::int64_t i = first; i < first + kJobsPerCommand; ++i) {
      store::JobDraft& draft = out.jobs.emplace_back();
      draft.fresh_id = env::make_id<base::JobId>(clock_, random_);
      draft.fresh_schedule_ids = {env::make_id<base::ScheduleId>(clock_, random_)};
      draft.spec.name = fmt::format("job-{:07}", i);
      draft.spec.command.argv = {"/bin/true"};
      model::ScheduleSpec& schedule = draft.spec.schedule.emplace_back();
      schedule.every = every;
      schedule.misfire = model::Misfire::skip;
    }
    return out;
  }
  std::future<bool> submit(store::ApplyJobs command) {
    auto promise = std::make_shared<std::promise<bool>>();
    auto done = promise->get_future();
    writer_.submit({store::Command{std::move(command)}, std::nullopt},
                   [promise](const auto& reply) { promise->set_value(reply.has_value()); });
    return done;
  }
  static void await(std::deque<std::future<bool>>& under_way) {
    if (!under_way.front().get()) throw std::runtime_error("jobs were refused");
    under_way.pop_front();
  }

  store::Writer& writer_;
  const env::Clock& clock_;
  system::SystemRandom random_;
};

double percentile(std::vector<double> values, double share) {
  if (values.empty()) throw std::runtime_error("nothing was due");
  const auto place = static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share);
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place));
  return values[place];
}

// Seconds until the fires handed over are those that are due, and no older ones.
double await_steadiness(Claimer& claimer, std::chrono::seconds patience) {
  int steady = 0;
  int passed = 0;
  while (steady < kSteadySeconds) {
    if (passed >= patience.count()) throw std::runtime_error("it does not catch up");
    std::this_thread::sleep_for(1s);
    const auto handed = static_cast<double>(claimer.take_lateness().size());
    const bool is_steady = handed > 0 && handed <= kSteadyShare * kFiresPerSecond;
    steady = is_steady ? steady + 1 : 0;
    ++passed;
  }
  return passed - kSteadySeconds;
}

void measure(const Size& size) {
  const Directory directory;
  const system::SystemClock clock;
  system::SystemRandom random;
  const auto store = taken(sqlite::open({.path = directory.file("store.db")}));
  const auto began = clock.monotonic();
  Loader(store->writer(), clock).load(size.schedules);
  const std::string what = fmt::format("{} schedules", size.schedules);
  const auto took = static_cast<double>((clock.monotonic() - began).count()) / 1'000;
  print({.name = what + ": stored, jobs of one each", .unit = "s", .ours = {took}});

  Claimer claimer(store->writer(), clock);
  scheduler::Scheduler scheduler({.store = *store, .clock = clock, .random = random, .log = {}},
                                 {});
  scheduler.start();
  print({.name = what + ": caught up with what came due before",
         .unit = "s",
         .ours = {await_steadiness(claimer, size.patience)}});
  const auto window_began = clock.monotonic();
  std::this_thread::sleep_for(size.window);
  const auto lateness = claimer.take_lateness();
  const auto seconds = static_cast<double>((clock.monotonic() - window_began).count()) / 1'000;
  scheduler.stop();
  print({.name = what + ": handed to a worker",
         .unit = "/s",
         .ours = {static_cast<double>(lateness.size()) / seconds}});
  print({.name = what + ": due to handed over, p50",
         .unit = "ms",
         .ours = {percentile(lateness, 0.5)}});
  print({.name = what + ": due to handed over, p99",
         .unit = "ms",
         .ours = {percentile(lateness, 0.99)},
         .bar = R"(["at_most", 100])"});
  print({.name = what + ": resident memory",
         .unit = "MiB",
         .ours = {resident_mib()},
         .bar = R"(["at_most", 400])"});
}

}  // namespace
}  // namespace mainspring::bench

int main(int argc, char** argv) {
  using mainspring::bench::measure;
  using namespace std::chrono_literals;
  const std::string_view flag = argc > 1 ? argv[1] : "";
  if (flag == "--quick") {
    measure({2'000, 60s, 2s});
  } else if (flag == "--full") {
    measure({1'000'000, 600s, 60s});
  } else {
    measure({});
  }
}
