// Cases about queues and concurrency keys.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using model::Ending;
using model::ObstacleKind;
using model::OnLimit;
using model::RunState;

void put_queue(World& w, model::QueueSpec spec) {
  w.apply(PutQueue{"default", std::move(spec), "ada", w.now});
}

model::QueueSpec queue_named(std::string name) {
  model::QueueSpec out;
  out.name = std::move(name);
  return out;
}

base::JobId put_limited(World& w, std::string name, model::ConcurrencySpec limit) {
  model::JobSpec spec = World::spec(std::move(name));
  spec.concurrency = std::move(limit);
  return w.put(spec).id;
}

model::Pause pause_of(const World& w, std::string note, std::optional<base::Instant> until) {
  model::Pause out;
  out.by = "ada";
  out.note = std::move(note);
  out.at = w.now;
  out.until = until;
  return out;
}

RunState state_of(World& w, base::RunId run) { return w.run(run).summary.state; }

constexpr auto kKeyCases = std::to_array<ConformanceCase>({
    {"a concurrency limit without a key counts the runs of its job",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_limited(w, "sync", {.limit = 2});
       const base::WorkerId worker = w.worker();
       for (int i = 0; i < 3; ++i)
         w.submit(job);
       const auto first = w.claim(worker);
       expect_equal(first.size(), std::size_t{2});
       expect(w.claim(worker).empty());
       w.submit(w.job("other"));
       w.finish(first[0]);
       expect_equal(w.claim(worker).size(), std::size_t{2});
     }},
    {"jobs with the same concurrency key count together",
     [](Subject& subject) {
       World w(subject);
       const base::JobId one = put_limited(w, "one", {.limit = 1, .key = "db"});
       const base::JobId two = put_limited(w, "two", {.limit = 1, .key = "db"});
       const base::WorkerId worker = w.worker();
       w.submit(one);
       w.submit(two);
       const auto first = w.claim(worker);
       expect_equal(first.size(), std::size_t{1});
       expect_equal(w.run(first[0].run.id).concurrency_key, "db");
       w.reopen();
       expect(w.claim(worker).empty());
       w.finish(first[0]);
       expect_equal(w.claim(worker).size(), std::size_t{1});
     }},
    {"a run between two attempts does not count towards its concurrency key",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("sync");
       spec.concurrency = model::ConcurrencySpec{.limit = 1};
       spec.retry.max_attempts = 2;
       spec.retry.backoff.initial = 600s;
       const base::JobId job = w.put(spec).id;
       const base::WorkerId worker = w.worker();
       w.submit(job);
       const base::RunId second = w.submit(job);
       w.finish(w.claim_one(worker), World::failed(1));
       expect(w.claim_one(worker).run.id == second);
     }},
    {"on_limit skip: a run ends skipped when its key is full, naming it",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_limited(w, "sync", {.limit = 1, .on_limit = OnLimit::skip});
       const base::WorkerId worker = w.worker();
       w.submit(job);
       const base::RunId waits = w.submit(job);
       w.claim_one(worker);
       expect(state_of(w, waits) == RunState::skipped);
       const NewRun late = w.new_run(job);
       const auto reply = w.apply(SubmitRuns{"default", {late}, "ada", w.now});
       expect(reply.runs.at(0).state == RunState::skipped);
       expect(reply.runs[0].reason.find("the job's concurrency limit") != std::string::npos);
     }},
    {"on_limit skip: a fire's occurrence ends skipped_limit",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("sync");
       spec.schedule.push_back(World::every(60s));
       spec.schedule[0].overlap = model::Overlap::allow;
       spec.concurrency = model::ConcurrencySpec{.limit = 1, .on_limit = OnLimit::skip};
       const base::JobId job = w.put(spec).id;
       w.plan_fire(job, 60s);
       w.submit(job);
       w.claim_one(w.worker());
       w.now += 60s;
       w.promote();
       expect(w.occurrence(job, w.now).ending == Ending::skipped_limit);
     }},
    {"on_limit cancel_running: the oldest attempt is asked to stop, and the run waits for it",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job =
           put_limited(w, "sync", {.limit = 2, .on_limit = OnLimit::cancel_running});
       const base::WorkerId worker = w.worker();
       w.submit(job);
       const ClaimedRun oldest = w.claim_one(worker);
       w.now += 1s;
       w.submit(job);
       const ClaimedRun newer = w.claim_one(worker);
       const base::RunId waits = w.submit(job);
       expect(w.run(oldest.run.id).cancel.has_value() && !w.run(newer.run.id).cancel);
       expect(state_of(w, waits) == RunState::queued && w.claim(worker).empty());
       w.finish(oldest, World::failed(143));
       expect(w.claim_one(worker).run.id == waits);
     }},
    {"what a run at its concurrency limit waits for can be asked",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_limited(w, "sync", {.limit = 1, .key = "db"});
       w.submit(job);
       const ClaimedRun claimed = w.claim_one(w.worker());
       const base::RunId waits = w.submit(job);
       const auto found = w.reads().runs().obstacles("default", waits, w.now);
       expect_equal(found.size(), std::size_t{1});
       expect(found[0].kind == ObstacleKind::concurrency && found[0].limit == 1);
       expect_equal(found[0].key, "db");
       expect(found[0].runs == std::vector{claimed.run.id});
     }},
});

constexpr auto kQueueCases = std::to_array<ConformanceCase>({
    {"a queue that was put is listed with its limits and what waits and runs in it",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("slow");
       spec.limit = 1;
       put_queue(w, spec);
       model::JobSpec job = World::spec("report");
       job.queue = "slow";
       const base::JobId id = w.put(job).id;
       w.submit(id);
       const base::Instant since = w.now;
       w.submit(id);
       w.now += 5s;
       w.claim(w.worker());
       const auto queue = w.reads().queues().find("default", "slow");
       expect(queue && queue->spec == spec && queue->oldest_due_at == since);
       expect_equal(queue->waiting, 1);
       expect_equal(queue->running, 1);
       w.submit(w.job("other"));
       const auto all = w.reads().queues().all("default");
       expect_equal(all.size(), std::size_t{2});
       expect_equal(all[0].spec.name, "default");
       expect_equal(all[1].spec.name, "slow");
       expect(!w.reads().queues().find("default", "never"));
     }},
    {"a queue's limit bounds the attempts under way, whatever their jobs",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.limit = 2;
       put_queue(w, spec);
       const base::WorkerId worker = w.worker();
       for (const char* name : {"a", "b", "c"})
         w.submit(w.job(name));
       const auto first = w.claim(worker);
       expect_equal(first.size(), std::size_t{2});
       w.reopen();
       expect(w.claim(worker).empty());
       w.finish(first[0]);
       const auto next = w.claim(worker);
       expect_equal(next.size(), std::size_t{1});
       const auto obstacles = w.reads().runs().obstacles("default", w.submit(w.job("d")), w.now);
       expect(!obstacles.empty() && obstacles[0].kind == ObstacleKind::queue_limit);
       put_queue(w, queue_named("default"));
       expect_equal(w.claim(worker).size(), std::size_t{1});
     }},
    {"a full queue does not keep runs of others from starting",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("slow");
       spec.limit = 1;
       put_queue(w, spec);
       model::JobSpec slow = World::spec("slow");
       slow.queue = "slow";
       slow.priority = 100;
       const base::JobId id = w.put(slow).id;
       w.submit(id);
       w.submit(id);
       const base::RunId other = w.submit(w.job("other"));
       const auto claimed = w.claim(w.worker());
       expect_equal(claimed.size(), std::size_t{2});
       expect(claimed[1].run.id == other);
     }},
    {"nothing starts from a paused queue, and what runs goes on",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("report");
       const base::WorkerId worker = w.worker();
       w.submit(job);
       const ClaimedRun running = w.claim_one(worker);
       w.apply(PauseQueue{"default", "default", pause_of(w, "db is down", {}), "ada", w.now});
       const base::RunId waits = w.submit(job);
       w.reopen();
       expect(w.claim(worker).empty());
       expect(state_of(w, running.run.id) == RunState::running);
       const auto obstacles = w.reads().runs().obstacles("default", waits, w.now);
       expect(!obstacles.empty() && obstacles[0].kind == ObstacleKind::queue_paused);
       w.apply(PauseQueue{"default", "default", {}, "ada", w.now});
       expect(w.claim_one(worker).run.id == waits);
       expect_equal(w.events("queue."), "queue.paused,queue.resumed");
     }},
    {"a queue's pause ends by itself",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       w.apply(PauseQueue{"default", "default", pause_of(w, "", w.now + 60s), "ada", w.now});
       w.submit(w.job("report"));
       expect(w.promote().next_due == w.now + 60s);
       w.now += 59s;
       expect(w.claim(worker).empty());
       w.now += 1s;
       expect_equal(w.claim(worker).size(), std::size_t{1});
       expect(!w.reads().queues().find("default", "default")->pause);
     }},
    {"a rate lets so many runs start in each span, and its burst after a quiet time",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.rate = model::RateSpec{.count = 1, .per = 10s, .burst = 3};
       put_queue(w, spec);
       const base::JobId job = w.job("report");
       const base::WorkerId worker = w.worker();
       for (int i = 0; i < 8; ++i)
         w.submit(job);
       expect_equal(w.claim(worker).size(), std::size_t{3});
       expect(w.promote().next_due == w.now + 10s);
       w.now += 9s;
       expect(w.claim(worker).empty());
       w.reopen();
       w.now += 1s;
       expect_equal(w.claim(worker).size(), std::size_t{1});
       w.now += 25s;
       expect_equal(w.claim(worker).size(), std::size_t{2});
       w.now += 5s;
       expect_equal(w.claim(worker).size(), std::size_t{1});
       const base::RunId last = w.submit(job);
       const auto obstacles = w.reads().runs().obstacles("default", last, w.now);
       expect(!obstacles.empty() && obstacles[0].kind == ObstacleKind::queue_rate);
       expect(obstacles[0].until == w.now + 10s);
     }},
    {"a submission beyond a queue's depth is refused as overloaded",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.depth = 2;
       put_queue(w, spec);
       const base::JobId job = w.job("report");
       w.submit(job);
       w.submit(job);
       expect_code(w.refuse(SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}),
                   base::Code::overloaded);
       expect(w.refuse(SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}).retry_after == 1s);
       NewRun later = w.new_run(job);
       later.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {later}, "ada", w.now});
       w.claim_one(w.worker());
       w.submit(job);
     }},
    {"who is turned away from a full queue is told when it has a place again",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.depth = 1;
       spec.rate = {.count = 1, .per = 10min, .burst = 1};
       put_queue(w, spec);
       const base::JobId job = w.job("report");
       w.submit(job);
       w.claim_one(w.worker());
       w.submit(job);
       w.now += 90s;
       const auto retry_after = [&] {
         return w.refuse(SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}).retry_after;
       };
       expect(retry_after() == 510s);
       w.now += 20min;  // a token is there, and nobody who takes the run
       expect(retry_after() == 1s);
       w.apply(PauseQueue{"default", "default", pause_of(w, "", w.now + 5min), "ada", w.now});
       w.now += 1min;
       expect(retry_after() == 240s);
     }},
    {"a fire that finds its queue full ends skipped_limit",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.depth = 1;
       put_queue(w, spec);
       model::JobSpec job = World::spec("tick");
       job.schedule.push_back(World::every(60s));
       const base::JobId id = w.put(job).id;
       w.plan_fire(id, 60s);
       w.submit(w.job("other"));
       w.now += 60s;
       expect_equal(w.promote().skipped, 1);
       expect(w.occurrence(id, w.now).ending == Ending::skipped_limit);
     }},
    {"deleting a queue forgets its limits, and its runs stay",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.limit = 1;
       put_queue(w, spec);
       const base::JobId job = w.job("report");
       w.submit(job);
       w.submit(job);
       w.apply(DeleteQueue{"default", "default", "ada", w.now});
       expect_equal(w.claim(w.worker()).size(), std::size_t{2});
       expect_code(w.refuse(DeleteQueue{"default", "default", "ada", w.now}),
                   base::Code::not_found);
     }},
    {"queues come with the jobs that an apply brings",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("slow");
       spec.limit = 3;
       ApplyJobs apply{"default", {}, "ada", w.now};
       apply.queues.push_back(spec);
       w.apply(apply);
       expect(w.reads().queues().find("default", "slow")->spec == spec);
     }},
    {"a queue is its tenant's own",
     [](Subject& subject) {
       World w(subject);
       model::QueueSpec spec = queue_named("default");
       spec.limit = 1;
       w.apply(PutQueue{"other", spec, "ada", w.now});
       const base::JobId job = w.job("report");
       w.submit(job);
       w.submit(job);
       expect_equal(w.claim(w.worker()).size(), std::size_t{2});
       expect(!w.reads().queues().find("default", "never"));
     }},
    {"runs are listed by queue and by the labels of their job",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("report");
       spec.queue = "slow";
       spec.labels["team"] = "data";
       const base::RunId run = w.submit(w.put(spec).id);
       w.submit(w.job("other"));
       const auto by_queue =
           taken(w.reads().runs().list({.tenant = "default", .queues = {"slow"}}, {}));
       expect_equal(by_queue.items.size(), std::size_t{1});
       expect(by_queue.items[0].id == run);
       const auto by_label = taken(w.reads().runs().list(
           {.tenant = "default", .selector = *model::parse_selector("team=data")}, {}));
       expect_equal(by_label.items.size(), std::size_t{1});
       expect(by_label.items[0].id == run);
     }},
});

}  // namespace

std::span<const ConformanceCase> key_cases() { return kKeyCases; }
std::span<const ConformanceCase> queue_cases() { return kQueueCases; }

}  // namespace mainspring::store::conformance
