// Endpoint: where a container engine listens: a unix socket of this machine, or TCP with or without
// TLS.
//
// Values.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "json/describe.h"
#include "model/connection.h"

namespace mainspring::runner {

struct Endpoint {
  std::string url;                    // "unix:///run/docker.sock", "tcp://engine.internal:2376"
  std::optional<model::TlsSpec> tls;  // of tcp; absent: none, but on port 2376, which is for TLS

  // Behind a unix socket we take the engine for one of this machine: it sees our files, and its
  // containers are processes here.
  bool is_local() const { return url.starts_with("unix://"); }
  std::string socket() const;     // the path; "" for tcp
  std::string host_port() const;  // of tcp
  bool has_tls() const;

  static const json::StructTable& described();
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// Where jobs that name no engine find one: what DOCKER_HOST of the node's environment says, else
// the first socket that is there of Docker's and Podman's usual ones, else Docker's.
Endpoint find_own_endpoint();

// Errors: invalid_argument (the connection is of another type, or no such url).
base::Result<Endpoint> make_endpoint(const model::ConnectionSpec& connection);

}  // namespace mainspring::runner
