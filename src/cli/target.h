// Where the node is and how it is known: from flags, then MAINSPRING_SERVER, MAINSPRING_CA and
// MAINSPRING_TOKEN (or _TOKEN_FILE), then what the last node of this user wrote about itself
// (system/local_node.h).
#pragma once

#include <string>

#include "base/error.h"

namespace mainspring::cli {

struct TargetFlags {
  std::string server;  // "http://127.0.0.1:7070"
  std::string token_file;
  std::string ca = {};  // PEM file
};

struct Target {
  std::string server;
  std::string token;
  std::string ca;      // PEM file of the authorities to trust; empty: the system's
  std::string pin;     // of the local node's key, instead of an authority; empty: none
  std::string origin;  // where it was found, for messages: "--server", "MAINSPRING_SERVER" ...
};

// Errors: unavailable (no node was ever started here), not_found or permission_denied (the token).
base::Result<Target> find_target(const TargetFlags& flags);

}  // namespace mainspring::cli
