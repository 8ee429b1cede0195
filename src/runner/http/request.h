// Request: what a job of type http sends, made of its manifest and its connection; and the next
// one, where an answer points elsewhere.
//
// The headers, each in the place of what stands before it: our own, those of the connection, those
// of the job. Ours are User-Agent, Content-Type, Mainspring-Run-Id, Mainspring-Attempt,
// Mainspring-Epoch, traceparent, tracestate, and Idempotency-Key, the run's id, which is the same
// for all attempts (draft-ietf-httpapi-idempotency-key-header: a structured text, in quotes).
//
// Credentials are for one origin: headers of the connection, those from a secret or a file, and
// Authorization, Cookie, Host. A request that leaves that origin leaves them behind, and gets none
// of them back when it returns.
//
// Pure functions. Errors: invalid_argument, not_found (no such connection). No message holds a
// credential.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "execution/runner.h"
#include "runner/http/url.h"

namespace mainspring::runner::http {

struct Header {
  std::string name;
  std::string value;
  bool is_private = false;  // stays with the origin
};

// Names do not depend on case. Null: there is none.
const Header* find_header(const std::vector<Header>& headers, std::string_view name);

struct Request {
  std::string method;
  Url url;
  std::vector<Header> headers;
  std::optional<std::string> body;
  bool is_home = true;  // at the origin that credentials are for

  // In the place of one of that name.
  void set_header(Header header);
};

// The connection that the job names, or null where it names none. Errors: not_found,
// invalid_argument (of another type).
base::Result<const model::ConnectionSpec*> get_connection(const execution::Order& order);

// `headers`: the values of those of the job, read from where they lie.
base::Result<Request> make_request(const execution::Order& order,
                                   const std::map<std::string, std::string>& headers);

// The least that a job can ask of a connection, which tells whether it works: HEAD on its url, with
// its headers. Errors: invalid_argument.
base::Result<Request> make_probe(const model::ConnectionSpec& connection);

// For the log: "POST https://api.example.org/v1/jobs, 120 bytes of application/json".
std::string describe_request(const Request& request);

// Where an answer with this status and Location leads. Nothing: nowhere, it is to be judged as it
// is. A POST becomes a GET on 301, 302 and 303, as everybody does it (RFC 9110, section 15.4).
// Errors: invalid_argument: it may not be followed; the message is the end of a sentence that
// begins "the answer of X cannot be followed: ".
base::Result<std::optional<Request>> redirected(const Request& request, int status,
                                                const std::string* location,
                                                model::Redirects policy);

}  // namespace mainspring::runner::http
