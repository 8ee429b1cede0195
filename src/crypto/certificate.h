// A private certificate authority, and certificates by it for servers: for people without a public
// key infrastructure of their own.
//
// Keys are EC P-256 in PKCS#8 without a passphrase; certificates are X.509 v3 in PEM. Keys and
// serial numbers come from OpenSSL's own generator, as there is no way to hand it another. Any
// thread. Source: RFC 5280; how long a certificate may be valid: CA/Browser Forum.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace mainspring::crypto {

// Browsers accept no longer one.
inline constexpr base::Duration kCertificateLifetime = std::chrono::days{397};
inline constexpr base::Duration kAuthorityLifetime = std::chrono::days{3'653};
// Valid from so long before it was made: other machines' clocks may be behind.
inline constexpr base::Duration kClockAllowance = std::chrono::hours{1};

// A certificate with its private key, both in PEM.
struct CertifiedKey {
  std::string certificate;
  std::string key;
};

CertifiedKey make_authority(base::Instant now);

struct CertificateRequest {
  std::vector<std::string> names;  // hosts ("*.example.com" is one) and addresses; the first is its
                                   // own name
  base::Instant now;
};
// A server's certificate for these names; it ends no later than the authority. Errors:
// invalid_argument (a name that is neither, or none; an authority that is none, or whose key is
// another's), conflict (the authority has ended).
base::Result<CertifiedKey> issue_certificate(const CertificateRequest& request,
                                             const CertifiedKey& authority);

// Until when a certificate in PEM, the first of the text, is valid. Errors: invalid_argument.
base::Result<base::Instant> find_expiry(const std::string& pem);

}  // namespace mainspring::crypto
