#include "runner/container/attach.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <charconv>

#include <fmt/core.h>

#include "base/check.h"
#include "runner/container/curl_setup.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kHeadLimit = 64 << 10;
constexpr std::chrono::seconds kUpgradeLimit{30};

// "HTTP/1.1 101 UPGRADED" -> 101.
int parse_status(std::string_view head) {
  const std::size_t space = head.find(' ');
  if (!head.starts_with("HTTP/") || space == std::string_view::npos) return 0;
  int status = 0;
  std::from_chars(head.data() + space + 1, head.data() + head.size(), status);
  return status;
}

// Closes our direction alone. TLS has a message for that; without it the other side would take the
// end of the connection for an attack, and end its own direction too.
void close_sending(CURL* easy, curl_socket_t socket) {
  curl_tlssessioninfo* tls = nullptr;
  curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &tls);
  if (tls != nullptr && tls->backend == CURLSSLBACKEND_OPENSSL && tls->internals != nullptr) {
    ::SSL_shutdown(static_cast<SSL*>(tls->internals));
  } else {
    ::shutdown(socket, SHUT_WR);
  }
}

}  // namespace

struct Attach::Line {
  explicit Line(const Engine& engine) : endpoint(engine.endpoint()), easy(curl_easy_init()) {
    CHECK(easy != nullptr);
  }
  ~Line() { curl_easy_cleanup(easy); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  base::Result<void> connect();
  base::Result<void> send_all(std::string_view bytes, SteadyTime until);
  bool wait(short events, SteadyTime until) const;

  const Endpoint endpoint;
  CURL* const easy;
  std::shared_ptr<void> kept;
  curl_socket_t socket = -1;
};

base::Result<void> Attach::Line::connect() {
  char detail[CURL_ERROR_SIZE] = "";
  kept = aim(easy, endpoint, "/");
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
  const CURLcode code = curl_easy_perform(easy);
  const bool is_right =
      code == CURLE_OK && curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK;
  auto failure = is_right ? base::Error{} : explain_failure(easy, code, endpoint, detail);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (!is_right) return base::fail(std::move(failure));
  return {};
}

bool Attach::Line::wait(short events, SteadyTime until) const {
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd entry{socket, events, 0};
  return rest.count() > 0 && ::poll(&entry, 1, static_cast<int>(rest.count())) >= 0;
}

base::Result<void> Attach::Line::send_all(std::string_view bytes, SteadyTime until) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(easy, bytes.data(), bytes.size(), &sent);
    if (code == CURLE_OK) bytes.remove_prefix(sent);
    if (code == CURLE_AGAIN && wait(POLLOUT, until)) continue;
    if (code != CURLE_OK) return base::fail(explain_failure(easy, code, endpoint, ""));
  }
  return {};
}

Attach::Attach(std::unique_ptr<Line> line) : line_(std::move(line)) {}
Attach::Attach(Attach&&) noexcept = default;
Attach& Attach::operator=(Attach&&) noexcept = default;
Attach::~Attach() = default;

int Attach::fd() const { return line_ ? line_->socket : -1; }

short Attach::events() const { return static_cast<short>(POLLIN | (has_input_ ? POLLOUT : 0)); }

base::Result<Attach> Attach::open(const Engine& engine, const std::string& container,
                                  std::optional<std::string> input) {
  Attach attach{std::make_unique<Line>(engine)};
  if (auto made = attach.line_->connect(); !made) return base::fail(std::move(made.error()));
  attach.has_input_ = input.has_value();
  attach.input_ = std::move(input).value_or("");
  const std::string request = fmt::format(
      "POST {}/containers/{}/attach?stream=1&stdout=1&stderr=1{} HTTP/1.1\r\nHost: engine\r\n"
      "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n",
      engine.api(), container, attach.has_input_ ? "&stdin=1" : "");
  if (auto done = attach.upgrade(request); !done) return base::fail(std::move(done.error()));
  return attach;
}

base::Result<void> Attach::upgrade(const std::string& request) {
  const SteadyTime until = std::chrono::steady_clock::now() + kUpgradeLimit;
  if (auto sent = line_->send_all(request, until); !sent) return sent;
  std::string head;
  const auto end = read_head(head);
  if (!end) return base::fail(end.error());
  const int status = parse_status(head);
  early_ = head.substr(*end);
  if (status == 101 || status == 200) return {};
  const std::string message = EngineReply{status, early_}.message();
  return base::fail(status == 404 ? base::Code::not_found : base::Code::conflict,
                    fmt::format("the container engine at {} refuses to hand over the container's "
                                "output: {} {}",
                                line_->endpoint.url, status, message));
}

// Where the head ends in what has been read.
base::Result<std::size_t> Attach::read_head(std::string& head) {
  const SteadyTime until = std::chrono::steady_clock::now() + kUpgradeLimit;
  char buffer[4096];
  while (head.size() < kHeadLimit) {
    const std::size_t end = head.find("\r\n\r\n");
    if (end != std::string::npos) return end + 4;
    std::size_t size = 0;
    const CURLcode code = curl_easy_recv(line_->easy, buffer, sizeof buffer, &size);
    if (code == CURLE_AGAIN && line_->wait(POLLIN, until)) continue;
    if (code != CURLE_OK)
      return base::fail(explain_failure(line_->easy, code, line_->endpoint, ""));
    if (size == 0) break;
    head.append(buffer, size);
  }
  return base::fail(base::Code::unavailable,
                    fmt::format("the container engine at {} closed the connection instead of "
                                "handing over the container's output",
                                line_->endpoint.url));
}

base::Result<bool> Attach::read(const FrameParser::Sink& sink) {
  if (!line_) return false;
  const auto feed = [&](std::string_view bytes) { return parser_.feed(bytes, sink); };
  const auto close = [&](base::Error error) {
    line_.reset();
    error.code = base::Code::unavailable;
    return base::fail(std::move(error));
  };
  if (auto fed = feed(std::exchange(early_, {})); !fed) return close(fed.error());
  char buffer[64 << 10];
  std::size_t taken = 0;
  while (taken < kTurn) {
    std::size_t size = 0;
    const CURLcode code = curl_easy_recv(line_->easy, buffer, sizeof buffer, &size);
    if (code == CURLE_AGAIN) break;
    if (code != CURLE_OK) return close(explain_failure(line_->easy, code, line_->endpoint, ""));
    if (size == 0) {
      line_.reset();
      return taken > 0;
    }
    taken += size;
    if (auto fed = feed({buffer, size}); !fed) return close(fed.error());
  }
  return taken > 0;
}

// Whether the container reads its stdin is its own business: what cannot be sent is left.
void Attach::write() {
  if (!line_ || !has_input_) return;
  while (sent_ < input_.size()) {
    std::size_t size = 0;
    const CURLcode code =
        curl_easy_send(line_->easy, input_.data() + sent_, input_.size() - sent_, &size);
    if (code == CURLE_AGAIN) return;
    if (code != CURLE_OK) break;
    sent_ += size;
  }
  has_input_ = false;
  // The engine closes the container's stdin when ours ends; output goes on.
  close_sending(line_->easy, line_->socket);
}

}  // namespace mainspring::runner
