// Reads what a program left in its scratch directory: its Statement. Does I/O.
#pragma once

#include "runner/attempt/program_outcome.h"
#include "runner/attempt/scratch.h"

namespace mainspring::runner {

Statement load_statement(const Scratch& scratch);

}  // namespace mainspring::runner
