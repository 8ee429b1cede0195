// The environment of an attempt's program: defaults, the job's own values on top, and the variables
// of the result protocol, which nothing overrides.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "execution/runner.h"
#include "runner/attempt/account.h"
#include "runner/attempt/scratch.h"
#include "runner/attempt/values.h"

namespace mainspring::runner {

// Files in the scratch directory.
inline constexpr const char* kInputFile = "input.json";
inline constexpr const char* kResultFile = "result.json";
inline constexpr const char* kOutputFile = "output";
inline constexpr const char* kProgressFile = "progress";
inline constexpr const char* kExtendFile = "extend";

inline constexpr std::string_view kParamPrefix = "MAINSPRING_PARAM_";

// Reads what values come from, as the node's user. Errors: those of Values.
base::Result<std::map<std::string, std::string>> make_environment(const execution::Order& order,
                                                                  const Account& account,
                                                                  const Scratch& scratch,
                                                                  Values& values);

// The same for a container, whose image has defaults of its own. `directory` is where it finds the
// files of the result protocol; absent: it cannot.
base::Result<std::map<std::string, std::string>> make_contained_environment(
    const execution::Order& order, const std::optional<std::string>& directory, Values& values);

// The variables that name files of the result protocol.
std::map<std::string, std::string> make_file_variables(const std::string& directory);

}  // namespace mainspring::runner
