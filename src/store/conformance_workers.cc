// Cases about workers as such: what they are told, how they join from elsewhere, and what happens
// to those that are cut off.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

using base::Code;
using model::LogStream;
using model::RunState;
using model::WorkerState;

model::Worker only_worker(World& w) { return w.reads().workers().all().at(0); }

void order(World& w, base::WorkerId worker, WorkerOrder what,
           std::optional<base::Instant> until = {}) {
  w.apply(OrderWorker{worker, what, until, "ada", w.now});
}

// A run with one attempt whose worker was not heard of again.
struct CutOff {
  base::RunId id;
  base::WorkerId worker;
  ClaimedRun claimed;

  explicit CutOff(World& w, int max_attempts = 1) : worker(w.worker("far")) {
    model::JobSpec spec = World::spec("talks");
    spec.retry.max_attempts = max_attempts;
    id = w.submit(w.put(spec).id);
    claimed = w.claim_one(worker);
    append(w, 1, "one\n");
    w.now += 11s;
    w.expire();
  }
  AppendLog late(World& w, std::int64_t seq, std::string text) const {
    AppendLog command{w.lease(claimed), {{seq, LogStream::out, w.now, {std::move(text)}}}};
    command.worker_id = worker;
    command.is_late = true;
    return command;
  }
  void append(World& w, std::int64_t seq, std::string text) {
    w.apply(late(w, seq, std::move(text)));
  }
};

std::string text_of(World& w, base::RunId id) {
  std::string text;
  for (const StoredLogChunk& stored : w.reads().runs().log({.run_id = id}))
    text += std::to_string(stored.attempt) + ":" + stored.chunk.bytes.bytes;
  return text;
}

constexpr auto kOrderCases = std::to_array<ConformanceCase>({
    {"a cordoned worker keeps what it has and is given nothing new until it is uncordoned",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       const base::RunId first = w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(worker);
       order(w, worker, WorkerOrder::cordon);
       order(w, worker, WorkerOrder::cordon);
       w.submit(w.job("other"));
       expect(w.claim(worker).empty());
       expect(w.apply(RenewLeases{worker, {w.lease(claimed)}, 10s, w.now}).leases[0].until ==
              w.now + 10s);
       expect(w.finish(claimed).state == RunState::succeeded && claimed.run.id == first);
       expect(only_worker(w).is_cordoned && only_worker(w).state == WorkerState::online);
       order(w, worker, WorkerOrder::uncordon);
       expect_equal(w.claim(worker).size(), std::size_t{1});
       expect_equal(w.events("node."), "node.joined,node.cordoned,node.uncordoned");
     }},
    {"what a worker was told holds across its restarts",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       order(w, worker, WorkerOrder::cordon);
       w.apply(RegisterWorker{only_worker(w), 7, w.now});
       w.submit(w.job("backup"));
       expect(w.claim(worker).empty() && only_worker(w).is_cordoned);
     }},
    {"a worker that is to drain hears until when, by its heartbeat",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker();
       order(w, worker, WorkerOrder::drain, w.now + 60s);
       w.submit(w.job("backup"));
       expect(w.claim(worker).empty());
       expect(w.apply(RenewLeases{worker, {}, 10s, w.now}).drain_until == w.now + 60s);
       expect(only_worker(w).state == WorkerState::draining);
       order(w, worker, WorkerOrder::uncordon);
       expect(!w.apply(RenewLeases{worker, {}, 10s, w.now}).drain_until);
       expect(only_worker(w).state == WorkerState::online);
       expect_code(w.refuse(OrderWorker{w.fresh<base::WorkerId>(), {}, {}, "ada", w.now}),
                   Code::not_found);
     }},
    {"a worker that was removed is gone from the list, and its history stays",
     [](Subject& subject) {
       World w(subject);
       const base::WorkerId worker = w.worker("old");
       const base::RunId id = w.submit(w.job("backup"));
       w.finish(w.claim_one(worker));
       expect_code(w.refuse(RemoveWorker{worker, "ada", w.now}), Code::conflict);
       w.apply(SetWorkerState{worker, WorkerState::offline, w.now});
       w.apply(RemoveWorker{worker, "ada", w.now});
       expect(w.reads().workers().all().empty() && !w.reads().workers().find(worker));
       expect_equal(w.run(id).attempts.at(0).worker, "old");
       model::Worker again;
       again.id = worker;
       again.name = "old";
       w.apply(RegisterWorker{again, 7, w.now});
       w.submit(w.job("other"));
       expect_equal(w.claim(worker).size(), std::size_t{1});
     }},
    {"a worker's machine is described as it registered",
     [](Subject& subject) {
       World w(subject);
       model::Worker worker;
       worker.id = w.fresh<base::WorkerId>();
       worker.name = "gpu";
       worker.resources = {8, std::int64_t{64} << 30, 2, std::int64_t{80} << 30, {"H100", "H100"}};
       w.apply(RegisterWorker{worker, 7, w.now});
       expect(w.reads().workers().find(worker.id)->resources == worker.resources);
     }},
});

constexpr auto kCutOffCases = std::to_array<ConformanceCase>({
    {"what an attempt printed before it was lost is stored when it arrives later",
     [](Subject& subject) {
       World w(subject);
       CutOff far(w);
       far.append(w, 2, "two\n");
       far.append(w, 2, "two\n");
       expect_equal(text_of(w, far.id), "1:one\n1:two\n");
       expect_equal(w.reads().runs().lines({.run_id = far.id}).extent.lines, 2);
       expect(w.run(far.id).summary.state == RunState::failed);
     }},
    {"late output goes to the attempt that printed it, beside the one that runs now",
     [](Subject& subject) {
       World w(subject);
       CutOff far(w, 2);
       w.now += 3600s;
       const ClaimedRun again = w.claim_one(w.worker("near"));
       w.apply(AppendLog{w.lease(again), {{1, LogStream::out, w.now, {"anew\n"}}}});
       far.append(w, 2, "two\n");
       expect_equal(text_of(w, far.id), "1:one\n1:two\n2:anew\n");
       w.finish(again);
       far.append(w, 3, "three\n");
       expect_equal(text_of(w, far.id), "1:one\n1:two\n1:three\n2:anew\n");
     }},
    {"late output is refused from another worker, and for an attempt that ended in order",
     [](Subject& subject) {
       World w(subject);
       const CutOff far(w);
       AppendLog foreign = far.late(w, 2, "not mine\n");
       foreign.worker_id = w.worker("near");
       expect_code(w.refuse(foreign), Code::lease_lost);
       w.submit(w.job("other"));
       const ClaimedRun other = w.claim_one(far.worker);
       w.finish(other);
       AppendLog done{w.lease(other), {{1, LogStream::out, w.now, {"late\n"}}}};
       done.is_late = true;
       expect_code(w.refuse(done), Code::lease_lost);
     }},
    {"a report that names another worker than the lease's is refused",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.job("backup"));
       const ClaimedRun claimed = w.claim_one(w.worker("one"));
       FinishAttempt foreign{w.lease(claimed), {}, 7, w.now};
       foreign.worker_id = w.worker("two");
       expect_code(w.refuse(foreign), Code::lease_lost);
       expect_code(w.refuse(ReportProgress{w.lease(claimed), {}, foreign.worker_id}),
                   Code::lease_lost);
       expect(w.finish(claimed).state == RunState::succeeded);
     }},
    {"a worker that did not hear of its claim is given the same lease again",
     [](Subject& subject) {
       World w(subject);
       w.submit(w.job("backup"));
       w.submit(w.job("other"));
       const base::WorkerId worker = w.worker();
       const ClaimedRun heard = w.claim_one(worker);
       const ClaimedRun unheard = w.claim_one(worker);
       w.now += 3s;
       ClaimRuns again{worker, 4, 10s, w.now};
       again.known = {w.lease(heard)};
       const auto reply = w.apply(again);
       expect_equal(reply.runs.size(), std::size_t{1});
       expect(reply.runs[0].run.id == unheard.run.id && reply.runs[0].epoch == unheard.epoch);
       expect(reply.runs[0].attempt == 1 && reply.runs[0].lease_until == w.now + 10s);
       expect(reply.runs[0].spec.command.argv == unheard.spec.command.argv);
       expect_equal(w.events("run.started"), "run.started,run.started");
       expect(w.finish(unheard).state == RunState::succeeded);
     }},
});

// A token with which workers join, and what the join needs.
struct Door {
  base::TokenId id;
  base::Blob sha256{"door"};

  explicit Door(World& w, std::int64_t uses = 1) : id(w.fresh<base::TokenId>()) {
    w.apply(PutJoinToken{.id = id,
                         .tenant = w.tenant,
                         .sha256 = sha256,
                         .uses = uses,
                         .labels = {{"site", "home"}},
                         .slots_limit = 2,
                         .by = "ada",
                         .now = w.now,
                         .expires_at = w.now + 3600s});
  }
  JoinWorker join(World& w, const std::string& secret) const {
    return {sha256, w.fresh<base::WorkerId>(), {secret}, "far", w.now};
  }
};

constexpr auto kJoinCases = std::to_array<ConformanceCase>({
    {"a worker that joins is bound to what its token says, and is known by its credential",
     [](Subject& subject) {
       World w(subject);
       const Door door(w);
       const JoinWorker join = door.join(w, "secret");
       const WorkerJoined joined = w.apply(join);
       expect(joined.slots_limit == 2 && joined.labels.at("site") == "home");
       const auto grant = w.reads().workers().find_grant({"secret"});
       expect(grant && grant->worker_id == join.worker_id && grant->slots_limit == 2);
       expect(grant->name == "far" && grant->tenant == w.tenant);
       expect(!w.reads().workers().find_grant({"guess"}));
       expect(only_worker(w).is_remote && only_worker(w).state == WorkerState::offline);
       expect_equal(w.reads().tokens().all_join_tokens(w.tenant).at(0).used, 1);
       expect_equal(w.events("node."), "node.admitted");
     }},
    {"a join that is repeated after a lost answer uses nothing up",
     [](Subject& subject) {
       World w(subject);
       const Door door(w);
       const JoinWorker join = door.join(w, "secret");
       w.apply(join);
       expect(w.apply(join).slots_limit == 2);
       expect_equal(w.reads().tokens().all_join_tokens(w.tenant).at(0).used, 1);
     }},
    {"a join token that is unknown, used up, over or revoked opens nothing",
     [](Subject& subject) {
       World w(subject);
       const Door door(w, 2);
       JoinWorker unknown = door.join(w, "a");
       unknown.join_sha256 = {"guess"};
       expect_code(w.refuse(unknown), Code::unauthenticated);
       w.apply(door.join(w, "a"));
       w.apply(door.join(w, "b"));
       expect_code(w.refuse(door.join(w, "c")), Code::unauthenticated);
       w.apply(DeleteJoinToken{w.tenant, door.id, "ada", w.now});
       expect_code(w.refuse(DeleteJoinToken{w.tenant, door.id, "ada", w.now}), Code::not_found);
       const Door other(w);
       w.now += 3600s;
       expect_code(w.refuse(other.join(w, "d")), Code::unauthenticated);
       expect_equal(w.reads().workers().all().size(), std::size_t{2});
     }},
    {"nobody joins as a worker that is there",
     [](Subject& subject) {
       World w(subject);
       const Door door(w);
       JoinWorker join = door.join(w, "secret");
       join.worker_id = w.worker("mine");
       expect_code(w.refuse(join), Code::conflict);
     }},
    {"a worker that was removed loses its credential, and its leases when they run out",
     [](Subject& subject) {
       World w(subject);
       const Door door(w);
       const JoinWorker join = door.join(w, "secret");
       w.apply(join);
       model::Worker worker = only_worker(w);
       worker.slots = 2;
       worker.state = WorkerState::online;
       w.apply(RegisterWorker{worker, 7, w.now});
       const base::RunId id = w.submit(w.job("backup"));
       w.claim_one(join.worker_id);
       w.apply(RemoveWorker{join.worker_id, "ada", w.now});
       expect(!w.reads().workers().find_grant({"secret"}));
       expect(w.run(id).summary.state == RunState::running);
       w.now += 11s;
       w.expire();
       expect(w.run(id).attempts.at(0).outcome->status == model::OutcomeStatus::lost);
     }},
});

}  // namespace

std::span<const ConformanceCase> order_cases() { return kOrderCases; }
std::span<const ConformanceCase> cut_off_cases() { return kCutOffCases; }
std::span<const ConformanceCase> join_cases() { return kJoinCases; }

}  // namespace mainspring::store::conformance
