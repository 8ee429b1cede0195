// One try per type of connection, and what they share. Internal to this directory.
//
// Threads: one try, one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "model/connection.h"
#include "runner/attempt/values.h"

namespace mainspring::runner {

struct Try {
  const model::ConnectionSpec& spec;
  Values& values;
};

// What a library or a server said, as one line of a sentence, cut short.
std::string one_line(std::string_view text);

base::Result<std::string> try_http(const Try& attempt);
base::Result<std::string> try_docker(const Try& attempt);
base::Result<std::string> try_registry(const Try& attempt);
base::Result<std::string> try_database(const Try& attempt);  // postgres, mysql, sqlite

}  // namespace mainspring::runner
