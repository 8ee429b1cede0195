// Answer: what a server answered, and what it means for the attempt.
//
// A status that the job expects is a success, once its headers and places of its body are as
// expected too. Any other is an error of type `status`: `retryable` for 408, 425, 429 and 5xx,
// `failed` for the rest. Whatever the status, the body becomes the result: a JSON body its value,
// a text a text, anything else {"base64": "..."}; none, if it is empty or over model::kResultLimit.
//
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/run.h"
#include "runner/http/request.h"

namespace mainspring::runner::http {

// When, counted from the beginning of this request.
struct Phases {
  base::Duration found{0};      // the address for the name
  base::Duration connected{0};  // by TCP
  base::Duration secured{0};    // by TLS; zero without
  base::Duration answered{0};   // the first byte came
  base::Duration ended{0};
};

struct Answer {
  int status = 0;
  std::string reason;  // "Not Found"; perhaps ""
  std::vector<Header> headers;
  std::string body;                 // decoded
  std::int64_t received_bytes = 0;  // of the body, as they came
  Phases phases;

  std::string status_text() const;  // "404 Not Found"
  std::string media_type() const;   // in lower case, without parameters; "" if none is given
};

struct Verdict {
  model::Outcome outcome;
  std::vector<std::string> notes;  // sentences for the log
};

Verdict judge_answer(const model::HttpSpec& http, const Request& request, const Answer& answer,
                     base::Instant now);

// Whether a status fits "204", "2xx" or "200-299".
bool fits_status(std::string_view pattern, int status);

// Retry-After in both forms (RFC 9110, section 10.2.3). A date counts from `date`, the server's own
// clock, where that header is there. Nothing: no time to come.
std::optional<base::Duration> retry_after(const Answer& answer, base::Instant now);

// "200 OK, 84 bytes of application/json, in 12ms: name 1ms, connected 2ms, answer 11ms".
std::string describe_answer(const Answer& answer);

// Characters of a foreign text that a log line or an error shows: one line, at most `most` bytes.
std::string excerpt(std::string_view text, std::size_t most);

}  // namespace mainspring::runner::http
