// Longer than usual: every case needs the same certificates, client and running server.
#include "net/tls.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/channel.h"
#include "net/server.h"
#include "net/socket.h"

namespace mainspring::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{20};  // a test fails then; none waits that long otherwise

// ---- certificates ----

using Key = std::shared_ptr<EVP_PKEY>;
using Cert = std::shared_ptr<X509>;

Key make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }
Key make_short_key() { return {EVP_RSA_gen(1024), EVP_PKEY_free}; }

void add_extension(X509* to, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  REQUIRE(extension != nullptr);
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Wanted {
  std::string name = "localhost";
  std::string names = "DNS:localhost,DNS:*.jobs.example,IP:127.0.0.1,IP:::1";
  long days = 90;
  std::string usage = "CA:FALSE";
};

// Signed by `issuer` with its key, or by itself.
Cert make_certificate(const Wanted& wanted, const Key& key, const Cert& issuer = nullptr,
                      const Key& issuer_key = nullptr) {
  static long serial = 1;
  const Cert out{X509_new(), X509_free};
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), wanted.days * 86'400);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1,
                             0);
  X509* const signer = issuer ? issuer.get() : out.get();
  X509_set_issuer_name(out.get(), X509_get_subject_name(signer));
  X509_set_pubkey(out.get(), key.get());
  add_extension(out.get(), signer, NID_basic_constraints, wanted.usage);
  if (!wanted.names.empty()) add_extension(out.get(), signer, NID_subject_alt_name, wanted.names);
  X509_sign(out.get(), (issuer_key ? issuer_key : key).get(), EVP_sha256());
  return out;
}

template <class Write>
std::string to_pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory{BIO_new(BIO_s_mem()), BIO_free};
  REQUIRE(write(memory.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}
std::string to_pem(const Cert& certificate) {
  return to_pem([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); });
}
std::string to_pem(const Key& key, const char* passphrase = nullptr) {
  return to_pem([&](BIO* to) {
    return PEM_write_bio_PKCS8PrivateKey(
        to, key.get(), passphrase == nullptr ? nullptr : EVP_aes_256_cbc(), passphrase,
        passphrase == nullptr ? 0 : static_cast<int>(std::string_view{passphrase}.size()), nullptr,
        nullptr);
  });
}

// A folder of its own with an authority, and a server's certificate by it.
struct Folder {
  Folder() {
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    authority_key = make_key();
    authority = make_certificate({.name = "Test CA", .names = "", .usage = "critical,CA:TRUE"},
                                 authority_key);
    server_key = make_key();
    leaf = issue({}, server_key);
    files = {write("server.crt", to_pem(leaf)), write("server.key", to_pem(server_key))};
  }
  ~Folder() { std::filesystem::remove_all(path); }

  Cert issue(const Wanted& wanted, const Key& key) const {
    return make_certificate(wanted, key, authority, authority_key);
  }
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    const std::string file = path + "/" + name;
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
    return file;
  }

  std::string path = "/tmp/mainspring-tls-XXXXXX";
  Key authority_key;
  Cert authority;
  Key server_key;
  Cert leaf;
  TlsFiles files;
};

// ---- a client ----

Descriptor connect_to(const Endpoint& to) {
  Descriptor out{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(to.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE_EQ(::connect(out.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const timeval patience{kPatience.count(), 0};
  setsockopt(out.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(out.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return out;
}

std::string read_to_end(const Descriptor& from) {
  std::string all;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::recv(from.get(), buffer, sizeof buffer, 0)) > 0)
    all.append(buffer, static_cast<std::size_t>(count));
  return count == 0 ? all : all + " (error)";
}

using Context = std::shared_ptr<SSL_CTX>;

Context make_client_context(const Folder& folder) {
  Context context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), folder.authority.get());
  return context;
}

// A blocking client inside TLS; every wait has a deadline.
class Client {
 public:
  Client(const Endpoint& to, const Context& context, SSL_SESSION* session = nullptr)
      : socket_(connect_to(to)), ssl_(SSL_new(context.get()), SSL_free) {
    SSL_set_fd(ssl_.get(), socket_.get());
    SSL_set1_host(ssl_.get(), "localhost");
    if (session != nullptr) SSL_set_session(ssl_.get(), session);
  }
  // Leaves without a word, as many do, and may come back to its session.
  ~Client() { SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  bool shake_hands() {
    const bool is_done = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
    return is_done;
  }

  bool send(std::string_view bytes) {
    std::size_t count = 0;
    const bool is_sent =
        bytes.empty() || SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count) == 1;
    ERR_clear_error();
    return is_sent && count == bytes.size();
  }
  bool read_until(std::string_view text) {
    while (!input.contains(text)) {
      if (!read_some()) return false;
    }
    return true;
  }
  bool read_some() {
    char buffer[65536];
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer, sizeof buffer, &count);
    if (result != 1) {
      was_told_farewell = SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN;
      ERR_clear_error();
      return false;
    }
    input.append(buffer, count);
    return true;
  }
  std::string get(std::string_view target) {
    send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target));
    return read_reply();
  }
  // The body of the next reply.
  std::string read_reply() {
    if (!read_until("\r\n\r\n")) return "no reply: " + input;
    const std::size_t head = input.find("\r\n\r\n") + 4;
    const std::size_t length = std::stoul(input.substr(input.find("Content-Length: ") + 16));
    while (input.size() < head + length && read_some()) {
    }
    const std::string body = input.substr(head, length);
    input.erase(0, head + length);
    return body;
  }

  SSL* ssl() { return ssl_.get(); }
  const Descriptor& socket() const { return socket_; }

  std::string input;
  bool was_told_farewell = false;

 private:
  Descriptor socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

std::string serial_of(Client& client) {
  X509* const certificate = SSL_get1_peer_certificate(client.ssl());
  REQUIRE(certificate != nullptr);
  const long serial = ASN1_INTEGER_get(X509_get_serialNumber(certificate));
  X509_free(certificate);
  return std::to_string(serial);
}
std::string serial_of(const Cert& certificate) {
  return std::to_string(ASN1_INTEGER_get(X509_get_serialNumber(certificate.get())));
}

// ---- a server ----

using Pending = std::shared_ptr<http::Exchange>;

void echo(http::Request request, const Pending& exchange) {
  const std::string seen = fmt::format("{} {}", request.path, request.is_encrypted);
  exchange->respond(
      {.status = 200, .headers = {}, .body = request.body.empty() ? seen : request.body});
}

struct Running : Folder {
  explicit Running(http::Application application = echo, ServerSettings settings = quick())
      : tls(Tls::load(files).value()),
        server(settings, std::move(application)),
        endpoint(server.listen(TcpAddress{.tls = tls}).value()),
        context(make_client_context(*this)) {
    server.start();
  }
  static ServerSettings quick() {
    ServerSettings settings;
    settings.reap_interval = milliseconds{20};
    return settings;
  }
  // Until the server has counted so many.
  bool reaches(const std::atomic<std::int64_t>& counter, std::int64_t wanted) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (counter < wanted) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::shared_ptr<Tls> tls;
  Server server;
  Endpoint endpoint;
  Context context;
};

TEST_CASE_FIXTURE(Running, "requests and answers go through TLS, and the application is told") {
  Client client(endpoint, context);
  REQUIRE(client.shake_hands());
  CHECK_EQ(std::string{SSL_get_version(client.ssl())}, "TLSv1.3");
  CHECK_EQ(client.get("/a"), "/a true");
  CHECK_EQ(client.get("/b"), "/b true");
  CHECK_EQ(tls->counts().done, 1);
}

TEST_CASE_FIXTURE(Running, "TLS 1.2 is spoken with forward secrecy only, and 1.1 not at all") {
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  Client old(endpoint, context);
  REQUIRE(old.shake_hands());
  CHECK(std::string_view{SSL_get_cipher(old.ssl())}.starts_with("ECDHE-ECDSA-"));
  CHECK_EQ(old.get("/"), "/ true");
  SSL_CTX_set_cipher_list(context.get(), "AES256-SHA:AES128-GCM-SHA256:DHE-RSA-AES128-SHA");
  CHECK_FALSE(Client(endpoint, context).shake_hands());
  const Context older = make_client_context(*this);
  SSL_CTX_set_security_level(older.get(), 0);
  SSL_CTX_set_min_proto_version(older.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(older.get(), TLS1_1_VERSION);
  CHECK_FALSE(Client(endpoint, older).shake_hands());
  CHECK(reaches(tls->counts().failed, 2));
}

TEST_CASE_FIXTURE(Running, "http/1.1 is chosen, and a client that wants only something else told") {
  constexpr unsigned char kBoth[] = "\2h2\10http/1.1";
  constexpr unsigned char kOther[] = "\2h2";
  Client client(endpoint, context);
  SSL_set_alpn_protos(client.ssl(), kBoth, sizeof kBoth - 1);
  REQUIRE(client.shake_hands());
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
  CHECK_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  Client other(endpoint, context);
  SSL_set_alpn_protos(other.ssl(), kOther, sizeof kOther - 1);
  CHECK_FALSE(other.shake_hands());
}

TEST_CASE_FIXTURE(Running, "a client that comes back resumes its session") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SSL_CTX_set_max_proto_version(context.get(), version);
    std::shared_ptr<SSL_SESSION> session;
    {
      Client first(endpoint, context);
      REQUIRE(first.shake_hands());
      CHECK_EQ(first.get("/"), "/ true");  // a session of 1.3 comes after the handshake
      session = {SSL_get1_session(first.ssl()), SSL_SESSION_free};
    }
    Client second(endpoint, context, session.get());
    REQUIRE(second.shake_hands());
    CHECK_EQ(SSL_session_reused(second.ssl()), 1);
    CHECK_EQ(second.get("/"), "/ true");
  }
  CHECK_EQ(tls->counts().resumed, 2);
}

TEST_CASE_FIXTURE(Running, "a request without encryption is told that this port speaks HTTPS") {
  for (const std::string_view method : {"GET", "DELETE", "POST"}) {
    const Descriptor plain = connect_to(endpoint);
    const std::string request = fmt::format("{} / HTTP/1.1\r\nHost: x\r\n\r\n", method);
    REQUIRE_EQ(::send(plain.get(), request.data(), request.size(), MSG_NOSIGNAL), request.size());
    std::string answer;
    char buffer[4096];
    while (!answer.contains("}")) {
      const ssize_t count = ::recv(plain.get(), buffer, sizeof buffer, 0);
      REQUIRE(count > 0);
      answer.append(buffer, static_cast<std::size_t>(count));
    }
    CHECK(answer.starts_with("HTTP/1.1 400 "));
    CHECK(answer.contains("this port speaks HTTPS"));
    CHECK(answer.contains("Connection: close"));
    ::shutdown(plain.get(), SHUT_WR);
    CHECK_EQ(read_to_end(plain), "");
  }
  CHECK_EQ(tls->counts().not_tls, 3);
  const Descriptor garbage = connect_to(endpoint);
  REQUIRE_EQ(::send(garbage.get(), "\0\1", 2, MSG_NOSIGNAL), 2);
  CHECK(read_to_end(garbage).size() < 20);  // closed, or reset as bytes were left unread
  CHECK(reaches(tls->counts().failed, 1));
}

TEST_CASE("a handshake that stalls is cut at the deadline, and keeps nobody else waiting") {
  ServerSettings settings = Running::quick();
  settings.handshake = milliseconds{300};
  Running running(echo, settings);
  const Descriptor silent = connect_to(running.endpoint);
  const Descriptor begun = connect_to(running.endpoint);
  REQUIRE_EQ(::send(begun.get(), "\x16\3\1\2\0\1", 6, MSG_NOSIGNAL), 6);
  Client client(running.endpoint, running.context);
  REQUIRE(client.shake_hands());
  CHECK_EQ(client.get("/"), "/ true");
  CHECK_EQ(read_to_end(silent), "");
  read_to_end(begun);
  CHECK(running.reaches(running.tls->counts().timed_out, 2));
  CHECK_EQ(client.get("/"), "/ true");
}

TEST_CASE("of too many handshakes at once the oldest is closed, and the newest is served") {
  ServerSettings settings = Running::quick();
  settings.handshakes = 4;
  Running running(echo, settings);
  std::vector<Descriptor> stalled;
  for (int i = 0; i < 10; ++i) {
    stalled.push_back(connect_to(running.endpoint));
    Client client(running.endpoint, running.context);
    REQUIRE(client.shake_hands());
    CHECK_EQ(client.get("/"), "/ true");
  }
  CHECK(running.reaches(running.tls->counts().crowded_out, 6));
  CHECK_EQ(read_to_end(stalled.front()), "");
  CHECK_EQ(running.tls->counts().done, 10);
}

TEST_CASE_FIXTURE(Running, "bodies of many records arrive whole, both ways") {
  Client client(endpoint, context);
  REQUIRE(client.shake_hands());
  std::string body(http::Limits{}.body_bytes, '\0');
  for (std::size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<char>('a' + (i * 31 + i / 4096) % 26);
  for (int round = 0; round < 2; ++round) {
    const std::string head =
        fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.size());
    REQUIRE(client.send(head + body));
    const bool is_whole = client.read_reply() == body;
    CHECK(is_whole);
  }
  CHECK_EQ(client.get("/after"), "/after true");
}

TEST_CASE_FIXTURE(Running, "requests sent ahead in one record are all answered") {
  Client client(endpoint, context);
  REQUIRE(client.shake_hands());
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
  REQUIRE(client.send(all));
  for (int i = 0; i < 100; ++i)
    CHECK_EQ(client.read_reply(), fmt::format("/{} true", i));
}

TEST_CASE("a client that has ended its side still gets its answer, with or without a farewell") {
  for (const bool says_farewell : {true, false}) {
    std::promise<Pending> asked;
    Running running(
        [&asked](const http::Request&, const Pending& exchange) { asked.set_value(exchange); });
    Client client(running.endpoint, running.context);
    REQUIRE(client.shake_hands());
    REQUIRE(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    auto future = asked.get_future();
    REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    const Pending exchange = future.get();
    if (says_farewell) SSL_shutdown(client.ssl());
    ::shutdown(client.socket().get(), SHUT_WR);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!exchange->client_gone() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    CHECK(exchange->client_gone());
    exchange->respond({.status = 200, .headers = {}, .body = "all the same"});
    CHECK_EQ(client.read_reply(), "all the same");
    CHECK_FALSE(client.read_some());
    CHECK(client.was_told_farewell);
  }
}

TEST_CASE("a stream that is cut ends without TLS's farewell, and one that is whole with it") {
  Running running([](const http::Request& request, const Pending& exchange) {
    const auto stream = exchange->start_stream({});
    stream->write("data");
    if (request.path == "/whole") stream->close();
  });
  Client whole(running.endpoint, running.context);
  REQUIRE(whole.shake_hands());
  whole.send("GET /whole HTTP/1.0\r\n\r\n");
  REQUIRE(whole.read_until("data"));
  CHECK_FALSE(whole.read_some());
  CHECK(whole.was_told_farewell);
  Client cut(running.endpoint, running.context);
  REQUIRE(cut.shake_hands());
  cut.send("GET /cut HTTP/1.0\r\n\r\n");
  REQUIRE(cut.read_until("data"));
  CHECK_FALSE(cut.read_some());
  CHECK_FALSE(cut.was_told_farewell);
}

TEST_CASE("a client that takes little at a time gets all of a long answer") {
  constexpr std::size_t kLong = 8 << 20;
  Running running([](const http::Request&, const Pending& exchange) {
    exchange->respond({.status = 200, .headers = {}, .body = std::string(kLong, 'x')});
  });
  Client client(running.endpoint, running.context);
  const int small = 32 * 1024;
  setsockopt(client.socket().get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  REQUIRE(client.shake_hands());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const bool is_whole = client.read_reply() == std::string(kLong, 'x');
  CHECK(is_whole);
}

TEST_CASE_FIXTURE(Running, "new certificates are for new connections, and wrong ones for none") {
  Client before(endpoint, context);
  REQUIRE(before.shake_hands());
  const Cert next = issue({.days = 200}, server_key);
  write("server.crt", to_pem(next) + to_pem(authority));
  REQUIRE(tls->reload(files).has_value());
  CHECK_EQ(before.get("/"), "/ true");
  CHECK_EQ(serial_of(before), serial_of(leaf));
  Client after(endpoint, context);
  REQUIRE(after.shake_hands());
  CHECK_EQ(serial_of(after), serial_of(next));

  write("server.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
  const auto refused = tls->reload(files);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.contains(files.certificate));
  Client still(endpoint, context);
  REQUIRE(still.shake_hands());
  CHECK_EQ(serial_of(still), serial_of(next));
  CHECK_EQ(before.get("/"), "/ true");
}

TEST_CASE_FIXTURE(Folder, "a certificate says for whom it is, until when, and which key it has") {
  const Key other_key = make_key();
  const Cert brief = issue({.name = "second", .names = "", .days = 5}, other_key);
  write("server.crt", to_pem(leaf) + to_pem(brief));
  const TlsCertificate found = Tls::load(files).value()->certificate();
  CHECK_EQ(found.names,
           std::vector<std::string>{"localhost", "*.jobs.example", "127.0.0.1", "::1"});
  const auto left = found.not_after - base::Instant{std::chrono::seconds{std::time(nullptr)}};
  CHECK(left > std::chrono::hours{4 * 24});
  CHECK(left < std::chrono::hours{6 * 24});
  CHECK(found.pin.starts_with("sha256//"));
  CHECK_EQ(found.pin.size(), 8 + 44);
}

void check_refused(const TlsFiles& files, base::Code code, std::string_view word) {
  const auto loaded = Tls::load(files);
  REQUIRE_FALSE(loaded.has_value());
  CAPTURE(loaded.error().message);
  CHECK(loaded.error().code == code);
  CHECK(loaded.error().message.contains(word));
}

TEST_CASE_FIXTURE(Folder, "files that are wrong are refused with what is wrong with them") {
  using base::Code;
  const std::string nowhere = path + "/nothing";
  check_refused({nowhere, files.key}, Code::not_found, nowhere);
  check_refused({files.certificate, nowhere}, Code::not_found, "tls_key");
  check_refused({path, files.key}, Code::invalid_argument, "is no file");
  check_refused({files.key, files.key}, Code::invalid_argument, "no certificate in PEM");
  check_refused({files.certificate, files.certificate}, Code::invalid_argument, "no private key");
  const Key other = make_key();
  check_refused({files.certificate, write("other.key", to_pem(other))}, Code::invalid_argument,
                "is not the key of the certificate");
  check_refused({write("turned.crt", to_pem(authority) + to_pem(leaf)), files.key},
                Code::invalid_argument, "Put the server's own first");
  check_refused({write("torn.crt", to_pem(leaf) + to_pem(authority).substr(0, 200)), files.key},
                Code::invalid_argument, "cannot be read");
  check_refused({files.certificate, write("locked.key", to_pem(server_key, "secret"))},
                Code::invalid_argument, "behind a passphrase");
  const Key brief = make_short_key();
  check_refused({write("short.crt", to_pem(issue({}, brief))), write("short.key", to_pem(brief))},
                Code::invalid_argument, "2048 bits");
}

TEST_CASE_FIXTURE(Folder, "a private key that others can read is refused") {
  for (const mode_t mode : {0644, 0604, 0660}) {
    const std::string key = write("open.key", to_pem(server_key), mode);
    check_refused({files.certificate, key}, base::Code::permission_denied, "chmod 600");
  }
  const std::string key = write("own.key", to_pem(server_key), 0400);
  CHECK(Tls::load({files.certificate, key}).has_value());
}

}  // namespace
}  // namespace mainspring::net
