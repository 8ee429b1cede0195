// Accounts of this machine, for jobs that run as another user and for their HOME.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "runner/process/process_spec.h"

namespace mainspring::runner {

struct Account {
  std::string name;
  std::string home;
  std::optional<Identity> identity;  // absent: the node's own user already
};

// `name` is a login name, or empty for the node's own user. Reads the account data base, as getent
// does. Errors: not_found, unavailable.
base::Result<Account> load_account(const std::string& name);

}  // namespace mainspring::runner
