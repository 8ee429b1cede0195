// A TCP proxy in front of the test's server that can cut a connection at the worst moment. For
// tests only. Threads: one of its own; the setters may be called from any.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mainspring::postgres {

class TestProxy {
 public:
  enum class Cut {
    none,
    before,  // it is not handed on
    after,   // it is, but nothing comes back any more
  };

  explicit TestProxy(const std::string& server_url)
      : server_port_(
            static_cast<std::uint16_t>(std::stoi(server_url.substr(server_url.rfind(':') + 1)))),
        listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        wake_(::eventfd(0, EFD_CLOEXEC)) {
    sockaddr_in own = address(0);
    socklen_t size = sizeof own;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&own), size) != 0 ||
        ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size) != 0) {
      throw std::runtime_error("the proxy cannot listen");
    }
    const std::size_t host = server_url.find('@') + 1;
    url_ = server_url.substr(0, server_url.rfind(':') + 1) + std::to_string(ntohs(own.sin_port)) +
           server_url.substr(server_url.find('/', host));
    thread_ = std::thread([this] { run(); });
  }
  ~TestProxy() {
    is_ending_ = true;
    ::eventfd_write(wake_, 1);
    thread_.join();
    for (const Pair& pair : pairs_)
      close(pair);
    ::close(listener_);
    ::close(wake_);
  }
  TestProxy(const TestProxy&) = delete;
  TestProxy& operator=(const TestProxy&) = delete;

  const std::string& url() const { return url_; }
  // Once, when a client sends COMMIT.
  void cut_at_commit(Cut cut) { cut_ = cut; }
  bool has_cut() const { return cut_ == Cut::none; }

 private:
  // As it is sent: the text of a statement ends with a zero, and BEGIN ... READ COMMITTED does not.
  static constexpr std::string_view kCommit{"\0COMMIT\0", 8};

  struct Pair {
    int client = -1;
    int server = -1;
  };

  static sockaddr_in address(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
  }
  static void close(const Pair& pair) {
    ::close(pair.client);
    ::close(pair.server);
  }

  void run() {
    while (!is_ending_) {
      std::vector<pollfd> descriptors{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const Pair& pair : pairs_) {
        descriptors.push_back({pair.client, POLLIN, 0});
        descriptors.push_back({pair.server, POLLIN, 0});
      }
      ::poll(descriptors.data(), descriptors.size(), -1);
      std::size_t at = 2;
      for (auto pair = pairs_.begin(); pair != pairs_.end(); at += 2) {
        const bool is_good = (descriptors[at].revents == 0 || from_client(*pair)) &&
                             (descriptors[at + 1].revents == 0 || from_server(*pair));
        if (!is_good) close(*pair);
        pair = is_good ? std::next(pair) : pairs_.erase(pair);
      }
      if (descriptors[1].revents != 0) accept();
    }
  }

  void accept() {
    Pair pair{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC),
              ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in server = address(server_port_);
    if (::connect(pair.server, reinterpret_cast<sockaddr*>(&server), sizeof server) == 0) {
      pairs_.push_back(pair);
    } else {
      close(pair);
    }
  }

  // False: the pair has ended.
  bool from_client(Pair& pair) {
    std::string bytes = read(pair.client);
    if (bytes.empty()) return false;
    const bool is_hit = cut_ != Cut::none && bytes.find(kCommit) != std::string::npos;
    if (!is_hit) return write(pair.server, bytes);
    const Cut cut = cut_.exchange(Cut::none);
    if (cut == Cut::before) return false;
    // The server gets all of it, and its answer is lost.
    if (write(pair.server, bytes)) read(pair.server);
    return false;
  }

  static bool from_server(const Pair& pair) {
    const std::string bytes = read(pair.server);
    return !bytes.empty() && write(pair.client, bytes);
  }

  static std::string read(int descriptor) {
    std::string out(65'536, '\0');
    const ssize_t count = ::recv(descriptor, out.data(), out.size(), 0);
    out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return out;
  }
  static bool write(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  const std::uint16_t server_port_;
  const int listener_;
  const int wake_;
  std::string url_;
  std::atomic<Cut> cut_{Cut::none};
  std::atomic<bool> is_ending_{false};
  std::list<Pair> pairs_;
  std::thread thread_;
};

}  // namespace mainspring::postgres
