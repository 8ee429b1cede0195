// Cases about retries, leases and workers.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using base::Code;
using model::RunState;

base::RunId submit_retrying(World& w, int max_attempts, model::BackoffSpec backoff) {
  model::JobSpec spec = World::spec("flaky");
  spec.retry.max_attempts = max_attempts;
  spec.retry.backoff = std::move(backoff);
  return w.submit(w.put(spec).id);
}

model::BackoffSpec steady(model::BackoffType type, base::Duration initial) {
  model::BackoffSpec out;
  out.type = type;
  out.initial = initial;
  out.jitter = model::Jitter::none;
  return out;
}

model::BackoffSpec fixed(base::Duration initial) {
  return steady(model::BackoffType::fixed, initial);
}

// The pauses before each retry, until the run has failed for good.
std::vector<base::Duration> pauses(World& w, const base::WorkerId& worker) {
  std::vector<base::Duration> out;
  for (;;) {
    const AttemptFinished finished = w.finish(w.claim_one(worker), World::failed(1));
    if (!finished.retry_at) return out;
    out.push_back(*finished.retry_at - w.now);
    w.now = *finished.retry_at;
  }
}

constexpr auto kRetryCases = std::to_array<ConformanceCase>({
    {"a failed attempt is retried after its pause, as attempt 2 of the same run",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = submit_retrying(w, 3, fixed(20s));
       const base::WorkerId worker = w.worker();
       const AttemptFinished finished = w.finish(w.claim_one(worker), World::failed(75));
       expect(finished.state == RunState::scheduled && finished.retry_at == w.now + 20s);
       model::Run run = w.run(id);
       expect(run.summary.state == RunState::scheduled && !run.summary.reason.empty());
       expect(run.summary.due_at == w.now + 20s);
       expect_equal(run.summary.attempts, 1);
       w.now += 20s - 1ms;
       expect(w.claim(worker).empty());
       w.now += 1ms;
       const ClaimedRun again = w.claim_one(worker);
       expect(again.run.id == id);
       expect_equal(again.attempt, 2);
       expect_equal(again.epoch, 2);
       w.finish(again);
       run = w.run(id);
       expect_equal(run.attempts.size(), std::size_t{2});
       expect_equal(run.attempts[0].outcome->exit_code.value(), 75);
       expect(run.attempts[1].outcome->status == model::OutcomeStatus::success);
       expect_equal(w.events("run."),
                    "run.queued,run.started,run.retrying,run.queued,run.started,run.succeeded");
     }},
    {"a run fails when its last attempt fails",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = submit_retrying(w, 2, fixed(1s));
       expect(pauses(w, w.worker()) == std::vector<base::Duration>{1s});
       expect(w.run(id).summary.state == RunState::failed);
       expect_equal(w.run(id).summary.attempts, 2);
     }},
    {"linear backoff grows by the first pause",
     [](Subject& subject) {
       World w(subject);
       submit_retrying(w, 4, steady(model::BackoffType::linear, 10s));
       expect(pauses(w, w.worker()) == std::vector<base::Duration>{10s, 20s, 30s});
     }},
    {"exponential backoff grows by its factor up to its longest pause",
     [](Subject& subject) {
       World w(subject);
       model::BackoffSpec backoff = steady(model::BackoffType::exponential, 10s);
       backoff.max = 35s;
       submit_retrying(w, 5, backoff);
       expect(pauses(w, w.worker()) == std::vector<base::Duration>{10s, 20s, 35s, 35s});
     }},
    {"a list of pauses is followed, and its last one repeats",
     [](Subject& subject) {
       World w(subject);
       submit_retrying(
           w, 4,
           {.type = model::BackoffType::list, .delays = {1s, 5s}, .jitter = model::Jitter::none});
       expect(pauses(w, w.worker()) == std::vector<base::Duration>{1s, 5s, 5s});
     }},
    {"full jitter pauses no longer than without, and the same entropy gives the same pause",
     [](Subject& subject) {
       World w(subject);
       model::BackoffSpec backoff = fixed(60s);
       backoff.jitter = model::Jitter::full;
       const base::WorkerId worker = w.worker();
       submit_retrying(w, 2, backoff);
       const auto first = pauses(w, worker);
       submit_retrying(w, 2, backoff);
       expect(first == pauses(w, worker));
       expect(first.at(0) >= 0s && first.at(0) <= 60s);
     }},
    {"a retry keeps its place by priority",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("flaky");
       spec.retry.max_attempts = 2;
       spec.retry.backoff.type = model::BackoffType::fixed;
       spec.retry.backoff.initial = 1s;
       spec.retry.backoff.jitter = model::Jitter::none;
       spec.priority = 9;
       const base::RunId id = w.submit(w.put(spec).id);
       const base::WorkerId worker = w.worker();
       w.finish(w.claim_one(worker), World::failed(1));
       w.now += 2s;
       w.submit(w.job("other"));
       expect(w.claim_one(worker).run.id == id);
     }},
    {"a run that waits for its retry can be cancelled",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = submit_retrying(w, 3, {});
       const base::WorkerId worker = w.worker();
       w.finish(w.claim_one(worker), World::failed(1));
       expect(w.cancel(id).state == RunState::cancelled);
       w.now += 3600s;
       expect(w.claim(worker).empty());
     }},
    {"an attempt that timed out ends its run as timed_out",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("slow"));
       model::Outcome outcome;
       outcome.status = model::OutcomeStatus::timed_out;
       expect(w.finish(w.claim_one(w.worker()), outcome).state == RunState::timed_out);
       expect_equal(w.events("run."), "run.queued,run.started,run.timed_out");
       expect(w.run(id).summary.state == RunState::timed_out);
     }},
});

constexpr auto kLeaseCases = std::to_array<ConformanceCase>({
    {"a lease that is renewed does not expire",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       for (int i = 0; i < 5; ++i) {
         w.now += 8s;
         const auto renewed = w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now});
         expect(renewed.leases.at(0).until == w.now + 10s);
         expect(w.expire().next_expiry == w.now + 10s);
       }
       expect(w.run(id).summary.state == RunState::running);
     }},
    {"what was asked earlier and comes later shortens no lease",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       const base::Instant asked = w.now;
       w.now += 9s;
       w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now});
       const auto renewed = w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, asked});
       expect(renewed.leases.at(0).until == w.now + 10s);
       const std::vector<store::LeaseRef> nothing;  // as the worker knew then
       const auto again = w.apply(ClaimRuns{worker, 1, 10s, asked, nothing});
       expect(again.runs.at(0).lease_until == w.now + 10s);
       w.now += 10s;
       w.expire();
       expect(w.run(id).summary.state == RunState::running);
     }},
    {"a lease is held up to and including its last instant",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       w.claim_one(w.worker());
       w.now += 10s;
       w.expire();
       expect(w.run(id).summary.state == RunState::running);
       w.now += 1ms;
       w.expire();
       expect(w.run(id).summary.state == RunState::failed);
     }},
    {"a lease that ran out ends its attempt as lost, and the run is retried under its policy",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = submit_retrying(w, 2, fixed(5s));
       const base::WorkerId gone = w.worker("gone");
       w.claim_one(gone);
       w.now += 11s;
       const DueState state = w.expire();
       expect(state.next_due == w.now + 5s && !state.next_expiry);
       const model::Run run = w.run(id);
       expect(run.summary.state == RunState::scheduled);
       expect(run.attempts.at(0).outcome->status == model::OutcomeStatus::lost);
       w.now += 5s;
       const ClaimedRun again = w.claim_one(w.worker("fresh"));
       expect_equal(again.attempt, 2);
       expect_equal(again.epoch, 2);
     }},
    {"what an old lease reports is refused, and that is told",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = submit_retrying(w, 2, fixed(1s));
       const base::WorkerId slow = w.worker("slow");
       const ClaimedRun old = w.claim_one(slow);
       w.now += 11s;
       w.expire();
       w.now += 1s;
       const ClaimedRun current = w.claim_one(w.worker("fresh"));
       expect_code(w.refuse(FinishAttempt{w.lease(old), {}, 7, w.now}), Code::lease_lost);
       expect_code(w.refuse(AppendLog{w.lease(old), {{1, model::LogStream::out, w.now, {"late"}}}}),
                   Code::lease_lost);
       expect_code(w.refuse(ReportProgress{w.lease(old), {0.5, "late", w.now}}), Code::lease_lost);
       const auto renewed = w.apply(RenewLeases{slow, {w.lease(old)}, 10s, w.now});
       expect(!renewed.leases.at(0).until);
       expect_equal(w.events("run.report"), "run.report_refused");
       expect(w.run(id).summary.state == RunState::running);
       expect(w.finish(current).state == RunState::succeeded);
     }},
    {"a lease belongs to the worker that claimed it",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker("one"));
       const base::WorkerId other = w.worker("two");
       expect(!w.apply(RenewLeases{other, {w.lease(claimed)}, 10s, w.now}).leases.at(0).until);
     }},
    {"a report that comes twice is answered as the first was",
     [](Subject& subject) {
       World w(subject);
       submit_retrying(w, 3, fixed(5s));
       const base::WorkerId worker = w.worker();
       const ClaimedRun first = w.claim_one(worker);
       const AttemptFinished retry = w.finish(first, World::failed(1));
       w.now += 1s;
       const AttemptFinished again = w.finish(first, World::failed(1));
       expect(again.state == retry.state && again.retry_at == retry.retry_at);
       w.now += 5s;
       const ClaimedRun second = w.claim_one(worker);
       expect(w.finish(first, World::failed(1)).retry_at == retry.retry_at);
       w.finish(second);
       expect(w.finish(second).state == RunState::succeeded);
       expect_equal(w.events("run."),
                    "run.queued,run.started,run.retrying,run.queued,run.started,run.succeeded");
     }},
    {"a different report for an attempt that has ended is refused",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.finish(claimed);
       expect_code(w.refuse(FinishAttempt{w.lease(claimed), World::failed(1), 7, w.now}),
                   Code::lease_lost);
       expect_equal(w.events("run."), "run.queued,run.started,run.succeeded,run.report_refused");
     }},
    {"a report about a run that never was is refused",
     [](Subject& subject) {
       World w(subject);
       const LeaseRef lease{w.fresh<base::RunId>(), 1};
       expect_code(w.refuse(FinishAttempt{lease, {}, 7, w.now}), Code::lease_lost);
       expect_code(w.refuse(AppendLog{lease, {}}), Code::lease_lost);
       expect_equal(w.events(), "");
     }},
    {"a worker that starts anew loses what its earlier life held",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = submit_retrying(w, 2, {});
       const base::WorkerId worker = w.worker();
       w.claim_one(worker);
       model::Worker again = w.reads().workers().all().at(0);
       expect_equal(again.busy, 1);
       again.version = "2.0";
       w.apply(RegisterWorker{again, 7, w.now});
       expect(w.run(id).summary.state == RunState::scheduled);
       expect(w.run(id).attempts.at(0).outcome->status == model::OutcomeStatus::lost);
       const auto workers = w.reads().workers().all();
       expect_equal(workers.size(), std::size_t{1});
       expect_equal(workers[0].version, "2.0");
       expect_equal(workers[0].busy, 0);
     }},
    {"workers are listed with their slots, labels and last heartbeat",
     [](Subject& subject) {
       World w(subject);
       model::Worker worker;
       worker.id = w.fresh<base::WorkerId>();
       worker.name = "db1";
       worker.slots = 8;
       worker.labels["role"] = "db";
       w.apply(RegisterWorker{worker, 7, w.now});
       w.now += 2s;
       w.apply(RenewLeases{worker.id, {}, 10s, w.now});
       const model::Worker seen = w.reads().workers().all().at(0);
       expect(seen.id == worker.id && seen.labels.at("role") == "db");
       expect_equal(seen.slots, 8);
       expect(seen.heartbeat_at == w.now && seen.state == model::WorkerState::online);
     }},
    {"a worker given up as lost is back when it is heard of again",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       w.apply(SetWorkerState{worker, model::WorkerState::offline, w.now});
       w.apply(SetWorkerState{worker, model::WorkerState::offline, w.now});
       w.submit(w.job("backup"));
       expect(w.claim(worker).empty());
       w.apply(RenewLeases{worker, {}, 10s, w.now});
       expect_equal(w.claim(worker).size(), std::size_t{1});
       expect_equal(w.events("node."), "node.joined,node.lost,node.joined");
     }},
});

}  // namespace

std::span<const ConformanceCase> retry_cases() { return kRetryCases; }
std::span<const ConformanceCase> lease_cases() { return kLeaseCases; }

}  // namespace mainspring::store::conformance
