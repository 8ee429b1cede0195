// A secret value, read from standard input: all of it, or, from a terminal, a line that is asked
// for twice and not shown.
//
// Threads: the main one. Errors: invalid_argument (empty, a zero byte, the two lines differ),
// too_large (runner::kSecretLimit), unavailable.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::node {

// One newline at the end is left out, as `echo` adds it.
base::Result<std::string> read_secret_value(std::string_view name);

}  // namespace mainspring::node
