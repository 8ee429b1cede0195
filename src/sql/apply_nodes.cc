// RegisterNode, NodeHeartbeat, RemoveNode.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

using model::NodeState;

// Nodes belong to no tenant; what happens to them is told under the first one.
void tell(Core& core, std::string_view type, const model::Node& node, base::Instant now) {
  json::Object payload{{"node", node.id.text()}, {"name", node.name}};
  if (node.clock_offset_ms) payload["clock_offset_ms"] = *node.clock_offset_ms;
  core.add_event({kDefaultTenant, type, node.name, now, std::move(payload)});
}

bool is_there(const model::Node& node) {
  return node.state == NodeState::online || node.state == NodeState::draining;
}

void tell_changes(Core& core, const model::Node& before, const model::Node& after,
                  base::Instant now) {
  if (after.state == NodeState::online && before.state != NodeState::online) {
    tell(core, "node.joined", after, now);
  }
  if (after.state == NodeState::draining && before.state != NodeState::draining) {
    tell(core, "node.draining", after, now);
  }
  const bool was_in_time = model::is_in_time(before.clock_offset_ms);
  if (was_in_time == model::is_in_time(after.clock_offset_ms)) return;
  tell(core, was_in_time ? "node.clock_skewed" : "node.clock_in_time", after, now);
}

void give_up(Core& core, const model::Node& node, base::Instant now) {
  core.database().run("UPDATE nodes SET state = ?2 WHERE id = ?1", node.id, NodeState::lost);
  tell(core, "node.lost", node, now);
  give_up_worker(core, base::WorkerId{node.id.bytes()}, now);
}

// Whom this heartbeat finds silent. A worker that no node speaks for is one too.
void judge(Core& core, const store::NodeHeartbeat& command, const std::vector<model::Node>& nodes) {
  const base::Instant last = command.now - command.liveness;
  for (const model::Node& node : nodes) {
    const bool is_silent = is_there(node) && node.heartbeat_at < last;
    if (is_silent && node.id != command.node_id) give_up(core, node, command.now);
  }
  const base::Instant last_of_worker = command.now - store::kWorkerPatience * command.liveness;
  // Who has just come lets them find it first: it may be the only one that they know.
  const auto self = std::ranges::find(nodes, command.node_id, &model::Node::id);
  if (self->started_at > last_of_worker) return;
  std::vector<base::WorkerId> silent;
  {
    Rows rows = core.database().query(
        "SELECT id FROM workers WHERE state <> ?1 AND heartbeat_at < ?2 AND removed_at IS NULL"
        " ORDER BY id",
        model::WorkerState::offline, last_of_worker);
    while (rows.next())
      rows.read(silent.emplace_back());
  }
  for (const base::WorkerId id : silent)
    give_up_worker(core, id, command.now);
}

}  // namespace

base::Result<store::NodesKnown> apply(Core& core, const store::RegisterNode& command) {
  const model::Node& node = command.node;
  core.database().run(
      "INSERT INTO nodes(id, name, state, roles, version, protocol, address, started_at,"
      " heartbeat_at, clock_offset_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
      " ON CONFLICT(id) DO UPDATE SET name = excluded.name, state = excluded.state,"
      " roles = excluded.roles, version = excluded.version, protocol = excluded.protocol,"
      " address = excluded.address, started_at = excluded.started_at,"
      " heartbeat_at = excluded.heartbeat_at, clock_offset_ms = excluded.clock_offset_ms",
      node.id, node.name, node.state, to_column(node.roles), node.version, node.protocol,
      node.address, node.started_at, command.now, node.clock_offset_ms);
  tell(core, "node.joined", node, command.now);
  if (!model::is_in_time(node.clock_offset_ms)) {
    tell(core, "node.clock_skewed", node, command.now);
  }
  return store::NodesKnown{read_nodes(core.database())};
}

base::Result<store::NodesKnown> apply(Core& core, const store::NodeHeartbeat& command) {
  const std::vector<model::Node> nodes = read_nodes(core.database());
  const auto self = std::ranges::find(nodes, command.node_id, &model::Node::id);
  if (self == nodes.end()) {
    return base::fail(base::Code::not_found,
                      fmt::format("there is no node {}", command.node_id.text()));
  }
  model::Node after = *self;
  after.state = command.state;
  after.clock_offset_ms = command.clock_offset_ms;
  core.database().run(
      "UPDATE nodes SET state = ?2, address = ?3, clock_offset_ms = ?4, heartbeat_at = ?5"
      " WHERE id = ?1",
      after.id, after.state, command.address, after.clock_offset_ms, command.now);
  tell_changes(core, *self, after, command.now);
  const bool was_away = self->heartbeat_at < command.now - command.liveness;
  if (!was_away) judge(core, command, nodes);
  core.database().run("DELETE FROM nodes WHERE state >= ?1 AND heartbeat_at < ?2",
                      NodeState::offline, command.now - store::kNodesKept);
  return store::NodesKnown{read_nodes(core.database())};
}

base::Result<store::Done> apply(Core& core, const store::RemoveNode& command) {
  const std::vector<model::Node> nodes = read_nodes(core.database());
  const auto found = std::ranges::find(nodes, command.node_id, &model::Node::id);
  if (found == nodes.end()) {
    return base::fail(base::Code::not_found,
                      fmt::format("there is no node {}", command.node_id.text()));
  }
  if (is_there(*found)) {
    return base::fail(base::Code::conflict,
                      fmt::format("node '{}' is {}: stop it first; one that died is given up as "
                                  "lost by itself",
                                  found->name, json::to_text(found->state)));
  }
  core.database().run("DELETE FROM nodes WHERE id = ?1", found->id);
  return store::Done{};
}

}  // namespace mainspring::sql
