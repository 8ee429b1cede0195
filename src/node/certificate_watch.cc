#include "node/certificate_watch.h"

#include <fmt/core.h>

namespace mainspring::node {
namespace {

constexpr std::chrono::hours kBetweenLooks{12};

}  // namespace

std::optional<std::string> trouble_of(const net::TlsCertificate& certificate, base::Instant now) {
  const std::string end = base::format_instant(certificate.not_after);
  if (certificate.not_before > now) {
    return fmt::format(
        "The TLS certificate is valid only from {}: clients refuse it until then; "
        "look at this machine's clock.",
        base::format_instant(certificate.not_before));
  }
  if (certificate.not_after <= now) {
    return fmt::format(
        "The TLS certificate ended at {}: clients refuse it. Put a new one in its "
        "place and reload the node.",
        end);
  }
  const base::Duration left = certificate.not_after - now;
  if (left > kCertificateNotice) return std::nullopt;
  return fmt::format(
      "The TLS certificate ends at {}, in {}: put a new one in its place and reload "
      "the node.",
      end, base::format_roughly(left));
}

CertificateWatch::CertificateWatch(Parts parts)
    : parts_(std::move(parts)), thread_([this] { watch(); }) {}

CertificateWatch::~CertificateWatch() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void CertificateWatch::look_again() {
  {
    const std::scoped_lock lock(mutex_);
    is_to_look_ = true;
  }
  changed_.notify_one();
}

void CertificateWatch::watch() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    is_to_look_ = false;
    lock.unlock();
    const base::Instant now = parts_.clock.now();
    if (const auto trouble = trouble_of(parts_.tls.certificate(), now)) parts_.log.warn(*trouble);
    lock.lock();
    changed_.wait_for(lock, kBetweenLooks, [this] { return is_stopping_ || is_to_look_; });
  }
}

}  // namespace mainspring::node
