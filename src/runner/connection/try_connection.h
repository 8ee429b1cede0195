// Trying a connection out: reaches the other side once, with the credentials that a job would come
// with and by the code that a job would use, and changes nothing there. What a try finds to work,
// a job gets through to.
//
// Threads: any; blocks, and gives up at kTryTime. The system's resolver keeps to limits of its own
// for the names of databases.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "model/connection.h"
#include "runner/attempt/values.h"

namespace mainspring::runner {

inline constexpr std::chrono::seconds kTryTime{10};

// What the other side says that it is, such as "PostgreSQL 15.18 ...". Errors: those of
// Values::load(); permission_denied (it does not take the credentials), timed_out, not_found (no
// such database), unavailable, unsupported (no version of ours), invalid_argument (an address, an
// option or a file of TLS that is none). No message holds a secret.
//
// http: HEAD on the url, GET where that is refused, with a token of its own where the connection
// has OAuth 2; an answer that is no refusal of credentials and no failure of the server will do,
// and redirects are not followed: where they lead is not the connection. docker: /version, as
// before every container. registry: /v2/, with a token where the registry asks for one. Databases:
// a session of a job, and SELECT version(); of sqlite, what its schema has.
base::Result<std::string> try_connection(const model::ConnectionSpec& spec, Values& values);

}  // namespace mainspring::runner
