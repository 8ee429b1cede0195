// Sessions of browsers as text, so that they outlive a restart of the node: what a Shelf keeps.
//
// The text opens nothing: a cookie is there as its SHA-256 only, and the CSRF token of a session
// follows from its cookie. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "api/identity.h"
#include "base/error.h"
#include "base/time.h"

namespace mainspring::api {

struct Session {
  Identity identity;
  base::Instant expires;
};
using Sessions = std::map<std::string, Session>;  // by the SHA-256 of the cookie

std::string write_sessions(const Sessions& sessions);
// Errors: invalid_argument (something else is written there).
base::Result<Sessions> read_sessions(std::string_view text);

// The CSRF token of the session with this cookie: as hard to guess as the cookie, and no way back.
std::string csrf_token_of(std::string_view cookie);

}  // namespace mainspring::api
