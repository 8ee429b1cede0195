// What overviews ask: which jobs fail now, how many runs ended each minute, runs at a glance, and
// the filters of the lists behind them.
#include <array>
#include <chrono>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;
using model::RunState;

// Runs the job once, to this end, a second after the last.
base::RunId run_once(World& w, base::JobId job, base::WorkerId worker,
                     model::Outcome outcome = {}) {
  w.now += 1s;
  const base::RunId id = w.submit(job);
  w.finish(w.claim_one(worker), std::move(outcome));
  return id;
}

std::string names(const Listed<model::Job>& page) {
  std::string out;
  for (const model::Job& job : page.items)
    out += (out.empty() ? "" : ",") + job.spec.name;
  return out;
}

std::size_t count_runs(World& w, RunFilter filter) {
  filter.tenant = w.tenant;
  return taken(w.reads().runs().list(filter, {})).items.size();
}

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"a job fails from its first failure after a success to its next success",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::WorkerId worker = w.worker();
       run_once(w, job, worker);
       expect(w.reads().jobs().failing(w.tenant, 10).items.empty());
       run_once(w, job, worker, World::failed(1));
       const base::Instant since = w.now;
       const base::RunId last = run_once(w, job, worker, World::failed(2));
       w.cancel(w.submit(job));
       const FailingJobs failing = w.reads().jobs().failing(w.tenant, 10);
       expect_equal(failing.count, 1);
       expect(failing.items.size() == 1 && failing.items[0].job_id == job);
       expect_equal(failing.items[0].job, "backup");
       expect(failing.items[0].since == since && failing.items[0].failed_at == w.now);
       expect(failing.items[0].streak == 2 && failing.items[0].run_id == last);
       expect(w.reads().jobs().failing("nobody", 10).items.empty());
       run_once(w, job, worker);
       expect(w.reads().jobs().failing(w.tenant, 10).items.empty());
     }},
    {"failing jobs come newest failure first, and a deleted one is none",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       const std::array jobs{w.job("a"), w.job("b"), w.job("c")};
       for (const base::JobId job : jobs)
         run_once(w, job, worker, World::failed(1));
       w.now += 1s;
       w.submit(jobs[2]);
       const ClaimedRun running = w.claim_one(worker);
       w.apply(DeleteJob{w.tenant, jobs[2], {}, "ada", w.now});
       w.finish(running, World::failed(1));
       const FailingJobs failing = w.reads().jobs().failing(w.tenant, 1);
       expect(failing.count == 2 && failing.items.size() == 1);
       expect_equal(failing.items[0].job, "b");
     }},
    {"runs that ended are counted by the minute and the state, for a day",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::WorkerId worker = w.worker();
       const base::Instant first = w.now;
       run_once(w, job, worker);
       run_once(w, job, worker);
       run_once(w, job, worker, World::failed(1));
       w.now += 1min;
       w.cancel(w.submit(job));
       const auto counts = w.reads().runs().ended_per_minute(w.tenant, first + 30s);
       expect_equal(counts.size(), 3u);
       expect(counts[0].minute == first && counts[0].state == RunState::succeeded);
       expect(counts[0].count == 2 && counts[1].state == RunState::failed);
       expect(counts[2].minute == first + 1min && counts[2].state == RunState::cancelled);
       expect_equal(w.reads().runs().ended_per_minute(w.tenant, first + 1min).size(), 1u);
       expect(w.reads().runs().ended_per_minute("nobody", first).empty());
       w.now += kEndedKept;
       w.cancel(w.submit(job));
       expect_equal(w.reads().runs().ended_per_minute(w.tenant, first).size(), 2u);
     }},
    {"a command that fails counts no run as ended",
     [](Subject& subject) {
       World w(subject);
       const base::RunId run = w.submit(w.job("backup"));
       w.cancel(run);
       expect_code(w.refuse(CancelRun{w.tenant, run, "ada", "", w.now}), base::Code::conflict);
       const auto counts = w.reads().runs().ended_per_minute(w.tenant, w.now - 1h);
       expect(counts.size() == 1 && counts[0].count == 1);
     }},
    {"the recent runs of a job are those that are due or were, newest first",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::WorkerId worker = w.worker();
       const base::RunId ended = run_once(w, job, worker, World::failed(1));
       run_once(w, w.job("other"), worker);
       w.now += 1s;
       const base::RunId running = w.submit(job);
       w.claim_one(worker);
       NewRun later = w.new_run(job);
       later.due_at = w.now + 1h;
       w.apply(SubmitRuns{w.tenant, {later}, "ada", w.now});
       const auto recent = w.reads().runs().recent(job, 14);
       expect(recent.size() == 2 && recent[0].id == running && recent[1].id == ended);
       expect(recent[0].state == RunState::running && !recent[0].finished_at);
       expect(recent[1].state == RunState::failed && recent[1].finished_at);
       expect_equal(w.reads().runs().recent(job, 1).size(), 1u);
       const auto finished = w.reads().runs().finished(job, 500);
       expect(finished.size() == 1 && finished[0].id == ended && finished[0].started_at);
     }},
    {"jobs are listed by a part of their name, by type and by how they last ended",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       const base::JobId nightly = w.job("etl-Nightly");
       const base::JobId hourly = w.job("etl-hourly");
       w.job("web");
       run_once(w, nightly, worker, World::failed(1));
       run_once(w, hourly, worker, World::failed(1));
       run_once(w, hourly, worker);
       const auto list = [&](JobFilter filter, Page page = {}) {
         filter.tenant = w.tenant;
         return taken(w.reads().jobs().list(filter, page));
       };
       expect_equal(names(list({.name_part = "NIGHT"})), "etl-Nightly");
       expect_equal(names(list({.type = model::JobType::js})), "");
       expect_equal(names(list({.type = model::JobType::command})), "etl-Nightly,etl-hourly,web");
       expect_equal(names(list({.ended = {RunState::failed}})), "etl-Nightly");
       expect_equal(names(list({.ended = {RunState::failed, RunState::succeeded}})),
                    "etl-Nightly,etl-hourly");
       const auto page = list({.name_part = "etl"}, {1, ""});
       expect_equal(names(page), "etl-Nightly");
       expect_equal(w.reads().jobs().cursor_after(page.items[0]), page.next);
       expect_equal(names(list({.name_part = "etl"}, {1, page.next})), "etl-hourly");
     }},
    {"runs are listed by parts of names, several triggers and queues, and by id",
     [](Subject& subject) {
       World w(subject);
       const base::RunId first = w.submit(w.job("etl-load"));
       w.now += 1s;
       const base::RunId second = w.submit(w.job("etl-clean"));
       w.now += 1s;
       w.submit(w.job("web"));
       expect_equal(count_runs(w, {.jobs = {"etl-*"}}), 2u);
       expect_equal(count_runs(w, {.jobs = {"*load", "web"}}), 2u);
       expect_equal(count_runs(w, {.jobs = {"etl"}}), 0u);
       expect_equal(count_runs(w, {.triggers = {model::Trigger::api, model::Trigger::cron}}), 3u);
       expect_equal(count_runs(w, {.queues = {"slow", "default"}}), 3u);
       expect_equal(count_runs(w, {.queues = {"slow"}}), 0u);
       expect_equal(count_runs(w, {.ids = {second, first}}), 2u);
       expect_equal(count_runs(w, {.ids = {second}}), 1u);
     }},
    {"the endings of a job come newest first, with what became of its runs",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.schedule = {World::every(1h)};
       const base::JobId job = w.put(spec).id;
       w.plan_fire(job, 10s);
       w.plan_fire(job, 20s);
       const base::Instant start = w.now;
       w.now += 10s;
       w.promote();
       w.finish(w.claim_one(w.worker()), World::failed(1));
       const EndingCounts all = w.reads().schedules().endings(job, start, start + 1h);
       expect(all.is_complete && all.items.size() == 2);
       expect(all.items[0].at == start + 20s && !all.items[0].ending);
       expect(all.items[1].ending == model::Ending::ran);
       expect(all.items[1].run_state == RunState::failed && all.items[1].count == 1);
       expect_equal(w.reads().schedules().endings(job, start + 20s, start + 1h).items.size(), 1u);
       expect(w.reads().schedules().endings(job, start, start + 10s).items.empty());
     }},
});

}  // namespace

std::span<const ConformanceCase> overview_cases() { return kCases; }

}  // namespace mainspring::store::conformance
