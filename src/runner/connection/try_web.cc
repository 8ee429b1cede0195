// Tries of what speaks HTTP: web services, container engines, registries of images.
#include <fmt/core.h>

#include "http/url.h"
#include "json/base64.h"
#include "json/document.h"
#include "json/look.h"
#include "runner/connection/challenge.h"
#include "runner/connection/tries.h"
#include "runner/connection/try_connection.h"
#include "runner/container/engine.h"
#include "runner/http/credentials.h"
#include "runner/http/transfer.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;
using http::Answer;
using http::Failure;
using http::Request;
using http::Trouble;
using mainspring::http::percent_encode;

constexpr std::int64_t kBodyLimit = 64 << 10;  // the rest of a page says nothing about its server

bool is_refusal(int status) { return status == 401 || status == 403 || status == 407; }

// "HTTP 200, nginx/1.22.1".
std::string describe(const Answer& answer) {
  const http::Header* server = find_header(answer.headers, "server");
  std::string text = fmt::format("HTTP {}", answer.status);
  if (server != nullptr && !server->value.empty()) text += ", " + one_line(server->value);
  return text;
}

// Whether the other side is there and lets us in.
Result<std::string> judge(const Answer& answer, const Request& request) {
  const std::string url = request.url.shown();
  if (is_refusal(answer.status))
    return base::fail(
        Code::permission_denied,
        fmt::format("{} answers {}: it does not take the credentials", url, answer.status));
  if (answer.status >= 500)
    return base::fail(Code::unavailable, fmt::format("{} answers {}: it is there and does not work",
                                                     url, answer.status));
  return describe(answer);
}

// In the words of a job, but for limits that no job has set.
std::unexpected<base::Error> explain(const Failure& failure, const Request& request) {
  if (failure.trouble == Trouble::run_timeout || failure.trouble == Trouble::connect_timeout)
    return base::fail(Code::timed_out,
                      fmt::format("{} did not answer in time", request.url.authority()));
  model::JobSpec job;
  job.http.emplace();
  auto outcome = make_outcome(failure, request, job, execution::StopCause::cancelled);
  return base::fail(
      failure.trouble == Trouble::tls_files ? Code::invalid_argument : Code::unavailable,
      std::move(outcome.error->message));
}

// Sends what a job would send, until kTryTime is over.
class Sender {
 public:
  explicit Sender(const model::ConnectionSpec& spec)
      : transfer_({.tls = spec.tls.value_or(model::TlsSpec{}),
                   .proxy = spec.proxy,
                   .timeouts = {},
                   .patience = {.run = kTryTime, .idle = {}},
                   .too_long = http::TooLong::cut},
                  stop_) {}

  std::expected<Answer, Failure> try_send(const Request& request, std::int64_t most) {
    return transfer_.send(request, most);
  }
  Result<Answer> send(const Request& request) {
    auto answer = try_send(request, kBodyLimit);
    if (!answer) return explain(answer.error(), request);
    return std::move(*answer);
  }

 private:
  const execution::StopSignal stop_;
  http::Transfer transfer_;
};

std::unexpected<base::Error> explain(const http::CredentialFault& fault) {
  if (const auto* error = std::get_if<base::Error>(&fault)) return std::unexpected(*error);
  if (const auto* refused = std::get_if<http::TokenRefused>(&fault))
    return std::unexpected(refused->error);
  const auto& unreached = std::get<http::TokenUnreached>(fault);
  return explain(unreached.failure, unreached.request);
}

// ---- registries ----

// An address may be a host alone.
std::string registry_url(std::string url) {
  if (!url.contains("://")) url = "https://" + url;
  while (url.ends_with('/'))
    url.pop_back();
  if (url == "https://docker.io") url = "https://registry-1.docker.io";
  return url + "/v2/";
}

Result<Request> make_get(const std::string& url) {
  auto parsed = http::parse_url(url);
  if (!parsed) return base::fail(std::move(parsed.error()));
  return Request{.method = "GET", .url = std::move(*parsed)};
}

Result<std::string> fetch_token(const Try& attempt, Sender& sender, Request ask) {
  const auto answer = sender.send(ask);
  if (!answer) return base::fail(answer.error());
  const auto document = json::parse_json(answer->body);
  const json::Value value = document ? document->value : json::Value{};
  std::string token = json::find_text(value, "token");
  if (token.empty()) token = json::find_text(value, "access_token");
  if (answer->status != 200 || token.empty())
    return base::fail(Code::permission_denied, fmt::format("{} gives no token: it answers {}",
                                                           ask.url.shown(), answer->status));
  attempt.values.keep_secret(token);
  return token;
}

// What the registry's `WWW-Authenticate` asks for, put into the request.
Result<void> answer_challenge(const Try& attempt, Sender& sender, const std::string& text,
                              Request& request) {
  const Challenge challenge = parse_challenge(text);
  const auto password = load_password(attempt.spec, attempt.values);
  if (!password) return base::fail(password.error());
  const std::string pair = json::encode_base64(fmt::format("{}:{}", attempt.spec.user, *password));
  attempt.values.keep_secret(pair);
  const http::Header basic{"Authorization", "Basic " + pair, true};
  const bool has_user = !attempt.spec.user.empty();
  if (challenge.scheme != "bearer") {
    if (has_user) request.set_header(basic);
    return {};
  }
  std::string url = challenge.find("realm");
  if (const std::string service = challenge.find("service"); !service.empty())
    url += (url.contains('?') ? "&service=" : "?service=") + percent_encode(service);
  auto ask = make_get(url);
  if (!ask) return base::fail(std::move(ask.error()));
  ask->is_home = ask->url.origin() == request.url.origin();
  if (has_user) ask->set_header(basic);
  auto token = fetch_token(attempt, sender, std::move(*ask));
  if (!token) return base::fail(std::move(token.error()));
  request.set_header({"Authorization", "Bearer " + *token, true});
  return {};
}

}  // namespace

Result<std::string> try_http(const Try& attempt) {
  auto request = http::make_probe(attempt.spec);
  if (!request) return base::fail(std::move(request.error()));
  http::keep_proxy_secret(attempt.spec.proxy, attempt.values);
  Sender sender(attempt.spec);
  http::Tokens tokens;  // none is kept from before: a new one is a part of the try
  http::Credentials credentials(
      {&attempt.spec, "", attempt.values, tokens,
       [&](const Request& ask, std::int64_t most) { return sender.try_send(ask, most); }});
  if (auto authorized = credentials.authorize(*request); !authorized)
    return explain(authorized.error());
  auto answer = sender.send(*request);
  if (answer && answer->status >= 400) {  // some know no HEAD
    request->method = "GET";
    answer = sender.send(*request);
  }
  if (!answer) return base::fail(std::move(answer.error()));
  return judge(*answer, *request);
}

Result<std::string> try_docker(const Try& attempt) {
  const auto endpoint = make_endpoint(attempt.spec);
  if (!endpoint) return base::fail(endpoint.error());
  const auto engine = Engine::connect(*endpoint);
  if (!engine) return base::fail(engine.error());
  return one_line(engine->description());
}

Result<std::string> try_registry(const Try& attempt) {
  auto request = make_get(registry_url(attempt.spec.url));
  if (!request) return base::fail(std::move(request.error()));
  Sender sender(attempt.spec);
  auto answer = sender.send(*request);
  if (!answer) return base::fail(std::move(answer.error()));
  const http::Header* challenge = find_header(answer->headers, "www-authenticate");
  if (answer->status == 401 && challenge != nullptr) {
    const std::string text = challenge->value;
    if (auto done = answer_challenge(attempt, sender, text, *request); !done)
      return base::fail(std::move(done.error()));
    answer = sender.send(*request);
    if (!answer) return base::fail(std::move(answer.error()));
  }
  if (answer->status == 404)
    return base::fail(Code::unavailable,
                      fmt::format("{} answers 404: no registry of images", request->url.shown()));
  return judge(*answer, *request);
}

}  // namespace mainspring::runner
