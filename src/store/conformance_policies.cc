// Cases about overlap, pauses, dedupe, debounce and the time that runs may wait.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using model::Ending;
using model::Meanwhile;
using model::ObstacleKind;
using model::Overlap;
using model::RunState;

base::JobId put_timed(World& w, Overlap overlap) {
  model::JobSpec spec = World::spec("tick");
  spec.schedule.push_back(World::every(60s));
  spec.schedule[0].overlap = overlap;
  return w.put(spec).id;
}

// A job whose first fire runs, and two more that come due while it does.
struct Crowd {
  base::JobId job;
  base::WorkerId worker;
  base::Instant start;
  base::RunId second;
  base::RunId third;
  ClaimedRun first;

  Crowd(World& w, Overlap overlap) : job(put_timed(w, overlap)), worker(w.worker()), start(w.now) {
    w.plan_fire(job, 60s);
    second = w.plan_fire(job, 120s);
    third = w.plan_fire(job, 180s);
    w.now += 60s;
    first = w.claim_one(worker);
    w.now += 120s;
    w.promote();
  }
};

RunState state_of(World& w, base::RunId run) { return w.run(run).summary.state; }

bool names(const std::string& text, base::RunId run) {
  return text.find(run.text()) != std::string::npos;
}

constexpr auto kOverlapCases = std::to_array<ConformanceCase>({
    {"overlap buffer_all: fires wait, and go one after another, the earliest first",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::buffer_all);
       expect(state_of(w, c.second) == RunState::queued);
       expect(state_of(w, c.third) == RunState::queued);
       expect(names(w.run(c.second).summary.reason, c.first.run.id));
       expect(w.claim(c.worker).empty());
       w.finish(c.first);
       const auto next = w.claim(c.worker);
       expect_equal(next.size(), std::size_t{1});
       expect(next[0].run.id == c.second && next[0].run.reason.empty());
       expect(w.occurrence(c.job, c.start + 120s).ending == Ending::ran);
       expect(names(w.occurrence(c.job, c.start + 120s).detail, c.first.run.id));
       w.finish(next[0]);
       expect(w.claim_one(c.worker).run.id == c.third);
     }},
    {"overlap buffer_one: the first fire that waits is kept, later ones are skipped naming it",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::buffer_one);
       expect(state_of(w, c.third) == RunState::skipped);
       const model::Occurrence skipped = w.occurrence(c.job, c.start + 180s);
       expect(skipped.ending == Ending::skipped_overlap && names(skipped.detail, c.second));
       w.finish(c.first);
       expect(w.claim_one(c.worker).run.id == c.second);
     }},
    {"overlap cancel_other: what runs is asked to stop, and the newest fire waits for its end",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::cancel_other);
       const auto cancel = w.run(c.first.run.id).cancel;
       expect(cancel && cancel->mode == model::CancelMode::ask && names(cancel->reason, c.second));
       expect_equal(cancel->by, "mainspring");
       expect(state_of(w, c.second) == RunState::skipped);
       expect(names(w.occurrence(c.job, c.start + 120s).detail, c.third));
       expect(w.claim(c.worker).empty());
       w.finish(c.first, World::failed(143));
       expect(state_of(w, c.first.run.id) == RunState::cancelled);
       expect(w.claim_one(c.worker).run.id == c.third);
     }},
    {"overlap terminate_other: what runs is killed",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::terminate_other);
       expect(w.run(c.first.run.id).cancel.value().mode == model::CancelMode::kill);
       w.finish(c.first, World::failed(137));
       expect(w.claim_one(c.worker).run.id == c.third);
     }},
    {"overlap cancel_other: what only waits for a slot ends at once, and the newest may start",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::cancel_other);
       const base::RunId first = w.plan_fire(job, 60s);
       const base::RunId second = w.plan_fire(job, 120s);
       w.now += 120s;
       expect_equal(w.promote().promoted, 2);
       expect(state_of(w, first) == RunState::cancelled);
       expect(w.occurrence(job, w.now - 60s).ending == Ending::cancelled);
       expect(w.claim_one(w.worker()).run.id == second);
     }},
    {"a run that somebody asked for starts beside a buffered fire, which waits for it too",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::buffer_all);
       w.submit(c.job);
       const ClaimedRun asked = w.claim_one(c.worker);
       w.finish(c.first);
       expect(w.claim(c.worker).empty());
       w.finish(asked);
       expect(w.claim_one(c.worker).run.id == c.second);
     }},
    {"a buffered fire can be cancelled, and the next one waits on",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::buffer_all);
       w.cancel(c.second);
       expect(w.occurrence(c.job, c.start + 120s).ending == Ending::cancelled);
       w.finish(c.first);
       expect(w.claim_one(c.worker).run.id == c.third);
     }},
    {"a buffered fire waits while the run before it is between two attempts",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("tick");
       spec.schedule.push_back(World::every(60s));
       spec.schedule[0].overlap = Overlap::buffer_all;
       spec.retry.max_attempts = 2;
       spec.retry.backoff.type = model::BackoffType::fixed;
       spec.retry.backoff.initial = 600s;
       spec.retry.backoff.jitter = model::Jitter::none;
       const base::JobId job = w.put(spec).id;
       const base::RunId first = w.plan_fire(job, 60s);
       const base::RunId second = w.plan_fire(job, 120s);
       const base::WorkerId worker = w.worker();
       w.now += 60s;
       w.finish(w.claim_one(worker), World::failed(1));
       w.now += 60s;
       expect(w.claim(worker).empty());
       w.now += 600s;
       w.finish(w.claim_one(worker));
       expect(state_of(w, first) == RunState::succeeded);
       expect(w.claim_one(worker).run.id == second);
     }},
    {"buffered fires survive a restart, in their order",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::buffer_all);
       w.reopen();
       w.finish(c.first);
       expect(w.claim_one(c.worker).run.id == c.second);
     }},
    {"what a buffered fire waits for can be asked",
     [](Subject& subject) {
       World w(subject);
       const Crowd c(w, Overlap::buffer_all);
       const auto obstacles = w.reads().runs().obstacles("default", c.third, w.now);
       expect(!obstacles.empty() && obstacles[0].kind == ObstacleKind::overlap);
       expect_equal(obstacles[0].ahead, 1);
       expect(obstacles[0].runs == std::vector{c.first.run.id});
       expect(w.reads().runs().obstacles("default", c.first.run.id, w.now).empty());
     }},
    {"the runs of a backfill wait for each other by the overlap they ask for",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       const base::WorkerId worker = w.worker();
       SubmitRuns backfill{"default", {w.new_run(job), w.new_run(job)}, "ada", w.now};
       for (NewRun& run : backfill.runs) {
         run.overlap = Overlap::buffer_all;
         run.trigger = model::Trigger::backfill;
         run.operation_id = w.fresh<base::OperationId>();
       }
       w.apply(backfill);
       const auto first = w.claim(worker);
       expect_equal(first.size(), std::size_t{1});
       expect(w.run(first[0].run.id).operation_id == backfill.runs[0].operation_id);
       w.finish(first[0]);
       expect(w.claim_one(worker).run.id == backfill.runs[1].id);
       const auto listed = taken(w.reads().runs().list(
           {.tenant = "default", .operation_id = backfill.runs[1].operation_id}, {}));
       expect_equal(listed.items.size(), std::size_t{1});
     }},
});

constexpr auto kPauseCases = std::to_array<ConformanceCase>({
    {"a pause takes back what is planned ahead, and the planner begins anew where it was set",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       const base::RunId ahead = w.plan_fire(job, 60s);
       expect_equal(w.schedule(job).runs, 1);
       w.now += 10s;
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(!w.reads().runs().find("default", ahead));
       expect(w.reads().schedules().occurrences_at(job, w.now + 50s).empty());
       const model::Schedule schedule = w.schedule(job);
       expect(schedule.planned_until == w.now && schedule.paused_at == w.now);
       expect(!schedule.resumed_at);
       expect_equal(schedule.runs, 0);
       w.now += 100s;
       w.apply(ResumeJob{"default", job, "ada", w.now});
       expect(w.schedule(job).resumed_at == w.now);
     }},
    {"what a person cancelled ahead stays cancelled when a pause takes the plan back",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       w.cancel(w.plan_fire(job, 60s));
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(w.occurrence(job, w.now + 60s).ending == Ending::cancelled);
     }},
    {"after a clock was set back, a pause takes back nothing whose time had come",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       const base::Instant start = w.now;
       const base::RunId fired = w.plan_fire(job, 60s);
       const base::RunId ahead = w.plan_fire(job, 120s);
       w.now = start + 61s;
       w.promote();
       expect(state_of(w, fired) == RunState::queued);
       w.now = start + 10s;
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(w.occurrence(job, start + 60s).run_id == fired);
       expect(!w.reads().runs().find("default", ahead));
       expect(w.schedule(job).planned_until == start + 60s);
       // The same once it has run.
       w.finish(w.claim_one(w.worker()));
       w.apply(ResumeJob{"default", job, "ada", w.now});
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(w.occurrence(job, start + 60s).ending == Ending::ran);
       expect(w.schedule(job).planned_until == start + 60s);
     }},
    {"a pause that holds keeps fires until it ends; they run in their order",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::buffer_all);
       const base::RunId first = w.plan_fire(job, 60s);
       const base::RunId second = w.plan_fire(job, 120s);
       const base::WorkerId worker = w.worker();
       w.apply(PauseJob{"default", job, "", "ada", w.now, {}, Meanwhile::hold});
       w.now += 300s;
       w.promote();
       expect(state_of(w, first) == RunState::scheduled);
       expect(w.claim(worker).empty());
       const auto obstacles = w.reads().runs().obstacles("default", first, w.now);
       expect(!obstacles.empty() && obstacles[0].kind == ObstacleKind::job_paused);
       w.reopen();
       w.apply(ResumeJob{"default", job, "ada", w.now});
       const ClaimedRun claimed = w.claim_one(worker);
       expect(claimed.run.id == first && w.claim(worker).empty());
       w.finish(claimed);
       expect(w.claim_one(worker).run.id == second);
     }},
    {"held fires meet the overlap policy when the pause ends",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       w.plan_fire(job, 60s);
       w.plan_fire(job, 120s);
       w.apply(PauseJob{"default", job, "", "ada", w.now, {}, Meanwhile::hold});
       w.now += 300s;
       expect_equal(w.promote().skipped, 0);
       w.apply(ResumeJob{"default", job, "ada", w.now});
       expect_equal(w.events("run."), "run.queued,run.skipped");
     }},
    {"runs that somebody asks for start during a pause",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       w.apply(PauseJob{"default", job, "", "ada", w.now, {}, Meanwhile::hold});
       const base::RunId run = w.submit(job);
       expect(w.claim_one(w.worker()).run.id == run);
     }},
    {"a pause ends by itself, and what came due during it is treated as during it",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::allow);
       const base::Instant start = w.now;
       w.apply(PauseJob{"default", job, "lunch", "ada", w.now, w.now + 90s});
       w.plan_fire(job, 60s);
       w.plan_fire(job, 120s);
       expect(w.promote().next_due == start + 60s);
       w.now += 200s;
       const DueState due = w.promote();
       expect_equal(due.skipped, 1);
       expect(w.occurrence(job, start + 60s).ending == Ending::skipped_paused);
       expect(w.schedule(job).resumed_at == start + 90s && !w.schedule(job).pause);
       expect_equal(w.events("job."), "job.created,job.paused,job.resumed");
     }},
    {"a pause cannot end before it begins",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("tick");
       expect_code(w.refuse(PauseJob{"default", job, "", "ada", w.now, w.now}),
                   base::Code::invalid_argument);
     }},
    {"a second pause replaces the first, whose beginning stays",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       const base::Instant start = w.now;
       w.apply(PauseJob{"default", job, "one", "ada", w.now});
       w.now += 10s;
       w.apply(PauseJob{"default", job, "two", "bob", w.now, {}, Meanwhile::hold});
       const auto pause = w.schedule(job).pause;
       expect(pause && pause->at == start && pause->meanwhile == Meanwhile::hold);
       expect_equal(pause->note, "two");
       expect(w.schedule(job).paused_at == start && w.schedule(job).resumed_at == w.now);
     }},
    {"runs that fail one after another pause their job, naming the last",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("tick");
       spec.pause_after_failures = 2;
       const base::JobId job = w.put(spec).id;
       const base::WorkerId worker = w.worker();
       const auto run_once = [&](const model::Outcome& outcome) {
         const base::RunId id = w.submit(job);
         w.finish(w.claim_one(worker), outcome);
         return id;
       };
       run_once(World::failed(1));
       run_once({});
       run_once(World::failed(1));
       expect(!w.reads().jobs().find_by_id("default", job)->pause);
       const base::RunId last = run_once(World::failed(1));
       const auto pause = w.reads().jobs().find_by_id("default", job)->pause;
       expect(pause && names(pause->note, last));
       expect_equal(pause->by, "mainspring");
       w.apply(ResumeJob{"default", job, "ada", w.now});
       run_once(World::failed(1));
       expect(!w.reads().jobs().find_by_id("default", job)->pause);
     }},
    {"a fire that does not run makes room for another of a schedule that ends after so many",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("tick");
       spec.schedule.push_back(World::every(60s));
       spec.schedule[0].max_runs = 1;
       const base::JobId job = w.put(spec).id;
       model::SchedulePlan plan;
       plan.schedule_id = w.schedule(job).id;
       plan.from = w.now;
       plan.until = w.now + 60s;
       plan.exhausted = true;
       plan.fires.push_back({w.now + 60s, w.fresh<base::RunId>(), "a", ""});
       w.apply(Materialise{{plan}, w.now});
       expect_equal(w.schedule(job).runs, 1);
       w.cancel(plan.fires[0].run_id);
       expect_equal(w.schedule(job).runs, 0);
       expect(!w.schedule(job).exhausted);
     }},
    {"a job that shadows another scheduler has schedules that say so",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("tick");
       spec.schedule.push_back(World::every(60s));
       const base::JobId job = w.put(spec).id;
       expect(!w.schedule(job).shadow);
       spec.shadow = true;
       w.put(spec);
       expect(w.schedule(job).shadow);
     }},
    {"a fire with jitter is due later than the occurrence it belongs to",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, Overlap::skip);
       model::SchedulePlan plan;
       plan.schedule_id = w.schedule(job).id;
       plan.from = w.now;
       plan.until = w.now + 60s;
       plan.fires.push_back({w.now + 60s, w.fresh<base::RunId>(), "a", "", w.now + 65s});
       w.apply(Materialise{{plan}, w.now});
       w.now += 60s;
       expect_equal(w.promote().promoted, 0);
       w.now += 5s;
       expect_equal(w.promote().promoted, 1);
       expect(w.run(plan.fires[0].run_id).summary.scheduled_at == w.now - 5s);
     }},
});

constexpr auto kWaitCases = std::to_array<ConformanceCase>({
    {"a submission whose dedupe key was accepted within the window is answered with that run",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("mail");
       spec.dedupe = model::DedupeSpec{"k", 60s};
       const base::JobId job = w.put(spec).id;
       const base::RunId first = w.submit(job);
       w.now += 59s;
       const NewRun again = w.new_run(job);
       const auto reply = w.apply(SubmitRuns{"default", {again}, "ada", w.now});
       expect(reply.runs.at(0).id == first && reply.duplicates == std::vector{first});
       expect(!w.reads().runs().find("default", again.id));
       w.now += 1s;
       expect(w.submit(job) != first);
     }},
    {"the answer to a duplicate shows how the first run stands",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("mail");
       spec.dedupe = model::DedupeSpec{"k", 60s};
       const base::JobId job = w.put(spec).id;
       w.submit(job);
       w.finish(w.claim_one(w.worker()));
       const auto reply = w.apply(SubmitRuns{"default", {w.new_run(job)}, "ada", w.now});
       expect(reply.runs.at(0).state == RunState::succeeded && reply.runs[0].finished_at == w.now);
     }},
    {"a re-run is a run of its own, whatever was accepted or waits under its keys",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("mail");
       spec.dedupe = model::DedupeSpec{"k", 60s};
       spec.debounce = model::DebounceSpec{};
       const base::JobId job = w.put(spec).id;
       NewRun again = w.new_run(job);
       again.rerun_of = w.submit(job);
       const auto reply = w.apply(SubmitRuns{"default", {again}, "ada", w.now});
       expect(reply.duplicates.empty() && reply.runs.at(0).id == again.id);
       expect(reply.runs.at(0).state == RunState::queued);
     }},
    {"dedupe keys of different jobs never meet",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("mail");
       spec.dedupe = model::DedupeSpec{"k", 60s};
       w.submit(w.put(spec).id);
       spec.name = "post";
       const auto reply = w.apply(SubmitRuns{"default", {w.new_run(w.put(spec).id)}, "ada", w.now});
       expect(reply.duplicates.empty());
     }},
    {"a fire within the window ends deduplicated, and its occurrence points at the first run",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("mail");
       spec.schedule.push_back(World::every(60s));
       spec.schedule[0].overlap = Overlap::allow;
       spec.dedupe = model::DedupeSpec{"k", 300s};
       const base::JobId job = w.put(spec).id;
       const base::RunId first = w.plan_fire(job, 60s);
       const base::RunId second = w.plan_fire(job, 120s);
       w.now += 120s;
       expect_equal(w.promote().skipped, 1);
       expect(state_of(w, second) == RunState::skipped);
       const model::Occurrence occurrence = w.occurrence(job, w.now);
       expect(occurrence.ending == Ending::deduplicated && occurrence.run_id == first);
     }},
    {"debounced submissions become one run, with the params of the last",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("build");
       spec.debounce = model::DebounceSpec{10s, {}, ""};
       const base::JobId job = w.put(spec).id;
       const base::WorkerId worker = w.worker();
       const base::RunId first = w.submit(job);
       expect(state_of(w, first) == RunState::scheduled);
       w.now += 9s;
       NewRun again = w.new_run(job);
       again.params["commit"] = json::Value("abc");
       const auto reply = w.apply(SubmitRuns{"default", {again}, "ada", w.now});
       expect(reply.runs.at(0).id == first && reply.duplicates == std::vector{first});
       expect(reply.runs[0].due_at == w.now + 10s);
       w.now += 9s;
       expect(w.claim(worker).empty());
       w.reopen();
       w.now += 1s;
       const ClaimedRun claimed = w.claim_one(worker);
       expect(claimed.run.id == first && claimed.params == again.params);
       expect(w.submit(job) != first);
     }},
    {"a debounced run starts max_wait after the first submission at the latest",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("build");
       spec.debounce = model::DebounceSpec{10s, 15s, ""};
       const base::JobId job = w.put(spec).id;
       const base::Instant start = w.now;
       const base::RunId first = w.submit(job);
       w.now += 9s;
       w.submit(job);
       expect(w.run(first).summary.due_at == start + 15s);
     }},
    {"a run that waits longer than timeout.queue ends timed_out without an attempt",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("report");
       spec.timeout.queue = 60s;
       const base::JobId job = w.put(spec).id;
       const base::RunId run = w.submit(job);
       expect(w.run(run).queue_until == w.now + 60s);
       expect(w.promote().next_due == w.now + 60s);
       w.now += 60s;
       w.promote();
       const model::Run ended = w.run(run);
       expect(ended.summary.state == RunState::timed_out && !ended.summary.reason.empty());
       expect_equal(ended.summary.attempts, 0);
     }},
    {"a pause given as an earlier one ends is a new pause",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("report");
       w.apply(PauseJob{"default", job, "once", "ada", w.now, w.now + 60s});
       w.now += 60s;
       const base::Instant until = w.now + 1h;
       w.apply(PauseJob{"default", job, "again", "ada", w.now, until});
       const auto pause = w.reads().jobs().find_by_id("default", job)->pause;
       expect(pause && pause->at == w.now && pause->until == until);
       expect_equal(pause->note, "again");
       expect_equal(w.events("job."), "job.created,job.paused,job.resumed,job.paused");
       w.now = until;
       w.promote();
       expect(!w.reads().jobs().find_by_id("default", job)->pause);
     }},
    {"the occurrence of a fire that waited too long ends missed_expired",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("report");
       spec.schedule.push_back(World::every(60s));
       spec.timeout.queue = 30s;
       const base::JobId job = w.put(spec).id;
       w.plan_fire(job, 60s);
       w.now += 60s;
       w.promote();
       w.now += 30s;
       w.promote();
       const model::Occurrence occurrence = w.occurrence(job, w.now - 30s);
       expect(occurrence.ending == Ending::missed_expired && !occurrence.detail.empty());
     }},
    {"a run that has started is no longer subject to timeout.queue, nor are its retries",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("report");
       spec.timeout.queue = 30s;
       spec.retry.max_attempts = 2;
       spec.retry.backoff.initial = 60s;
       const base::JobId job = w.put(spec).id;
       const base::RunId run = w.submit(job);
       const base::WorkerId worker = w.worker();
       w.finish(w.claim_one(worker), World::failed(1));
       w.now += 300s;
       w.promote();
       expect(state_of(w, run) == RunState::queued && !w.run(run).queue_until);
     }},
    {"a run may be given more time, in its queue and while it runs",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("report");
       spec.timeout.queue = 30s;
       spec.timeout.run = 60s;
       const base::JobId job = w.put(spec).id;
       const base::RunId run = w.submit(job);
       w.apply(ExtendRun{"default", run, {}, 100s, "ada", w.now});
       expect(w.run(run).queue_until == w.now + 100s);
       w.apply(ExtendRun{"default", run, {}, 1s, "ada", w.now});
       expect(w.run(run).queue_until == w.now + 100s);
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       w.apply(ExtendRun{"default", run, 600s, {}, "ada", w.now});
       expect(w.run(run).extended_until == w.now + 600s);
       const auto renewed = w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now});
       expect(renewed.leases.at(0).extended_until == w.now + 600s);
       expect_code(w.refuse(ExtendRun{"default", run, {}, 1s, "ada", w.now}), base::Code::conflict);
       w.finish(claimed);
       expect_code(w.refuse(ExtendRun{"default", run, 1s, {}, "ada", w.now}), base::Code::conflict);
       expect_code(w.refuse(ExtendRun{"default", w.fresh<base::RunId>(), 1s, {}, "ada", w.now}),
                   base::Code::not_found);
     }},
    {"a timeout that the job does not have stays absent when a run is given more time",
     [](Subject& subject) {
       World w(subject);
       const base::RunId run = w.submit(w.job("report"));
       w.apply(ExtendRun{"default", run, 60s, 60s, "ada", w.now});
       expect(!w.run(run).queue_until && !w.run(run).extended_until);
     }},
    {"a kill after an ask is carried to the worker",
     [](Subject& subject) {
       World w(subject);
       const base::RunId run = w.submit(w.job("report"));
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       w.cancel(run);
       w.apply(CancelRun{"default", run, "bob", "now", w.now, model::CancelMode::kill});
       w.cancel(run);
       const auto renewed = w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now});
       expect(renewed.leases.at(0).cancel.value().mode == model::CancelMode::kill);
     }},
    {"a run of an earlier version runs that version",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("report");
       model::JobSpec changed = World::spec("report");
       changed.command.argv = {"/bin/false"};
       w.put(changed);
       NewRun old = w.new_run(job);
       old.job_version = 1;
       old.rerun_of = w.fresh<base::RunId>();
       w.apply(SubmitRuns{"default", {old}, "ada", w.now});
       expect(w.run(old.id).rerun_of == old.rerun_of);
       const ClaimedRun claimed = w.claim_one(w.worker());
       expect(claimed.run.job_version == 1 && claimed.spec == World::spec("report"));
       NewRun never = w.new_run(job);
       never.job_version = 9;
       expect_code(w.refuse(SubmitRuns{"default", {never}, "ada", w.now}), base::Code::not_found);
     }},
});

}  // namespace

std::span<const ConformanceCase> overlap_cases() { return kOverlapCases; }
std::span<const ConformanceCase> pause_cases() { return kPauseCases; }
std::span<const ConformanceCase> wait_cases() { return kWaitCases; }

}  // namespace mainspring::store::conformance
