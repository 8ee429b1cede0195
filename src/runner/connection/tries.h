// One try per type of connection, and what they share. Internal to this directory.
//
// Threads: one try, one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "model/connection.h"
#include "runner/attempt/values.h"
#include "runner/connection/deadline.h"

namespace mainspring::runner {

struct Try {
  const model::ConnectionSpec& spec;
  Values& values;
  const Deadline& deadline;

  // "the password of the connection 'warehouse'".
  std::string purpose(std::string_view what) const;
  // "" where the connection names none. Errors: those of Values::load().
  base::Result<std::string> load_password() const;
};

// What a library or a server said, as one line of a sentence, cut short.
std::string one_line(std::string_view text);

base::Result<std::string> try_http(const Try& attempt);
base::Result<std::string> try_docker(const Try& attempt);
base::Result<std::string> try_registry(const Try& attempt);
base::Result<std::string> try_postgres(const Try& attempt);
base::Result<std::string> try_mysql(const Try& attempt);
base::Result<std::string> try_sqlite(const Try& attempt);

}  // namespace mainspring::runner
