#include "crypto/certificate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <span>
#include <stdexcept>

#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace mainspring::crypto {
namespace {

using base::Code;

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr std::size_t kLongestCommonName = 64;  // X.520, ub-common-name
constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;

// What cannot fail but for want of memory, or a defect.
void expect(int result, const char* what) {
  if (result > 0) return;
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string text = fmt::format("{}: {}", what, reason == nullptr ? "failed" : reason);
  ERR_clear_error();
  throw std::runtime_error(text);
}

Key make_key() {
  Key key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  expect(key ? 1 : 0, "cannot make a key");
  return key;
}

Memory open_memory(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

template <class Write>
std::string to_pem(Write write) {
  const Memory memory{BIO_new(BIO_s_mem()), BIO_free};
  expect(memory && write(memory.get()) == 1 ? 1 : 0, "cannot write PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

CertifiedKey to_pem(const Certificate& certificate, const Key& key) {
  return {to_pem([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); }),
          to_pem([&](BIO* to) {
            return PEM_write_bio_PKCS8PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr,
                                                 nullptr);
          })};
}

Certificate read_certificate(const std::string& pem) {
  const Memory memory = open_memory(pem);
  Certificate found{PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), X509_free};
  ERR_clear_error();
  return found;
}

Key read_key(const std::string& pem) {
  const auto refuse = [](char*, int, int, void*) { return -1; };  // to ask for a passphrase
  const Memory memory = open_memory(pem);
  Key found{PEM_read_bio_PrivateKey(memory.get(), nullptr, refuse, nullptr), EVP_PKEY_free};
  ERR_clear_error();
  return found;
}

base::Instant to_instant(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Instant{std::chrono::seconds{::timegm(&parts)}};
}

std::time_t to_seconds(base::Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

struct Period {
  base::Instant from;
  base::Instant to;
};

// With a random serial number of 127 bits, as no two of an authority may be the same.
Certificate begin_certificate(const std::string& name, const Period& period) {
  Certificate out{X509_new(), X509_free};
  expect(out ? 1 : 0, "cannot make a certificate");
  X509* const to = out.get();
  expect(X509_set_version(to, X509_VERSION_3), "version");
  std::array<unsigned char, 16> serial{};
  expect(RAND_bytes(serial.data(), serial.size()), "random numbers");
  serial.front() = static_cast<unsigned char>((serial.front() & 0x7f) | 0x40);
  BIGNUM* const number = BN_bin2bn(serial.data(), serial.size(), nullptr);
  const bool is_set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(to)) != nullptr;
  BN_free(number);
  expect(is_set ? 1 : 0, "serial number");
  expect(ASN1_TIME_set(X509_getm_notBefore(to), to_seconds(period.from)) != nullptr ? 1 : 0,
         "time");
  expect(ASN1_TIME_set(X509_getm_notAfter(to), to_seconds(period.to)) != nullptr ? 1 : 0, "time");
  if (!name.empty()) {
    expect(X509_NAME_add_entry_by_txt(X509_get_subject_name(to), "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0),
           "name");
  }
  return out;
}

struct Extension {
  int nid;
  std::string value;  // as in openssl.cnf
};

void add_extensions(const Certificate& to, const X509* issuer, std::span<const Extension> rows) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), to.get(), nullptr, nullptr, 0);
  for (const Extension& row : rows) {
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, row.nid, row.value.c_str());
    expect(made != nullptr ? 1 : 0, "extension");
    const int added = X509_add_ext(to.get(), made, -1);
    X509_EXTENSION_free(made);
    expect(added, "extension");
  }
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && !label.starts_with('-') &&
         !label.ends_with('-') && std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

bool is_address(const std::string& name) {
  in6_addr parsed{};  // room for either
  return ::inet_pton(AF_INET, name.c_str(), &parsed) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), &parsed) == 1;
}

// RFC 1123's letters and underscores; "*" for the whole first label. What looks like an address of
// four numbers and is none is no host either.
bool is_host(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || name.size() > kLongestHost) return false;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; })) return false;
  while (true) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == name.size()) return true;
    name.remove_prefix(dot + 1);
  }
}

// "DNS:jobs.example,IP:10.0.0.5". Names have been checked: none has a comma.
base::Result<std::string> to_alternatives(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    const bool is_ip = is_address(name);
    if (!is_ip && !is_host(name)) {
      return base::fail(Code::invalid_argument,
                        fmt::format("'{}' is neither a host's name nor an address. Write one such "
                                    "as jobs.example.com, *.example.com, 10.0.0.5 or ::1.",
                                    name));
    }
    out += fmt::format("{}{}:{}", out.empty() ? "" : ",", is_ip ? "IP" : "DNS", name);
  }
  if (!out.empty()) return out;
  return base::fail(Code::invalid_argument, "A certificate needs at least one name or address.");
}

struct Issuer {
  Certificate certificate;
  Key key;
};

base::Result<Issuer> read_issuer(const CertifiedKey& authority, base::Instant now) {
  Issuer issuer{read_certificate(authority.certificate), read_key(authority.key)};
  if (!issuer.certificate || !issuer.key || X509_check_ca(issuer.certificate.get()) != 1) {
    return base::fail(Code::invalid_argument,
                      "The authority is none: its files must hold a certificate that may sign "
                      "others, and its private key without a passphrase, in PEM.");
  }
  if (X509_check_private_key(issuer.certificate.get(), issuer.key.get()) != 1) {
    ERR_clear_error();
    return base::fail(Code::invalid_argument,
                      "The authority's key is not that of its certificate.");
  }
  const base::Instant end = to_instant(X509_get0_notAfter(issuer.certificate.get()));
  if (end > now) return issuer;
  return base::fail(Code::conflict, fmt::format("The authority ended at {}: make a new one.",
                                                base::format_instant(end)));
}

}  // namespace

CertifiedKey make_authority(base::Instant now) {
  std::array<unsigned char, 4> tag{};  // two authorities of one name could not be told apart
  expect(RAND_bytes(tag.data(), tag.size()), "random numbers");
  const std::string name =
      fmt::format("Mainspring CA {:02x}{:02x}{:02x}{:02x}", tag[0], tag[1], tag[2], tag[3]);
  const Key key = make_key();
  const Certificate made =
      begin_certificate(name, {now - kClockAllowance, now + kAuthorityLifetime});
  expect(X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())), "issuer");
  expect(X509_set_pubkey(made.get(), key.get()), "key");
  const Extension rows[] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                            {NID_key_usage, "critical,keyCertSign,cRLSign"},
                            {NID_subject_key_identifier, "hash"}};
  add_extensions(made, made.get(), rows);
  expect(X509_sign(made.get(), key.get(), EVP_sha256()), "signature");
  return to_pem(made, key);
}

base::Result<CertifiedKey> issue_certificate(const CertificateRequest& request,
                                             const CertifiedKey& authority) {
  const auto alternatives = to_alternatives(request.names);
  if (!alternatives) return base::fail(alternatives.error());
  const auto issuer = read_issuer(authority, request.now);
  if (!issuer) return base::fail(issuer.error());
  X509* const signer = issuer->certificate.get();
  const base::Instant end =
      std::min(request.now + kCertificateLifetime, to_instant(X509_get0_notAfter(signer)));
  const std::string& first = request.names.front();
  const Key key = make_key();
  const bool has_name = first.size() <= kLongestCommonName;  // else only alternatives: critical
  const Certificate made =
      begin_certificate(has_name ? first : "", {request.now - kClockAllowance, end});
  expect(X509_set_issuer_name(made.get(), X509_get_subject_name(signer)), "issuer");
  expect(X509_set_pubkey(made.get(), key.get()), "key");
  const Extension rows[] = {
      {NID_basic_constraints, "critical,CA:FALSE"},
      {NID_key_usage, "critical,digitalSignature"},
      {NID_ext_key_usage, "serverAuth"},
      {NID_subject_key_identifier, "hash"},
      {NID_authority_key_identifier, "keyid:always"},
      {NID_subject_alt_name, has_name ? *alternatives : "critical," + *alternatives}};
  add_extensions(made, signer, rows);
  expect(X509_sign(made.get(), issuer->key.get(), EVP_sha256()), "signature");
  return to_pem(made, key);
}

base::Result<base::Instant> find_expiry(const std::string& pem) {
  const Certificate found = read_certificate(pem);
  if (found) return to_instant(X509_get0_notAfter(found.get()));
  return base::fail(Code::invalid_argument, "there is no certificate in PEM in it");
}

}  // namespace mainspring::crypto
