#include "runner/container/endpoint.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include <fmt/core.h>

#include "json/codec.h"

namespace mainspring::runner {
namespace {

using json::field;

constexpr std::string_view kUnix = "unix://";
constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kTlsPort = ":2376";  // as registered with IANA, docker-s
constexpr const char* kSockets[] = {"/run/docker.sock", "/var/run/docker.sock",
                                    "/run/podman/podman.sock"};

}  // namespace

const json::StructTable& Endpoint::described() {
  static const auto table = json::describe<Endpoint>(
      "Endpoint", "Where a container engine listens.",
      field<&Endpoint::url>("url", "unix:// with a path, or tcp:// with host and port.").required(),
      field<&Endpoint::tls>("tls", "How far it must prove who it is."));
  return table;
}

std::string Endpoint::socket() const {
  return is_local() ? url.substr(kUnix.size()) : std::string{};
}

std::string Endpoint::host_port() const {
  if (!url.starts_with(kTcp)) return {};
  std::string rest = url.substr(kTcp.size());
  rest.resize(std::min(rest.find('/'), rest.size()));
  return rest;
}

bool Endpoint::has_tls() const { return tls || host_port().ends_with(kTlsPort); }

Endpoint find_own_endpoint() {
  // Read once, before there are threads that could change it.
  if (const char* told = std::getenv("DOCKER_HOST"); told != nullptr && *told != '\0')
    return {told, std::nullopt};
  for (const char* path : kSockets)
    if (::access(path, F_OK) == 0) return {fmt::format("{}{}", kUnix, path), std::nullopt};
  return {fmt::format("{}{}", kUnix, kSockets[0]), std::nullopt};
}

base::Result<Endpoint> make_endpoint(const model::ConnectionSpec& connection) {
  if (connection.type != model::ConnectionType::docker) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("the connection '{}' is of type {}; container.engine needs one "
                                  "of type docker",
                                  connection.name, json::to_text(connection.type)));
  }
  const Endpoint endpoint{connection.url, connection.tls};
  if (endpoint.socket().starts_with('/') || !endpoint.host_port().empty()) return endpoint;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("the url of the connection '{}' must be unix:// with a full path, "
                                "or tcp:// with host and port; it is '{}'",
                                connection.name, connection.url));
}

}  // namespace mainspring::runner
