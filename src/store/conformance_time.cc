// Cases about schedules, the occurrence ledger, and what time does to runs.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using model::Ending;
using model::RunState;

base::JobId put_timed(World& w, model::Overlap overlap = model::Overlap::skip) {
  model::JobSpec spec = World::spec("tick");
  spec.schedule.push_back(World::every(60s));
  spec.schedule[0].overlap = overlap;
  return w.put(spec).id;
}

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"a new schedule is planned up to the moment it was stored",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const model::Schedule schedule = w.schedule(job);
       expect(schedule.planned_until == w.now && schedule.created_at == w.now);
       expect(schedule.job_id == job && schedule.job == "tick" && schedule.tenant == "default");
       expect(schedule.spec == World::every(60s) && !schedule.exhausted && !schedule.pause);
       const auto active = w.reads().schedules().active({}, 10);
       expect_equal(active.size(), std::size_t{1});
       expect(active[0].id == schedule.id);
     }},
    {"a fire written ahead is a run in state scheduled and an occurrence without an ending",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::RunId id = w.plan_fire(job, 60s);
       const model::Run run = w.run(id);
       expect(run.summary.state == RunState::scheduled);
       expect(run.summary.trigger == model::Trigger::every);
       expect(run.summary.scheduled_at == w.now + 60s && run.summary.due_at == w.now + 60s);
       expect(run.schedule_id == w.schedule(job).id);
       const model::Occurrence occurrence = w.occurrence(job, w.now + 60s);
       expect(!occurrence.ending && occurrence.run_id == id);
       expect_equal(occurrence.local, "2026-01-01T00:01:00");
       expect(w.schedule(job).planned_until == w.now + 60s);
     }},
    {"a claimed fire's occurrence has ended as ran",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::RunId id = w.plan_fire(job, 60s);
       const base::WorkerId worker = w.worker();
       w.now += 60s;
       w.promote();
       expect(!w.occurrence(job, w.now).ending);
       expect(w.claim_one(worker).run.id == id);
       const model::Occurrence occurrence = w.occurrence(job, w.now);
       expect(occurrence.ending == Ending::ran && occurrence.decided_at == w.now);
     }},
    {"a plan that is applied twice is written once",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       model::SchedulePlan plan;
       plan.schedule_id = w.schedule(job).id;
       plan.from = w.now;
       plan.until = w.now + 120s;
       plan.fires.push_back({w.now + 60s, w.fresh<base::RunId>(), "a", ""});
       const Materialised first = w.apply(Materialise{{plan}, w.now});
       expect_equal(first.fires, 1);
       expect_equal(first.plans_applied, 1);
       plan.fires[0].run_id = w.fresh<base::RunId>();
       const Materialised second = w.apply(Materialise{{plan}, w.now});
       expect_equal(second.fires, 0);
       expect_equal(second.plans_applied, 0);
       w.now += 100s;
       expect_equal(w.promote().promoted, 1);
     }},
    {"fires written ahead that came due long ago are planned anew, recent ones are late",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, model::Overlap::allow);
       const base::Instant start = w.now;
       const base::RunId late = w.plan_fire(job, 10s);
       const base::RunId missed = w.plan_fire(job, 120s);
       w.now += 10s + model::kMisfireThreshold;
       expect_equal(w.promote().promoted, 1);
       expect(w.reads().runs().find("default", late)->summary.state == RunState::queued);
       w.now = start + 120s + model::kMisfireThreshold + 1ms;
       expect_equal(w.promote().promoted, 0);
       expect(!w.reads().runs().find("default", missed));
       expect(w.schedule(job).planned_until == start + 120s - 1ms);
       expect_equal(w.schedule(job).runs, 1);
     }},
    {"a plan that does not start where its schedule stands is left out, and others are written",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       model::JobSpec other = World::spec("tock");
       other.schedule.push_back(World::every(60s));
       const base::JobId tock = w.put(other).id;
       model::SchedulePlan wrong;
       wrong.schedule_id = w.schedule(job).id;
       wrong.from = w.now + 1s;
       wrong.until = w.now + 60s;
       wrong.fires.push_back({w.now + 60s, w.fresh<base::RunId>(), "a", ""});
       model::SchedulePlan right = wrong;
       right.schedule_id = w.schedule(tock).id;
       right.from = w.now;
       right.fires[0].run_id = w.fresh<base::RunId>();
       const Materialised reply = w.apply(Materialise{{wrong, right}, w.now});
       expect_equal(reply.plans_applied, 1);
       expect_equal(reply.fires, 1);
       expect(!w.reads().runs().find("default", wrong.fires[0].run_id));
     }},
    {"a plan for a schedule that never was is left out",
     [](Subject& subject) {
       World w(subject);
       model::SchedulePlan plan;
       plan.schedule_id = w.fresh<base::ScheduleId>();
       expect_equal(w.apply(Materialise{{plan}, w.now}).plans_applied, 0);
     }},
    {"endings that are known already stand in the ledger, and missed ones are told",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       model::SchedulePlan plan;
       plan.schedule_id = w.schedule(job).id;
       plan.from = w.now;
       plan.until = w.now + 600s;
       plan.endings.push_back({w.now + 60s,
                               w.now + 300s,
                               5,
                               Ending::missed_expired,
                               {},
                               "2026-01-01T00:01:00",
                               "nobody was here"});
       plan.endings.push_back(
           {w.now + 360s, {}, 1, Ending::dst_skipped, {}, "2026-01-01T00:06:00", "no such time"});
       w.apply(Materialise{{plan}, w.now});
       const model::Occurrence range = w.occurrence(job, w.now + 180s);
       expect(range.ending == Ending::missed_expired && range.at == w.now + 60s);
       expect(range.through == w.now + 300s);
       expect_equal(range.count, 5);
       expect_equal(range.detail, "nobody was here");
       expect(w.occurrence(job, w.now + 360s).ending == Ending::dst_skipped);
       expect(w.reads().schedules().occurrences_at(job, w.now + 301s).empty());
       expect_equal(w.events("schedule."), "schedule.missed");
     }},
    {"an exhausted schedule is no longer active and plans no more",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       model::SchedulePlan plan;
       plan.schedule_id = w.schedule(job).id;
       plan.from = w.now;
       plan.until = w.now + 60s;
       plan.exhausted = true;
       w.apply(Materialise{{plan}, w.now});
       expect(w.schedule(job).exhausted);
       expect(w.reads().schedules().active({}, 10).empty());
       plan.from = plan.until;
       expect_equal(w.apply(Materialise{{plan}, w.now}).plans_applied, 0);
     }},
    {"overlap skip: a fire is skipped while an earlier run is running, naming that run",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::RunId first = w.plan_fire(job, 60s);
       const base::RunId second = w.plan_fire(job, 120s);
       const base::WorkerId worker = w.worker();
       w.now += 60s;
       w.claim_one(worker);
       w.now += 60s;
       const DueState due = w.promote();
       expect_equal(due.skipped, 1);
       expect_equal(due.promoted, 0);
       const model::Run run = w.run(second);
       expect(run.summary.state == RunState::skipped && !run.summary.reason.empty());
       const model::Occurrence occurrence = w.occurrence(job, w.now);
       expect(occurrence.ending == Ending::skipped_overlap);
       expect(occurrence.detail.find(first.text()) != std::string::npos);
       expect_equal(w.events("run."), "run.queued,run.started,run.skipped");
     }},
    {"overlap skip: a run that is only queued is in the way",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       w.plan_fire(job, 60s);
       w.plan_fire(job, 120s);
       w.now += 120s;
       const DueState due = w.promote();
       expect_equal(due.promoted, 1);
       expect_equal(due.skipped, 1);
     }},
    {"overlap skip: a run that waits for its retry is in the way",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("tick");
       spec.schedule.push_back(World::every(60s));
       spec.retry.max_attempts = 2;
       spec.retry.backoff.type = model::BackoffType::fixed;
       spec.retry.backoff.initial = 600s;
       spec.retry.backoff.jitter = model::Jitter::none;
       const base::JobId job = w.put(spec).id;
       w.plan_fire(job, 60s);
       w.plan_fire(job, 120s);
       const base::WorkerId worker = w.worker();
       w.now += 60s;
       w.finish(w.claim_one(worker), World::failed(1));
       w.now += 60s;
       expect_equal(w.promote().skipped, 1);
     }},
    {"overlap skip: a run that somebody asked for is in the way of time, never the reverse",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       w.plan_fire(job, 60s);
       w.submit(job);
       w.now += 60s;
       expect_equal(w.promote().skipped, 1);
       w.submit(job);
       expect_equal(w.claim(w.worker()).size(), std::size_t{2});
     }},
    {"overlap skip: when the earlier run has ended, the next fire runs",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       w.plan_fire(job, 60s);
       const base::RunId second = w.plan_fire(job, 120s);
       const base::WorkerId worker = w.worker();
       w.now += 60s;
       w.finish(w.claim_one(worker));
       w.now += 60s;
       expect(w.claim_one(worker).run.id == second);
     }},
    {"overlap allow: fires run beside each other",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, model::Overlap::allow);
       w.plan_fire(job, 60s);
       w.plan_fire(job, 120s);
       w.now += 120s;
       expect_equal(w.promote().promoted, 2);
       expect_equal(w.claim(w.worker()).size(), std::size_t{2});
     }},
    {"a fire of a paused job ends skipped_paused",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       expect(w.schedule(job).pause.has_value());
       const base::RunId id = w.plan_fire(job, 60s);
       w.now += 60s;
       expect_equal(w.promote().skipped, 1);
       expect(w.run(id).summary.state == RunState::skipped);
       expect(w.occurrence(job, w.now).ending == Ending::skipped_paused);
     }},
    {"a fire of a job that was resumed in time runs",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       w.apply(ResumeJob{"default", job, "ada", w.now});
       w.plan_fire(job, 60s);
       w.now += 60s;
       expect_equal(w.promote().promoted, 1);
     }},
    {"a changed schedule is a new one, and what was written ahead for the old is superseded",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::ScheduleId old = w.schedule(job).id;
       const base::RunId id = w.plan_fire(job, 60s);
       model::JobSpec changed = World::spec("tick");
       changed.schedule.push_back(World::every(90s));
       w.now += 1s;
       w.put(changed);
       const model::Schedule schedule = w.schedule(job);
       expect(schedule.id != old && schedule.planned_until == w.now);
       expect_equal(schedule.job_version, 2);
       expect(w.run(id).summary.state == RunState::skipped);
       const model::Occurrence occurrence = w.occurrence(job, w.now + 59s);
       expect(occurrence.ending == Ending::superseded && !occurrence.detail.empty());
       w.now += 60s;
       expect_equal(w.promote().promoted, 0);
     }},
    {"a retired schedule takes no plan",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const model::Schedule old = w.schedule(job);
       w.put(World::spec("tick"));
       expect(w.reads().schedules().of_job(job).empty());
       expect(w.reads().schedules().active({}, 10).empty());
       model::SchedulePlan plan;
       plan.schedule_id = old.id;
       plan.from = old.planned_until;
       plan.until = w.now + 60s;
       expect_equal(w.apply(Materialise{{plan}, w.now}).plans_applied, 0);
     }},
    {"a schedule that did not change keeps its id and its fires, which run the new version",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::ScheduleId id = w.schedule(job).id;
       const base::RunId run = w.plan_fire(job, 60s);
       model::JobSpec changed = World::spec("tick");
       changed.schedule = {World::every(3600s), World::every(60s)};
       changed.command.argv = {"/bin/false"};
       changed.priority = 3;
       w.put(changed);
       const auto schedules = w.reads().schedules().of_job(job);
       expect_equal(schedules.size(), std::size_t{2});
       expect(schedules[0].id == id && schedules[0].planned_until == w.now + 60s);
       expect_equal(schedules[0].job_version, 2);
       w.now += 60s;
       const ClaimedRun claimed = w.claim_one(w.worker());
       expect(claimed.run.id == run && claimed.spec == changed);
       expect_equal(claimed.run.job_version, 2);
       expect_equal(claimed.run.priority, 3);
     }},
    {"deleting a job supersedes its fires and retires its schedules",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::RunId id = w.plan_fire(job, 60s);
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       expect(w.run(id).summary.state == RunState::skipped);
       expect(w.occurrence(job, w.now + 60s).ending == Ending::superseded);
       expect(w.reads().schedules().active({}, 10).empty());
     }},
    {"a cancelled fire's occurrence has ended as cancelled",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       const base::RunId ahead = w.plan_fire(job, 60s);
       w.cancel(ahead);
       expect(w.occurrence(job, w.now + 60s).ending == Ending::cancelled);
       const base::RunId queued = w.plan_fire(job, 120s);
       w.now += 120s;
       w.promote();
       w.cancel(queued);
       expect(w.occurrence(job, w.now).ending == Ending::cancelled);
     }},
    {"promoting twice is as good as once",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w);
       w.plan_fire(job, 60s);
       w.now += 60s;
       expect_equal(w.promote().promoted, 1);
       const DueState again = w.promote();
       expect_equal(again.promoted, 0);
       expect_equal(again.skipped, 0);
     }},
    {"the ledger is listed newest first, by job, by time and by ending",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = put_timed(w, model::Overlap::allow);
       const base::Instant start = w.now;
       for (int i = 1; i <= 5; ++i)
         w.plan_fire(job, i * 60s);
       w.cancel(w.occurrence(job, start + 120s).run_id.value());
       auto& schedules = w.reads().schedules();
       const auto all = taken(schedules.occurrences({.tenant = "default"}, {})).items;
       expect_equal(all.size(), std::size_t{5});
       expect(all[0].at == start + 300s && all[4].at == start + 60s);
       const auto some = taken(schedules.occurrences(
           {.tenant = "default", .job_id = job, .from = start + 120s, .until = start + 240s}, {}));
       expect_equal(some.items.size(), std::size_t{2});
       const auto cancelled =
           taken(schedules.occurrences({.tenant = "default", .ending = Ending::cancelled}, {}));
       expect_equal(cancelled.items.size(), std::size_t{1});
       expect(cancelled.items[0].at == start + 120s);
     }},
});

}  // namespace

std::span<const ConformanceCase> time_cases() { return kCases; }

}  // namespace mainspring::store::conformance
