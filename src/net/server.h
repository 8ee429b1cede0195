// An HTTP server over TCP and unix sockets.
//
// Threads: start() runs one event loop per edge thread; a connection stays on the one that got it.
// The application is called there. The Server itself belongs to one thread, never an edge thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/exchange.h"
#include "http/limits.h"

namespace mainspring::net {

class Tls;

struct ServerSettings {
  http::Limits limits;
  // For a TLS handshake, from the connection on: as long as for the headers of a request.
  std::chrono::milliseconds handshake{10'000};
  // TLS handshakes under way on one edge thread. A client that is not stalling needs two round
  // trips: even 1,000 strangers a second leave each a quarter of one.
  std::size_t handshakes = 256;
  int edge_threads = 1;  // one serves tens of thousands of requests a second
  // How often deadlines are looked at while there are connections: how late a cut may come.
  std::chrono::milliseconds reap_interval{1'000};
  // Hears of failures that nobody else does: an exception of the application, descriptors that ran
  // out. Called on edge threads; must neither block nor throw.
  std::function<void(std::string_view)> report;
};

struct TcpAddress {
  std::string host = "127.0.0.1";  // a numeric address, or a name that resolves to one
  std::uint16_t port = 0;          // 0: any that is free
  std::shared_ptr<Tls> tls = {};   // nullptr: connections are not encrypted
};

struct UnixPath {
  std::string path;  // at most 107 bytes, a limit of the kernel
};

// Where a server can be reached.
struct Endpoint {
  std::string address;     // "127.0.0.1:8080", "[::1]:8080" or "unix:/run/mainspring.sock"
  std::uint16_t port = 0;  // 0 for a unix socket
};

class Server {
 public:
  Server(const ServerSettings& settings, http::Application application);
  ~Server();  // stops at once where stop() was not called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds before start(), as often as wanted; connections wait in the kernel until then. Errors:
  // invalid_argument (an address that is none), conflict (taken), permission_denied, unavailable;
  // each names the address and what to do.
  base::Result<Endpoint> listen(const TcpAddress& address);
  // The socket is for the owner only (mode 0600); one left over by a dead process is replaced, and
  // the file is removed when the server stops.
  base::Result<Endpoint> listen(const UnixPath& path);

  void start();  // once

  // Accepts no more, closes idle connections, ends event streams, and lets requests and downloads
  // that were begun finish for at most `grace`; then cuts the rest and joins the threads. Exchanges
  // that outlive the server stay valid and do nothing.
  void stop(std::chrono::milliseconds grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mainspring::net
