// Longer than usual: every case needs the same client and the same running server.
#include "net/server.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <future>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "net/socket.h"

namespace mainspring::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{20};  // a test fails then; none waits that long otherwise

// A blocking client of one connection. Every wait has a deadline.
class Client {
 public:
  explicit Client(const Endpoint& to) {
    const bool local = to.port == 0;
    socket_ = Descriptor{socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (local) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      const std::string path = to.address.substr(5);
      std::memcpy(address.sun_path, path.data(), path.size());
      connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
    } else {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(to.port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
  }

  bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void shut_sending() { ::shutdown(socket_.get(), SHUT_WR); }

  // Reads some; false at the end, on an error, or when patience ends.
  bool read_some() {
    pollfd wait{socket_.get(), POLLIN, 0};
    const auto patience = std::chrono::duration_cast<milliseconds>(kPatience).count();
    if (::poll(&wait, 1, static_cast<int>(patience)) != 1) {
      timed_out_ = true;
      return false;
    }
    char buffer[65536];
    const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  bool read_until(std::string_view text) {
    while (!input_.contains(text)) {
      if (!read_some()) return false;
    }
    return true;
  }
  // Everything until the server closes; not closed where patience ended first.
  std::string read_all() {
    while (read_some()) {
    }
    return timed_out_ ? "timed out: " + input_ : input_;
  }

  struct Reply {
    int status = 0;
    std::string body;
  };
  Reply read_reply() {
    Reply reply;
    if (!read_until("\r\n\r\n")) return reply;
    const std::size_t head = input_.find("\r\n\r\n") + 4;
    const std::size_t at = input_.find("Content-Length: ");
    const std::size_t length = at < head ? std::stoul(input_.substr(at + 16)) : 0;
    while (input_.size() < head + length) {
      if (!read_some()) return reply;
    }
    reply.status = std::stoi(input_.substr(9, 3));
    reply.body = input_.substr(head, length);
    input_.erase(0, head + length);
    return reply;
  }
  Reply get(std::string_view target) {
    send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target));
    return read_reply();
  }
  const std::string& input() const { return input_; }

 private:
  void connect(const sockaddr* address, std::size_t size) {
    connected_ = ::connect(socket_.get(), address, static_cast<socklen_t>(size)) == 0;
  }

  Descriptor socket_;
  std::string input_;
  bool connected_ = false;
  bool timed_out_ = false;
};

// A value that one thread sets and another waits for.
template <class T>
class Box {
 public:
  void put(T value) { promise_.set_value(std::move(value)); }
  bool wait() { return future_.wait_for(kPatience) == std::future_status::ready; }
  T take() {
    REQUIRE(wait());
    return future_.get();
  }

 private:
  std::promise<T> promise_;
  std::future<T> future_ = promise_.get_future();
};

using Pending = std::shared_ptr<http::Exchange>;

ServerSettings quick() {
  ServerSettings settings;
  settings.reap_interval = milliseconds{20};
  return settings;
}

// A server on a free port of loopback that is stopped with the test.
struct Running {
  Running(const ServerSettings& settings, http::Application application)
      : server(settings, std::move(application)), endpoint(server.listen(TcpAddress{}).value()) {
    server.start();
  }
  Server server;
  Endpoint endpoint;
};

void echo(http::Request request, const Pending& exchange) {
  exchange->respond(
      {.status = 200, .headers = {}, .body = request.body.empty() ? request.path : request.body});
}

TEST_CASE("64 connections of 200 requests each are answered in order, by two edges") {
  ServerSettings settings = quick();
  settings.edge_threads = 2;
  Running running(settings, echo);
  constexpr int kThreads = 8;
  std::atomic<int> good = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&running, &good, t] {
      std::vector<std::unique_ptr<Client>> clients;
      for (int c = 0; c < 64 / kThreads; ++c)
        clients.push_back(std::make_unique<Client>(running.endpoint));
      for (int i = 0; i < 200; ++i) {
        const std::string target = fmt::format("/{}/{}", t, i);
        for (const auto& client : clients)
          client->send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target));
        for (const auto& client : clients) {
          const auto reply = client->read_reply();
          if (reply.status == 200 && reply.body == target) ++good;
        }
      }
    });
  }
  threads.clear();
  CHECK_EQ(good.load(), 64 * 200);
}

TEST_CASE("answers may come from any thread, and pipelined requests keep their order") {
  std::mutex mutex;
  std::vector<std::jthread> workers;
  Running running(quick(), [&](http::Request request, Pending exchange) {
    const std::lock_guard lock(mutex);
    workers.emplace_back([request = std::move(request), exchange = std::move(exchange)] {
      echo(request, exchange);
    });
  });
  Client client(running.endpoint);
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
  client.send(all);
  for (int i = 0; i < 20; ++i)
    CHECK_EQ(client.read_reply().body, fmt::format("/{}", i));
}

TEST_CASE("a request that is dropped or throws is answered 500, and the connection serves on") {
  ServerSettings settings = quick();
  Box<std::string> report;
  settings.report = [&report](std::string_view failure) { report.put(std::string{failure}); };
  Running running(settings, [](const http::Request& request, const Pending& exchange) {
    if (request.path == "/throw") throw std::runtime_error("secret");
    if (request.path == "/twice") exchange->respond({.status = 201, .headers = {}, .body = {}});
    if (request.path != "/drop") exchange->respond({});
  });
  Client client(running.endpoint);
  CHECK_EQ(client.get("/drop").status, 500);
  const auto thrown = client.get("/throw");
  CHECK_EQ(thrown.status, 500);
  CHECK_FALSE(thrown.body.contains("secret"));
  CHECK(report.take().contains("secret"));
  CHECK_EQ(client.get("/twice").status, 201);
  CHECK_EQ(client.get("/").status, 200);
}

TEST_CASE("a client that sends its request slowly is cut at the deadline") {
  ServerSettings settings = quick();
  settings.limits.head_read = milliseconds{100};
  settings.limits.body_read = milliseconds{100};
  settings.limits.linger = milliseconds{100};
  Running running(settings, echo);
  Client head(running.endpoint);
  head.send("GET / HTTP/1.1\r\nHo");
  CHECK(head.read_all().starts_with("HTTP/1.1 408 "));
  Client body(running.endpoint);
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  CHECK(body.read_all().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("an idle connection is closed, and the reaper wakes again for the next one") {
  ServerSettings settings = quick();
  settings.limits.idle = milliseconds{300};  // a busy machine must send within it
  Running running(settings, echo);
  for (int i = 0; i < 2; ++i) {
    Client client(running.endpoint);
    CHECK_EQ(client.get("/").status, 200);
    CHECK_EQ(client.read_all(), "");
  }
}

TEST_CASE("a large body is served up to the limit and refused above it") {
  ServerSettings settings = quick();
  settings.limits.body_bytes = 1 << 20;
  Running running(settings, echo);
  Client client(running.endpoint);
  const std::string body(settings.limits.body_bytes, 'x');
  const auto post = [](const std::string& content) {
    return fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", content.size(),
                       content);
  };
  client.send(post(body));
  CHECK(client.read_reply().body == body);
  // The refusal comes while the client is still sending, and must reach it all the same.
  client.send(post(body + "y"));
  CHECK_EQ(client.read_reply().status, 413);
}

TEST_CASE("a client that does not read its answer is cut") {
  ServerSettings settings = quick();
  settings.limits.write_stall = milliseconds{100};
  Running running(settings, [](const http::Request&, const Pending& exchange) {
    exchange->respond({.status = 200, .headers = {}, .body = std::string(64 << 20, 'x')});
  });
  Client client(running.endpoint);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(client.read_until("\r\n\r\n"));
  running.server.stop(kPatience);  // returns when the connection is gone
  CHECK(client.read_all().size() < (64 << 20));
}

TEST_CASE("a stream's buffer is bounded, and its writer is told when there is room again") {
  Box<std::shared_ptr<http::Stream>> box;
  Running running(quick(), [&box](const http::Request&, const Pending& exchange) {
    box.put(exchange->start_stream({}));
  });
  Client client(running.endpoint);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = box.take();
  Box<bool> room;
  Box<bool> closed;
  std::once_flag once;
  stream->on_writable([&] { std::call_once(once, [&room] { room.put(true); }); });
  stream->on_closed([&closed] { closed.put(true); });
  const std::string piece(100'000, 'x');
  std::size_t accepted = 0;
  while (stream->write(piece))
    accepted += piece.size();
  // What the kernel holds and one buffer, far below what a client can be made to ask for.
  CHECK(accepted < std::size_t{64} << 20);
  CHECK_FALSE(stream->write(std::string(2 << 20, 'x')));

  std::jthread reader([&client] { client.read_until("the end\r\n0\r\n\r\n"); });
  CHECK(room.wait());
  CHECK(stream->write("the end"));
  stream->close();
  CHECK(closed.wait());
  CHECK_FALSE(stream->write("more"));
  reader.join();
  std::size_t received = 0;
  for (const char c : client.input())
    received += c == 'x' ? 1 : 0;
  CHECK_EQ(received, accepted);
}

TEST_CASE("a client that leaves is noticed by its stream and by its exchange") {
  Box<std::shared_ptr<http::Stream>> streams;
  Box<Pending> exchanges;
  Running running(quick(), [&](const http::Request& request, const Pending& exchange) {
    if (request.path == "/stream") {
      streams.put(exchange->start_stream({}));
    } else {
      exchanges.put(exchange);
    }
  });
  auto client = std::make_unique<Client>(running.endpoint);
  client->send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = streams.take();
  Box<bool> closed;
  stream->on_closed([&closed] { closed.put(true); });
  REQUIRE(client->read_until("\r\n\r\n"));
  client.reset();
  CHECK(closed.wait());
  CHECK_FALSE(stream->write("x"));
  Box<bool> late;
  stream->on_closed([&late] { late.put(true); });
  CHECK(late.wait());

  Client half(running.endpoint);
  half.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto exchange = exchanges.take();
  CHECK_FALSE(exchange->client_gone());
  half.shut_sending();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!exchange->client_gone() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  CHECK(exchange->client_gone());
  exchange->respond({.status = 202, .headers = {}, .body = {}});
  CHECK(half.read_all().starts_with("HTTP/1.1 202 "));
}

TEST_CASE("a stream that is dropped before its end is seen as cut by the client") {
  Running running(quick(), [](const http::Request&, const Pending& exchange) {
    exchange->start_stream({})->write("half");
  });
  Client client(running.endpoint);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string all = client.read_all();
  CHECK(all.contains("4\r\nhalf\r\n"));
  CHECK_FALSE(all.ends_with("0\r\n\r\n"));
}

TEST_CASE("stopping lets answers and downloads finish, and ends event streams and idle clients") {
  Box<Pending> box;
  Box<std::shared_ptr<http::Stream>> streams;
  Box<std::shared_ptr<http::Stream>> downloads;
  Running running(quick(), [&](const http::Request& request, Pending exchange) {
    if (request.path == "/idle") return echo(request, exchange);
    if (request.path == "/stream") {
      const http::Headers headers{{"Content-Type", "text/event-stream"}};
      return streams.put(exchange->start_stream({.status = 200, .headers = headers, .body = {}}));
    }
    if (request.path == "/download") return downloads.put(exchange->start_stream({}));
    box.put(std::move(exchange));
  });
  Client idle(running.endpoint);
  CHECK_EQ(idle.get("/idle").status, 200);
  Client streaming(running.endpoint);
  streaming.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = streams.take();
  Box<bool> closed;
  stream->on_closed([&closed] { closed.put(true); });
  CHECK(stream->write("last words"));
  Client loading(running.endpoint);
  loading.send("GET /download HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto download = downloads.take();
  Client busy(running.endpoint);
  busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto exchange = box.take();

  std::jthread stopper([&running] { running.server.stop(kPatience); });
  CHECK_EQ(idle.read_all(), "");  // the server is draining once this returns
  CHECK(streaming.read_all().ends_with("last words\r\n0\r\n\r\n"));
  CHECK(closed.wait());
  exchange->respond({.status = 200, .headers = {}, .body = "done"});
  CHECK(busy.read_all().ends_with("done"));
  CHECK(download->write("all of it"));
  download->close();
  CHECK(loading.read_all().ends_with("all of it\r\n0\r\n\r\n"));
  for (Client* client : {&idle, &streaming, &busy, &loading})
    client->shut_sending();
  stopper.join();
  CHECK_FALSE(Client(running.endpoint).connected());
}

TEST_CASE("when the grace is over the rest is cut, and what outlives the server does nothing") {
  Box<Pending> box;
  auto running = std::make_unique<Running>(
      quick(), [&](const http::Request&, Pending exchange) { box.put(std::move(exchange)); });
  Client client(running->endpoint);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto exchange = box.take();
  running->server.stop(milliseconds{0});
  running.reset();
  CHECK_EQ(client.read_all(), "");
  CHECK(exchange->client_gone());
  const auto stream = exchange->start_stream({});
  CHECK_FALSE(stream->write("x"));
  bool closed = false;
  stream->on_closed([&closed] { closed = true; });
  CHECK(closed);
}

TEST_CASE("a connection over the limit is told to try again, and a freed place is used") {
  ServerSettings settings = quick();
  settings.limits.connections = 2;
  Running running(settings, echo);
  auto first = std::make_unique<Client>(running.endpoint);
  Client second(running.endpoint);
  CHECK_EQ(first->get("/").status, 200);
  CHECK_EQ(second.get("/").status, 200);
  Client third(running.endpoint);
  third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_EQ(third.read_reply().status, 503);
  third.shut_sending();
  CHECK_EQ(third.read_all(), "");
  first.reset();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < deadline)
    status = Client(running.endpoint).get("/").status;
  CHECK_EQ(status, 200);
}

TEST_CASE("a taken port is refused with its address and with what to do") {
  Running running(quick(), echo);
  Server second(quick(), echo);
  const auto refused = second.listen(TcpAddress{"127.0.0.1", running.endpoint.port});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == base::Code::conflict);
  CHECK(refused.error().message.contains(running.endpoint.address));
  CHECK_FALSE(second.listen(TcpAddress{"nowhere.invalid", 0}).has_value());
  CHECK_FALSE(second.listen(TcpAddress{"192.0.2.1", 0}).has_value());
}

TEST_CASE("a unix socket serves its owner only, replaces a stale file and removes its own") {
  char folder[] = "/tmp/mainspring-net-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string{folder} + "/api.sock";
  {
    const auto stale = bind_unix({path});
  }  // closed, but its file stays
  struct stat file{};
  REQUIRE_EQ(lstat(path.c_str(), &file), 0);
  {
    Server server(quick(), [](const http::Request& request, const Pending& exchange) {
      exchange->respond({.status = 200, .headers = {}, .body = request.peer});
    });
    const auto endpoint = server.listen(UnixPath{path});
    REQUIRE(endpoint.has_value());
    CHECK_EQ(endpoint->address, "unix:" + path);
    REQUIRE_EQ(lstat(path.c_str(), &file), 0);
    CHECK_EQ(file.st_mode & 0777, 0600);
    server.start();
    Client client(*endpoint);
    CHECK_EQ(client.get("/").body, "unix");
    Server second(quick(), echo);
    const auto refused = second.listen(UnixPath{path});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == base::Code::conflict);
  }
  CHECK_NE(lstat(path.c_str(), &file), 0);
  CHECK_FALSE(bind_unix({std::string(200, 'x')}).has_value());
  rmdir(folder);
}

TEST_CASE("a server that has no descriptors left waits, and serves when there are some again") {
  Running running(quick(), echo);
  Client before(running.endpoint);
  CHECK_EQ(before.get("/").status, 200);
  Client waiting_socket(running.endpoint);  // accepted or not, it exists on our side
  CHECK_EQ(waiting_socket.get("/").status, 200);
  rlimit old{};
  getrlimit(RLIMIT_NOFILE, &old);
  std::vector<Descriptor> filler;
  // The client's socket must exist before the last descriptor is gone; the server's must not.
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(running.endpoint.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Descriptor late{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  rlimit low = old;
  low.rlim_cur = 64;
  setrlimit(RLIMIT_NOFILE, &low);
  while (true) {
    Descriptor next{dup(late.get())};
    if (!next.is_open()) break;
    filler.push_back(std::move(next));
  }
  REQUIRE_EQ(::connect(late.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  CHECK_EQ(before.get("/still").body, "/still");
  filler.clear();
  setrlimit(RLIMIT_NOFILE, &old);
  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  REQUIRE_EQ(::send(late.get(), request.data(), request.size(), MSG_NOSIGNAL), request.size());
  pollfd wait{late.get(), POLLIN, 0};
  CHECK_EQ(::poll(&wait, 1, 20'000), 1);
}

}  // namespace
}  // namespace mainspring::net
