// jobctl as a function: its command line in, what it says to stdout and stderr, its exit code out.
#pragma once

#include <string>
#include <vector>

#include "cli/completion.h"

namespace mainspring::cli {

// `arguments` without the program's own name.
int run_program(const std::vector<std::string>& arguments);

// Every command there is; for completion and for tests.
CommandNode command_tree();

}  // namespace mainspring::cli
