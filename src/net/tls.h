// Tls: the certificate, the private key and the rules by which a server speaks TLS.
//
// TLS 1.2 with forward secrecy and authenticated ciphers, or 1.3; ALPN http/1.1; sessions are
// resumed from a cache in memory, so there are no ticket keys that somebody could take and use on
// recorded connections. Any thread. Source: RFC 8446, RFC 9325 (use of TLS), by OpenSSL 3.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

struct ssl_ctx_st;  // OpenSSL's: its headers stay in .cc files

namespace mainspring::net {

// Files in PEM.
struct TlsFiles {
  std::string certificate;  // the server's own first, then those that lead to the authority
  std::string key;          // its private key, without a passphrase
};

// What the files say of the server.
struct TlsCertificate {
  std::vector<std::string> names;  // hosts and addresses that it is for; "*.example.com" is one
  base::Instant not_before;
  base::Instant not_after;  // of whichever certificate of the chain ends first
  std::string pin;          // "sha256//..." of its public key, as curl takes it
};

// Handshakes since the start, by how they ended.
struct HandshakeCounts {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> resumed = 0;  // of those done
  std::atomic<std::int64_t> failed = 0;   // the two sides did not agree, or the client left
  std::atomic<std::int64_t> timed_out = 0;
  std::atomic<std::int64_t> crowded_out = 0;  // the oldest of too many at once
  std::atomic<std::int64_t> not_tls = 0;      // the client spoke something else, such as http
};

class Tls {
 public:
  // Errors: not_found, permission_denied (also a key that others may read), invalid_argument (no
  // PEM, a key of another certificate, one behind a passphrase or too short). Each names the file,
  // and what to do.
  static base::Result<std::shared_ptr<Tls>> load(const TlsFiles& files);

  // From now on new connections get these; those that are open keep what they have. After an error
  // everything is as it was.
  base::Result<void> reload(const TlsFiles& files);

  TlsCertificate certificate() const;
  HandshakeCounts& counts() const { return counts_; }

  // For connections.
  std::shared_ptr<ssl_ctx_st> context() const;

 private:
  struct Loaded {
    std::shared_ptr<ssl_ctx_st> context;
    TlsCertificate certificate;
  };
  explicit Tls(Loaded loaded) : loaded_(std::move(loaded)) {}
  static base::Result<Loaded> load_files(const TlsFiles& files);

  mutable std::mutex mutex_;
  Loaded loaded_;
  mutable HandshakeCounts counts_;
};

}  // namespace mainspring::net
