// Share: which part of what schedulers do is one node's, where several share a store. Rendezvous
// hashing: each job goes to the node that scores highest for it, so that all who see the same nodes
// agree without a word, jobs are spread evenly, and of a node that goes only its own jobs move.
//
// Where two nodes see different nodes for a moment, both or neither plan a job: the first does no
// harm, and the second ends with the next heartbeat, long before a fire is due.
// Immutable values. Source: Thaler and Ravishankar, "A name-based mapping scheme for rendezvous".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/id.h"

namespace mainspring::plan {

// What one node does for all; the others stand in, in an order of their own for each.
enum class Duty : std::uint8_t { promotion, upkeep };

class Share {
 public:
  Share() = default;  // of a node that is alone: everything
  // Nothing for a node that is none of the members.
  Share(base::NodeId self, std::vector<base::NodeId> members);

  bool has(base::JobId job) const;
  // How many come before this node; absent: it does not do it at all.
  std::optional<int> rank(Duty duty) const;

  friend bool operator==(const Share&, const Share&) = default;

 private:
  bool is_alone_ = true;
  bool is_member_ = true;
  base::NodeId self_;
  std::vector<base::NodeId> others_;  // sorted
};

}  // namespace mainspring::plan
