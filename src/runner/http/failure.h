// Failure: why a request brought no answer, and what that means for the attempt.
//
//   type       status      when
//   dns        retryable   the name has no address, or nobody told
//   connect    retryable   nobody listens there, or the way there is blocked
//   proxy      retryable   the proxy cannot be reached, or does not connect us; failed for 407
//   tls        retryable   the handshake broke; failed for a certificate that is not accepted, and
//                          for files of `tls` that cannot be used
//   timeout    retryable   timeouts.connect, timeouts.response; timed_out for those of the job
//   transfer   retryable   the connection ended before the answer did
//   protocol   failed      what came is no HTTP, or in an encoding that was not asked for
//   too_large  failed      the body is over max_response, or the headers over kHeaderLimit
//   cancelled, lost        it was to stop
//
// Pure functions. No message holds a credential, as far as libcurl's own words hold none.
#pragma once

#include <string>

#include "execution/runner.h"
#include "runner/http/request.h"

namespace mainspring::runner::http {

enum class Trouble {
  dns,
  connect,
  proxy,
  proxy_denied,  // it wants a name and a password
  handshake,
  certificate,
  tls_files,  // ours
  connect_timeout,
  response_timeout,
  run_timeout,
  idle_timeout,
  transfer,
  protocol,
  body_too_large,
  headers_too_large,
  stopped,
};

struct Failure {
  Trouble trouble = Trouble::transfer;
  std::string detail;  // in the words of libcurl or the system; perhaps ""
};

inline constexpr std::size_t kHeaderLimit = 256 << 10;  // of all headers of an answer together

model::Outcome make_outcome(const Failure& failure, const Request& request,
                            const model::JobSpec& job, execution::StopCause cause);

}  // namespace mainspring::runner::http
