// The environment of an attempt's program: defaults, the job's own values on top, and the variables
// of the result protocol, which nothing overrides.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "execution/runner.h"
#include "runner/command/account.h"
#include "runner/command/scratch.h"

namespace mainspring::runner {

// Files in the scratch directory.
inline constexpr const char* kInputFile = "input.json";
inline constexpr const char* kResultFile = "result.json";
inline constexpr const char* kOutputFile = "output";
inline constexpr const char* kProgressFile = "progress";
inline constexpr const char* kExtendFile = "extend";

inline constexpr std::size_t kSecretLimit = 64 << 10;  // a key or a token has a few KiB

struct Environment {
  std::map<std::string, std::string> variables;
  std::vector<std::string> secrets;  // values that no log may show
  std::vector<std::string> notes;    // for the log: which of them cannot be masked
};

// Reads the files that values come from, as the node's user. Errors, naming variable and file:
// not_found, permission_denied, too_large (kSecretLimit), invalid_argument (no regular file, or a
// zero byte in it), unavailable; unsupported (a secret of the store).
base::Result<Environment> make_environment(const execution::Order& order, const Account& account,
                                           const Scratch& scratch);

}  // namespace mainspring::runner
