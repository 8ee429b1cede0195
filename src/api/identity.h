// Who is asking, as later checks and records need it.
#pragma once

#include <optional>
#include <string>

#include "api/route.h"
#include "base/blob.h"
#include "base/time.h"
#include "store/reads.h"

namespace mainspring::api {

struct Identity {
  std::string tenant;
  std::string name;  // "admin", shown in `requested_by` and events
  Permission permission = Permission::view;
  std::string csrf_token;  // of a browser session; empty for a token
  base::Blob token;        // the SHA-256 of the token; empty for a session by a sign-in link
  std::optional<base::Instant> ends_at = {};      // the token or the session, by themselves
  std::optional<store::WorkerGrant> worker = {};  // whose credential it is; then permission `work`
};

// The most that a token with these permissions may do.
Permission permission_of(const std::vector<std::string>& names);

}  // namespace mainspring::api
