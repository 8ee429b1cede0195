// Trying a connection out: reaches the other side once, with the credentials that a job would come
// with, and changes nothing there.
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
// Values::load(); permission_denied (it does not take the credentials), timed_out, unavailable,
// invalid_argument (an address or a file of TLS that is none). No message holds a secret.
//
// http: HEAD on the url, GET where that is refused; an answer that is no refusal of credentials and
// no failure of the server will do. docker: /_ping and /version. registry: /v2/, with a token where
// the registry asks for one. postgres and mysql: sign in, SELECT version(). sqlite: the file is
// opened for reading.
base::Result<std::string> try_connection(const model::ConnectionSpec& spec, Values& values);

}  // namespace mainspring::runner
