// What a refusal of the server, or the loss of the connection, means. Internal to this module.
#pragma once

#include <string>
#include <string_view>

#include "store/store.h"

namespace mainspring::postgres {

// What libpq and the server said of one statement or of an attempt to connect.
struct Refusal {
  std::string state;   // SQLSTATE, five characters; empty: the connection itself failed
  std::string text;    // the first line of what was said
  std::string server;  // "mainspring at db.example:5432", never with a password
};

// Nothing can be asked on this connection any more. A new one may work at once.
class ConnectionLost : public store::Unavailable {
 public:
  explicit ConnectionLost(const std::string& what)
      : store::Unavailable(base::Code::unavailable, what) {}
};

// Throws ConnectionLost where the connection is gone or good for nothing, store::Unavailable where
// the server cannot do it now (storage_full when there is no room), and sql::BrokenConstraint for a
// mistake of ours. The message says what to do; it is met by somebody at three in the morning.
[[noreturn]] void fail(const Refusal& refusal);

// Whether trying the same transaction again is what the server asks for.
bool is_collision(std::string_view state);

}  // namespace mainspring::postgres
