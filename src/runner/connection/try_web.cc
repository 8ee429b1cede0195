// Tries of what speaks HTTP: web services, container engines, registries of images.
#include <fmt/core.h>

#include "http/url.h"
#include "json/document.h"
#include "runner/connection/challenge.h"
#include "runner/connection/tries.h"
#include "runner/connection/web_request.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;
using mainspring::http::percent_encode;

bool is_refusal(int status) { return status == 401 || status == 403 || status == 407; }

// "HTTP 200, nginx/1.22.1".
std::string describe(const WebAnswer& answer) {
  const auto server = answer.headers.find("server");
  std::string text = fmt::format("HTTP {}", answer.status);
  if (server != answer.headers.end() && !server->second.empty()) text += ", " + server->second;
  return text;
}

// Whether the other side is there and lets us in.
Result<std::string> judge(const WebAnswer& answer, std::string_view url) {
  if (is_refusal(answer.status))
    return base::fail(
        Code::permission_denied,
        fmt::format("{} answers {}: it does not take the credentials", url, answer.status));
  if (answer.status >= 500)
    return base::fail(Code::unavailable, fmt::format("{} answers {}: it is there and does not work",
                                                     url, answer.status));
  return describe(answer);
}

// A member of an answer that is a JSON object; "" where there is none.
std::string text_of(const WebAnswer& answer, std::string_view key) {
  const auto document = json::parse_json(answer.body);
  const json::Object* object = document ? document->value.if_object() : nullptr;
  const json::Value* value = object != nullptr ? object->if_contains(key) : nullptr;
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string{*text} : std::string{};
}

// ---- OAuth 2 ----

Result<std::string> fetch_token(const Try& attempt, const model::OAuth2Spec& oauth2) {
  auto secret = attempt.values.load(attempt.purpose("the client secret"), oauth2.client_secret);
  if (!secret) return secret;
  std::string form = "grant_type=client_credentials";
  std::string scope;
  for (const std::string& each : oauth2.scopes)
    scope += (scope.empty() ? "" : " ") + each;
  if (!scope.empty()) form += "&scope=" + percent_encode(scope);
  if (!oauth2.audience.empty()) form += "&audience=" + percent_encode(oauth2.audience);
  // RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
  const auto answer =
      fetch({.method = "POST",
             .url = oauth2.token_url,
             .headers = {{"Accept", "application/json"}},
             .basic = std::pair{percent_encode(oauth2.client_id), percent_encode(*secret)},
             .form = std::move(form),
             .proxy = attempt.spec.proxy,
             .tls = attempt.spec.tls},
            attempt.deadline);
  if (!answer) return base::fail(answer.error());
  std::string token = text_of(*answer, "access_token");
  if (answer->status == 200 && !token.empty()) {
    attempt.values.keep_secret(token);
    return token;
  }
  const std::string reason = text_of(*answer, "error");
  return base::fail(Code::permission_denied,
                    fmt::format("{} gives no token: it answers {}{}", oauth2.token_url,
                                answer->status, reason.empty() ? "" : ", " + one_line(reason)));
}

Result<void> add_credentials(const Try& attempt, WebRequest& request) {
  const model::HttpAuth& auth = attempt.spec.auth;
  if (auth.basic) {
    auto password = attempt.values.load(attempt.purpose("the password"), auth.basic->password);
    if (!password) return base::fail(std::move(password.error()));
    request.basic = std::pair{auth.basic->user, *std::move(password)};
  }
  if (auth.bearer || auth.oauth2) {
    auto token = auth.oauth2 ? fetch_token(attempt, *auth.oauth2)
                             : attempt.values.load(attempt.purpose("the token"), *auth.bearer);
    if (!token) return base::fail(std::move(token.error()));
    request.bearer = *std::move(token);
  }
  return {};
}

// ---- engines ----

// "unix:///run/docker.sock" and "tcp://host:2376" as a request.
WebRequest engine_request(const model::ConnectionSpec& spec) {
  constexpr std::string_view kUnix = "unix://";
  constexpr std::string_view kTcp = "tcp://";
  if (spec.url.starts_with(kUnix))
    return {.url = "http://localhost", .socket = spec.url.substr(kUnix.size())};
  const std::string_view scheme = spec.tls ? "https://" : "http://";
  return {.url = fmt::format("{}{}", scheme, spec.url.substr(kTcp.size())), .tls = spec.tls};
}

Result<WebAnswer> ask_engine(const Try& attempt, WebRequest request, std::string_view path) {
  request.url += path;
  auto answer = fetch(request, attempt.deadline);
  if (!answer) {
    answer.error().message = fmt::format("no container engine answers at {}: {}", attempt.spec.url,
                                         answer.error().message);
    return answer;
  }
  if (answer->status == 200) return answer;
  return base::fail(Code::unavailable, fmt::format("{} answers {} to {}: no container engine",
                                                   attempt.spec.url, answer->status, path));
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

// What the registry's `WWW-Authenticate` asks for, put into the request.
Result<void> answer_challenge(const Try& attempt, const std::string& text, WebRequest& request) {
  const Challenge challenge = parse_challenge(text);
  auto password = attempt.load_password();
  if (!password) return base::fail(std::move(password.error()));
  std::optional<std::pair<std::string, std::string>> basic;
  if (!attempt.spec.user.empty()) basic = std::pair{attempt.spec.user, *std::move(password)};
  if (challenge.scheme != "bearer") {
    request.basic = std::move(basic);
    return {};
  }
  WebRequest ask{.url = challenge.find("realm"), .basic = std::move(basic), .tls = request.tls};
  if (const std::string service = challenge.find("service"); !service.empty())
    ask.url += (ask.url.contains('?') ? "&service=" : "?service=") + percent_encode(service);
  const auto answer = fetch(ask, attempt.deadline);
  if (!answer) return base::fail(answer.error());
  request.bearer = text_of(*answer, "token");
  if (request.bearer.empty()) request.bearer = text_of(*answer, "access_token");
  if (answer->status != 200 || request.bearer.empty())
    return base::fail(
        Code::permission_denied,
        fmt::format("{} gives no token: it answers {}", challenge.find("realm"), answer->status));
  attempt.values.keep_secret(request.bearer);
  return {};
}

}  // namespace

Result<std::string> try_http(const Try& attempt) {
  WebRequest request{.method = "HEAD",
                     .url = attempt.spec.url,
                     .headers = attempt.spec.headers,
                     .proxy = attempt.spec.proxy,
                     .tls = attempt.spec.tls};
  if (auto added = add_credentials(attempt, request); !added)
    return base::fail(std::move(added.error()));
  auto answer = fetch(request, attempt.deadline);
  if (!answer) return base::fail(std::move(answer.error()));
  if (answer->status >= 400) {  // some know no HEAD
    request.method = "GET";
    answer = fetch(request, attempt.deadline);
    if (!answer) return base::fail(std::move(answer.error()));
  }
  return judge(*answer, attempt.spec.url);
}

Result<std::string> try_docker(const Try& attempt) {
  const WebRequest request = engine_request(attempt.spec);
  if (auto ping = ask_engine(attempt, request, "/_ping"); !ping)
    return base::fail(std::move(ping.error()));
  const auto version = ask_engine(attempt, request, "/version");
  if (!version) return base::fail(version.error());
  return one_line(fmt::format("engine {}, API {}, {}", text_of(*version, "Version"),
                              text_of(*version, "ApiVersion"), text_of(*version, "Os")));
}

Result<std::string> try_registry(const Try& attempt) {
  WebRequest request{.url = registry_url(attempt.spec.url), .tls = attempt.spec.tls};
  auto answer = fetch(request, attempt.deadline);
  if (!answer) return base::fail(std::move(answer.error()));
  const auto challenge = answer->headers.find("www-authenticate");
  if (answer->status == 401 && challenge != answer->headers.end()) {
    if (auto answered = answer_challenge(attempt, challenge->second, request); !answered)
      return base::fail(std::move(answered.error()));
    answer = fetch(request, attempt.deadline);
    if (!answer) return base::fail(std::move(answer.error()));
  }
  if (answer->status == 404)
    return base::fail(Code::unavailable,
                      fmt::format("{} answers 404: no registry of images", request.url));
  return judge(*answer, request.url);
}

}  // namespace mainspring::runner
