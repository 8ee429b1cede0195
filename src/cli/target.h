// Where the node is: from flags, then MAINSPRING_SERVER and MAINSPRING_TOKEN (or _TOKEN_FILE), then
// what the last node of this user wrote about itself (system/local_node.h).
#pragma once

#include <string>

#include "base/error.h"

namespace mainspring::cli {

struct TargetFlags {
  std::string server;  // "http://127.0.0.1:7070"
  std::string token_file;
};

struct Target {
  std::string server;
  std::string token;
  std::string origin;  // where it was found, for messages: "--server", "MAINSPRING_SERVER" ...
};

// Errors: unavailable (no node was ever started here), not_found or permission_denied (the token).
base::Result<Target> find_target(const TargetFlags& flags);

}  // namespace mainspring::cli
