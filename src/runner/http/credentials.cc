#include "runner/http/credentials.h"

#include <fmt/core.h>

#include "json/base64.h"

namespace mainspring::runner::http {
namespace {

using base::Result;

using Ended = std::unexpected<CredentialFault>;

}  // namespace

std::expected<void, CredentialFault> Credentials::authorize(Request& request) {
  const bool is_own = find_header(request.headers, "authorization") != nullptr && token_.empty();
  if (parts_.connection == nullptr || is_own) return {};
  const model::HttpAuth& auth = parts_.connection->auth;
  if (auth.basic) {
    const auto password = load("the password", auth.basic->password);
    if (!password) return Ended(password.error());
    std::string pair = json::encode_base64(fmt::format("{}:{}", auth.basic->user, *password));
    parts_.values.keep_secret(pair);
    return set_authorization(request, "Basic " + pair);
  }
  if (auth.bearer) {
    const auto token = load("the bearer token", *auth.bearer);
    if (!token) return Ended(token.error());
    return set_authorization(request, "Bearer " + *token);
  }
  if (!auth.oauth2) return {};
  if (auto taken = take_token(*auth.oauth2); !taken) return taken;
  return set_authorization(request, "Bearer " + token_);
}

bool Credentials::drop_kept_token() {
  if (is_kept_token_) parts_.tokens.drop(owner_, token_);
  return is_kept_token_;
}

Result<std::string> Credentials::load(std::string_view what, const model::SecretRef& from) {
  return parts_.values.load(fmt::format("{} of the connection '{}'", what, parts_.connection->name),
                            from);
}

std::expected<void, CredentialFault> Credentials::set_authorization(Request& request,
                                                                    std::string value) const {
  if (value.find_first_of("\r\n") != std::string::npos)
    return Ended(base::Error{base::Code::invalid_argument,
                             fmt::format("the credential of the connection '{}' holds a line break",
                                         parts_.connection->name),
                             {}});
  request.set_header({"Authorization", std::move(value), true});
  return {};
}

// A kept one, or a new one.
std::expected<void, CredentialFault> Credentials::take_token(const model::OAuth2Spec& spec) {
  if (owner_.client_secret.empty()) {
    auto secret = load("the client secret", spec.client_secret);
    if (!secret) return Ended(std::move(secret.error()));
    owner_ = {std::string{parts_.tenant}, spec, std::move(*secret)};
  }
  const auto kept = parts_.tokens.find(owner_, std::chrono::steady_clock::now());
  is_kept_token_ = kept.has_value();
  if (kept)
    token_ = *kept;
  else if (auto fetched = fetch_token(); !fetched)
    return fetched;
  parts_.values.keep_secret(token_);
  return {};
}

std::expected<void, CredentialFault> Credentials::fetch_token() {
  auto request = make_token_request(*parts_.connection, owner_.client_secret);
  if (!request) return Ended(std::move(request.error()));
  const Header* proof = find_header(request->headers, "authorization");
  parts_.values.keep_secret(proof->value.substr(proof->value.find(' ') + 1));
  auto answer = parts_.send(*request, kTokenAnswerLimit);
  if (!answer) return Ended(TokenUnreached{std::move(answer.error()), std::move(*request)});
  auto token = read_token(*request, *answer);
  if (!token) {
    const auto now = std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now());
    return Ended(TokenRefused{std::move(token.error()), retry_after(*answer, now)});
  }
  parts_.tokens.keep(owner_, *token, std::chrono::steady_clock::now());
  token_ = std::move(token->text);
  return {};
}

void keep_proxy_secret(std::string_view proxy, Values& values) {
  const std::size_t begin = proxy.find("://");
  const std::size_t end = proxy.rfind('@');
  if (begin == std::string_view::npos || end == std::string_view::npos) return;
  const std::string_view pair = proxy.substr(begin + 3, end - begin - 3);
  const std::size_t colon = pair.find(':');
  values.keep_secret(std::string(pair));
  if (colon != std::string_view::npos) values.keep_secret(std::string(pair.substr(colon + 1)));
}

}  // namespace mainspring::runner::http
