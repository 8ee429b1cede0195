// RegisterWorker, SetWorkerState.
#include <fmt/core.h>

#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/moves.h"

namespace mainspring::sql {
namespace {

using model::WorkerState;

struct WorkerFact {
  std::string_view type;
  base::WorkerId id;
  std::string name;
  base::Instant now;
};

void tell(Core& core, const WorkerFact& fact) {
  core.add_event({kDefaultTenant, fact.type, fact.name, fact.now,
                  json::Object{{"worker", fact.id.text()}, {"name", fact.name}}});
}

}  // namespace

base::Result<store::Done> apply(Core& core, const store::RegisterWorker& command) {
  const model::Worker& worker = command.worker;
  core.database().run(
      "INSERT INTO workers(id, name, state, slots, labels, version, started_at, heartbeat_at,"
      " resources) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
      " ON CONFLICT(id) DO UPDATE SET name = excluded.name, state = excluded.state,"
      " slots = excluded.slots, labels = excluded.labels, version = excluded.version,"
      " started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at,"
      " resources = excluded.resources",
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
  if (found == nullptr) {
    return base::fail(base::Code::not_found,
                      fmt::format("there is no worker {}", command.worker_id.text()));
  }
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

}  // namespace mainspring::sql
