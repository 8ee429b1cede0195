// CheckExpectations: what is late, what will be, and which jobs are silent.
#include <chrono>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;
using model::ExpectSpec;

model::JobSpec expecting(ExpectSpec expect, std::string name = "backup") {
  model::JobSpec out = World::spec(std::move(name));
  out.expect = expect;
  return out;
}

std::int64_t check(World& w) { return w.apply(CheckExpectations{w.now}).told; }
std::optional<base::Instant> next_due(World& w) {
  return w.apply(CheckExpectations{w.now}).next_due;
}

std::string late(World& w) { return w.events("run.late"); }
std::string predicted(World& w) { return w.events("run.predicted_late"); }
std::string silent(World& w) { return w.events("job.silent"); }

// The newest event of the type.
model::Event last_event(World& w, std::string_view type, Where where = Where::current()) {
  auto found = w.reads().events().after({w.tenant, std::string(type), ""}, 0, 100);
  if (found.empty()) fail("there is no such event", where);
  return std::move(found.back());
}
std::string said(const model::Event& event, std::string_view key) {
  const json::Value* value = event.payload.as_object().if_contains(key);
  if (value == nullptr) return "nothing";
  return value->is_string() ? std::string(value->as_string()) : json::write(*value);
}

// A run that takes so long, from now.
void run_for(World& w, base::JobId job, base::Duration took) {
  w.submit(job);
  const ClaimedRun claimed = w.claim_one(w.worker());
  w.now += took;
  w.finish(claimed);
}

const auto kRunCases = std::to_array<ConformanceCase>({
    {"a run that has not started in time is told late, once",
     [](Subject& subject) {
       World w(subject);
       const base::RunId run = w.submit(w.put(expecting({.start_within = 5min})).id);
       const base::Instant due = w.now;
       expect(next_due(w) == due + 5min);
       w.now = due + 5min - 1ms;
       expect_equal(check(w), 0);
       w.now = due + 5min;
       expect_equal(check(w), 1);
       expect(!next_due(w));
       w.now += 24h;
       expect_equal(check(w), 0);
       expect_equal(late(w), "run.late");
       const model::Event event = last_event(w, "run.late");
       expect_equal(event.subject, run.text());
       expect_equal(said(event, "job"), "backup");
       expect_equal(said(event, "run"), run.text());
       expect_equal(said(event, "expectation"), "start_within");
       expect_equal(said(event, "due_at"), base::format_instant(due));
       expect_equal(said(event, "limit"), "5m");
       expect_equal(said(event, "deadline"), base::format_instant(due + 5min));
       expect_equal(said(event, "state"), "queued");
       expect_equal(said(event, "reason"), "it has not started 5m after it was due");
       w.finish(w.claim_one(w.worker()));
       expect_equal(late(w), "run.late");
     }},
    {"a run that starts and ends in time is never told",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.start_within = 5min, .finish_within = 1h})).id;
       w.submit(job);
       w.now += 4min;
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.now += 50min;
       expect_equal(check(w), 0);
       w.finish(claimed);
       expect(!next_due(w));
       w.now += 24h;
       expect_equal(check(w), 0);
     }},
    {"a run that has not finished in time is told late, whatever its attempts did",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.finish_within = 1h});
       spec.retry.max_attempts = 2;
       spec.retry.backoff.initial = 30min;
       spec.retry.backoff.max = 1h;
       spec.retry.backoff.jitter = model::Jitter::none;
       const base::RunId run = w.submit(w.put(spec).id);
       const base::Instant due = w.now;
       w.now += 40min;
       expect(w.finish(w.claim_one(w.worker()), World::failed(1)).retry_at == due + 70min);
       w.now = due + 1h;
       expect_equal(check(w), 1);
       const model::Event event = last_event(w, "run.late");
       expect_equal(event.subject, run.text());
       expect_equal(said(event, "expectation"), "finish_within");
       expect_equal(said(event, "due_at"), base::format_instant(due));
       expect_equal(said(event, "deadline"), base::format_instant(due + 1h));
       expect_equal(said(event, "state"), "scheduled");
       expect_equal(said(event, "attempt"), "1");
       expect(said(event, "reason").starts_with("it has not finished 1h after it was due: "));
       w.now = due + 70min;
       w.promote();
       w.finish(w.claim_one(w.worker()));
       expect_equal(check(w), 0);
       expect_equal(late(w), "run.late");
       expect(w.run(run).first_due_at == due);
     }},
    {"what was late while nobody looked is told when the run starts or ends",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.put(expecting({.start_within = 5min, .finish_within = 1h})).id);
       w.now += 10min;
       w.reopen();
       const ClaimedRun claimed = w.claim_one(w.worker());
       expect_equal(said(last_event(w, "run.late"), "reason"), "it started 10m after it was due");
       w.now += 2h;
       w.finish(claimed);
       expect_equal(late(w), "run.late,run.late");
       expect_equal(said(last_event(w, "run.late"), "reason"), "it ended 2h10m after it was due");
       expect_equal(check(w), 0);
     }},
    {"deadlines outlive the store",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.put(expecting({.start_within = 5min})).id);
       w.reopen();
       w.now += 1h;
       w.reopen();
       expect_equal(check(w), 1);
     }},
    {"of a run that was cancelled or dropped before its start nothing is told",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.start_within = 5min, .finish_within = 1h})).id;
       w.cancel(w.submit(job));
       w.submit(job);
       w.now += 10min;
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       w.now += 2h;
       expect_equal(check(w), 0);
       expect(!next_due(w));
       expect_equal(late(w), "");
     }},
    {"a run that waited in its queue for too long is late too",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.start_within = 5min});
       spec.timeout.queue = 10min;
       w.submit(w.put(spec).id);
       w.now += 1h;
       w.promote();
       expect_equal(w.events("run."), "run.queued,run.timed_out,run.late");
       expect_equal(said(last_event(w, "run.late"), "reason"),
                    "it ended without a start 1h after it was due");
     }},
    {"a fire that is written ahead counts from its time, and goes with it",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.start_within = 5min});
       spec.schedule = {World::every(1h)};
       const auto job = w.put(spec).id;
       w.plan_fire(job, 1h);
       expect(next_due(w) == w.now + 65min);
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(!next_due(w));
     }},
    {"what is written ahead follows a changed expectation",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.start_within = 5min});
       spec.schedule = {World::every(1h)};
       const auto job = w.put(spec).id;
       w.plan_fire(job, 1h);
       spec.expect->start_within = 10min;
       w.put(spec);
       expect(next_due(w) == w.now + 70min);
       spec.expect.reset();
       w.put(spec);
       expect(!next_due(w));
       spec.expect = ExpectSpec{.start_within = 20min};
       w.put(spec);
       expect(next_due(w) == w.now + 80min);
     }},
    {"a submission that moves a debounced run moves its deadlines",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.start_within = 1min});
       spec.debounce = model::DebounceSpec{.wait = 10min};
       const auto job = w.put(spec).id;
       w.submit(job);
       expect(next_due(w) == w.now + 11min);
       w.now += 8min;
       w.submit(job);
       expect(next_due(w) == w.now + 11min);
     }},
    {"a fire that a pause holds is late when its time has come",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.start_within = 5min});
       spec.schedule = {World::every(1h)};
       const auto job = w.put(spec).id;
       w.apply(PauseJob{"default", job, "", "ada", w.now, {}, model::Meanwhile::hold});
       w.plan_fire(job, 1h);
       w.now += 1h;
       w.promote();
       w.now += 5min;
       expect_equal(check(w), 1);
       expect(
           said(last_event(w, "run.late"), "reason")
               .starts_with("it has not started 5m after it was due: the job was paused by ada"));
     }},
    {"one check tells a bounded number, and says that more is due",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.start_within = 1min})).id;
       for (int i = 0; i < 1'000; ++i)
         w.submit(job);
       w.now += 1h;
       std::int64_t told = 0;
       for (int i = 0; i < 100; ++i) {
         const ExpectationsChecked checked = w.apply(CheckExpectations{w.now});
         expect(checked.told <= 500);
         told += checked.told;
         if (!checked.next_due) break;
         expect(*checked.next_due <= w.now);
       }
       expect_equal(told, 1'000);
     }},
    {"one of many runs that an operation makes is never late",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.start_within = 1min})).id;
       NewRun run = w.new_run(job);
       run.operation_id = w.fresh<base::OperationId>();
       w.apply(SubmitRuns{"default", {run}, "ada", w.now});
       expect(!next_due(w));
     }},
});

const auto kPredictionCases = std::to_array<ConformanceCase>({
    {"a run that waits for too long to end in time is told before its deadline",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.finish_within = 2h})).id;
       for (int i = 0; i < 5; ++i)
         run_for(w, job, 30min);
       const base::RunId run = w.submit(job);
       const base::Instant due = w.now;
       expect(next_due(w) == due + 90min);
       w.now = due + 90min;
       expect_equal(check(w), 1);
       expect(next_due(w) == due + 2h);
       const model::Event event = last_event(w, "run.predicted_late");
       expect_equal(event.subject, run.text());
       expect_equal(said(event, "deadline"), base::format_instant(due + 2h));
       expect_equal(said(event, "due_at"), base::format_instant(due));
       expect_equal(said(event, "expected_at"), base::format_instant(due + 2h));
       expect_equal(said(event, "typical"), "30m");
       expect_equal(said(event, "samples"), "5");
       expect_equal(said(event, "state"), "queued");
       expect_equal(said(event, "reason"), "it is not running, and its runs take 30m");
       w.now = due + 2h;
       expect_equal(check(w), 1);
       expect_equal(w.events("run.late"), "run.late");
     }},
    {"a run that started in time is not predicted late",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.finish_within = 2h})).id;
       for (int i = 0; i < 5; ++i)
         run_for(w, job, 30min);
       w.submit(job);
       w.now += 80min;
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.now += 10min;
       expect_equal(check(w), 0);
       w.now += 15min;
       w.finish(claimed);
       expect_equal(check(w), 0);
       expect_equal(predicted(w), "");
     }},
    {"a run that started too late is predicted late while it runs",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.finish_within = 2h})).id;
       for (int i = 0; i < 5; ++i)
         run_for(w, job, 30min);
       w.submit(job);
       w.now += 100min;
       const base::Instant began = w.now;
       w.claim_one(w.worker());
       expect_equal(check(w), 1);
       const model::Event event = last_event(w, "run.predicted_late");
       expect_equal(said(event, "expected_at"), base::format_instant(began + 30min));
       expect_equal(said(event, "state"), "running");
       expect_equal(check(w), 0);
     }},
    {"a retry that comes too late is predicted late, once",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.finish_within = 2h});
       spec.retry.max_attempts = 3;
       spec.retry.backoff.initial = 1min;
       spec.retry.backoff.jitter = model::Jitter::none;
       const auto job = w.put(spec).id;
       for (int i = 0; i < 5; ++i)
         run_for(w, job, 30min);
       w.submit(job);
       const ClaimedRun first = w.claim_one(w.worker());
       w.now += 95min;
       expect_equal(check(w), 0);
       w.finish(first, World::failed(1));
       expect_equal(check(w), 1);
       w.now += 1min;
       w.promote();
       w.finish(w.claim_one(w.worker()), World::failed(1));
       expect_equal(check(w), 0);
       expect_equal(predicted(w), "run.predicted_late");
     }},
    {"a retry in time gives a run its chance again",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.finish_within = 2h});
       spec.retry.max_attempts = 2;
       spec.retry.backoff.initial = 1min;
       spec.retry.backoff.jitter = model::Jitter::none;
       const auto job = w.put(spec).id;
       for (int i = 0; i < 5; ++i)
         run_for(w, job, 30min);
       w.submit(job);
       const base::Instant due = w.now;
       w.now += 10min;
       w.finish(w.claim_one(w.worker()), World::failed(1));
       expect(next_due(w) == due + 90min);
     }},
    {"fewer than five successes predict nothing",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.finish_within = 2h})).id;
       for (int i = 0; i < 4; ++i)
         run_for(w, job, 30min);
       w.submit(job);
       expect(next_due(w) == w.now + 2h);
     }},
    {"a job whose runs take longer than it allows is told when the run is due",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.finish_within = 20min})).id;
       for (int i = 0; i < 5; ++i)
         run_for(w, job, 30min);
       w.apply(CheckExpectations{w.now});
       w.submit(job);
       w.claim_one(w.worker());
       expect_equal(check(w), 1);
       expect_equal(predicted(w), "run.predicted_late");
     }},
});

const auto kSilenceCases = std::to_array<ConformanceCase>({
    {"a job without a success within its time is told silent, once",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.every = 25h})).id;
       const base::Instant since = w.now;
       expect(next_due(w) == since + 25h);
       w.now += 25h;
       expect_equal(check(w), 1);
       expect(!next_due(w));
       const model::Event event = last_event(w, "job.silent");
       expect_equal(event.subject, job.text());
       expect_equal(said(event, "job"), "backup");
       expect_equal(said(event, "since"), base::format_instant(since));
       expect_equal(said(event, "every"), "1d1h");
       expect_equal(said(event, "last_run"), "nothing");
       w.now += 100h;
       expect_equal(check(w), 0);
       expect_equal(silent(w), "job.silent");
     }},
    {"each success counts anew, a failure does not",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.every = 25h})).id;
       w.now += 20h;
       run_for(w, job, 1h);
       const base::Instant success = w.now;
       expect(next_due(w) == success + 25h);
       w.now += 10h;
       const base::RunId bad = w.submit(job);
       w.finish(w.claim_one(w.worker()), World::failed(3));
       expect(next_due(w) == success + 25h);
       w.now = success + 25h;
       expect_equal(check(w), 1);
       const model::Event event = last_event(w, "job.silent");
       expect_equal(said(event, "since"), base::format_instant(success));
       expect_equal(said(event, "last_run"), bad.text());
       expect_equal(said(event, "last_state"), "failed");
       run_for(w, job, 1h);
       expect(next_due(w) == w.now + 25h);
       w.now += 25h;
       expect_equal(check(w), 1);
       expect_equal(silent(w), "job.silent,job.silent");
     }},
    {"a paused job is not silent, and counts anew after the pause",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.every = 25h})).id;
       w.now += 20h;
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(!next_due(w));
       run_for(w, job, 1h);
       expect(!next_due(w));
       w.now += 100h;
       expect_equal(check(w), 0);
       w.apply(ResumeJob{"default", job, "ada", w.now});
       expect(next_due(w) == w.now + 25h);
       w.now += 25h;
       expect_equal(check(w), 1);
     }},
    {"a pause that ends by itself counts from its end",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.every = 25h})).id;
       const base::Instant end = w.now + 10h;
       w.apply(PauseJob{"default", job, "", "ada", w.now, end});
       w.now += 12h;
       w.promote();
       expect(next_due(w) == end + 25h);
     }},
    {"a changed expectation counts from the change, an equal one goes on",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = expecting({.every = 25h});
       w.put(spec);
       const base::Instant stored = w.now;
       w.now += 10h;
       spec.description = "more of the same";
       w.put(spec);
       expect(next_due(w) == stored + 25h);
       spec.expect->every = 30h;
       w.put(spec);
       expect(next_due(w) == w.now + 30h);
       spec.expect.reset();
       w.put(spec);
       expect(!next_due(w));
     }},
    {"a job that is deleted or gets its expectation while paused is not silent",
     [](Subject& subject) {
       World w(subject);
       const auto gone = w.put(expecting({.every = 25h}, "gone")).id;
       w.apply(DeleteJob{"default", gone, {}, "ada", w.now});
       expect(!next_due(w));
       const auto job = w.job("backup");
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       w.put(expecting({.every = 25h}));
       expect(!next_due(w));
       w.apply(ResumeJob{"default", job, "ada", w.now});
       expect(next_due(w) == w.now + 25h);
     }},
    {"a run under way that succeeds after its job was deleted brings nothing back",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.every = 25h})).id;
       w.submit(job);
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       w.finish(claimed);
       expect(!next_due(w));
     }},
    {"since when a job is silent can be asked",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.put(expecting({.every = 25h})).id;
       expect(w.reads().jobs().find_watch(job) == model::SuccessWatch{25h, w.now});
       run_for(w, job, 1h);
       expect(w.reads().jobs().find_watch(job) == model::SuccessWatch{25h, w.now});
       expect(!w.reads().jobs().find_watch(w.job("other")));
     }},
});

const auto kTimingCases = std::to_array<ConformanceCase>({
    {"the timings of a job's finished runs come newest first",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.retry.max_attempts = 2;
       spec.retry.backoff.initial = 30min;
       spec.retry.backoff.max = 1h;
       spec.retry.backoff.jitter = model::Jitter::none;
       const auto job = w.put(spec).id;
       const base::Instant due = w.now;
       w.submit(job);
       w.now += 1min;
       w.finish(w.claim_one(w.worker()), World::failed(1));
       w.now += 30min;
       w.promote();
       w.finish(w.claim_one(w.worker()));
       const base::Instant ended = w.now;
       w.cancel(w.submit(job));
       run_for(w, w.job("other"), 1s);
       w.submit(job);
       const auto timings = w.reads().runs().timings(job, 10);
       expect_equal(timings.size(), std::size_t{2});
       expect(timings[0].state == model::RunState::cancelled && !timings[0].started_at);
       expect(timings[1].state == model::RunState::succeeded);
       expect(timings[1].due_at == due && timings[1].started_at == due + 1min);
       expect(timings[1].finished_at == ended);
       expect_equal(w.reads().runs().timings(job, 1).size(), std::size_t{1});
     }},
});

}  // namespace

std::span<const ConformanceCase> lateness_cases() { return kRunCases; }
std::span<const ConformanceCase> prediction_cases() { return kPredictionCases; }
std::span<const ConformanceCase> silence_cases() { return kSilenceCases; }
std::span<const ConformanceCase> timing_cases() { return kTimingCases; }

}  // namespace mainspring::store::conformance
