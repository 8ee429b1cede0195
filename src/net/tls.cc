#include "net/tls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/socket.h"

namespace mainspring::net {
namespace {

using base::Code;

// A chain of ten certificates with long keys has some 20 KiB.
constexpr off_t kFileLimit = 1 << 20;

// Of clients that come back; some 2 KiB each.
constexpr long kSessions = 4'096;
constexpr long kSessionSeconds = 2 * 60 * 60;

// What every client of the last ten years can, and nothing else: forward secrecy, AEAD.
constexpr const char* kCiphers12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

using Context = std::shared_ptr<SSL_CTX>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using PrivateKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

// The text of a file, wiped when it is done with: it may be a key.
struct Secret {
  std::string text;
  Secret() = default;
  Secret(Secret&&) = default;
  Secret& operator=(Secret&&) = default;
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }
};

std::unexpected<base::Error> wrong(std::string_view setting, std::string_view file,
                                   std::string_view what) {
  return base::fail(Code::invalid_argument, fmt::format("{}: '{}' {}", setting, file, what));
}

std::unexpected<base::Error> cannot_read(std::string_view setting, std::string_view file,
                                         int error) {
  const Code code = error == ENOENT                     ? Code::not_found
                    : error == EACCES || error == EPERM ? Code::permission_denied
                                                        : Code::unavailable;
  return base::fail(code,
                    fmt::format("{}: cannot read '{}': {}", setting, file, strerrordesc_np(error)));
}

// As PostgreSQL has it: its owner's alone; root's may be readable by a group, such as ssl-cert.
bool is_private(const struct stat& file) {
  const mode_t others = file.st_uid == 0 ? 0037 : 0077;
  return (file.st_mode & others) == 0;
}

base::Result<Secret> read_descriptor(int descriptor, off_t size) {
  Secret out;
  out.text.resize(static_cast<std::size_t>(size));
  std::size_t at = 0;
  while (at < out.text.size()) {
    const ssize_t count = ::read(descriptor, out.text.data() + at, out.text.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::fail(Code::unavailable, strerrordesc_np(errno));
    if (count == 0) break;
    at += static_cast<std::size_t>(count);
  }
  out.text.resize(at);
  return out;
}

enum class Keep : std::uint8_t { anybodys, owners };

base::Result<Secret> read_file(std::string_view setting, const std::string& path, Keep keep) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat found{};
  if (!file.is_open() || ::fstat(file.get(), &found) != 0) {
    return cannot_read(setting, path, errno);
  }
  if (!S_ISREG(found.st_mode) || found.st_size > kFileLimit) {
    return wrong(setting, path, "is no file of at most 1 MiB. Name a PEM file.");
  }
  if (keep == Keep::owners && !is_private(found)) {
    return base::fail(Code::permission_denied,
                      fmt::format("{}: '{}' has mode {:04o}, so that others can read the private "
                                  "key. Make it the node's user's alone: chmod 600.",
                                  setting, path, found.st_mode & 07777));
  }
  return read_descriptor(file.get(), found.st_size);
}

// The reason at the head of OpenSSL's queue, which is emptied.
std::string take_reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* const text = ERR_reason_error_string(error);
  ERR_clear_error();
  return text == nullptr ? "unknown reason" : text;
}

Memory open_memory(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

base::Result<std::vector<Certificate>> read_chain(const std::string& path) {
  constexpr std::string_view kSetting = "tls_certificate";
  auto text = read_file(kSetting, path, Keep::anybodys);
  if (!text) return base::fail(std::move(text.error()));
  const Memory memory = open_memory(text->text);
  std::vector<Certificate> chain;
  while (X509* each = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr))
    chain.emplace_back(each, X509_free);
  const bool is_whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = take_reason();
  if (chain.empty() && is_whole) {
    return wrong(kSetting, path,
                 "holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----. "
                 "Convert another form with openssl x509.");
  }
  if (!is_whole) {
    return wrong(
        kSetting, path,
        fmt::format("has a certificate that cannot be read: {}. Copy the file again.", reason));
  }
  return chain;
}

// A key behind a passphrase must not make OpenSSL ask at a terminal.
int no_passphrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

base::Result<PrivateKey> read_key(const std::string& path) {
  constexpr std::string_view kSetting = "tls_key";
  auto text = read_file(kSetting, path, Keep::owners);
  if (!text) return base::fail(std::move(text.error()));
  const Memory memory = open_memory(text->text);
  bool was_asked = false;
  PrivateKey key{PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, &was_asked),
                 EVP_PKEY_free};
  const std::string reason = take_reason();
  if (key) return key;
  if (was_asked) {
    return wrong(kSetting, path,
                 "is behind a passphrase, and nobody is there to give it when a node starts. Store "
                 "it without (openssl pkey), readable by the node's user alone.");
  }
  return wrong(kSetting, path,
               fmt::format("holds no private key in PEM: {}. It begins with -----BEGIN PRIVATE "
                           "KEY-----.",
                           reason));
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int size, void*) {
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof kHttp11, offered, size);
  *out = chosen;
  // A client that insists on another protocol is told so (RFC 7301, section 3.2).
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Context make_context() {
  Context context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  if (!context) throw std::bad_alloc();
  SSL_CTX* const ctx = context.get();
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(ctx, kCiphers12);
  // HTTP says itself how long a message is, so an end without TLS's farewell cuts nothing unseen,
  // and many clients say none. Tickets: see the header.
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection holds no buffers; `outgoing` may move between two tries of a write.
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(ctx, 1);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(ctx, kSessions);
  SSL_CTX_set_timeout(ctx, kSessionSeconds);
  constexpr unsigned char kName[] = "mainspring";
  SSL_CTX_set_session_id_context(ctx, kName, sizeof kName - 1);
  SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, nullptr);
  return context;
}

bool is_key_of(const Certificate& certificate, const PrivateKey& key) {
  const bool is_same = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return is_same;
}

base::Result<void> check_pair(const TlsFiles& files, const std::vector<Certificate>& chain,
                              const PrivateKey& key) {
  if (is_key_of(chain.front(), key)) return {};
  const bool is_later =
      std::ranges::any_of(chain, [&key](const Certificate& each) { return is_key_of(each, key); });
  if (is_later) {
    return wrong("tls_certificate", files.certificate,
                 "has the certificate of tls_key not at its beginning. Put the server's own first, "
                 "then those that lead to the authority.");
  }
  return wrong("tls_key", files.key,
               fmt::format("is not the key of the certificate in '{}'. Name the two that were made "
                           "together.",
                           files.certificate));
}

base::Result<Context> fill_context(const TlsFiles& files, std::vector<Certificate>& chain,
                                   const PrivateKey& key) {
  Context context = make_context();
  SSL_CTX* const ctx = context.get();
  bool is_taken = SSL_CTX_use_certificate(ctx, chain.front().get()) == 1;
  for (std::size_t i = 1; i < chain.size() && is_taken; ++i)
    is_taken = SSL_CTX_add1_chain_cert(ctx, chain[i].get()) == 1;
  is_taken = is_taken && SSL_CTX_use_PrivateKey(ctx, key.get()) == 1;
  if (is_taken) return context;
  return wrong(
      "tls_certificate", files.certificate,
      fmt::format("is refused by OpenSSL: {}. A key needs 2048 bits (RSA) or 256 (EC), and "
                  "a signature SHA-256.",
                  take_reason()));
}

base::Instant to_instant(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Instant{std::chrono::seconds{::timegm(&parts)}};
}

std::string to_text(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName)),
            static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))};
  }
  if (name.type != GEN_IPADD) return {};
  char text[INET6_ADDRSTRLEN] = "";
  const bool is_v4 = ASN1_STRING_length(name.d.iPAddress) == 4;
  ::inet_ntop(is_v4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name.d.iPAddress), text,
              sizeof text);
  return text;
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> out;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names{
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free};
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    std::string name = to_text(*sk_GENERAL_NAME_value(names.get(), i));
    if (!name.empty()) out.push_back(std::move(name));
  }
  return out;
}

// RFC 7469's form, which curl takes: the SHA-256 of the public key with its algorithm.
std::string pin_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  if (size <= 0) throw std::bad_alloc();
  unsigned int digest_size = 0;
  EVP_Digest(encoded, static_cast<std::size_t>(size), digest.data(), &digest_size, EVP_sha256(),
             nullptr);
  OPENSSL_free(encoded);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest_size));
  return "sha256//" +
         std::string{reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

TlsCertificate describe(const std::vector<Certificate>& chain) {
  TlsCertificate out{.names = names_of(chain.front().get()),
                     .not_before = to_instant(X509_get0_notBefore(chain.front().get())),
                     .not_after = to_instant(X509_get0_notAfter(chain.front().get())),
                     .pin = pin_of(chain.front().get())};
  for (const Certificate& each : chain)
    out.not_after = std::min(out.not_after, to_instant(X509_get0_notAfter(each.get())));
  return out;
}

}  // namespace

base::Result<Tls::Loaded> Tls::load_files(const TlsFiles& files) {
  ERR_clear_error();
  auto chain = read_chain(files.certificate);
  if (!chain) return base::fail(std::move(chain.error()));
  const auto key = read_key(files.key);
  if (!key) return base::fail(key.error());
  if (auto checked = check_pair(files, *chain, *key); !checked)
    return base::fail(std::move(checked.error()));
  auto context = fill_context(files, *chain, *key);
  if (!context) return base::fail(std::move(context.error()));
  return Loaded{std::move(*context), describe(*chain)};
}

base::Result<std::shared_ptr<Tls>> Tls::load(const TlsFiles& files) {
  auto loaded = load_files(files);
  if (!loaded) return base::fail(std::move(loaded.error()));
  return std::shared_ptr<Tls>(new Tls(std::move(*loaded)));
}

base::Result<void> Tls::reload(const TlsFiles& files) {
  auto loaded = load_files(files);
  if (!loaded) return base::fail(std::move(loaded.error()));
  const std::scoped_lock lock(mutex_);
  loaded_ = std::move(*loaded);
  return {};
}

TlsCertificate Tls::certificate() const {
  const std::scoped_lock lock(mutex_);
  return loaded_.certificate;
}

std::shared_ptr<ssl_ctx_st> Tls::context() const {
  const std::scoped_lock lock(mutex_);
  return loaded_.context;
}

}  // namespace mainspring::net
