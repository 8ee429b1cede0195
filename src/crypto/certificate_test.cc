#include "crypto/certificate.h"

#include <doctest/doctest.h>

#include <memory>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace mainspring::crypto {
namespace {

using std::chrono::days;

const base::Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate parse(const std::string& pem) {
  BIO* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Certificate out{PEM_read_bio_X509(memory, nullptr, nullptr, nullptr), X509_free};
  BIO_free(memory);
  REQUIRE(out != nullptr);
  return out;
}

// What a client that trusts the authority says, as an error of OpenSSL; 0: all is well.
int verify(const std::string& certificate, const std::string& authority, base::Instant at) {
  const Certificate leaf = parse(certificate);
  const Certificate root = parse(authority);
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store{X509_STORE_new(),
                                                                      X509_STORE_free};
  X509_STORE_add_cert(store.get(), root.get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context{
      X509_STORE_CTX_new(), X509_STORE_CTX_free};
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_set_time(context.get(), 0,
                          std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

TEST_CASE("a server's certificate is good for who trusts the authority, while it lasts") {
  const CertifiedKey authority = make_authority(kNow);
  const auto server = issue_certificate({{"jobs.example", "10.0.0.5"}, kNow}, authority);
  REQUIRE(server.has_value());
  CHECK_EQ(verify(server->certificate, authority.certificate, kNow), X509_V_OK);
  CHECK_EQ(verify(server->certificate, authority.certificate, kNow + days{396}), X509_V_OK);
  CHECK_EQ(verify(server->certificate, authority.certificate, kNow + days{398}),
           X509_V_ERR_CERT_HAS_EXPIRED);
  CHECK_EQ(X509_check_ca(parse(authority.certificate).get()), 1);
  CHECK_EQ(*find_expiry(authority.certificate), kNow + kAuthorityLifetime);
  const CertifiedKey other = make_authority(kNow);
  CHECK_NE(verify(server->certificate, other.certificate, kNow), X509_V_OK);
  CHECK_EQ(*find_expiry(server->certificate), kNow + kCertificateLifetime);
}

TEST_CASE("a certificate is for the names that were asked for, and for no other") {
  const CertifiedKey authority = make_authority(kNow);
  const auto made = issue_certificate(
      {{"jobs.example", "*.jobs.example", "10.0.0.5", "fe80::1", "under_score"}, kNow}, authority);
  REQUIRE(made.has_value());
  const Certificate server = parse(made->certificate);
  const auto is_for = [&server](const char* host) {
    return X509_check_host(server.get(), host, 0, 0, nullptr) == 1;
  };
  CHECK(is_for("jobs.example"));
  CHECK(is_for("a.jobs.example"));
  CHECK_FALSE(is_for("a.b.jobs.example"));
  CHECK_FALSE(is_for("other.example"));
  CHECK_EQ(X509_check_ip_asc(server.get(), "10.0.0.5", 0), 1);
  CHECK_EQ(X509_check_ip_asc(server.get(), "fe80::1", 0), 1);
  CHECK_EQ(X509_check_ip_asc(server.get(), "10.0.0.6", 0), 0);
}

TEST_CASE("what is neither a host nor an address is refused by its name") {
  const CertifiedKey authority = make_authority(kNow);
  for (const std::string name : {"", "a b", "https://jobs.example", "jobs.example:7070", "-a", "a.",
                                 "a..b", "x,DNS:evil", "*", "a.*.b", "10.0.0.256", "1.2.3"}) {
    const auto made = issue_certificate({{name}, kNow}, authority);
    CAPTURE(name);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == base::Code::invalid_argument);
    CHECK(made.error().message.contains("'" + name + "'"));
  }
  CHECK_FALSE(issue_certificate({{}, kNow}, authority).has_value());
}

TEST_CASE("a long name is no common name, and works all the same") {
  const CertifiedKey authority = make_authority(kNow);
  const std::string name = std::string(40, 'a') + "." + std::string(40, 'b') + ".example";
  const auto made = issue_certificate({{name}, kNow}, authority);
  REQUIRE(made.has_value());
  CHECK_EQ(verify(made->certificate, authority.certificate, kNow), X509_V_OK);
  CHECK_EQ(X509_check_host(parse(made->certificate).get(), name.c_str(), 0, 0, nullptr), 1);
}

TEST_CASE("who is no authority, or one no longer, issues nothing") {
  const CertifiedKey authority = make_authority(kNow);
  const CertifiedKey other = make_authority(kNow);
  const CertificateRequest request{{"x.example"}, kNow};
  const auto server = issue_certificate(request, authority);
  REQUIRE(server.has_value());
  CHECK_FALSE(issue_certificate(request, *server).has_value());
  CHECK_FALSE(issue_certificate(request, {authority.certificate, other.key}).has_value());
  CHECK_FALSE(issue_certificate(request, {"", ""}).has_value());
  const auto late =
      issue_certificate({{"x.example"}, kNow + kAuthorityLifetime + days{1}}, authority);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().code == base::Code::conflict);
  const auto last =
      issue_certificate({{"x.example"}, kNow + kAuthorityLifetime - days{10}}, authority);
  CHECK_EQ(*find_expiry(last.value().certificate), *find_expiry(authority.certificate));
}

TEST_CASE("a text without a certificate has no expiry") {
  CHECK_FALSE(find_expiry("nothing").has_value());
}

}  // namespace
}  // namespace mainspring::crypto
