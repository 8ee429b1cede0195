// Operations: bulk cancel, re-run and delete, and backfill, piece by piece.
#include <chrono>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;
using base::Code;
using model::OperationKind;
using model::OperationSpec;
using model::OperationState;
using model::RunSelection;
using model::RunState;

OperationSpec bulk(OperationKind kind, RunSelection selection = {}) {
  OperationSpec spec;
  spec.kind = kind;
  spec.selection = std::move(selection);
  return spec;
}

base::OperationId start(World& w, OperationSpec spec) {
  const auto id = w.fresh<base::OperationId>();
  w.apply(StartOperation{id, "default", std::move(spec), "ada", w.now});
  return id;
}

AdvanceOperation piece(World& w, base::OperationId id, std::int64_t limit = 100) {
  AdvanceOperation command;
  command.id = id;
  command.limit = limit;
  command.now = w.now;
  for (std::int64_t i = 0; i < limit; ++i)
    command.ids.push_back(w.fresh<base::RunId>());
  return command;
}

// Pieces of `limit` until the operation has ended.
model::Operation finish(World& w, base::OperationId id, std::int64_t limit = 100) {
  for (int i = 0; i < 1'000; ++i) {
    if (w.apply(piece(w, id, limit)).state != OperationState::running) break;
  }
  return *w.reads().operations().find("default", id);
}

model::Operation carry_out(World& w, OperationSpec spec, std::int64_t limit = 100) {
  return finish(w, start(w, std::move(spec)), limit);
}

// Runs of the job that have ended, oldest first, with a line of log each.
std::vector<base::RunId> ended(World& w, base::JobId job, int count) {
  const base::WorkerId worker = w.worker();
  std::vector<base::RunId> out;
  for (int i = 0; i < count; ++i) {
    NewRun run = w.new_run(job);
    run.params["n"] = json::Value(i);
    w.apply(SubmitRuns{"default", {run}, "ada", w.now});
    const ClaimedRun claimed = w.claim_one(worker);
    w.apply(AppendLog{w.lease(claimed), {{1, model::LogStream::out, w.now, {"line"}}}});
    w.finish(claimed, i % 2 == 0 ? model::Outcome{} : World::failed(1));
    out.push_back(run.id);
    w.now += 1s;
  }
  return out;
}

bool is_gone(World& w, base::RunId run) {
  return !w.reads().runs().find("default", run) && w.reads().runs().attempts(run).empty() &&
         w.reads().runs().log({.run_id = run}).empty();
}

OperationSpec backfill(World& w, base::JobId job, base::Duration span) {
  OperationSpec spec;
  spec.kind = OperationKind::backfill;
  spec.backfill = model::BackfillSpec{job, {}, w.now - span, w.now, model::Overlap::allow, {}};
  return spec;
}

// The next `count` fires of a backfill, a minute apart.
AdvanceOperation next_fires(World& w, const OpenOperation& open, int count) {
  AdvanceOperation command = piece(w, open.operation.id, 1);
  command.planned_from = open.cursor;
  base::Instant at = *open.cursor;
  for (int i = 0; i < count; ++i, at += 60s)
    command.fires.push_back({at, w.fresh<base::RunId>(), base::format_instant(at), ""});
  command.planned_until = at;
  return command;
}

const auto kCases = std::to_array<ConformanceCase>({
    {"a bulk cancel ends every run that waits, a few at a time",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       std::vector<base::RunId> runs;
       for (int i = 0; i < 25; ++i)
         runs.push_back(w.submit(job));
       OperationSpec spec = bulk(OperationKind::cancel_runs);
       spec.reason = "wrong params";
       const base::OperationId id = start(w, spec);
       expect_equal(w.apply(piece(w, id, 10)).done, 10);
       expect_equal(w.reads().operations().find("default", id)->done, 10);
       const model::Operation done = finish(w, id, 10);
       expect(done.state == OperationState::completed && done.finished_at == w.now);
       expect_equal(done.total, 25);
       expect_equal(done.done, 25);
       expect_equal(done.skipped, 0);
       for (const base::RunId run : runs) {
         const model::Run found = w.run(run);
         expect(found.summary.state == RunState::cancelled);
         expect(found.cancel->by == "ada");
         expect(found.cancel->reason.find("wrong params") == 0);
         expect(found.cancel->reason.find(id.text()) != std::string::npos);
       }
       expect(w.claim(w.worker()).empty());
     }},
    {"a bulk cancel asks running runs to stop",
     [](Subject& subject) {
       World w(subject);
       const base::RunId run = w.submit(w.job("backup"));
       const base::WorkerId worker = w.worker();
       const ClaimedRun claimed = w.claim_one(worker);
       carry_out(w, bulk(OperationKind::cancel_runs));
       expect(w.run(run).summary.state == RunState::running);
       const auto renewed =
           w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now}).leases.at(0);
       expect(renewed.cancel.has_value());
     }},
    {"an operation deals with the runs that its selection names, and with no other",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec labelled = World::spec("labelled");
       labelled.labels["team"] = "data";
       const base::JobId one = w.job("one");
       const base::JobId two = w.put(labelled).id;
       const base::RunId of_one = w.submit(one);
       const base::RunId of_two = w.submit(two);
       NewRun by_hand = w.new_run(two);
       by_hand.trigger = model::Trigger::manual;
       w.apply(SubmitRuns{"default", {by_hand}, "ada", w.now});
       RunSelection selection;
       selection.selector = "team=data";
       selection.trigger = model::Trigger::manual;
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs, selection)).done, 1);
       expect(w.run(by_hand.id).summary.state == RunState::cancelled);
       expect(w.run(of_two).summary.state == RunState::queued);
       selection = {};
       selection.job = "one";
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs, selection)).done, 1);
       expect(w.run(of_one).summary.state == RunState::cancelled);
       selection = {};
       selection.queue = "elsewhere";
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs, selection)).total, 0);
       selection = {};
       selection.job = two.text();
       selection.created_from = w.now + 1s;
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs, selection)).total, 0);
       selection.created_from = w.now;
       selection.created_until = w.now + 1s;
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs, selection)).done, 1);
     }},
    {"runs that come after an operation was asked for are not its business",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.submit(job);
       const base::OperationId id = start(w, bulk(OperationKind::cancel_runs));
       w.now += 1s;
       const base::RunId late = w.submit(job);
       expect_equal(finish(w, id).done, 1);
       expect(w.run(late).summary.state == RunState::queued);
     }},
    {"fires that are only planned stay, unless the selection names their state",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("ticker");
       spec.schedule = {World::every(60s)};
       const base::JobId job = w.put(spec).id;
       const base::RunId planned = w.plan_fire(job, 60s);
       NewRun later = w.new_run(job);
       later.due_at = w.now + 60s;
       w.apply(SubmitRuns{"default", {later}, "ada", w.now});
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs)).done, 1);
       expect(w.run(later.id).summary.state == RunState::cancelled);
       RunSelection selection;
       selection.states = {RunState::scheduled};
       expect_equal(carry_out(w, bulk(OperationKind::cancel_runs, selection)).done, 1);
       expect(w.run(planned).summary.state == RunState::cancelled);
       const auto entry = w.occurrence(job, w.now + 60s);
       expect(entry.ending == model::Ending::cancelled);
     }},
    {"what an operation would find can be asked before",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       for (int i = 0; i < 3; ++i)
         w.submit(job);
       w.submit(w.job("other"));
       RunSelection selection;
       selection.job = "backup";
       auto& operations = w.reads().operations();
       const auto count =
           taken(operations.count("default", bulk(OperationKind::cancel_runs, selection)));
       expect_equal(count.runs, 3);
       expect(count.is_complete);
       selection.job = "backups";
       expect_code(operations.count("default", bulk(OperationKind::cancel_runs, selection)).error(),
                   Code::not_found);
     }},
    {"a bulk re-run submits each run again, with its version and input",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const auto old = ended(w, job, 4);
       model::JobSpec changed = World::spec("backup");
       changed.command.argv = {"/bin/false"};
       w.put(changed);
       RunSelection selection;
       selection.states = {RunState::failed};
       const model::Operation done = carry_out(w, bulk(OperationKind::rerun_runs, selection), 1);
       expect(done.state == OperationState::completed);
       expect_equal(done.done, 2);
       const auto claimed = w.claim(w.worker("w2"));
       expect_equal(claimed.size(), std::size_t{2});
       expect(claimed[0].spec == World::spec("backup"));
       expect(claimed[0].params.at("n") == json::Value(1));
       expect(claimed[1].params.at("n") == json::Value(3));
     }},
    {"a re-run of every run ends although its own runs end meanwhile",
     [](Subject& subject) {
       World w(subject);
       ended(w, w.job("backup"), 2);
       const base::OperationId id = start(w, bulk(OperationKind::rerun_runs));
       const base::WorkerId worker = w.worker("w2");
       for (int i = 0; i < 20; ++i) {
         if (w.apply(piece(w, id, 1)).state != OperationState::running) break;
         for (const ClaimedRun& run : w.claim(worker))
           w.finish(run);
       }
       const auto done = w.reads().operations().find("default", id);
       expect(done->state == OperationState::completed);
       expect_equal(done->done, 2);
     }},
    {"a re-run of a job that is gone is skipped",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       ended(w, job, 2);
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       const model::Operation done = carry_out(w, bulk(OperationKind::rerun_runs));
       expect_equal(done.done, 0);
       expect_equal(done.skipped, 2);
     }},
    {"a bulk deletion removes runs with all that belongs to them, and leaves the ledger",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const auto old = ended(w, job, 6);
       const base::RunId waiting = w.submit(job);
       const model::Operation done = carry_out(w, bulk(OperationKind::delete_runs), 2);
       expect(done.state == OperationState::completed);
       expect_equal(done.done, 6);
       for (const base::RunId run : old)
         expect(is_gone(w, run));
       expect(w.run(waiting).summary.state == RunState::queued);
     }},
    {"a long log is removed in pieces, and its run with the last of them",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::RunId run = w.submit(job);
       const ClaimedRun claimed = w.claim_one(w.worker());
       for (int i = 1; i <= 50; ++i)
         w.apply(AppendLog{w.lease(claimed), {{i, model::LogStream::out, w.now, {"line"}}}});
       w.finish(claimed);
       const base::OperationId id = start(w, bulk(OperationKind::delete_runs));
       expect_equal(w.apply(piece(w, id, 20)).done, 0);
       expect_equal(w.reads().runs().log({.run_id = run}).size(), std::size_t{30});
       expect(w.run(run).summary.state == RunState::succeeded);
       expect_equal(finish(w, id, 20).done, 1);
       expect(is_gone(w, run));
     }},
    {"a selection that cannot hold is refused",
     [](Subject& subject) {
       World w(subject);
       const auto refuse = [&](OperationSpec spec) {
         return w.refuse(StartOperation{w.fresh<base::OperationId>(), "default", std::move(spec),
                                        "ada", w.now});
       };
       RunSelection selection;
       selection.states = {RunState::failed};
       expect_code(refuse(bulk(OperationKind::cancel_runs, selection)), Code::invalid_argument);
       selection.states = {RunState::queued};
       expect_code(refuse(bulk(OperationKind::delete_runs, selection)), Code::invalid_argument);
       selection = {};
       selection.selector = "team=";
       selection.selector += "==";
       expect_code(refuse(bulk(OperationKind::cancel_runs, selection)), Code::invalid_argument);
       selection = {};
       selection.job = "nobody";
       expect_code(refuse(bulk(OperationKind::cancel_runs, selection)), Code::not_found);
       selection = {};
       selection.created_from = selection.created_until = w.now;
       expect_code(refuse(bulk(OperationKind::cancel_runs, selection)), Code::invalid_argument);
       OperationSpec without = bulk(OperationKind::cancel_runs);
       without.selection.reset();
       expect_code(refuse(without), Code::invalid_argument);
       expect_code(refuse(backfill(w, w.fresh<base::JobId>(), 60s)), Code::not_found);
       expect_code(refuse(backfill(w, w.job("backup"), 0s)), Code::invalid_argument);
     }},
    {"an operation's id is taken once, and a tenant has so many under way at the most",
     [](Subject& subject) {
       World w(subject);
       const base::OperationId id = start(w, bulk(OperationKind::cancel_runs));
       expect_code(
           w.refuse(StartOperation{id, "default", bulk(OperationKind::cancel_runs), "ada", w.now}),
           Code::conflict);
       for (std::int64_t i = 1; i < kOperationsRunning; ++i)
         start(w, bulk(OperationKind::cancel_runs));
       expect_code(w.refuse(StartOperation{w.fresh<base::OperationId>(), "default",
                                           bulk(OperationKind::cancel_runs), "ada", w.now}),
                   Code::overloaded);
       finish(w, id);
       start(w, bulk(OperationKind::cancel_runs));
     }},
    {"an operation that is cancelled stops where it is",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       for (int i = 0; i < 10; ++i)
         w.submit(job);
       const base::OperationId id = start(w, bulk(OperationKind::cancel_runs));
       w.apply(piece(w, id, 4));
       w.apply(CancelOperation{"default", id, "bob", w.now});
       expect_equal(w.apply(piece(w, id, 4)).done, 0);
       const auto stopped = w.reads().operations().find("default", id);
       expect(stopped->state == OperationState::cancelled && stopped->finished_at == w.now);
       expect_equal(stopped->done, 4);
       expect_equal(stopped->detail, "cancelled by bob");
       expect_code(w.refuse(CancelOperation{"default", id, "bob", w.now}), Code::conflict);
       expect_code(w.refuse(CancelOperation{"default", w.fresh<base::OperationId>(), "bob", w.now}),
                   Code::not_found);
       expect(w.reads().operations().open().empty());
     }},
    {"operations are told by events, and listed with the newest first",
     [](Subject& subject) {
       World w(subject);
       const base::OperationId first = start(w, bulk(OperationKind::cancel_runs));
       w.now += 1s;
       const base::OperationId second = start(w, bulk(OperationKind::delete_runs));
       expect_equal(w.reads().operations().open().size(), std::size_t{2});
       finish(w, first);
       w.apply(CancelOperation{"default", second, "bob", w.now});
       expect_equal(w.events("operation."),
                    "operation.started,operation.started,operation.completed,"
                    "operation.cancelled");
       auto page = taken(w.reads().operations().list("default", {1, ""}));
       expect(page.items.size() == 1 && page.items[0].id == second && !page.next.empty());
       page = taken(w.reads().operations().list("default", {1, page.next}));
       expect(page.items.size() == 1 && page.items[0].id == first && page.next.empty());
       expect(!w.reads().operations().list("default", {1, "nonsense"}));
     }},
    {"an operation goes on where it stood after a restart",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       for (int i = 0; i < 10; ++i)
         w.submit(job);
       const base::OperationId id = start(w, bulk(OperationKind::cancel_runs));
       w.apply(piece(w, id, 4));
       w.reopen();
       expect_equal(w.reads().operations().open().size(), std::size_t{1});
       expect_equal(finish(w, id).done, 10);
     }},
    {"a backfill submits its fires where its cursor stands, once",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("ticker");
       spec.schedule = {World::every(60s)};
       const base::JobId job = w.put(spec).id;
       OperationSpec asked = backfill(w, job, 300s);
       asked.backfill->params["n"] = json::Value(7);
       const base::Instant from = asked.backfill->from;
       const base::OperationId id = start(w, asked);
       const OpenOperation open = w.reads().operations().open().at(0);
       expect(open.operation.id == id && open.cursor == from && open.unfinished == 0);
       const AdvanceOperation first = next_fires(w, open, 3);
       expect_equal(w.apply(first).done, 3);
       expect_equal(w.apply(first).done, 0);  // its place is behind the cursor now
       const OpenOperation then = w.reads().operations().open().at(0);
       expect(then.cursor == from + 180s && then.unfinished == 3);
       const model::Run run = w.run(first.fires[1].run_id);
       expect(run.summary.trigger == model::Trigger::backfill);
       expect(run.summary.scheduled_at == from + 60s && run.summary.due_at == w.now);
       expect(run.params.at("n") == json::Value(7));
     }},
    {"a backfill is complete when all of its runs have ended",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("ticker");
       spec.schedule = {World::every(60s)};
       const base::JobId job = w.put(spec).id;
       const base::OperationId id = start(w, backfill(w, job, 120s));
       expect(w.apply(next_fires(w, w.reads().operations().open().at(0), 2)).state ==
              OperationState::running);
       expect(!w.reads().operations().find("default", id)->detail.empty());
       const base::WorkerId worker = w.worker();
       for (const ClaimedRun& run : w.claim(worker))
         w.finish(run);
       expect(w.apply(piece(w, id)).state == OperationState::completed);
       const auto done = w.reads().operations().find("default", id);
       expect_equal(done->done, 2);
       expect(w.reads().operations().open().empty());
     }},
    {"cancelling a backfill cancels what waits of it, little by little, and nothing else",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("ticker");
       spec.schedule = {World::every(60s)};
       const base::JobId job = w.put(spec).id;
       const base::RunId other = w.submit(job);
       const base::OperationId id = start(w, backfill(w, job, 600s));
       const AdvanceOperation fires = next_fires(w, w.reads().operations().open().at(0), 6);
       w.apply(fires);
       w.apply(CancelOperation{"default", id, "bob", w.now});
       expect_equal(w.reads().operations().open().size(), std::size_t{1});
       w.apply(piece(w, id, 4));
       expect_equal(w.reads().operations().open().at(0).unfinished, 2);
       w.apply(piece(w, id, 4));
       expect(w.reads().operations().open().empty());
       for (const model::PlannedFire& fire : fires.fires)
         expect(w.run(fire.run_id).summary.state == RunState::cancelled);
       expect(w.run(other).summary.state == RunState::queued);
       expect(w.reads().operations().find("default", id)->state == OperationState::cancelled);
     }},
    {"a backfill of a job that is deleted meanwhile fails and says why",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec spec = World::spec("ticker");
       spec.schedule = {World::every(60s)};
       const base::JobId job = w.put(spec).id;
       const base::OperationId id = start(w, backfill(w, job, 600s));
       w.apply(DeleteJob{"default", job, {}, "ada", w.now});
       expect(w.apply(piece(w, id)).state == OperationState::failed);
       expect_equal(w.reads().operations().find("default", id)->detail, "the job was deleted");
       expect_equal(w.events("operation."), "operation.started,operation.failed");
     }},
    {"advancing an operation that never was is an error, and one that has ended does nothing",
     [](Subject& subject) {
       World w(subject);
       expect_code(w.refuse(piece(w, w.fresh<base::OperationId>())), Code::not_found);
       const base::OperationId id = start(w, bulk(OperationKind::cancel_runs));
       finish(w, id);
       w.submit(w.job("backup"));
       const OperationAdvanced again = w.apply(piece(w, id));
       expect(again.state == OperationState::completed && again.done == 0);
     }},
});

}  // namespace

std::span<const ConformanceCase> operation_cases() { return kCases; }

}  // namespace mainspring::store::conformance
