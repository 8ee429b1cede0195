// The command line of `mainspring`: dev, serve, config, backup, restore, doctor, openapi,
// version.
#pragma once

namespace mainspring::node {

// Returns the exit code: 0, 2 for a wrong command line or configuration, else by the code table.
int run_program(int argc, const char* const* argv);

}  // namespace mainspring::node
