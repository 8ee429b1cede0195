// Cases about definitions: applying, pausing, deleting.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using base::Code;
using model::RunState;

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"a job that is applied is found by name and by id, at version 1",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.labels["team"] = "data";
       spec.retry.max_attempts = 3;
       const AppliedJob applied = w.put(spec);
       expect(applied.effect == ApplyEffect::created);
       expect_equal(applied.version, 1);
       const auto by_name = w.reads().jobs().find_by_name("default", "backup");
       const auto by_id = w.reads().jobs().find_by_id("default", applied.id);
       expect(by_name && by_id && by_name->id == applied.id && by_id->id == applied.id);
       expect(by_id->spec == spec);
       expect_equal(by_id->author, "ada");
       expect(by_id->created_at == w.now && by_id->tenant == "default" && !by_id->pause);
     }},
    {"applying a different spec makes version 2 and keeps the id",
     [](Subject& subject) {
       World w(subject);
       const AppliedJob first = w.put(World::spec("backup"));
       model::JobSpec changed = World::spec("backup");
       changed.priority = 5;
       w.now += 1s;
       const AppliedJob second = w.put(changed);
       expect(second.effect == ApplyEffect::updated && second.id == first.id);
       expect_equal(second.version, 2);
       const auto job = w.reads().jobs().find_by_id("default", first.id);
       expect(job && job->spec == changed && job->updated_at == w.now);
       expect(w.reads().jobs().find_version(first.id, 1)->spec == World::spec("backup"));
       expect(w.reads().jobs().find_version(first.id, 2)->spec == changed);
       expect(!w.reads().jobs().find_version(first.id, 3));
     }},
    {"the versions of a job come newest first, each with its author and time, a page at a time",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       std::vector<base::Instant> stored_at;
       for (const int priority : {1, 2, 3, 4, 5}) {
         spec.priority = priority;
         w.now += 1s;
         stored_at.push_back(w.now);
         w.apply(ApplyJobs{"default", {w.draft(spec)}, fmt::format("author {}", priority), w.now});
       }
       const base::JobId job = w.reads().jobs().find_by_name("default", "backup")->id;
       std::vector<model::JobVersion> all;
       Page page{2, ""};
       do {
         const auto listed = taken(w.reads().jobs().versions(job, page));
         std::ranges::copy(listed.items, std::back_inserter(all));
         page.after = listed.next;
       } while (!page.after.empty());
       expect_equal(all.size(), std::size_t{5});
       for (int i = 0; i < 5; ++i) {
         const model::JobVersion& version = all[static_cast<std::size_t>(4 - i)];
         expect_equal(version.version, i + 1);
         expect_equal(version.spec.priority, i + 1);
         expect_equal(version.author, fmt::format("author {}", i + 1));
         expect(version.created_at == stored_at[static_cast<std::size_t>(i)]);
       }
       expect(taken(w.reads().jobs().versions(w.fresh<base::JobId>(), {})).items.empty());
       expect_code(w.reads().jobs().versions(job, {2, "nonsense"}).error(), Code::invalid_argument);
     }},
    {"the versions of a deleted job stay, and the next job of its name has none of them",
     [](Subject& subject) {
       World w(subject);
       const base::JobId first = w.job("backup");
       w.apply(DeleteJob{"default", first, {}, "ada", w.now});
       const base::JobId second = w.job("backup");
       expect_equal(taken(w.reads().jobs().versions(first, {})).items.size(), std::size_t{1});
       expect_equal(taken(w.reads().jobs().versions(second, {})).items.size(), std::size_t{1});
     }},
    {"applying prunes jobs in the same transaction, or changes nothing",
     [](Subject& subject) {
       World w(subject);
       const base::JobId old = w.job("old");
       const base::JobId gone = w.job("gone");
       w.apply(DeleteJob{"default", gone, {}, "ada", w.now});
       ApplyJobs command{"default", {w.draft(World::spec("new"))}, "ada", w.now};
       command.prune = {old, gone};
       command.jobs.front().if_version = 4;
       expect_code(w.refuse(command), Code::precondition_failed);
       expect(w.reads().jobs().find_by_id("default", old).has_value());
       command.jobs.front().if_version.reset();
       w.apply(command);
       expect(!w.reads().jobs().find_by_id("default", old));
       expect(w.reads().jobs().find_by_name("default", "new").has_value());
       expect_equal(w.events("job."),
                    "job.created,job.created,job.deleted,job.created,job.deleted");
     }},
    {"a job that is pruned ends as one that is deleted",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.schedule.push_back(World::every(60s));
       const base::JobId job = w.put(spec).id;
       const base::RunId asked = w.submit(job);
       const base::RunId planned = w.plan_fire(job, 60s);
       ApplyJobs command{"default", {}, "ada", w.now};
       command.prune = {job};
       w.apply(command);
       expect(w.run(asked).summary.state == RunState::cancelled);
       expect(w.run(planned).summary.state == RunState::skipped);
       expect(w.reads().schedules().of_job(job).empty());
     }},
    {"a tenant cannot prune another one's jobs",
     [](Subject& subject) {
       World w(subject);
       const base::JobId ours = w.job("backup");
       w.tenant = "acme";
       ApplyJobs command{"acme", {w.draft(World::spec("theirs"))}, "eve", w.now};
       command.prune = {ours};
       w.apply(command);
       expect(w.reads().jobs().find_by_id("default", ours).has_value());
     }},
    {"applying an equal spec changes nothing",
     [](Subject& subject) {
       World w(subject);
       w.put(World::spec("backup"));
       const AppliedJob again = w.put(World::spec("backup"));
       expect(again.effect == ApplyEffect::unchanged);
       expect_equal(again.version, 1);
       expect_equal(w.events("job."), "job.created");
     }},
    {"several jobs are applied together, or none of them",
     [](Subject& subject) {
       World w(subject);
       JobDraft good = w.draft(World::spec("one"));
       JobDraft bad = w.draft(World::spec("two"));
       bad.if_version = 4;
       expect_code(w.refuse(ApplyJobs{"default", {good, bad}, "ada", w.now}),
                   Code::precondition_failed);
       expect(!w.reads().jobs().find_by_name("default", "one"));
       expect_equal(w.events(), "");
       bad.if_version.reset();
       expect_equal(w.apply(ApplyJobs{"default", {good, bad}, "ada", w.now}).jobs.size(),
                    std::size_t{2});
     }},
    {"if_version 0 applies only where there is no job of that name",
     [](Subject& subject) {
       World w(subject);
       JobDraft draft = w.draft(World::spec("backup"));
       draft.if_version = 0;
       w.apply(ApplyJobs{"default", {draft}, "ada", w.now});
       draft.spec.priority = 1;
       expect_code(w.refuse(ApplyJobs{"default", {draft}, "ada", w.now}),
                   Code::precondition_failed);
     }},
    {"if_version applies to that version and to no other",
     [](Subject& subject) {
       World w(subject);
       w.put(World::spec("backup"));
       JobDraft draft = w.draft(World::spec("backup"));
       draft.spec.priority = 1;
       draft.if_version = 2;
       expect_code(w.refuse(ApplyJobs{"default", {draft}, "ada", w.now}),
                   Code::precondition_failed);
       draft.if_version = 1;
       expect_equal(w.apply(ApplyJobs{"default", {draft}, "ada", w.now}).jobs.at(0).version, 2);
     }},
    {"two tenants have jobs of the same name and never see each other's",
     [](Subject& subject) {
       World w(subject);
       const base::JobId ours = w.job("backup");
       w.tenant = "acme";
       const base::JobId theirs = w.job("backup");
       expect(ours != theirs);
       expect(w.reads().jobs().find_by_name("default", "backup")->id == ours);
       expect(w.reads().jobs().find_by_name("acme", "backup")->id == theirs);
       expect(!w.reads().jobs().find_by_id("acme", ours));
       expect(!w.reads().jobs().find_by_name("nobody", "backup"));
       expect_code(w.refuse(SubmitRuns{"acme", {w.new_run(ours)}, "eve", w.now}), Code::not_found);
       expect_code(w.refuse(PauseJob{"acme", ours, "", "eve", w.now}), Code::not_found);
       expect_code(w.refuse(DeleteJob{"acme", ours, {}, "eve", w.now}), Code::not_found);
     }},
    {"the node itself may read the events of every tenant, in order",
     [](Subject& subject) {
       World w(subject);
       w.job("ours");
       w.tenant = "acme";
       w.job("theirs");
       const auto all = w.reads().events().after({"", "job.", ""}, 0, 10);
       expect_equal(all.size(), std::size_t{2});
       expect_equal(all.at(0).tenant, "default");
       expect_equal(all.at(1).tenant, "acme");
       expect(w.reads().events().after({"", "", all.at(1).subject}, 0, 10).size() == 1);
       expect(w.reads().events().after({"", "run.", ""}, 0, 10).empty());
     }},
    {"a tenant's runs, events and occurrences are hidden from other tenants",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.schedule.push_back(World::every(60s));
       const base::JobId job = w.put(spec).id;
       const base::RunId run = w.submit(job);
       w.plan_fire(job, 60s);
       w.tenant = "acme";
       w.job("other");
       expect(!w.reads().runs().find("acme", run));
       expect(taken(w.reads().runs().list({.tenant = "acme"}, {})).items.empty());
       expect(taken(w.reads().runs().list({.tenant = "acme", .job_id = job}, {})).items.empty());
       expect(taken(w.reads().schedules().occurrences({.tenant = "acme"}, {})).items.empty());
       expect_equal(w.events(), "job.created");
       expect_code(w.refuse(CancelRun{"acme", run, "eve", "", w.now}), Code::not_found);
     }},
    {"a job is paused with a note and resumed without it",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(PauseJob{"default", job, "disk is full", "ada", w.now});
       auto found = w.reads().jobs().find_by_id("default", job);
       expect_equal(found->pause->note, "disk is full");
       w.apply(ResumeJob{"default", job, "ada", w.now});
       found = w.reads().jobs().find_by_id("default", job);
       expect(!found->pause);
       expect_equal(w.events(), "job.created,job.paused,job.resumed");
     }},
    {"pausing a job twice is told once",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(PauseJob{"default", job, "a", "ada", w.now});
       w.apply(PauseJob{"default", job, "b", "ada", w.now});
       expect_equal(w.events(), "job.created,job.paused");
       expect_equal(w.reads().jobs().find_by_id("default", job)->pause->note, "b");
     }},
    {"a job that was never there cannot be paused, deleted or run",
     [](Subject& subject) {
       World w(subject);
       const auto job = w.fresh<base::JobId>();
       expect_code(w.refuse(PauseJob{"default", job, "", "ada", w.now}), Code::not_found);
       expect_code(w.refuse(DeleteJob{"default", job, {}, "ada", w.now}), Code::not_found);
       expect_code(w.refuse(SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}),
                   Code::not_found);
     }},
    {"a paused job still runs for whoever asks",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(PauseJob{"default", job, "", "ada", w.now});
       w.submit(job);
       expect_equal(w.claim(w.worker()).size(), std::size_t{1});
     }},
    {"a deleted job is gone, and its name is free for another",
     [](Subject& subject) {
       World w(subject);
       const base::JobId first = w.job("backup");
       w.apply(DeleteJob{"default", first, {}, "ada", w.now});
       expect(!w.reads().jobs().find_by_id("default", first));
       expect(!w.reads().jobs().find_by_name("default", "backup"));
       expect(taken(w.reads().jobs().list({.tenant = "default"}, {})).items.empty());
       const AppliedJob second = w.put(World::spec("backup"));
       expect(second.effect == ApplyEffect::created && second.id != first);
       expect_code(w.refuse(DeleteJob{"default", first, {}, "ada", w.now}), Code::not_found);
       expect_equal(w.events(), "job.created,job.deleted,job.created");
     }},
    {"deleting a job asks for the right version",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       expect_code(w.refuse(DeleteJob{"default", job, 2, "ada", w.now}), Code::precondition_failed);
       w.apply(DeleteJob{"default", job, 1, "ada", w.now});
     }},
    {"deleting a job cancels what has not started and lets the rest go on",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::WorkerId worker = w.worker();
       w.submit(job);
       const ClaimedRun running = w.claim_one(worker);
       const base::RunId queued = w.submit(job);
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       expect(w.run(queued).summary.state == RunState::cancelled);
       expect(w.run(running.run.id).summary.state == RunState::running);
       expect(w.finish(running).state == RunState::succeeded);
       const model::Run done = w.run(running.run.id);
       expect_equal(done.summary.job, "backup");
       expect(done.summary.job_id == job);
     }},
});

}  // namespace

std::span<const ConformanceCase> job_cases() { return kCases; }

}  // namespace mainspring::store::conformance
