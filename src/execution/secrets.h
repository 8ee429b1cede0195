// Secrets: where a runner finds the values that a manifest only names. The worker's own store today
// (runner/attempt/secret_files.h); what comes later stands behind the same face.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::execution {

class Secrets {
 public:
  virtual ~Secrets();
  // Does I/O; any thread. Errors: not_found, permission_denied, too_large, unavailable; each says
  // what to do. No message holds a value.
  virtual base::Result<std::string> load(std::string_view tenant, std::string_view name) = 0;
};

}  // namespace mainspring::execution
