// ConnectionReport: what became of a try of a connection; and the face that tries one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/connection.h"

namespace mainspring::api {

struct ConnectionReport {
  bool ok = false;
  std::int64_t milliseconds = 0;
  std::string server;  // what the other side says that it is
  std::string error;   // a sentence; "" when ok. Never a secret

  static const json::StructTable& described();
};

// Reaches the other side of a tenant's connection from this node. Any thread, several at once;
// blocks for ten seconds or so at most. The owner of the Api gives it.
using TestConnection =
    std::function<ConnectionReport(const model::ConnectionSpec&, std::string_view tenant)>;

}  // namespace mainspring::api
