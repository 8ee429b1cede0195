// WebRequest: one HTTP exchange of a try, over TCP or a unix socket, with libcurl. Redirects are
// not followed: where they lead is not the connection.
//
// Threads: one.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "model/connection.h"
#include "runner/connection/deadline.h"

namespace mainspring::runner {

inline constexpr std::size_t kAnswerLimit = 64 << 10;  // of a body; what is longer is left out

struct WebRequest {
  std::string method = "GET";  // HEAD, GET or POST
  std::string url;
  std::string socket = {};  // the path of a unix socket; "": TCP
  std::map<std::string, std::string> headers = {};
  std::optional<std::pair<std::string, std::string>> basic = {};  // user and password
  std::string bearer = {};
  std::string form = {};  // of POST, encoded
  std::string proxy = {};
  std::optional<model::TlsSpec> tls = {};
};

struct WebAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; of equal ones the last
  std::string body;
};

// Errors: invalid_argument (the address; a file of TLS), timed_out, unavailable: each says what
// libcurl says.
base::Result<WebAnswer> fetch(const WebRequest& request, const Deadline& deadline);

}  // namespace mainspring::runner
