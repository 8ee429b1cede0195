// Cases about placement: who goes first, where, and what keeps it.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using model::LabelOp;
using model::ObstacleKind;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

struct Machine {
  std::string name = "special";
  int slots = 4;
  std::map<std::string, std::string> labels = {};
  model::WorkerResources resources = {};
};

base::WorkerId register_worker(World& w, Machine machine) {
  model::Worker worker;
  worker.id = w.fresh<base::WorkerId>();
  worker.name = std::move(machine.name);
  worker.slots = machine.slots;
  worker.labels = std::move(machine.labels);
  worker.resources = machine.resources;
  const base::WorkerId id = worker.id;
  w.apply(RegisterWorker{std::move(worker), 7, w.now});
  return id;
}

base::WorkerId register_worker(World& w, int slots, std::map<std::string, std::string> labels) {
  return register_worker(w, Machine{.slots = slots, .labels = std::move(labels)});
}

model::Obstacle obstacle(World& w, base::RunId run) {
  const auto found = w.reads().runs().obstacles("default", run, w.now);
  expect_equal(found.size(), std::size_t{1});
  return found.front();
}

constexpr auto kPlacementCases = std::to_array<ConformanceCase>({
    {"the tenant with the fewest attempts under way is served first",
     [](Subject& subject) {
       World w(subject);
       const base::JobId busy = w.job("busy");
       const base::WorkerId worker = w.worker();
       for (int i = 0; i < 4; ++i)
         w.submit(busy);
       w.claim_one(worker);
       w.claim_one(worker);
       w.tenant = "other";
       const base::RunId first = w.submit(w.job("quiet"));
       expect(w.claim_one(worker).run.id == first);
     }},
    {"a run that needs more slots than the worker has is left, and others start",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec big = World::spec("big");
       big.resources.slots = 8;
       big.priority = 10;
       const base::RunId left = w.submit(w.put(big).id);
       const base::RunId other = w.submit(w.job("small"));
       expect(w.claim_one(w.worker()).run.id == other);
       const auto obstacles = w.reads().runs().obstacles("default", left, w.now);
       expect(!obstacles.empty() && obstacles[0].kind == ObstacleKind::placement);
       const auto claimed = w.claim(register_worker(w, 8, {}), 8);
       expect(claimed.size() == 1 && claimed[0].run.id == left);
     }},
    {"a run takes as many of the slots as it needs, and nobody overtakes it for ever",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec big = World::spec("big");
       big.resources.slots = 3;
       big.priority = 10;
       const base::WorkerId worker = w.worker();
       w.submit(w.put(big).id);
       const base::JobId small = w.job("small");
       w.submit(small);
       w.submit(small);
       expect(w.claim(worker, 2).empty());
       expect_equal(w.claim(worker, 4).size(), std::size_t{2});
       for (const model::Worker& each : w.reads().workers().all())
         expect_equal(each.busy, 4);
     }},
    {"a run with placement labels starts only on a worker that has them all",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec gpu = World::spec("train");
       gpu.placement.labels = {{"gpu", "yes"}, {"zone", "b"}};
       gpu.priority = 10;
       const base::RunId run = w.submit(w.put(gpu).id);
       const base::RunId other = w.submit(w.job("small"));
       const base::WorkerId plain = register_worker(w, 2, {{"gpu", "yes"}});
       const auto claimed = w.claim(plain);
       expect_equal(claimed.size(), std::size_t{1});
       expect(claimed[0].run.id == other);
       w.reopen();
       const base::WorkerId fit =
           register_worker(w, 2, {{"gpu", "yes"}, {"zone", "b"}, {"disk", "ssd"}});
       expect(w.claim_one(fit).run.id == run);
     }},
    {"that no worker is there, or that every slot is busy, can be asked",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("report");
       const base::RunId first = w.submit(job);
       const auto none = w.reads().runs().obstacles("default", first, w.now);
       expect(none.size() == 1 && none[0].kind == ObstacleKind::no_worker);
       const base::WorkerId worker = register_worker(w, 1, {});
       expect(w.reads().runs().obstacles("default", first, w.now).empty());
       w.claim(worker, 1);
       const base::RunId second = w.submit(job);
       const base::RunId third = w.submit(job);
       const auto busy = w.reads().runs().obstacles("default", third, w.now);
       expect(busy.size() == 1 && busy[0].kind == ObstacleKind::slots);
       expect_equal(busy[0].ahead, 1);
       expect(busy[0].runs == std::vector{second});
     }},
    {"a run that is not due says when it will be",
     [](Subject& subject) {
       World w(subject);
       NewRun later = w.new_run(w.job("report"));
       later.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {later}, "ada", w.now});
       const auto obstacles = w.reads().runs().obstacles("default", later.id, w.now);
       expect(obstacles.size() == 1 && obstacles[0].kind == ObstacleKind::not_due);
       expect(obstacles[0].until == w.now + 60s);
     }},
});

constexpr auto kResourceCases = std::to_array<ConformanceCase>({
    {"a claim takes no more cpu, memory and gpus than the worker has free",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = register_worker(
           w, {.slots = 16, .resources = {.cpu = 4, .memory_bytes = 8 * kGiB, .gpus = 1}});
       model::JobSpec spec = World::spec("train");
       spec.resources.cpu = 1.5;
       spec.resources.memory_bytes = 3 * kGiB;
       const base::JobId job = w.put(spec).id;
       for (int i = 0; i < 3; ++i)
         w.submit(job);
       const auto two = w.claim(worker, 16);
       expect_equal(two.size(), std::size_t{2});
       w.reopen();
       expect(w.claim(worker, 14).empty());
       const model::Worker seen = w.reads().workers().all().front();
       expect_equal(seen.resources, model::WorkerResources{4, 8 * kGiB, 1, 0, {}});
       expect_equal(seen.used, model::WorkerResources{3, 6 * kGiB, 0, 0, {}});
       w.finish(two[0]);
       expect_equal(w.claim(worker, 15).size(), std::size_t{1});
     }},
    {"what a worker does not say of its cpu and memory is not counted, but its gpus are",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = register_worker(w, Machine{});
       model::JobSpec big = World::spec("big");
       big.resources.cpu = 64;
       big.resources.memory_bytes = 512 * kGiB;
       w.submit(w.put(big).id);
       model::JobSpec gpu = World::spec("gpu");
       gpu.resources.gpus = 1;
       w.submit(w.put(gpu).id);
       expect_equal(w.claim_one(worker).run.job, "big");
     }},
    {"a run for which nobody has room is not overtaken for ever, and other workers go on",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId full = register_worker(w, {.slots = 2});
       const base::WorkerId half = register_worker(w, {.slots = 2});
       const base::JobId small = w.job("small");
       for (int i = 0; i < 3; ++i)
         w.submit(small);
       const auto two = w.claim(full, 2);
       const auto one = w.claim(half, 1);
       model::JobSpec big = World::spec("big");
       big.resources.slots = 2;
       big.priority = 10;
       const base::RunId run = w.submit(w.put(big).id);
       w.submit(small);
       w.submit(small);
       expect(w.claim(half, 1).empty());  // it lacks less, and waits
       w.finish(two[0]);
       expect(w.claim(full, 1).empty());  // now both lack as much: the one that was there first
       w.finish(one[0]);
       const auto claimed = w.claim(half, 2);
       expect(claimed.size() == 1 && claimed[0].run.id == run);
       expect_equal(w.claim(full, 1).size(), std::size_t{1});
     }},
    {"what is used up can be asked",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker =
           register_worker(w, {.slots = 8, .resources = {.cpu = 2, .memory_bytes = kGiB}});
       model::JobSpec spec = World::spec("train");
       spec.resources.memory_bytes = kGiB;
       const base::JobId job = w.put(spec).id;
       w.submit(job);
       w.claim_one(worker);
       const model::Obstacle found = obstacle(w, w.submit(job));
       expect(found.kind == ObstacleKind::resources);
       expect_equal(found.key, "memory");
     }},
});

constexpr auto kChoiceCases = std::to_array<ConformanceCase>({
    {"a run starts only on a worker that satisfies every constraint",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("report");
       spec.placement.constraints = {{"zone", LabelOp::in, {"eu-1", "eu-2"}},
                                     {"disk", LabelOp::not_in, {"hdd"}},
                                     {"owner", LabelOp::exists, {}},
                                     {"spot", LabelOp::absent, {}}};
       const base::RunId run = w.submit(w.put(spec).id);
       using Labels = std::map<std::string, std::string>;
       const Labels right{{"zone", "eu-2"}, {"owner", "ada"}};
       for (const auto& [key, value] : Labels{{"zone", "us-1"}, {"disk", "hdd"}, {"spot", "1"}}) {
         Labels wrong = right;
         wrong[key] = value;
         expect(w.claim(register_worker(w, 1, wrong)).empty());
       }
       expect(w.claim(register_worker(w, 1, {{"zone", "eu-2"}})).empty());
       w.reopen();
       expect(w.claim_one(register_worker(w, 1, right)).run.id == run);
     }},
    {"a run that no worker may take names the nearest and what it lacks",
     [](Subject& subject) {
       World w(subject);
       register_worker(w, {.name = "far", .slots = 1, .labels = {{"zone", "us-1"}}});
       register_worker(w, {.name = "near", .slots = 8, .labels = {{"zone", "us-2"}}});
       model::JobSpec spec = World::spec("report");
       spec.placement.constraints = {{"zone", LabelOp::in, {"eu-1", "eu-2"}}};
       spec.resources.slots = 2;
       const model::Obstacle found = obstacle(w, w.submit(w.put(spec).id));
       expect(found.kind == ObstacleKind::placement);
       expect_equal(found.note,
                    "none of the 2 workers online may take it; the nearest, near, lacks "
                    "zone in (eu-1, eu-2) (it has us-2)");
     }},
    {"a run is left to the worker that it prefers, but not for long",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId plain = register_worker(w, 4, {{"disk", "hdd"}});
       const base::WorkerId better = register_worker(w, 4, {{"disk", "ssd"}});
       model::JobSpec spec = World::spec("report");
       spec.placement.prefer = {{"disk", "ssd", 10}};
       const base::JobId job = w.put(spec).id;
       const base::RunId first = w.submit(job);
       expect(w.claim(plain, 4).empty());
       expect(w.claim_one(better).run.id == first);
       const base::RunId second = w.submit(job);
       const RunsClaimed none = w.apply(ClaimRuns{plain, 4, 10s, w.now});
       expect(none.runs.empty());
       expect(none.next_due.has_value());
       w.now = *none.next_due;
       expect(w.claim_one(plain).run.id == second);
     }},
    {"a run is not left to a worker that is full or drains",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId plain = register_worker(w, 4, {});
       const base::WorkerId better = register_worker(w, 1, {{"disk", "ssd"}});
       model::JobSpec spec = World::spec("report");
       spec.placement.prefer = {{"disk", "ssd", 10}};
       const base::JobId job = w.put(spec).id;
       w.submit(job);
       const ClaimedRun first = w.claim_one(better);
       w.submit(job);
       w.claim_one(plain);
       w.finish(first);
       w.apply(SetWorkerState{better, model::WorkerState::draining, w.now});
       w.submit(job);
       w.claim_one(plain);
     }},
    {"a run is not left to a worker that is cordoned, which `why` names where it alone would do",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId plain = register_worker(w, {.name = "plain"});
       const base::WorkerId better =
           register_worker(w, {.name = "better", .labels = {{"disk", "ssd"}}});
       w.apply(OrderWorker{better, WorkerOrder::cordon, {}, "ada", w.now});
       model::JobSpec spec = World::spec("report");
       spec.placement.prefer = {{"disk", "ssd", 10}};
       w.submit(w.put(spec).id);
       w.claim_one(plain);
       spec = World::spec("train");
       spec.placement.labels = {{"disk", "ssd"}};
       const base::RunId run = w.submit(w.put(spec).id);
       expect_equal(obstacle(w, run).note,
                    "the only worker online, plain, lacks disk=ssd; better, which is cordoned, "
                    "could");
       w.apply(OrderWorker{better, WorkerOrder::uncordon, {}, "ada", w.now});
       expect(w.claim_one(better).run.id == run);
     }},
    {"a run that comes again to a worker after a lost answer counts towards what it takes",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker =
           register_worker(w, {.slots = 4, .resources = {.memory_bytes = 2 * kGiB}});
       model::JobSpec spec = World::spec("train");
       spec.resources.memory_bytes = kGiB;
       const base::JobId job = w.put(spec).id;
       for (int i = 0; i < 3; ++i)
         w.submit(job);
       w.claim(worker, 1);  // the answer is lost
       ClaimRuns again{worker, 4, 10s, w.now, std::vector<LeaseRef>{}};
       expect_equal(w.apply(again).runs.size(), std::size_t{2});
     }},
    {"the attempts of a job that spreads go where the fewest of them are under way",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId a = register_worker(w, 4, {{"zone", "a"}});
       const base::WorkerId b = register_worker(w, 4, {{"zone", "b"}});
       model::JobSpec spec = World::spec("serve");
       spec.placement.spread = model::SpreadSpec{"zone"};
       const base::JobId job = w.put(spec).id;
       w.submit(job);
       w.submit(job);
       expect_equal(w.claim(a, 4).size(), std::size_t{1});
       w.reopen();
       expect(w.claim(a, 3).empty());
       expect_equal(w.claim(b, 4).size(), std::size_t{1});
     }},
});

model::QueueSpec weighted(std::string name, std::optional<int> weight) {
  model::QueueSpec out;
  out.name = std::move(name);
  out.weight = weight;
  return out;
}

// Submits so many runs of a job in that queue.
void fill_queue(World& w, const std::string& queue, int count) {
  model::JobSpec spec = World::spec("work-" + queue);
  spec.queue = queue;
  const base::JobId job = w.put(spec).id;
  for (int i = 0; i < count; ++i)
    w.submit(job);
}

// Claims and ends so many runs one after another; how many each queue had.
std::map<std::string, int> work_off(World& w, base::WorkerId worker, int count) {
  std::map<std::string, int> out;
  for (int i = 0; i < count; ++i) {
    const auto claimed = w.claim(worker, 1);
    expect_equal(claimed.size(), std::size_t{1});
    ++out[claimed[0].run.queue];
    w.finish(claimed[0]);
  }
  return out;
}

constexpr auto kShareCases = std::to_array<ConformanceCase>({
    {"queues share the starts of their tenant by weight",
     [](Subject& subject) {
       World w(subject);
       w.apply(PutQueue{"default", weighted("heavy", 3), "ada", w.now});
       const base::WorkerId worker = w.worker();
       fill_queue(w, "light", 20);
       fill_queue(w, "heavy", 20);
       auto starts = work_off(w, worker, 12);
       expect_equal(starts["heavy"], 9);
       expect_equal(starts["light"], 3);
       w.reopen();
       starts = work_off(w, worker, 8);
       expect_equal(starts["heavy"], 6);
       expect_equal(starts["light"], 2);
     }},
    {"a queue that was idle has no claim for that time",
     [](Subject& subject) {
       World w(subject);
       w.apply(PutQueue{"default", weighted("a", 1), "ada", w.now});
       const base::WorkerId worker = w.worker();
       fill_queue(w, "a", 30);
       work_off(w, worker, 20);
       fill_queue(w, "b", 10);
       auto starts = work_off(w, worker, 10);
       expect(starts["b"] <= 6);
     }},
    {"without a weight the runs of all queues stand in one line, and priority goes before weight",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       fill_queue(w, "a", 3);
       w.now += 1ms;
       fill_queue(w, "b", 3);
       expect_equal(work_off(w, worker, 3)["a"], 3);
       w.apply(PutQueue{"default", weighted("b", 100), "ada", w.now});
       model::JobSpec urgent = World::spec("urgent");
       urgent.queue = "a";
       urgent.priority = 1;
       w.submit(w.put(urgent).id);
       const auto claimed = w.claim(worker, 1);
       expect(claimed.size() == 1 && claimed[0].run.job == "urgent");
     }},
});

}  // namespace

std::span<const ConformanceCase> placement_cases() { return kPlacementCases; }
std::span<const ConformanceCase> resource_cases() { return kResourceCases; }
std::span<const ConformanceCase> choice_cases() { return kChoiceCases; }
std::span<const ConformanceCase> share_cases() { return kShareCases; }

}  // namespace mainspring::store::conformance
