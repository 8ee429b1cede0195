#include "scheduler/scheduler.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>

#include "env/testing.h"
#include "scheduler/fixtures.h"
#include "scheduler/round.h"

namespace mainspring::scheduler {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::Fire;
using testing::MemoryStore;

constexpr base::Instant kStart = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

// Rounds without a thread, on a clock that jumps from one wake to the next.
class Bench {
 public:
  Bench() {
    store.add_listener([this](const auto& notices) { inbox_.tell(notices); });
  }

  void start(plan::Share share = {}) {
    round.emplace(parts(), Settings{.share = std::move(share)}, store.open_reads());
  }
  void set_share(plan::Share share) { inbox_.set_share(std::move(share)); }

  // Lives until the instant as the scheduler's thread would; says how many rounds that took.
  int live_until(base::Instant end) {
    int rounds = 0;
    while (true) {
      round->hear(inbox_.take());
      const base::Instant next = std::max(round->next(), clock.now());
      if (next > end) break;
      clock.set(next);
      ++rounds;
      REQUIRE(rounds < 100'000);
      const auto result = round->run();
      CAPTURE(rounds);
      REQUIRE(result);
    }
    clock.set(end);
    return rounds;
  }
  Parts parts() {
    return {store, clock, random_,
            base::Log{[this](const base::LogLine& line) { lines.emplace_back(line.message); },
                      base::LogLevel::info}};
  }

  testing::SharedClock clock{kStart};
  MemoryStore store{clock};
  std::vector<std::string> lines;
  std::optional<Round> round;

 private:
  env::SeededRandom random_{7};
  Inbox inbox_;
};

TEST_CASE("every fire is promoted at its very instant, once") {
  Bench bench;
  bench.store.put("often", "*/20 * * * * *");
  bench.store.put("minutely", "* * * * *");
  bench.start();
  bench.live_until(kStart + minutes{30} + seconds{5});
  int promoted = 0;
  for (const Fire& fire : bench.store.fires) {
    if (fire.at > bench.clock.now()) continue;
    ++promoted;
    CHECK(fire.promoted_at == fire.at);
  }
  CHECK(promoted == 90 + 30);
}

TEST_CASE("fires are in the store at least half a horizon before they are due") {
  Bench bench;
  bench.store.put("minutely", "* * * * *");
  bench.start();
  bench.live_until(kStart + minutes{10} + seconds{30});
  base::Instant last{};
  for (const Fire& fire : bench.store.fires)
    last = std::max(last, fire.at);
  CHECK(last >= kStart + minutes{11});
}

TEST_CASE("a schedule of every second is planned a few times a minute, not once per fire") {
  Bench bench;
  bench.store.put("secondly", "* * * * * *");
  bench.start();
  bench.live_until(kStart + minutes{10});
  CHECK(bench.store.materialised <= 10 * 4 + 2);
  CHECK(bench.store.fires.size() >= 600);
}

TEST_CASE("a quiet scheduler sleeps: a daily job costs a few rounds an hour") {
  Bench bench;
  bench.store.put("daily", "0 12 * * *");
  bench.start();
  const int rounds = bench.live_until(kStart + minutes{60});
  CHECK(rounds <= 3600 / 30 + 3);  // the sweep for lost notices
  CHECK(bench.store.reads <= 2);
}

TEST_CASE("two schedulers on one store write every fire once") {
  Bench bench;
  bench.store.put("often", "*/5 * * * * *");
  bench.start();
  Round other(bench.parts(), Settings{}, bench.store.open_reads());
  for (int minute = 1; minute <= 10; ++minute) {
    bench.live_until(kStart + minutes{minute});
    while (other.next() <= bench.clock.now())
      REQUIRE(other.run());
  }
  std::map<base::Instant, int> times;
  for (const Fire& fire : bench.store.fires)
    ++times[fire.at];
  for (const auto& [at, count] : times)
    CHECK(count == 1);
  CHECK(times.size() >= 120);
}

base::NodeId node(std::uint8_t number) {
  base::IdBytes bytes{};
  bytes[15] = number;
  return base::NodeId{bytes};
}

// Of two nodes, the one that comes first for what one does for all, and the other.
struct Pair {
  base::NodeId first = node(1);
  base::NodeId second = node(2);

  Pair() {
    if (share(first).rank(plan::Duty::promotion) != 0) std::swap(first, second);
  }
  plan::Share share(base::NodeId self) const { return {self, {first, second}}; }
};

std::set<std::string> planned_jobs(const MemoryStore& store) {
  std::set<std::string> out;
  for (const Fire& fire : store.fires)
    out.insert(fire.job);
  return out;
}

TEST_CASE("a scheduler plans the jobs of its share, and those of a node that went as well") {
  Bench bench;
  const Pair pair;
  std::set<std::string> own;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "job" + std::to_string(i);
    if (pair.share(pair.first).has(bench.store.put(name, "* * * * *"))) own.insert(name);
  }
  CHECK(own.size() > 5);
  CHECK(own.size() < 35);
  bench.start(pair.share(pair.first));
  bench.live_until(kStart + minutes{2});
  CHECK(planned_jobs(bench.store) == own);
  bench.set_share({pair.first, {pair.first}});
  bench.live_until(kStart + minutes{2} + seconds{1});
  CHECK_EQ(planned_jobs(bench.store).size(), 40);
  bench.live_until(kStart + minutes{10});
  std::map<std::pair<std::string, base::Instant>, int> times;
  for (const Fire& fire : bench.store.fires)
    CHECK_EQ(++times[{fire.job, fire.at}], 1);
}

TEST_CASE("a job that went over to another node is planned here no more") {
  Bench bench;
  const Pair pair;
  std::vector<base::JobId> jobs;
  for (int i = 0; i < 20; ++i)
    jobs.push_back(bench.store.put("job" + std::to_string(i), "* * * * *"));
  bench.start({pair.first, {pair.first}});
  bench.live_until(kStart + minutes{1});
  bench.set_share(pair.share(pair.first));
  bench.live_until(kStart + minutes{3});
  const std::size_t fires = bench.store.fires.size();
  std::size_t own = 0;
  for (const base::JobId job : jobs)
    own += pair.share(pair.first).has(job) ? 1 : 0;
  bench.live_until(kStart + minutes{13});
  CHECK_EQ(bench.store.fires.size() - fires, 10 * own);
}

TEST_CASE("a stand-in promotes a little later, where the first does not") {
  Bench bench;
  const Pair pair;
  bench.store.put("often", "*/20 * * * * *");
  bench.start();
  bench.live_until(kStart + seconds{1});
  bench.set_share(pair.share(pair.second));
  bench.live_until(kStart + seconds{65});
  int late = 0;
  for (const Fire& fire : bench.store.fires) {
    if (fire.at > kStart + seconds{60} || fire.at <= kStart) continue;
    CHECK(fire.promoted_at == fire.at + kStandIn);
    ++late;
  }
  CHECK_EQ(late, 3);
}

TEST_CASE("a stand-in leaves alone what the first has done, as it is told of the next") {
  Bench bench;
  const Pair pair;
  bench.store.put("hourly", "0 * * * *");
  bench.start(pair.share(pair.second));
  bench.store.tell(store::DueChanged{kStart + seconds{10}});
  bench.live_until(kStart + seconds{9});
  const int before = bench.store.promotions;
  bench.clock.set(kStart + seconds{10});
  bench.store.tell(store::DueChanged{kStart + minutes{60}});
  bench.live_until(kStart + seconds{25});
  CHECK_EQ(bench.store.promotions, before);
}

TEST_CASE("a node that is no member of the fleet plans nothing, promotes nothing, ends no lease") {
  Bench bench;
  const Pair pair;
  bench.store.put("often", "*/20 * * * * *");
  bench.start();
  bench.live_until(kStart + seconds{50});
  bench.store.leases.push_back(kStart + seconds{55});
  bench.set_share({pair.first, {pair.second}});
  const std::size_t fires = bench.store.fires.size();
  const int promotions = bench.store.promotions;
  bench.live_until(kStart + minutes{10});
  CHECK_EQ(bench.store.fires.size(), fires);
  CHECK_EQ(bench.store.promotions, promotions);
  CHECK_EQ(bench.store.leases.size(), 1);
  bench.set_share({});
  bench.live_until(kStart + minutes{10} + seconds{30});
  CHECK(bench.store.promotions > promotions);
  CHECK(bench.store.leases.empty());
}

TEST_CASE("a job stored while the scheduler runs is planned at once") {
  Bench bench;
  bench.start();
  bench.live_until(kStart + seconds{1});
  bench.store.put("late", "* * * * *");
  bench.live_until(kStart + seconds{2});
  CHECK(bench.store.fires.size() == 1);
}

TEST_CASE("what came due while a job was paused was paused, not missed, once it is resumed") {
  Bench bench;
  const auto job = bench.store.put("hourly", "0 * * * *");
  bench.start();
  bench.live_until(kStart + minutes{1});
  bench.store.pause(job);
  bench.live_until(kStart + minutes{2});
  bench.clock.set(kStart + minutes{185});  // asleep until somebody resumes it
  bench.store.resume(job);
  bench.live_until(kStart + minutes{186});
  CHECK(bench.store.fires.empty());
  REQUIRE(bench.store.endings.size() == 3);
  for (const auto& ending : bench.store.endings)
    CHECK(ending.ending == model::Ending::skipped_paused);
}

TEST_CASE("a paused job's occurrences are recorded as they come due") {
  Bench bench;
  const auto job = bench.store.put("minutely", "* * * * *");
  bench.store.pause(job);
  bench.start();
  bench.live_until(kStart + minutes{5} + seconds{1});
  CHECK(bench.store.fires.empty());
  CHECK(bench.store.endings.size() == 5);
}

TEST_CASE("a scheduler that starts after a pause does not take it for downtime") {
  Bench bench;
  const auto job = bench.store.put("hourly", "0 * * * *");
  bench.store.pause(job);
  bench.clock.set(kStart + minutes{185});
  bench.store.resume(job);
  bench.clock.set(kStart + minutes{245});  // the fire at 240 is missed, and no other
  bench.start();
  bench.live_until(kStart + minutes{246});
  REQUIRE(bench.store.fires.size() == 1);
  CHECK(bench.store.fires[0].at == kStart + minutes{240});
  CHECK(std::ranges::count(bench.store.endings, model::Ending::skipped_paused,
                           &model::PlannedEnding::ending) == 3);
}

// Lists of runs by the time they were made look only at ids of about that time.
TEST_CASE("the id of a fire is never older than its run, not even that of a missed fire") {
  Bench bench;
  model::ScheduleSpec spec;
  spec.cron = "0 * * * *";
  spec.misfire = model::Misfire::run_all;
  spec.catch_up = minutes{600};
  bench.store.put("hourly", spec);
  const base::Instant planned = kStart + minutes{305};
  bench.clock.set(planned);
  bench.start();
  bench.live_until(kStart + minutes{306});
  REQUIRE(bench.store.fires.size() == 5);
  for (const Fire& fire : bench.store.fires) {
    CHECK(fire.at < planned);
    CHECK(fire.id >= base::RunId::make(planned, {}));
    CHECK(fire.id < base::RunId::make(planned + minutes{1}, {}));
  }
}

TEST_CASE("a fire with jitter is promoted when it is due, not at its instant") {
  Bench bench;
  model::ScheduleSpec spec;
  spec.cron = "*/10 * * * *";
  spec.jitter = minutes{9};
  bench.store.put("spread", spec);
  bench.start();
  bench.live_until(kStart + minutes{200});
  int late = 0;
  for (const Fire& fire : bench.store.fires) {
    if (fire.due_at > bench.clock.now()) continue;
    CHECK(fire.promoted_at == fire.due_at);
    late += fire.due_at > fire.at ? 1 : 0;
  }
  CHECK(late >= 15);
}

TEST_CASE("fires of a job that shadows are in the ledger when they come due, and not before") {
  Bench bench;
  const auto job = bench.store.put("shadow", "* * * * *");
  for (auto& [id, schedule] : bench.store.schedules)
    schedule.shadow = schedule.job_id == job;
  bench.start();
  bench.live_until(kStart + minutes{5} + seconds{1});
  CHECK(bench.store.fires.empty());
  CHECK(bench.store.endings.size() == 5);
  CHECK(bench.store.endings.back().at == kStart + minutes{5});
}

TEST_CASE("a schedule that has had all its runs is not looked at again") {
  Bench bench;
  model::ScheduleSpec spec;
  spec.cron = "* * * * *";
  spec.max_runs = 3;
  bench.store.put("thrice", spec);
  bench.start();
  bench.live_until(kStart + minutes{10});
  CHECK(bench.store.fires.size() == 3);
  CHECK(bench.store.schedules.begin()->second.exhausted);
  CHECK_FALSE(bench.round->timetable().next_wake());
}

TEST_CASE("downtime is settled by the misfire policy when the scheduler is back") {
  Bench bench;
  bench.store.put("hourly", "0 * * * *");
  bench.clock.set(kStart + minutes{190});
  bench.start();
  bench.live_until(kStart + minutes{191});
  REQUIRE(bench.store.fires.size() == 1);
  CHECK(bench.store.fires[0].at == kStart + minutes{180});
  CHECK(bench.store.fires[0].promoted_at == kStart + minutes{190});
  CHECK(bench.store.endings.size() == 2);
}

TEST_CASE("@reboot fires when the scheduler starts, and not again") {
  Bench bench;
  bench.store.put("boot", "@reboot");
  bench.clock.set(kStart + minutes{1});
  bench.start();
  bench.live_until(kStart + minutes{10});
  CHECK(bench.store.fires.size() == 1);
  CHECK(bench.store.fires[0].at == kStart + minutes{1});
}

TEST_CASE("a schedule that cannot be planned is named in the log and harms no other") {
  Bench bench;
  bench.store.put("broken", "every now and then");
  bench.store.put("sound", "* * * * *");
  bench.start();
  bench.live_until(kStart + minutes{3});
  CHECK(bench.store.fires.size() >= 3);
  REQUIRE_FALSE(bench.lines.empty());
  CHECK(bench.lines[0].find("cannot be planned") != std::string::npos);
}

TEST_CASE("a plan that the store refuses is tried again later, and harms no other") {
  Bench bench;
  bench.store.put("refused", "* * * * *");
  bench.store.put("sound", "* * * * *");
  bench.store.refused_job = "refused";
  bench.start();
  bench.live_until(kStart + minutes{3});
  CHECK(bench.store.fires.size() >= 3);
  bench.store.refused_job.clear();
  bench.live_until(kStart + minutes{8});
  const bool is_planned =
      std::ranges::any_of(bench.store.fires, [](const Fire& f) { return f.job == "refused"; });
  CHECK(is_planned);
}

TEST_CASE("work that failed because the store was down is done when it is back") {
  Bench bench;
  bench.store.put("minutely", "* * * * *");
  bench.start();
  bench.store.is_down = true;
  CHECK_FALSE(bench.round->run());
  CHECK(bench.round->next() <= bench.clock.now());
  bench.store.is_down = false;
  bench.live_until(kStart + minutes{2} + seconds{1});
  CHECK(std::ranges::count_if(bench.store.fires,
                              [](const Fire& f) { return f.promoted_at == f.at; }) == 2);
}

TEST_CASE("a lease given after the last look is found out by the activity around it") {
  Bench bench;
  bench.start();
  bench.live_until(kStart + seconds{1});
  bench.store.leases.push_back(bench.clock.now() + seconds{10});
  bench.store.tell(store::EventsAdded{1});
  bench.live_until(kStart + seconds{12});
  CHECK(bench.store.leases.empty());
}

TEST_CASE("more changes than the inbox keeps make the scheduler read all schedules again") {
  Bench bench;
  bench.start();
  bench.live_until(kStart + seconds{1});
  {
    // Stored behind the scheduler's back, then told of together with too many others.
    model::Schedule schedule;
    base::IdBytes bytes{1};
    schedule.id = base::ScheduleId{bytes};
    schedule.job_id = base::JobId{bytes};
    schedule.job = "hidden";
    schedule.spec.cron = "* * * * *";
    schedule.created_at = schedule.planned_until = bench.clock.now();
    bench.store.schedules[schedule.id] = schedule;
  }
  for (std::size_t i = 0; i <= kPendingJobs; ++i) {
    base::IdBytes bytes{2};
    bytes[14] = static_cast<std::uint8_t>(i >> 8);
    bytes[15] = static_cast<std::uint8_t>(i);
    bench.store.tell(store::JobChanged{"default", base::JobId{bytes}});
  }
  bench.live_until(kStart + seconds{2});
  CHECK(bench.store.fires.size() == 1);
}

// ---- with its thread
// -----------------------------------------------------------------------------

TEST_CASE("the thread wakes for notices, outlives a store that is down, and stops at once") {
  testing::SharedClock clock(kStart);
  MemoryStore store(clock);
  env::SeededRandom random(1);
  store.is_down = true;
  Scheduler scheduler({store, clock, random, {}}, {});
  scheduler.start();
  CHECK(store.wait([](MemoryStore& s) { return s.commands > 0; }));
  store.change([](MemoryStore& s) { s.is_down = false; });
  CHECK(store.wait([](MemoryStore& s) { return s.promotions > 0; }));
  store.put("minutely", "* * * * *");
  CHECK(store.wait([](MemoryStore& s) { return s.fires.size() == 1; }));
  clock.set(kStart + minutes{1});
  store.tell(store::DueChanged{clock.now()});
  CHECK(store.wait([](MemoryStore& s) { return s.fires[0].promoted_at.has_value(); }));
  scheduler.stop();
}

// ---- wake queue
// ----------------------------------------------------------------------------------

base::JobId job_number(std::uint64_t n) {
  base::IdBytes bytes{};
  for (std::size_t i = 0; i < 8; ++i)
    bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return base::JobId{bytes};
}

TEST_CASE("the wake queue agrees with a sorted map, whatever is done to it") {
  const std::uint64_t seed = 42;
  CAPTURE(seed);
  std::mt19937_64 engine(seed);
  WakeQueue queue;
  std::map<base::JobId, Wake> model;
  int wrong = 0;
  for (int step = 0; step < 20'000; ++step) {
    const auto job = job_number(engine() % 200);
    const Wake wake{job, base::from_millis(static_cast<std::int64_t>(engine() % 1000))};
    switch (engine() % 3) {
      case 0:
        queue.set(wake);
        model[job] = wake;
        break;
      case 1:
        queue.set_earlier(wake);
        if (!model.contains(job) || wake.at < model[job].at) model[job] = wake;
        break;
      default:
        queue.remove(job);
        model.erase(job);
    }
    const auto earliest =
        std::ranges::min_element(model, {}, [](const auto& entry) { return entry.second.at; });
    const auto first = queue.first();
    wrong += first.has_value() != (earliest != model.end());
    if (first && earliest != model.end()) wrong += first->at != earliest->second.at;
    wrong += queue.find(job) != (model.contains(job) ? std::optional(model[job]) : std::nullopt);
    wrong += queue.size() != model.size();
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace mainspring::scheduler
