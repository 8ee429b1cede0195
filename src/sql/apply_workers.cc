// RegisterWorker, SetWorkerState, OrderWorker, RemoveWorker.
#include <fmt/core.h>

#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/moves.h"

namespace mainspring::sql {

using model::WorkerState;
using store::WorkerOrder;

namespace {

// Tells a fact about a worker, and `more` about it: who did it.
void tell_more(Core& core, const WorkerFact& fact, json::Object more = {}) {
  json::Object payload{{"worker", fact.id.text()}, {"name", fact.name}};
  for (auto& item : more)
    payload[item.key()] = std::move(item.value());
  core.add_event({kDefaultTenant, fact.type, fact.name, fact.now, std::move(payload)});
}

std::unexpected<base::Error> no_worker(base::WorkerId id) {
  return base::fail(base::Code::not_found, fmt::format("there is no worker {}", id.text()));
}

std::string_view event_of(WorkerOrder order) {
  switch (order) {
    case WorkerOrder::cordon:
      return "node.cordoned";
    case WorkerOrder::drain:
      return "node.draining";
    case WorkerOrder::uncordon:
      return "node.uncordoned";
  }
  return {};
}

}  // namespace

void tell(Core& core, const WorkerFact& fact) {
  {
    const base::NodeId node{fact.id.bytes()};
    Rows rows = core.database().query("SELECT state FROM nodes WHERE id = ?1", node);
    if (rows.next()) return;
  }
  tell_more(core, fact);
}

void give_up_worker(Core& core, base::WorkerId id, base::Instant now) {
  const WorkerRow* found = core.find_worker(id);
  if (found == nullptr || found->state == WorkerState::offline) return;
  const WorkerRow before = *found;
  core.database().run("UPDATE workers SET state = ?2 WHERE key = ?1", before.key,
                      WorkerState::offline);
  core.forget_workers();
  if (before.state == WorkerState::online) tell(core, {"node.lost", before.id, before.name, now});
}

// What people told it stays, unless it had been removed: a removed one comes back as a new one.
base::Result<store::Done> apply(Core& core, const store::RegisterWorker& command) {
  const model::Worker& worker = command.worker;
  core.database().run(
      "INSERT INTO workers(id, name, state, slots, labels, version, started_at, heartbeat_at,"
      " resources) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
      " ON CONFLICT(id) DO UPDATE SET name = excluded.name, state = excluded.state,"
      " slots = excluded.slots, labels = excluded.labels, version = excluded.version,"
      " started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at,"
      " resources = excluded.resources,"
      " cordoned = CASE WHEN workers.removed_at IS NULL THEN workers.cordoned ELSE 0 END,"
      " removed_at = NULL",
      worker.id, worker.name, worker.state, worker.slots, to_column(worker.labels), worker.version,
      worker.started_at, command.now, to_column(worker.resources));
  core.forget_workers();
  const WorkerRow row = *core.find_worker(worker.id);
  for (const base::RunId id : core.live().leased_to(row.key)) {
    AttemptEnd end{.outcome = {}, .entropy = command.entropy, .now = command.now};
    end.outcome.error =
        model::Failure{"lost", fmt::format("worker {} started anew", worker.name), {}};
    lose_attempt(core, LiveRun{*core.live().find(id)}, end);
  }
  tell(core, {"node.joined", worker.id, worker.name, command.now});
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::SetWorkerState& command) {
  const WorkerRow* found = core.find_worker(command.worker_id);
  if (found == nullptr) return no_worker(command.worker_id);
  const WorkerRow before = *found;
  if (before.state == command.state) return store::Done{};
  core.database().run("UPDATE workers SET state = ?2 WHERE key = ?1", before.key, command.state);
  core.forget_workers();
  // Going away after draining is no loss.
  const bool is_lost = command.state == WorkerState::offline && before.state == WorkerState::online;
  if (is_lost) tell(core, {"node.lost", before.id, before.name, command.now});
  if (command.state == WorkerState::draining) {
    tell(core, {"node.draining", before.id, before.name, command.now});
  }
  if (command.state == WorkerState::online) {
    tell(core, {"node.joined", before.id, before.name, command.now});
  }
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::OrderWorker& command) {
  const WorkerRow* found = core.find_worker(command.worker_id);
  if (found == nullptr) return no_worker(command.worker_id);
  const WorkerRow before = *found;
  const bool is_cordoned = command.order != WorkerOrder::uncordon;
  std::optional<base::Instant> drain_until;
  if (command.order == WorkerOrder::drain) drain_until = command.drain_until.value_or(command.now);
  if (before.is_cordoned == is_cordoned && before.drain_until == drain_until) return store::Done{};
  core.database().run("UPDATE workers SET cordoned = ?2, drain_until = ?3 WHERE key = ?1",
                      before.key, is_cordoned, drain_until);
  core.forget_workers();
  json::Object more{{"by", command.by}};
  if (drain_until) more["until"] = base::format_instant(*drain_until);
  tell_more(core, {event_of(command.order), before.id, before.name, command.now}, std::move(more));
  core.notify(store::WorkerOrdered{before.id});
  if (!is_cordoned && !core.live().ready().empty()) core.notify(store::RunsReady{1});
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::RemoveWorker& command) {
  const WorkerRow* found = core.find_worker(command.worker_id);
  if (found == nullptr) return no_worker(command.worker_id);
  const WorkerRow before = *found;
  if (!before.is_remote && before.state != WorkerState::offline) {
    return base::fail(
        base::Code::conflict,
        fmt::format("worker {} belongs to a node that is there; stop the node first", before.name));
  }
  core.database().run("DELETE FROM worker_credentials WHERE worker = ?1", before.id);
  core.database().run(
      "UPDATE workers SET removed_at = ?2, cordoned = 1, drain_until = NULL, state = ?3"
      " WHERE key = ?1",
      before.key, command.now, WorkerState::offline);
  core.forget_workers();
  tell_more(core, {"node.removed", before.id, before.name, command.now}, {{"by", command.by}});
  core.notify(store::WorkerOrdered{before.id});
  return store::Done{};
}

}  // namespace mainspring::sql
