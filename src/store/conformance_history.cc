// TrimHistory: what retention keeps and what it removes.
#include <chrono>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;
using model::RetentionSpec;
using model::RunState;

constexpr base::Duration kDay = 24h;

RetentionSpec keep_runs(std::int64_t runs) {
  RetentionSpec out;
  out.runs = runs;
  return out;
}

RetentionSpec keep_for(base::Duration age) {
  RetentionSpec out;
  out.age = age;
  return out;
}

// Removes until nothing is left to remove, `limit` rows at a time. Two hours pass first: every job
// is looked at once an hour.
HistoryTrimmed trim(World& w, const RetentionSpec& defaults, std::int64_t limit = 1'000) {
  w.now += 2h;
  HistoryTrimmed sum;
  for (int i = 0; i < 1'000; ++i) {
    const HistoryTrimmed piece = w.apply(TrimHistory{defaults, limit, w.now});
    sum.runs += piece.runs;
    sum.log_chunks += piece.log_chunks;
    sum.occurrences += piece.occurrences;
    if (!piece.has_more) return sum;
  }
  fail("there is always more to remove", Where::current());
}

// A run of the job that has ended with `bytes` of log.
base::RunId end_one(World& w, base::JobId job, std::size_t bytes = 10) {
  const base::WorkerId worker = w.worker();
  const base::RunId run = w.submit(job);
  const ClaimedRun claimed = w.claim_one(worker);
  w.apply(
      AppendLog{w.lease(claimed), {{1, model::LogStream::out, w.now, {std::string(bytes, 'x')}}}});
  w.finish(claimed);
  w.now += 1s;
  return run;
}

std::vector<base::RunId> end_some(World& w, base::JobId job, int count) {
  std::vector<base::RunId> out;
  for (int i = 0; i < count; ++i)
    out.push_back(end_one(w, job));
  return out;
}

bool is_kept(World& w, base::RunId run) {
  return w.reads().runs().find("default", run).has_value();
}
bool has_log(World& w, base::RunId run) { return !w.reads().runs().log({.run_id = run}).empty(); }

const auto kCases = std::to_array<ConformanceCase>({
    {"without a word on retention everything is kept",
     [](Subject& subject) {
       World w(subject);
       const base::RunId run = end_one(w, w.job("backup"));
       w.now += 1'000 * kDay;
       expect_equal(trim(w, {}).runs, 0);
       expect(is_kept(w, run) && has_log(w, run));
     }},
    {"the newest runs of a job are kept, with all that belongs to them",
     [](Subject& subject) {
       World w(subject);
       const auto runs = end_some(w, w.job("backup"), 8);
       const auto others = end_some(w, w.job("other"), 2);
       const HistoryTrimmed trimmed = trim(w, keep_runs(3));
       expect_equal(trimmed.runs, 5);
       expect_equal(trimmed.log_chunks, 5);
       for (std::size_t i = 0; i < runs.size(); ++i) {
         expect(is_kept(w, runs[i]) == (i >= 5));
         expect(has_log(w, runs[i]) == (i >= 5));
         expect(w.reads().runs().attempts(runs[i]).empty() == (i < 5));
       }
       expect(is_kept(w, others[0]));
     }},
    {"runs older than their age go, and runs that have not ended never",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::RunId old = end_one(w, job);
       const base::RunId waiting = w.submit(job);
       w.now += 10 * kDay;
       w.cancel(w.submit(job));
       const base::RunId fresh = w.submit(job);
       w.cancel(fresh);
       expect_equal(trim(w, keep_for(7 * kDay)).runs, 1);
       expect(!is_kept(w, old) && is_kept(w, fresh));
       expect(w.run(waiting).summary.state == RunState::queued);
     }},
    {"a run counts from its end, however long ago it was accepted",
     [](Subject& subject) {
       World w(subject);
       const base::RunId slow = w.submit(w.job("backup"));
       w.now += 30 * kDay;
       w.finish(w.claim_one(w.worker()));
       expect_equal(trim(w, keep_for(7 * kDay)).runs, 0);
       expect(is_kept(w, slow));
     }},
    {"what a job says of its retention goes before the node's setting",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("precious");
       spec.retention.runs = 100;
       const auto precious = end_some(w, w.put(spec).id, 4);
       const auto plain = end_some(w, w.job("plain"), 4);
       expect_equal(trim(w, keep_runs(1)).runs, 3);
       expect(is_kept(w, precious[0]) && !is_kept(w, plain[0]));
     }},
    {"the history of a deleted job is trimmed as its last version said",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("gone");
       spec.retention.runs = 1;
       const base::JobId job = w.put(spec).id;
       end_some(w, job, 3);
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       expect_equal(trim(w, {}).runs, 2);
     }},
    {"logs can go before their runs",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::RunId old = end_one(w, job);
       w.now += 10 * kDay;
       const base::RunId fresh = end_one(w, job);
       RetentionSpec keep;
       keep.log_age = 7 * kDay;
       const HistoryTrimmed trimmed = trim(w, keep);
       expect_equal(trimmed.runs, 0);
       expect_equal(trimmed.log_chunks, 1);
       expect(is_kept(w, old) && !has_log(w, old) && has_log(w, fresh));
       expect_equal(w.reads().runs().attempts(old).size(), std::size_t{1});
     }},
    {"the newest logs that fit within the bytes of a job are kept, and the newest in any case",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::RunId oldest = end_one(w, job, 10);
       const base::RunId middle = end_one(w, job, 400);
       const base::RunId newer = end_one(w, job, 500);
       RetentionSpec keep;
       keep.log_bytes = 950;
       expect_equal(trim(w, keep).log_chunks, 0);
       keep.log_bytes = 900;
       expect_equal(trim(w, keep).log_chunks, 1);
       expect(!has_log(w, oldest) && has_log(w, middle) && has_log(w, newer));
       const base::RunId huge = end_one(w, job, 5'000);
       expect_equal(trim(w, keep).log_chunks, 2);
       expect(has_log(w, huge) && !has_log(w, newer));
     }},
    {"old entries of the ledger go, and what is not decided stays",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("ticker");
       spec.schedule = {World::every(60s)};
       const base::JobId job = w.put(spec).id;
       const base::Instant first = w.now + 60s;
       w.plan_fire(job, 60s);
       w.now += 60s;
       w.finish(w.claim_one(w.worker()));
       const base::Instant second = w.now + 60s;
       w.plan_fire(job, 60s);
       w.now += 30 * kDay;
       RetentionSpec keep;
       keep.ledger_age = 7 * kDay;
       expect_equal(trim(w, keep).occurrences, 1);
       expect(w.reads().schedules().occurrences_at(job, first).empty());
       expect(!w.occurrence(job, second).ending);
     }},
    {"one command removes no more than its limit, and says that there is more",
     [](Subject& subject) {
       World w(subject);
       const auto runs = end_some(w, w.job("backup"), 20);
       w.now += 2h;
       const HistoryTrimmed first = w.apply(TrimHistory{keep_runs(0), 10, w.now});
       expect(first.has_more && first.runs >= 1 && first.runs <= 10);
       expect_equal(first.runs + trim(w, keep_runs(0), 10).runs, 20);
       for (const base::RunId run : runs)
         expect(!is_kept(w, run));
     }},
    {"old events go, and positions are never given twice",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       end_some(w, job, 3);
       expect_equal(w.reads().events().first_position(), 1);
       const std::int64_t before = w.reads().events().last_position();
       w.now += 30 * kDay;
       HistoryTrimmed trimmed;
       do
         trimmed = w.apply(TrimHistory{{}, 4, w.now, 7 * kDay});
       while (trimmed.has_more);
       expect_equal(w.reads().events().last_position(), before);
       expect_equal(w.reads().events().first_position(), before);
       w.submit(job);
       expect_equal(w.reads().events().last_position(), before + 1);
       expect_equal(w.reads().events().after({"default", "", ""}, 0, 100).size(), std::size_t{2});
       expect_equal(trim(w, {}).events, 0);
     }},
    {"events are read forwards and backwards, of a type and about a subject",
     [](Subject& subject) {
       World w(subject);
       const auto runs = end_some(w, w.job("backup"), 3);
       const auto positions = [](const std::vector<model::Event>& events) {
         std::vector<std::int64_t> out;
         for (const model::Event& event : events)
           out.push_back(event.position);
         return out;
       };
       for (const EventFilter& filter :
            {EventFilter{w.tenant, "", ""}, EventFilter{w.tenant, "run.", ""},
             EventFilter{w.tenant, "", runs.at(1).text()}}) {
         auto forwards = positions(w.reads().events().after(filter, 0, 100));
         const auto last = w.reads().events().last_position() + 1;
         const auto backwards = positions(w.reads().events().before(filter, last, 100));
         std::ranges::reverse(forwards);
         expect(forwards.size() >= 2);
         expect(backwards == forwards);
         const auto page = w.reads().events().before(filter, backwards.at(0), 1);
         expect_equal(page.at(0).position, backwards.at(1));
       }
       expect(w.reads().events().before({"nobody", "", ""}, 100, 10).empty());
     }},
    {"operations that ended long ago are forgotten with the events that told of them",
     [](Subject& subject) {
       World w(subject);
       AdvanceOperation piece;
       piece.id = w.fresh<base::OperationId>();
       model::OperationSpec spec;
       spec.selection = model::RunSelection{};
       w.apply(StartOperation{piece.id, "default", spec, "ada", w.now});
       const auto open = w.fresh<base::OperationId>();
       w.apply(StartOperation{open, "default", spec, "ada", w.now});
       piece.now = w.now;
       w.apply(piece);
       w.now += 30 * kDay;
       w.apply(TrimHistory{{}, 100, w.now, 7 * kDay});
       expect(!w.reads().operations().find("default", piece.id));
       expect(w.reads().operations().find("default", open).has_value());
     }},
    {"a bulk deletion and retention get along",
     [](Subject& subject) {
       World w(subject);
       end_some(w, w.job("backup"), 6);
       AdvanceOperation piece;
       piece.id = w.fresh<base::OperationId>();
       piece.limit = 4;
       model::OperationSpec spec;
       spec.kind = model::OperationKind::delete_runs;
       spec.selection = model::RunSelection{};
       w.apply(StartOperation{piece.id, "default", spec, "ada", w.now});
       piece.now = w.now;
       w.apply(piece);
       trim(w, keep_runs(2));
       while (w.apply(piece).state == model::OperationState::running) {
       }
       expect(taken(w.reads().runs().list({.tenant = "default"}, {})).items.empty());
     }},
});

}  // namespace

std::span<const ConformanceCase> history_cases() { return kCases; }

}  // namespace mainspring::store::conformance
