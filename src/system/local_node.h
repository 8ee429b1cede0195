// What a node tells the other programs of its user: where it listens, which file holds the admin
// token and by which key it is known, so that `jobctl` on the same machine works without set-up.
//
// The file is $XDG_STATE_HOME/mainspring/node, else ~/.local/state/mainspring/node, of mode 0600.
// Its lines are key=value; the last node that started wins.
#pragma once

#include <string>

#include "base/error.h"

namespace mainspring::system {

struct LocalNode {
  std::string server;      // "http://127.0.0.1:7070"
  std::string token_file;  // absolute path
  std::string pin = {};    // "sha256//..." of its TLS key; empty: none

  friend bool operator==(const LocalNode&, const LocalNode&) = default;
};

std::string local_node_path();

// Errors: not_found (no node was started here), and those of read_small_file().
base::Result<LocalNode> load_local_node();
base::Result<void> store_local_node(const LocalNode& node);
// Removes the file if it still speaks of this node.
void remove_local_node(const LocalNode& node);

}  // namespace mainspring::system
