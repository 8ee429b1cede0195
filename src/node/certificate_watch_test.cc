#include "node/certificate_watch.h"

#include <doctest/doctest.h>

namespace mainspring::node {
namespace {

using std::chrono::days;
using std::chrono::hours;

TEST_CASE("a certificate is in trouble two weeks before its end, after it, and before its time") {
  const base::Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
  const auto trouble = [now](base::Instant from, base::Instant to) {
    net::TlsCertificate certificate;
    certificate.not_before = from;
    certificate.not_after = to;
    return trouble_of(certificate, now).value_or("");
  };
  CHECK_EQ(trouble(now - days{1}, now + days{15}), "");
  CHECK(trouble(now - days{1}, now + days{13}).contains("ends at 2026-12-05"));
  CHECK(trouble(now - days{9}, now - hours{1}).contains("ended at 2026-11-21"));
  CHECK(trouble(now + days{1}, now + days{90}).contains("only from 2026-11-23"));
}

}  // namespace
}  // namespace mainspring::node
