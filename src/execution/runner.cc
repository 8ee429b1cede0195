#include "execution/runner.h"

namespace mainspring::execution {

// Out of line, so that their tables exist once and not in every file that includes the header.
Report::~Report() = default;
Runner::~Runner() = default;

}  // namespace mainspring::execution
