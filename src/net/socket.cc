#include "net/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/core.h>

namespace mainspring::net {
namespace {

using base::Code;

constexpr int kBacklog = 1024;  // connections the kernel holds for us; it caps this itself

std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    return fmt::format("{}:{}", text, ntohs(v4.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    return fmt::format("[{}]:{}", text, ntohs(v6.sin6_port));
  }
  return "unix";
}

std::uint16_t bound_port(const sockaddr_storage& address) {
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);  // the port is at the same place in sockaddr_in6
  return ntohs(v4.sin_port);
}

std::unexpected<base::Error> bind_error(std::string_view name, int error) {
  switch (error) {
    case EADDRINUSE:
      return base::fail(Code::conflict,
                        fmt::format("cannot listen on {}: another process does. Stop it, or choose "
                                    "another address",
                                    name));
    case EACCES:
    case EPERM:
      return base::fail(Code::permission_denied,
                        fmt::format("cannot listen on {}: not permitted. Ports below 1024 need a "
                                    "privilege, and a socket file a folder that may be written",
                                    name));
    case EADDRNOTAVAIL:
      return base::fail(Code::invalid_argument,
                        fmt::format("cannot listen on {}: this machine does not have that address. "
                                    "Use 127.0.0.1, 0.0.0.0, or an address of this machine",
                                    name));
    default:
      return base::fail(Code::unavailable,
                        fmt::format("cannot listen on {}: {}. Check the address and the limits of "
                                    "the process",
                                    name, strerrordesc_np(error)));
  }
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

base::Result<Addresses> resolve(const TcpAddress& address) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &wanted, &found);
  if (error == 0) return Addresses{found};
  return base::fail(Code::invalid_argument,
                    fmt::format("'{}' is no address to listen on: {}. Write one such as 127.0.0.1, "
                                "0.0.0.0 or ::1",
                                address.host, gai_strerror(error)));
}

base::Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path || path.contains('\0')) {
    return base::fail(Code::invalid_argument,
                      fmt::format("'{}' cannot be a socket's path: it must have 1 to {} bytes. "
                                  "Choose a shorter folder",
                                  path, sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// True where the path is a socket that nobody listens on any more.
bool is_stale_socket(const sockaddr_un& address) {
  struct stat file{};
  if (lstat(address.sun_path, &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  const Descriptor probe{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return connect(probe.get(), generic, sizeof address) != 0 && errno == ECONNREFUSED;
}

}  // namespace

Descriptor::~Descriptor() {
  if (value_ >= 0) ::close(value_);
}

base::Result<Bound> bind_tcp(const TcpAddress& address) {
  auto resolved = resolve(address);
  if (!resolved) return base::fail(std::move(resolved.error()));
  const addrinfo& first = **resolved;
  const bool v6 = first.ai_family == AF_INET6;
  const std::string name = v6 ? fmt::format("[{}]:{}", address.host, address.port)
                              : fmt::format("{}:{}", address.host, address.port);
  Descriptor descriptor{socket(first.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!descriptor.is_open()) return bind_error(name, errno);
  const int on = 1;
  // A restart must not wait for connections of the last process that are in TIME_WAIT.
  setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(descriptor.get(), first.ai_addr, first.ai_addrlen) != 0 ||
      ::listen(descriptor.get(), kBacklog) != 0) {
    return bind_error(name, errno);
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(descriptor.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return bind_error(name, errno);
  }
  return Bound{std::move(descriptor), {address_text(bound), bound_port(bound)}};
}

base::Result<Bound> bind_unix(const UnixPath& path) {
  const auto address = unix_address(path.path);
  if (!address) return base::fail(address.error());
  const std::string name = "unix:" + path.path;
  Descriptor descriptor{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!descriptor.is_open()) return bind_error(name, errno);
  if (is_stale_socket(*address)) unlink(address->sun_path);
  // Nobody can connect before listen(), so the mode is right before it matters.
  if (bind(descriptor.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
      chmod(address->sun_path, S_IRUSR | S_IWUSR) != 0 ||
      ::listen(descriptor.get(), kBacklog) != 0) {
    return bind_error(name, errno);
  }
  return Bound{std::move(descriptor), {name, 0}};
}

Accepted accept_one(const Descriptor& listener) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  Descriptor descriptor{accept4(listener.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                                SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (!descriptor.is_open()) return {Descriptor{}, {}, errno};
  if (peer.ss_family != AF_UNIX) {
    const int on = 1;  // answers are written whole: waiting to fill a packet only delays them
    setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return {std::move(descriptor), address_text(peer), 0};
}

}  // namespace mainspring::net
