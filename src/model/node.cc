#include "model/node.h"

#include <algorithm>
#include <cstdlib>

namespace mainspring::model {

using json::field;

const json::EnumTable& described(NodeRole) {
  static const auto table = json::enumeration<NodeRole>(
      "NodeRole", "What a node does.",
      {{NodeRole::api, "api", "It serves the REST API and the web UI."},
       {NodeRole::scheduler, "scheduler", "It plans schedules and does what time does."},
       {NodeRole::worker, "worker", "It executes runs."}});
  return table;
}

const json::EnumTable& described(NodeState) {
  static const auto table = json::enumeration<NodeState>(
      "NodeState", "Whether a node is there.",
      {{NodeState::online, "online", "It does its work."},
       {NodeState::draining, "draining", "It is about to stop; others have taken over."},
       {NodeState::offline, "offline", "It was stopped."},
       {NodeState::lost, "lost", "It was not heard of in time; others have taken over."}});
  return table;
}

const json::StructTable& Node::described() {
  static const auto table = json::describe<Node>(
      "Node", "One process of the program.",
      field<&Node::id>("id", "The node's id; it stays over restarts.").required(),
      field<&Node::name>("name", "The node's name; its host's unless configured.").required(),
      field<&Node::state>("state", "Whether it is there.").required(),
      field<&Node::roles>("roles", "What it does.").required(),
      field<&Node::version>("version", "The version of its program."),
      field<&Node::protocol>("protocol", "Of what nodes say to each other through the store."),
      field<&Node::address>("address", "Where its API is reached; empty: it has none."),
      field<&Node::started_at>("started_at", "When it started.").required(),
      field<&Node::heartbeat_at>("heartbeat_at", "When it was last heard of.").required(),
      field<&Node::clock_offset_ms>(
          "clock_offset_ms",
          "By how much the store's clock is ahead of its own; absent: unknown. "
          "Beyond a second it plans nothing."));
  return table;
}

bool is_in_time(const std::optional<std::int64_t>& clock_offset_ms) {
  return std::abs(clock_offset_ms.value_or(0)) <= kClockTolerance.count();
}

bool has_role(const Node& node, NodeRole role) {
  return std::ranges::find(node.roles, role) != node.roles.end();
}

bool is_planning(const Node& node) {
  return node.state == NodeState::online && has_role(node, NodeRole::scheduler) &&
         is_in_time(node.clock_offset_ms);
}

}  // namespace mainspring::model
