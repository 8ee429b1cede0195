#include "execution/secrets.h"

namespace mainspring::execution {

// Out of line, so that its table exists once and not in every file that includes the header.
Secrets::~Secrets() = default;

}  // namespace mainspring::execution
