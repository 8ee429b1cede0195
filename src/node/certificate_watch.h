// What is wrong, or soon will be, with the certificate that a node shows; and a watch on it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "net/tls.h"

namespace mainspring::node {

// Long enough for a person to come back from a holiday.
inline constexpr base::Duration kCertificateNotice = std::chrono::days{14};

// A sentence that tells a stranger no more than the certificate itself does; nothing: all is well.
std::optional<std::string> trouble_of(const net::TlsCertificate& certificate, base::Instant now);

// Says so in the log, at once and then twice a day.
//
// Threads: one of its own, from construction to destruction; what it is given must outlive it.
class CertificateWatch {
 public:
  struct Parts {
    const net::Tls& tls;
    env::Clock& clock;
    base::Log log;
  };
  explicit CertificateWatch(Parts parts);
  ~CertificateWatch();

  void look_again();  // the certificate is another one

 private:
  void watch();

  const Parts parts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  bool is_to_look_ = true;
  std::thread thread_;  // last
};

}  // namespace mainspring::node
