// What a client is told that asks for more than there is: the real server, API and store, with
// limits small enough to be reached at will.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <latch>
#include <thread>

#include <fmt/core.h>

#include "api/api.h"
#include "crypto/digest.h"
#include "net/server.h"
#include "net/socket.h"
#include "scenarios/directory.h"
#include "sqlite/store.h"
#include "system/real_clock.h"
#include "system/real_random.h"

namespace mainspring {
namespace {

constexpr std::chrono::seconds kPatience{60};  // a test fails then; none waits that long otherwise
constexpr std::string_view kToken = "mst_refusals";

// A blocking client of one connection. Every wait has a deadline.
class Client {
 public:
  explicit Client(const net::Endpoint& to)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void ask(std::string_view target) {
    send(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
                     target, kToken));
  }
  bool has_bytes() const {
    pollfd look{socket_.get(), POLLIN, 0};
    return !input_.empty() || ::poll(&look, 1, 0) == 1;
  }
  // All that came, once it holds `text`; fails where it does not come.
  const std::string& until(std::string_view text) {
    while (!input_.contains(text)) {
      pollfd wait{socket_.get(), POLLIN, 0};
      const auto patience = std::chrono::milliseconds{kPatience}.count();
      REQUIRE_MESSAGE(::poll(&wait, 1, static_cast<int>(patience)) == 1, input_);
      char buffer[65536];
      const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      REQUIRE_MESSAGE(count > 0, input_);
      input_.append(buffer, static_cast<std::size_t>(count));
    }
    return input_;
  }
  std::string head() { return until("\r\n\r\n").substr(0, input_.find("\r\n\r\n") + 2); }

 private:
  net::Descriptor socket_;
  std::string input_;
};

struct Small {
  int connections = 100;
  std::int64_t live_streams = 100;
  std::size_t waiting_calls = 100;
  std::chrono::milliseconds body_read{60'000};
  std::function<void(metrics::Page&)> write_metrics = {};
};

// A node's API on a free port, with one reader.
class Site {
 public:
  explicit Site(const Small& small) {
    store_ = sqlite::open({.path = directory_.path() + "/mainspring.db"}).value();
    REQUIRE(store::apply(store_->writer(),
                         store::PutToken{.id = env::make_id<base::TokenId>(clock_, random_),
                                         .tenant = std::string{api::kDefaultTenant},
                                         .name = "admin",
                                         .sha256 = crypto::sha256(kToken),
                                         .permissions = {"admin"},
                                         .now = clock_.now()}));
    api_ = std::make_unique<api::Api>(api::Services{.store = *store_,
                                                    .clock = clock_,
                                                    .random = random_,
                                                    .write_metrics = small.write_metrics},
                                      api::Settings{.readers = 1,
                                                    .waiting_calls = small.waiting_calls,
                                                    .live_streams = small.live_streams});
    net::ServerSettings settings;
    settings.reap_interval = std::chrono::milliseconds{20};
    settings.limits.connections = static_cast<std::size_t>(small.connections);
    settings.limits.body_read = small.body_read;
    server_ = std::make_unique<net::Server>(settings, api_->application());
    endpoint = server_->listen(net::TcpAddress{}).value();
    server_->start();
  }
  ~Site() {
    api_->stop_waiting();
    server_->stop(std::chrono::seconds{5});
    api_.reset();
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  net::Endpoint endpoint;

 private:
  scenarios::Directory directory_;
  system::SystemClock clock_;
  system::SystemRandom random_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<net::Server> server_;
};

bool is_try_later(std::string_view head, int status) {
  return head.starts_with(fmt::format("HTTP/1.1 {} ", status)) &&
         head.contains("\r\nRetry-After: ") && !head.contains("\r\nRetry-After: 0");
}

TEST_CASE("one live stream more than a node serves gets 429, and a freed place is used") {
  Site site({.live_streams = 2});
  const std::string_view target = "/api/v1/stream?topics=runs";
  Client first(site.endpoint);
  auto second = std::make_unique<Client>(site.endpoint);
  for (Client* client : {&first, second.get()}) {
    client->ask(target);
    CHECK(client->until("event: hello").starts_with("HTTP/1.1 200 "));
  }
  Client third(site.endpoint);
  third.ask(target);
  CHECK(is_try_later(third.head(), 429));
  CHECK(third.until("overloaded").contains("2 live streams are open"));

  Client asker(site.endpoint);  // streams take nothing from questions
  asker.ask("/api/v1/jobs");
  CHECK(asker.head().starts_with("HTTP/1.1 200 "));

  second.reset();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  bool is_served = false;
  while (!is_served && std::chrono::steady_clock::now() < deadline) {
    Client fourth(site.endpoint);
    fourth.ask(target);
    is_served = fourth.head().starts_with("HTTP/1.1 200 ");
  }
  CHECK(is_served);
}

TEST_CASE("a request that finds too many others before it gets 429, and those are answered") {
  std::latch is_reading{1};
  std::latch may_go_on{1};
  {
    Site site({.waiting_calls = 2, .write_metrics = [&](metrics::Page&) {
                 is_reading.count_down();
                 may_go_on.wait();
               }});
    Client busy(site.endpoint);
    busy.ask("/metrics");
    is_reading.wait();  // the only reader is occupied
    std::vector<std::unique_ptr<Client>> crowd;
    for (int i = 0; i < 5; ++i) {
      crowd.push_back(std::make_unique<Client>(site.endpoint));
      crowd.back()->ask("/api/v1/jobs");
    }
    // Two of them wait, whichever came first; the other three are refused while the reader stands.
    const auto refused = [&crowd] {
      return std::ranges::count_if(crowd, [](const auto& client) { return client->has_bytes(); });
    };
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (refused() < 3 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    CHECK_EQ(refused(), 3);
    for (const auto& client : crowd) {
      if (client->has_bytes()) CHECK(is_try_later(client->head(), 429));
    }
    may_go_on.count_down();
    CHECK(busy.head().starts_with("HTTP/1.1 200 "));
    CHECK_EQ(std::ranges::count_if(
                 crowd, [](const auto& each) { return each->head().starts_with("HTTP/1.1 200 "); }),
             2);
  }
}

TEST_CASE("a connection over the limit gets 503 and the time to try again") {
  Site site({.connections = 2});
  Client first(site.endpoint);
  Client second(site.endpoint);
  for (Client* client : {&first, &second}) {
    client->ask("/api/v1/jobs");
    CHECK(client->head().starts_with("HTTP/1.1 200 "));
  }
  Client third(site.endpoint);
  CHECK(is_try_later(third.head(), 503));
}

TEST_CASE("a body that comes slowly gets 408, wherever it stops and however it is framed") {
  Site site({.body_read = std::chrono::milliseconds{200}});
  const std::string post = fmt::format(
      "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n", kToken);
  for (const std::string_view rest :
       {"Content-Length: 100\r\n\r\n", "Content-Length: 100\r\n\r\n{\"name\":",
        "Transfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n"}) {
    CAPTURE(rest);
    Client client(site.endpoint);
    client.send(post + std::string{rest});
    CHECK(client.until("timed_out").starts_with("HTTP/1.1 408 "));
  }
}

}  // namespace
}  // namespace mainspring
