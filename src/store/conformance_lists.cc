// Cases about lists, cursors and events; and about what survives: idempotency, restarts.
#include <array>
#include <set>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using base::Code;
using model::RunState;

std::vector<base::RunId> ids_of(const Listed<model::RunSummary>& page) {
  std::vector<base::RunId> out;
  for (const model::RunSummary& run : page.items)
    out.push_back(run.id);
  return out;
}

// Every page of a list of runs, `limit` at a time.
std::vector<base::RunId> walk(World& w, const RunFilter& filter, std::int64_t limit) {
  std::vector<base::RunId> out;
  Page page{limit, ""};
  do {
    const auto listed = taken(w.reads().runs().list(filter, page));
    expect(std::ssize(listed.items) <= limit);
    for (const base::RunId id : ids_of(listed))
      out.push_back(id);
    page.after = listed.next;
  } while (!page.after.empty());
  return out;
}

// Twelve runs, the newest last: four each succeeded, failed, and still queued.
std::vector<base::RunId> submit_twelve(World& w, base::JobId job) {
  std::vector<base::RunId> out;
  for (int i = 0; i < 12; ++i) {
    w.now += 1s;
    out.push_back(w.submit(job));
  }
  const base::WorkerId worker = w.worker();
  for (int i = 0; i < 8; ++i) {
    const ClaimedRun claimed = w.claim_one(worker);
    w.finish(claimed, i % 2 == 0 ? model::Outcome{} : World::failed(1));
  }
  return out;
}

Request keyed(World& w, Command command, std::string key, std::string fingerprint) {
  return {std::move(command),
          IdempotencyKey{w.tenant, std::move(key), std::move(fingerprint), w.now}};
}

constexpr auto kListCases = std::to_array<ConformanceCase>({
    {"runs are listed newest first, whether they have ended or not",
     [](Subject& subject) {
       World w(subject);
       auto ids = submit_twelve(w, w.job("backup"));
       std::ranges::reverse(ids);
       const auto page = taken(w.reads().runs().list({.tenant = "default"}, {}));
       expect(ids_of(page) == ids && page.next.empty());
       for (const std::int64_t limit : {1, 3, 4, 5, 12})
         expect(walk(w, {.tenant = "default"}, limit) == ids);
     }},
    {"runs are listed by state, by several states, by job and by trigger",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const auto ids = submit_twelve(w, job);
       w.submit(w.job("other"));
       const auto count = [&](RunFilter filter) {
         filter.tenant = "default";
         return walk(w, filter, 2).size();
       };
       expect_equal(count({.states = {RunState::failed}}), std::size_t{4});
       expect_equal(count({.states = {RunState::queued}}), std::size_t{5});
       expect_equal(count({.states = {RunState::failed, RunState::succeeded}}), std::size_t{8});
       expect_equal(count({.states = {RunState::failed, RunState::queued}}), std::size_t{9});
       expect_equal(count({.job_id = job}), std::size_t{12});
       expect_equal(count({.job_id = job, .states = {RunState::succeeded}}), std::size_t{4});
       expect_equal(count({.triggers = {model::Trigger::cron}}), std::size_t{0});
       expect_equal(count({.triggers = {model::Trigger::api}}), std::size_t{13});
     }},
    {"running runs are listed by their state",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.submit(job);
       w.submit(job);
       const ClaimedRun claimed = w.claim_one(w.worker());
       const auto running =
           walk(w, {.tenant = "default", .states = {RunState::running, RunState::waiting}}, 5);
       expect(running == std::vector{claimed.run.id});
     }},
    {"runs are listed by the time they were accepted",
     [](Subject& subject) {
       World w(subject);
       const base::Instant start = w.now;
       const auto ids = submit_twelve(w, w.job("backup"));
       const auto some = walk(
           w, {.tenant = "default", .created_from = start + 3s, .created_until = start + 6s}, 2);
       expect(some == std::vector{ids[4], ids[3], ids[2]});
     }},
    {"a cursor keeps its place while runs are added and end",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       auto ids = submit_twelve(w, job);
       std::ranges::reverse(ids);
       const auto first = taken(w.reads().runs().list({.tenant = "default"}, {5, ""}));
       w.now += 1s;
       w.submit(job);
       for (const ClaimedRun& claimed : w.claim(w.worker("w2")))
         w.finish(claimed);
       const auto second = taken(w.reads().runs().list({.tenant = "default"}, {7, first.next}));
       auto seen = ids_of(first);
       for (const base::RunId id : ids_of(second))
         seen.push_back(id);
       expect(seen == ids && second.next.empty());
     }},
    {"a cursor that no list gave is refused",
     [](Subject& subject) {
       World w(subject);
       submit_twelve(w, w.job("backup"));
       w.job("one");
       w.job("two");
       auto& reads = w.reads();
       const auto runs = taken(reads.runs().list({.tenant = "default"}, {2, ""}));
       const auto jobs = taken(reads.jobs().list({.tenant = "default"}, {2, ""}));
       expect(!jobs.next.empty() && !runs.next.empty());
       std::string cut = runs.next;
       cut.pop_back();
       for (const std::string& cursor : {std::string{"nonsense"}, cut, jobs.next, std::string{"r"}})
         expect_code(reads.runs().list({.tenant = "default"}, {2, cursor}).error(),
                     Code::invalid_argument);
       for (const std::string& cursor : {std::string{"7"}, runs.next})
         expect_code(reads.jobs().list({.tenant = "default"}, {2, cursor}).error(),
                     Code::invalid_argument);
       expect_code(reads.schedules().occurrences({.tenant = "default"}, {2, runs.next}).error(),
                   Code::invalid_argument);
     }},
    {"a page is never longer than the limit of pages",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       SubmitRuns many{"default", {}, "ada", w.now};
       for (int i = 0; i < 600; ++i)
         many.runs.push_back(w.new_run(job));
       w.apply(many);
       const auto page = taken(w.reads().runs().list({.tenant = "default"}, {100'000, ""}));
       expect_equal(std::ssize(page.items), std::ptrdiff_t{kPageLimit});
       expect(!page.next.empty());
     }},
    {"jobs are listed by name, by prefix, by label and by pause",
     [](Subject& subject) {
       World w(subject);
       for (const char* name : {"db-vacuum", "app", "db-backup", "web"}) {
         model::JobSpec spec = World::spec(name);
         if (spec.name.starts_with("db")) spec.labels["team"] = "data";
         w.put(spec);
       }
       w.apply(PauseJob{"default", w.reads().jobs().find_by_name("default", "web")->id, "", "ada",
                        w.now});
       const auto names = [&](JobFilter filter) {
         filter.tenant = "default";
         std::string out;
         Page page{1, ""};
         do {
           const auto listed = taken(w.reads().jobs().list(filter, page));
           for (const model::Job& job : listed.items)
             out += job.spec.name + " ";
           page.after = listed.next;
         } while (!page.after.empty());
         return out;
       };
       expect_equal(names({}), "app db-backup db-vacuum web ");
       expect_equal(names({.name_prefix = "db-"}), "db-backup db-vacuum ");
       expect_equal(names({.selector = *model::parse_selector("team=data")}),
                    "db-backup db-vacuum ");
       expect_equal(names({.selector = *model::parse_selector("team=none")}), "");
       expect_equal(names({.paused = true}), "web ");
       expect_equal(names({.name_prefix = "w", .paused = false}), "");
       w.put(World::spec("db-vacuum"));
       expect_equal(names({.selector = *model::parse_selector("team=data")}), "db-backup ");
     }},
    {"runs are listed by the labels that their jobs have now",
     [](Subject& subject) {
       World w(subject);
       std::vector<base::RunId> runs;
       for (const char* team : {"data", "web", "data"}) {
         model::JobSpec spec = World::spec(fmt::format("of-{}", team));
         spec.labels["team"] = team;
         w.now += 1s;
         runs.push_back(w.submit(w.put(spec).id));
       }
       const auto of = [&](std::string_view selector) {
         return walk(w, {.tenant = "default", .selector = *model::parse_selector(selector)}, 1);
       };
       expect(of("team=data") == std::vector{runs[2], runs[0]});
       expect(of("team!=data") == std::vector{runs[1]});
       expect(of("tier").empty());
     }},
    {"occurrences are listed by the labels that their jobs have now",
     [](Subject& subject) {
       World w(subject);
       for (const char* team : {"data", "web"}) {
         model::JobSpec spec = World::spec(fmt::format("of-{}", team));
         spec.labels["team"] = team;
         spec.schedule.push_back(World::every(60s));
         w.plan_fire(w.put(spec).id, 60s);
       }
       const auto teams = [&](std::string_view selector) {
         std::string out;
         const auto listed = taken(w.reads().schedules().occurrences(
             {.tenant = "default", .selector = *model::parse_selector(selector)}, {}));
         for (const model::Occurrence& occurrence : listed.items)
           out += occurrence.job + " ";
         return out;
       };
       expect_equal(teams("team=data"), "of-data ");
       expect_equal(teams("team!=data"), "of-web ");
       expect_equal(teams("team in (data,web),!tier"), "of-web of-data ");
       expect_equal(teams("tier"), "");
     }},
    {"events come in order, by type, by subject, and from any position on",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::RunId first = w.submit(job);
       const base::RunId second = w.submit(job);
       w.cancel(second);
       auto& events = w.reads().events();
       const auto all = events.after({"default", "", ""}, 0, 100);
       expect_equal(all.size(), std::size_t{4});
       for (std::size_t i = 1; i < all.size(); ++i)
         expect(all[i].position > all[i - 1].position);
       expect_equal(all.back().position, events.last_position());
       expect_equal(all.back().payload.at("state").as_string().c_str(), std::string{"cancelled"});
       expect_equal(all.back().payload.at("job").as_string().c_str(), std::string{"backup"});
       expect_equal(events.after({"default", "run.", first.text()}, 0, 100).size(), std::size_t{1});
       expect_equal(events.after({"default", "", second.text()}, 0, 100).size(), std::size_t{2});
       expect_equal(events.after({"default", "", ""}, all[1].position, 1).at(0).position,
                    all[2].position);
       expect_equal(events.after({"default", "run.cancelled", ""}, 0, 100).size(), std::size_t{1});
     }},
    {"live runs are counted by state",
     [](Subject& subject) {
       World w(subject);
       submit_twelve(w, w.job("backup"));
       w.claim_one(w.worker());
       for (const auto& [state, count] : w.reads().runs().count_live("default")) {
         const int wanted = state == RunState::queued ? 3 : state == RunState::running ? 1 : 0;
         expect_equal(count, wanted);
       }
     }},
    {"a token is found by its hash, and replaced by name",
     [](Subject& subject) {
       World w(subject);
       w.apply(PutToken{w.fresh<base::TokenId>(), "default", "ci", {"hash one"}, {"admin"}, w.now});
       const auto grant = w.reads().tokens().find({"hash one"});
       expect(grant && grant->name == "ci" && grant->tenant == "default");
       expect(grant->permissions == std::vector<std::string>{"admin"});
       w.apply(PutToken{w.fresh<base::TokenId>(), "default", "ci", {"hash two"}, {"admin"}, w.now});
       expect(!w.reads().tokens().find({"hash one"}));
       expect(w.reads().tokens().find({"hash two"}).has_value());
     }},
    {"a secret that is put under another name has no other any more",
     [](Subject& subject) {
       World w(subject);
       w.apply(PutToken{w.fresh<base::TokenId>(), "default", "admin", {"one"}, {"admin"}, w.now});
       w.apply(PutToken{w.fresh<base::TokenId>(), "default", "admin-b", {"one"}, {"admin"}, w.now});
       const auto all = w.reads().tokens().all("default");
       expect_equal(all.size(), std::size_t{1});
       expect_equal(all[0].name, "admin-b");
       expect_equal(w.events("token."), "token.created,token.revoked,token.created");
     }},
    {"a token that must be new replaces none",
     [](Subject& subject) {
       World w(subject);
       PutToken token{w.fresh<base::TokenId>(), "default", "ci", {"one"}, {"viewer"}, w.now};
       token.must_be_new = true;
       w.apply(token);
       token.sha256 = {"two"};
       expect_code(w.refuse(token), Code::conflict);
       expect(w.reads().tokens().find({"one"}) && !w.reads().tokens().find({"two"}));
       token.id = w.fresh<base::TokenId>();
       token.tenant = "other";
       w.apply(token);
       token.name = "no name";
       expect_code(w.refuse(token), Code::invalid_argument);
     }},
    {"tokens are listed by name with their end, and a deleted one opens nothing",
     [](Subject& subject) {
       World w(subject);
       PutToken token{w.fresh<base::TokenId>(), "default", "late", {"one"}, {"viewer"}, w.now};
       token.expires_at = w.now + 1h;
       w.apply(token);
       w.apply(PutToken{w.fresh<base::TokenId>(), "default", "ci", {"two"}, {"admin"}, w.now});
       const auto all = w.reads().tokens().all("default");
       expect_equal(all.size(), std::size_t{2});
       expect(all[0].name == "ci" && !all[0].expires_at);
       expect(all[1].name == "late" && all[1].expires_at == w.now + 1h);
       expect(all[1].created_at == w.now);
       expect(w.reads().tokens().all("other").empty());
       w.apply(DeleteToken{"default", "late", "ada", w.now});
       expect(!w.reads().tokens().find({"one"}));
       expect_code(w.refuse(DeleteToken{"default", "late", "ada", w.now}), Code::not_found);
       expect_code(w.refuse(DeleteToken{"other", "ci", "ada", w.now}), Code::not_found);
     }},
});

constexpr auto kDurabilityCases = std::to_array<ConformanceCase>({
    {"a request with a known idempotency key is answered again and not applied again",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const SubmitRuns first{"default", {w.new_run(job)}, "ada", w.now};
       SubmitRuns second = first;
       second.runs[0].id = w.fresh<base::RunId>();
       const auto a = taken(w.writer().submit_and_wait(keyed(w, first, "k", "f")));
       w.reopen();
       const auto b = taken(w.writer().submit_and_wait(keyed(w, second, "k", "f")));
       expect_equal(std::get<RunsSubmitted>(a), std::get<RunsSubmitted>(b));
       expect(!w.reads().runs().find("default", second.runs[0].id));
     }},
    {"an idempotency key used for another request is refused",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const SubmitRuns command{"default", {w.new_run(job)}, "ada", w.now};
       taken(w.writer().submit_and_wait(keyed(w, command, "k", "f")));
       const auto again = w.writer().submit_and_wait(keyed(w, command, "k", "other"));
       expect(!again);
       expect_code(again.error(), Code::idempotency_mismatch);
     }},
    {"idempotency keys of two tenants are two keys",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       taken(w.writer().submit_and_wait(
           keyed(w, SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}, "k", "f")));
       w.tenant = "acme";
       const base::JobId other = w.job("backup");
       taken(w.writer().submit_and_wait(
           keyed(w, SubmitRuns{"acme", {w.new_run(other)}, "eve", w.now}, "k", "g")));
     }},
    {"an idempotency key is forgotten after its time",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       taken(w.writer().submit_and_wait(
           keyed(w, SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}, "k", "f")));
       w.now += kIdempotencyKept;
       taken(w.writer().submit_and_wait(
           keyed(w, SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}, "k", "other")));
     }},
    {"a request that failed leaves its idempotency key free",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const NewRun lost = w.new_run(w.fresh<base::JobId>());
       expect(!w.writer().submit_and_wait(
           keyed(w, SubmitRuns{"default", {lost}, "ada", w.now}, "k", "f")));
       taken(w.writer().submit_and_wait(
           keyed(w, SubmitRuns{"default", {w.new_run(job)}, "ada", w.now}, "k", "g")));
     }},
    {"an idempotency key that is too long is refused",
     [](Subject& subject) {
       World w(subject);
       const auto reply = w.writer().submit_and_wait(
           keyed(w, PromoteDue{w.now}, std::string(kIdempotencyKeyLimit + 1, 'k'), "f"));
       expect(!reply);
       expect_code(reply.error(), Code::invalid_argument);
     }},
    {"a command that fails takes nothing of its group with it",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const NewRun good = w.new_run(job);
       const NewRun bad = w.new_run(w.fresh<base::JobId>());
       w.writer().submit({SubmitRuns{"default", {good}, "ada", w.now}, {}}, nullptr);
       w.writer().submit({SubmitRuns{"default", {bad}, "ada", w.now}, {}}, nullptr);
       w.writer().submit({SubmitRuns{"default", {good, bad}, "ada", w.now}, {}}, nullptr);
       w.submit(job);
       expect(w.run(good.id).summary.state == RunState::queued);
       expect_equal(w.claim(w.worker()).size(), std::size_t{2});
     }},
    {"after a restart every run is where it was, and leases, order and dues still hold",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("flaky");
       spec.retry.max_attempts = 3;
       spec.retry.backoff.type = model::BackoffType::fixed;
       spec.retry.backoff.initial = 30s;
       spec.retry.backoff.jitter = model::Jitter::none;
       const base::JobId job = w.put(spec).id;
       const base::WorkerId worker = w.worker();
       const base::RunId retried = w.submit(job);
       w.finish(w.claim_one(worker), World::failed(1));
       const base::RunId held = w.submit(job);
       const ClaimedRun claimed = w.claim_one(worker);
       NewRun urgent = w.new_run(job);
       urgent.priority = 50;
       const base::RunId queued = w.submit(job);
       w.apply(SubmitRuns{"default", {urgent}, "ada", w.now});
       NewRun later = w.new_run(job);
       later.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {later}, "ada", w.now});
       w.reopen();
       const DueState state = w.promote();
       expect(state.next_due == w.now + 30s && state.next_expiry == w.now + 10s);
       expect(w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now})
                  .leases.at(0)
                  .until.has_value());
       expect(w.claim_one(worker).run.id == urgent.id);
       expect(w.claim_one(worker).run.id == queued);
       expect(w.finish(claimed).state == RunState::succeeded);
       expect(w.run(held).summary.state == RunState::succeeded);
       w.now += 30s;
       const ClaimedRun again = w.claim_one(worker);
       expect(again.run.id == retried);
       expect_equal(again.epoch, 2);
       w.now += 30s;
       expect(w.claim_one(worker).run.id == later.id);
     }},
    {"after a restart overlap still sees what is in the way",
     [](Subject& subject) {
       World w(subject);
       for (const auto overlap : {model::Overlap::skip, model::Overlap::allow}) {
         model::JobSpec spec = World::spec(overlap == model::Overlap::skip ? "skip" : "allow");
         spec.schedule.push_back(World::every(60s));
         spec.schedule[0].overlap = overlap;
         const base::JobId job = w.put(spec).id;
         w.plan_fire(job, 60s);
         w.submit(job);
       }
       w.reopen();
       w.now += 60s;
       const DueState due = w.promote();
       expect_equal(due.skipped, 1);
       expect_equal(due.promoted, 1);
     }},
    {"a cancel that was asked for survives a restart",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("flaky");
       spec.retry.max_attempts = 3;
       const base::RunId id = w.submit(w.put(spec).id);
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       w.cancel(id);
       w.reopen();
       const auto renewed = w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now});
       expect(renewed.leases.at(0).cancel.has_value());
       expect(w.finish(claimed, World::failed(1)).state == RunState::cancelled);
     }},
    {"event positions go on after a restart",
     [](Subject& subject) {
       World w(subject);
       w.job("one");
       const std::int64_t before = w.reads().events().last_position();
       w.reopen();
       w.job("two");
       expect_equal(w.reads().events().last_position(), before + 1);
     }},
    {"listeners are told what a commit changed, once it can be read",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("backup");
       spec.timeout.run = 60s;
       const base::JobId job = w.put(spec).id;
       const base::WorkerId worker = w.worker();
       std::set<std::size_t> kinds;
       base::WorkerId asked;
       w.writer().add_listener([&](const std::vector<Notice>& notices) {
         for (const Notice& notice : notices) {
           kinds.insert(notice.index());
           if (const auto* cancel = std::get_if<CancelAsked>(&notice)) asked = cancel->worker_id;
         }
       });
       w.submit(job);
       const ClaimedRun claimed = w.claim_one(worker);
       w.apply(AppendLog{w.lease(claimed), {{1, model::LogStream::out, w.now, {"x"}}}});
       w.apply(ExtendRun{"default", claimed.run.id, 600s, {}, "ada", w.now});
       w.cancel(claimed.run.id);
       OrderWorker cordon;
       cordon.worker_id = worker;
       cordon.order = WorkerOrder::cordon;
       cordon.by = "ada";
       cordon.now = w.now;
       w.apply(cordon);
       NewRun later = w.new_run(job);
       later.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {later}, "ada", w.now});
       w.put([&] {
         model::JobSpec changed = World::spec("backup");
         changed.priority = 1;
         return changed;
       }());
       // Notices follow answers; a restart waits until all of them are told.
       w.reopen();
       // All but OperationChanged, which has a case of its own, and NoticesLost.
       expect_equal(kinds.size(), std::variant_size_v<Notice> - 2);
       expect(asked == worker);
     }},
});

}  // namespace

std::span<const ConformanceCase> list_cases() { return kListCases; }
std::span<const ConformanceCase> durability_cases() { return kDurabilityCases; }

}  // namespace mainspring::store::conformance
