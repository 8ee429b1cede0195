// Node: one process of the program, as the nodes that share a store know each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::model {

enum class NodeRole { api, scheduler, worker };
const json::EnumTable& described(NodeRole);

// What it said of itself last; `lost` is what others say of one that they hear no more.
enum class NodeState { online, draining, offline, lost };
const json::EnumTable& described(NodeState);

struct Node {
  base::NodeId id;  // its worker has an id of the same bytes
  std::string name;
  NodeState state = NodeState::online;
  std::vector<NodeRole> roles;
  std::string version;  // of the program
  int protocol = 1;     // of what nodes say to each other through the store
  std::string address;  // "https://node1.example:7070"; empty: it serves nobody
  base::Instant started_at;
  base::Instant heartbeat_at;
  std::optional<std::int64_t> clock_offset_ms;  // of the store's clock less its own; else not known

  static const json::StructTable& described();
};

// Beyond it a node neither plans nor promotes nor expires: fires would come early or late.
inline constexpr base::Duration kClockTolerance{1'000};

bool is_in_time(const std::optional<std::int64_t>& clock_offset_ms);
bool has_role(const Node& node, NodeRole role);
// Whether it does what a scheduler does: is one, online and in time.
bool is_planning(const Node& node);

}  // namespace mainspring::model
