// Transfer: sends the requests of one attempt, one at a time, and brings their answers.
//
// Each attempt has its own connections; only its own redirects use one again. HTTP/1.1; no cookies,
// no .netrc, and answers in gzip and deflate are decoded. It ends early when the attempt is to
// stop, when its time is over, and when an answer passes a limit; the thread waits for sockets,
// for the next such instant, or for a stop, and polls nothing. Nothing is left
// of it afterwards but, where a name server does not answer, the thread that still waits for it.
//
// Threads: that of the attempt. Throws std::runtime_error when libcurl cannot go on.
// Source: libcurl's multi interface.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "execution/runner.h"
#include "runner/http/answer.h"
#include "runner/http/failure.h"
#include "runner/http/request.h"

namespace mainspring::runner::http {

using SteadyTime = std::chrono::steady_clock::time_point;

// How long the attempt as a whole may take.
struct Patience {
  SteadyTime started = std::chrono::steady_clock::now();
  std::optional<base::Duration> run;   // timeout.run
  std::optional<base::Duration> idle;  // timeout.idle
};

// What becomes of a body that is too long.
enum class TooLong {
  refused,  // the request has failed
  cut,      // the answer is what came until then
};

struct TransferSettings {
  model::TlsSpec tls;
  std::string proxy;  // "": as the environment says
  model::HttpTimeouts timeouts;
  Patience patience;
  TooLong too_long = TooLong::refused;
};

class Exchange;

class Transfer {
 public:
  // Borrowed.
  Transfer(TransferSettings settings, const execution::StopSignal& stop);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // `most`: bytes of a decoded body. A request away from home goes without
  // the client's certificate and without tls.server_name.
  std::expected<Answer, Failure> send(const Request& request, std::int64_t most);

 private:
  struct Curl;
  struct Deadline {
    SteadyTime at;
    Trouble trouble;  // that it has passed
  };

  std::expected<Answer, Failure> drive(Exchange& exchange);
  Deadline find_deadline(const Exchange& exchange) const;
  void wait(std::chrono::steady_clock::duration most);

  const TransferSettings settings_;
  const execution::StopSignal& stop_;
  const std::unique_ptr<Curl> curl_;
};

}  // namespace mainspring::runner::http
