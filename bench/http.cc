// Both ends of the HTTP measurements.
//
// Usage: bench_http echo             the server of `net` with an application that answers its
//                                    standard input to everything, on a free port, which is printed
//        bench_http load PORT CONNECTIONS SECONDS
//                                    sends the request that stands on standard input, each
//                                    connection again as soon as it is answered; prints answers per
//                                    second
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/server.h"

namespace mainspring::bench {
namespace {

// One request at a time on one connection.
class Client {
 public:
  Client(int port, const std::string& request)
      : request_(request), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int socket() const { return socket_; }
  void ask() {
    if (::send(socket_, request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size())) {
      throw std::runtime_error("cannot send");
    }
  }
  // Reads what has come; true when the answer is whole.
  bool read_answer() {
    char buffer[16384];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) throw std::runtime_error("the server closed the connection");
    input_.append(buffer, static_cast<std::size_t>(count));
    const std::size_t head = input_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    if (!input_.starts_with("HTTP/1.1 20")) throw std::runtime_error(input_.substr(0, 400));
    const std::size_t at = input_.find("Content-Length: ");
    if (at > head) throw std::runtime_error("an answer without a length");
    if (input_.size() < head + 4 + std::stoul(input_.substr(at + 16))) return false;
    input_.clear();
    return true;
  }

 private:
  const std::string& request_;
  int socket_;
  std::string input_;
};

struct Target {
  int port = 0;
  int connections = 1;
  double seconds = 1;
};

double answers_per_second(const Target& target, const std::string& request) {
  const int events = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < target.connections; ++i) {
    Client& client = *clients.emplace_back(std::make_unique<Client>(target.port, request));
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &client}};
    ::epoll_ctl(events, EPOLL_CTL_ADD, client.socket(), &event);
    client.ask();
  }
  std::int64_t answers = 0;
  const auto began = std::chrono::steady_clock::now();
  std::chrono::duration<double> took{0};
  while (took.count() < target.seconds) {
    epoll_event ready[64];
    const int count = ::epoll_wait(events, ready, 64, 1'000);
    for (int i = 0; i < count; ++i) {
      auto& client = *static_cast<Client*>(ready[i].data.ptr);
      if (!client.read_answer()) continue;
      ++answers;
      client.ask();
    }
    took = std::chrono::steady_clock::now() - began;
  }
  ::close(events);
  return static_cast<double>(answers) / took.count();
}

// Until SIGTERM.
void serve(const std::string& body) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  net::Server server({}, [&body](const http::Request&, const auto& exchange) {
    exchange->respond({.status = 200, .headers = {}, .body = body});
  });
  const auto endpoint = server.listen(net::TcpAddress{});
  if (!endpoint) throw std::runtime_error(base::to_text(endpoint.error()));
  server.start();
  std::printf("%d\n", endpoint->port);
  std::fflush(stdout);
  int number = 0;
  ::sigwait(&ends, &number);
  server.stop(std::chrono::milliseconds{0});
}

int run(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  const std::string input{std::istreambuf_iterator<char>{std::cin}, {}};
  if (mode == "echo" && argc == 2) {
    serve(input);
    return 0;
  }
  if (mode == "load" && argc == 5) {
    const Target target{std::stoi(argv[2]), std::stoi(argv[3]), std::stod(argv[4])};
    std::printf("%.1f\n", answers_per_second(target, input));
    return 0;
  }
  std::fputs("usage: bench_http echo | bench_http load PORT CONNECTIONS SECONDS\n", stderr);
  return 2;
}

}  // namespace
}  // namespace mainspring::bench

int main(int argc, char** argv) {
  try {
    return mainspring::bench::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_http: %s\n", failure.what());
    return 1;
  }
}
