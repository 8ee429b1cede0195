// SecretFiles: the worker's own store of secrets: DIRECTORY/TENANT/NAME, files that only the node's
// user may read. `mainspring secret set` writes them; a value is read anew for each attempt, so a
// change counts from the next one.
//
// Threads: any. Errors: those of execution::Secrets; permission_denied also for a file that others
// may read.
#pragma once

#include <string>

#include "execution/secrets.h"

namespace mainspring::runner {

class SecretFiles final : public execution::Secrets {
 public:
  explicit SecretFiles(std::string directory) : directory_(std::move(directory)) {}

  base::Result<std::string> load(std::string_view tenant, std::string_view name) override;

 private:
  std::string command_for(std::string_view tenant, std::string_view name) const;

  const std::string directory_;
};

}  // namespace mainspring::runner
