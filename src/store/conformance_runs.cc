// Cases about runs: submitting, claiming, finishing, cancelling.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using base::Code;
using model::RunState;

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"a run that is due is queued at once and answered as it is stored",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       NewRun asked = w.new_run(job);
       asked.params["region"] = json::Value("eu");
       asked.priority = 7;
       asked.trigger = model::Trigger::manual;
       const auto reply = w.apply(SubmitRuns{"default", {asked}, "ada", w.now});
       const model::RunSummary& summary = reply.runs.at(0);
       expect(summary.state == RunState::queued && summary.job == "backup");
       const model::Run run = w.run(asked.id);
       expect_equal(run.summary, summary);
       expect_equal(run.summary.requested_by, "ada");
       expect_equal(run.summary.priority, 7);
       expect(run.summary.trigger == model::Trigger::manual);
       expect(run.params.at("region") == json::Value("eu"));
       expect(run.attempts.empty() && !run.outcome);
     }},
    {"the trace that a run was asked for in stays with it, and the worker is told",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const model::TraceContext trace{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                       "vendor=1"};
       NewRun bare = w.new_run(job);
       NewRun traced = w.new_run(job);
       traced.trace = trace;
       NewRun both = w.new_run(job);
       both.trace = trace;
       both.params["region"] = json::Value("eu");
       w.apply(SubmitRuns{"default", {bare, traced, both}, "ada", w.now});
       for (const ClaimedRun& claimed : w.claim(w.worker())) {
         const bool is_bare = claimed.run.id == bare.id;
         expect(claimed.trace == (is_bare ? std::nullopt : std::optional{trace}));
         expect(w.run(claimed.run.id).trace == claimed.trace);
         expect_equal(claimed.params.size(), std::size_t{claimed.run.id == both.id ? 1U : 0U});
       }
     }},
    {"a run for later waits in state scheduled until it is due",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::WorkerId worker = w.worker();
       NewRun asked = w.new_run(job);
       asked.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {asked}, "ada", w.now});
       expect(w.run(asked.id).summary.state == RunState::scheduled);
       expect(w.promote().next_due == asked.due_at);
       w.now += 60s - 1ms;
       expect(w.claim(worker).empty());
       w.now += 1ms;
       const DueState due = w.promote();
       expect_equal(due.promoted, 1);
       expect(!due.next_due);
       expect(w.run(asked.id).summary.state == RunState::queued);
     }},
    {"claiming promotes what is due, so that a late scheduler delays nothing",
     [](Subject& subject) {
       World w(subject);
       NewRun asked = w.new_run(w.job("backup"));
       asked.due_at = w.now + 60s;
       const base::WorkerId worker = w.worker();
       w.apply(SubmitRuns{"default", {asked}, "ada", w.now});
       expect(w.apply(ClaimRuns{worker, 1, 10s, w.now}).next_due == asked.due_at);
       w.now += 61s;
       expect(w.claim_one(worker).run.id == asked.id);
     }},
    {"runs are accepted together, or none of them",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const NewRun good = w.new_run(job);
       const NewRun bad = w.new_run(w.fresh<base::JobId>());
       expect_code(w.refuse(SubmitRuns{"default", {good, bad}, "ada", w.now}), Code::not_found);
       expect(!w.reads().runs().find("default", good.id));
       expect(w.claim(w.worker()).empty());
       expect_equal(w.events("run."), "");
     }},
    {"a run id is taken once, even after its run has ended",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const NewRun asked = w.new_run(job);
       w.apply(SubmitRuns{"default", {asked}, "ada", w.now});
       expect_code(w.refuse(SubmitRuns{"default", {asked}, "ada", w.now}), Code::conflict);
       w.finish(w.claim_one(w.worker()));
       expect_code(w.refuse(SubmitRuns{"default", {asked}, "ada", w.now}), Code::conflict);
     }},
    {"a claim carries what the worker needs, and the run says who has it",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.command.shell = "echo hello";
       spec.command.argv.clear();
       NewRun asked = w.new_run(w.put(spec).id);
       asked.params["n"] = json::Value(3);
       w.apply(SubmitRuns{"default", {asked}, "ada", w.now});
       const base::WorkerId worker = w.worker("strong");
       w.now += 5s;
       const ClaimedRun claimed = w.claim_one(worker);
       expect(claimed.spec == spec && claimed.params.at("n") == json::Value(3));
       expect_equal(claimed.attempt, 1);
       expect_equal(claimed.epoch, 1);
       expect(claimed.lease_until == w.now + 10s);
       const model::Run run = w.run(asked.id);
       expect_equal(run.summary, claimed.run);
       expect(run.summary.state == RunState::running && run.summary.started_at == w.now);
       expect_equal(run.attempts.size(), std::size_t{1});
       expect_equal(run.attempts[0].worker, "strong");
       expect(run.attempts[0].worker_id == worker && !run.attempts[0].outcome);
     }},
    {"a run keeps the version of its job that it was accepted with",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.submit(job);
       model::JobSpec changed = World::spec("backup");
       changed.command.argv = {"/bin/false"};
       w.put(changed);
       const ClaimedRun claimed = w.claim_one(w.worker());
       expect(claimed.spec == World::spec("backup"));
       expect_equal(claimed.run.job_version, 1);
     }},
    {"higher priority is claimed first, then what was due earlier, then what is older",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const auto add = [&](int priority, base::Duration late) {
         NewRun run = w.new_run(job);
         run.priority = priority;
         run.due_at = w.now - late;
         w.apply(SubmitRuns{"default", {run}, "ada", w.now});
         return run.id;
       };
       const base::RunId low = add(-5, 60s);
       const base::RunId older = add(0, 0s);
       const base::RunId newer = add(0, 0s);
       const base::RunId overdue = add(0, 30s);
       const base::RunId urgent = add(100, 0s);
       const base::WorkerId worker = w.worker();
       for (const base::RunId id : {urgent, overdue, older, newer, low})
         expect(w.claim_one(worker).run.id == id);
     }},
    {"a claim takes no more than its limit, and no run twice",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       for (int i = 0; i < 5; ++i)
         w.submit(job);
       const base::WorkerId one = w.worker("one");
       const base::WorkerId two = w.worker("two");
       expect_equal(w.claim(one, 3).size(), std::size_t{3});
       expect_equal(w.claim(two, 3).size(), std::size_t{2});
       expect_equal(w.claim(one, 3).size(), std::size_t{0});
       expect_equal(w.claim(one, 0).size(), std::size_t{0});
     }},
    {"a worker that is unknown cannot claim or renew",
     [](Subject& subject) {
       World w(subject);
       const auto id = w.fresh<base::WorkerId>();
       expect_code(w.refuse(ClaimRuns{id, 1, 10s, w.now}), Code::not_found);
       expect_code(w.refuse(RenewLeases{id, {}, 10s, w.now}), Code::not_found);
       expect_code(w.refuse(SetWorkerState{id, model::WorkerState::offline, w.now}),
                   Code::not_found);
     }},
    {"a draining worker is given nothing more",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.job("backup"));
       const base::WorkerId worker = w.worker();
       w.apply(SetWorkerState{worker, model::WorkerState::draining, w.now});
       expect(w.claim(worker).empty());
       w.apply(SetWorkerState{worker, model::WorkerState::online, w.now});
       expect_equal(w.claim(worker).size(), std::size_t{1});
       expect_equal(w.events("node."), "node.joined,node.draining,node.joined");
     }},
    {"a run that succeeds keeps its outcome, exit code and result",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       model::Outcome outcome;
       outcome.exit_code = 0;
       outcome.result = json::Value{{"rows", 12}};
       outcome.result_media_type = "application/json";
       outcome.usage.max_rss_bytes = 1234;
       w.now += 3s;
       const AttemptFinished finished = w.finish(claimed, outcome);
       expect(finished.state == RunState::succeeded && !finished.retry_at);
       const model::Run run = w.run(id);
       expect(run.summary.state == RunState::succeeded && run.summary.finished_at == w.now);
       expect_equal(run.summary.exit_code.value(), 0);
       expect_equal(run.summary.reason, "");
       expect(run.outcome->result == outcome.result);
       expect_equal(run.outcome->usage.max_rss_bytes, 1234);
       expect(run.attempts.at(0).finished_at == w.now);
       expect_equal(w.events("run."), "run.queued,run.started,run.succeeded");
     }},
    {"a run that fails says why",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       expect(w.finish(w.claim_one(w.worker()), World::failed(3)).state == RunState::failed);
       const model::Run run = w.run(id);
       expect(run.summary.state == RunState::failed && !run.summary.reason.empty());
       expect_equal(run.summary.exit_code.value(), 3);
       expect_equal(w.events("run."), "run.queued,run.started,run.failed");
     }},
    {"a run that is queued is cancelled at once",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       expect(w.cancel(id).state == RunState::cancelled);
       const model::Run run = w.run(id);
       expect(run.summary.state == RunState::cancelled && run.cancel);
       expect_equal(run.cancel->by, "ada");
       expect_equal(run.cancel->reason, "no longer wanted");
       expect(w.claim(w.worker()).empty());
       expect_equal(w.events("run."), "run.queued,run.cancelled");
     }},
    {"a run that is scheduled is cancelled at once and is never due",
     [](Subject& subject) {
       World w(subject);
       NewRun asked = w.new_run(w.job("backup"));
       asked.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {asked}, "ada", w.now});
       expect(w.cancel(asked.id).state == RunState::cancelled);
       w.now += 120s;
       expect_equal(w.promote().promoted, 0);
     }},
    {"cancelling a running run is carried to its worker by the next heartbeat",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       expect(w.cancel(id).state == RunState::running);
       const auto renewed =
           w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now}).leases.at(0);
       expect(renewed.until == w.now + 10s && renewed.cancel);
       expect_equal(renewed.cancel->reason, "no longer wanted");
       model::Outcome outcome;
       outcome.status = model::OutcomeStatus::cancelled;
       expect(w.finish(claimed, outcome).state == RunState::cancelled);
       expect_equal(w.run(id).cancel->by, "ada");
     }},
    {"the first to cancel a running run is remembered",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       w.claim_one(w.worker());
       w.cancel(id);
       const auto second = w.apply(CancelRun{"default", id, "bob", "me too", w.now});
       expect(second.state == RunState::running);
       expect_equal(w.run(id).cancel->by, "ada");
     }},
    {"a run that was asked to stop is not retried",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.retry.max_attempts = 5;
       const base::RunId id = w.submit(w.put(spec).id);
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.cancel(id);
       expect(w.finish(claimed, World::failed(143)).state == RunState::cancelled);
     }},
    {"a run that succeeds although it was asked to stop has succeeded",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.cancel(id);
       expect(w.finish(claimed).state == RunState::succeeded);
     }},
    {"a run that has ended cannot be cancelled, and one that never was is not found",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       w.finish(w.claim_one(w.worker()));
       expect_code(w.refuse(CancelRun{"default", id, "ada", "", w.now}), Code::conflict);
       expect_code(w.refuse(CancelRun{"default", w.fresh<base::RunId>(), "ada", "", w.now}),
                   Code::not_found);
     }},
    {"progress is shown on the run while it runs",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.apply(ReportProgress{w.lease(claimed), {0.5, "half way", w.now}});
       expect_equal(w.run(id).progress->message, "half way");
     }},
    {"log bytes come back exactly as they were written, in order",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       const std::string odd("\0\xff\n\r\x80 half a line", 17);
       w.apply(AppendLog{
           w.lease(claimed),
           {{1, model::LogStream::out, w.now, {odd}}, {2, model::LogStream::err, w.now, {""}}}});
       w.apply(AppendLog{w.lease(claimed), {{3, model::LogStream::system, w.now, {"end"}}}});
       const auto log = w.reads().runs().log({.run_id = id});
       expect_equal(log.size(), std::size_t{3});
       expect(log[0].chunk.bytes.bytes == odd && log[0].attempt == 1);
       expect(log[1].chunk.bytes.bytes.empty() && log[1].chunk.stream == model::LogStream::err);
       expect_equal(log[2].chunk.bytes.bytes, "end");
     }},
    {"a log chunk that comes twice is stored once, as it came first",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       w.apply(AppendLog{w.lease(claimed), {{1, model::LogStream::out, w.now, {"a"}}}});
       w.apply(AppendLog{w.lease(claimed),
                         {{1, model::LogStream::out, w.now, {"other"}},
                          {2, model::LogStream::out, w.now, {"b"}}}});
       const auto log = w.reads().runs().log({.run_id = id});
       expect_equal(log.size(), std::size_t{2});
       expect_equal(log[0].chunk.bytes.bytes, "a");
     }},
    {"a log is read on from any place, in pieces of the size asked for",
     [](Subject& subject) {
       World w(subject);
       const base::RunId id = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       for (int i = 1; i <= 5; ++i) {
         w.apply(AppendLog{w.lease(claimed),
                           {{i, model::LogStream::out, w.now, {std::string(10, 'x')}}}});
       }
       const auto first = w.reads().runs().log({.run_id = id, .limit_bytes = 25});
       expect_equal(first.size(), std::size_t{2});
       const auto rest = w.reads().runs().log(
           {.run_id = id, .after_attempt = 1, .after_seq = first.back().chunk.seq});
       expect_equal(rest.size(), std::size_t{3});
       expect_equal(rest.front().chunk.seq, 3);
       expect_equal(w.reads().runs().log({.run_id = id, .limit_bytes = 1}).size(), std::size_t{1});
       expect(w.reads().runs().log({.run_id = id, .attempt = 2}).empty());
     }},
});

}  // namespace

std::span<const ConformanceCase> run_cases() { return kCases; }

}  // namespace mainspring::store::conformance
