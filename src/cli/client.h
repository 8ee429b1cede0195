// Client: requests to a node's API, one at a time, over one kept connection.
//
// Threads: one. A Ctrl-C while a request is under way ends it with Code::unavailable and
// was_interrupted() true. Source: libcurl's easy interface.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "cli/target.h"
#include "json/document.h"

namespace mainspring::cli {

struct ApiRequest {
  std::string method = "GET";
  std::string path = {};  // "/api/v1/jobs"; segments already encoded
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::string content_type = "application/json";
  std::optional<base::Duration> patience = {};  // for the whole answer, instead of the usual
};

struct ApiReply {
  int status = 0;
  std::string body;
  std::optional<base::Instant> date;  // the server's clock, from its Date header; whole seconds
};

// A piece of a body, as it arrives.
using BodySink = std::function<void(std::string_view)>;

// The server waits this long for a run at most per request; we ask again.
inline constexpr int kWaitSeconds = 30;

class Client {
 public:
  explicit Client(Target target);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const Target& target() const { return target_; }

  // The reply as it came, whatever its status. Errors: unavailable, permission_denied (it does not
  // prove to be the node), invalid_argument (the file of the authority).
  base::Result<ApiReply> send(const ApiRequest& request);
  // The reply's JSON when the status is 2xx. Errors: the problem+json of the reply, unavailable.
  base::Result<json::Value> call(const ApiRequest& request);
  // Gives the body to `sink` as it arrives, for as long as it lasts. Errors: as call().
  base::Result<void> download(const ApiRequest& request, const BodySink& sink);

 private:
  struct Curl;
  Target target_;
  std::unique_ptr<Curl> curl_;
};

// An error from a problem+json body; for any other body one made of the status.
base::Error read_problem(const ApiReply& reply);

std::string encode_segment(std::string_view text);

// Makes Ctrl-C end the request under way instead of the program; the program then exits with 130.
void catch_interrupts();
bool was_interrupted();

}  // namespace mainspring::cli
