#include "runner/http/oauth2.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/version.h"
#include "json/base64.h"
#include "json/document.h"
#include "json/look.h"

namespace mainspring::runner::http {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kShownBytes = 200;  // of a foreign text in a message

std::unexpected<base::Error> refuse(const Request& request, const Answer& answer,
                                    std::string_view why) {
  const bool may_pass = answer.status == 429 || answer.status >= 500;
  return base::fail(may_pass ? Code::unavailable : Code::permission_denied,
                    fmt::format("{} gave no token: it answered {}{}{}", request.url.shown(),
                                answer.status_text(), why.empty() ? "" : ", ", why));
}

// RFC 6749, section 5.2.
std::string reason_in(const json::Value& object) {
  const std::string error = json::find_text(object, "error");
  const std::string description = json::find_text(object, "error_description");
  return excerpt(description.empty() ? error : fmt::format("{}: {}", error, description),
                 kShownBytes);
}

std::optional<std::chrono::seconds> lifetime_in(const json::Value& object) {
  const json::Value* value = json::find_member(&object, "expires_in");
  if (value == nullptr || !value->is_int64() || value->get_int64() <= 0) return std::nullopt;
  constexpr std::int64_t kLongest = 30 * 24 * 3600;  // a token that lives longer is asked for anew
  return std::chrono::seconds{std::min(value->get_int64(), kLongest)};
}

}  // namespace

Result<Request> make_token_request(const model::ConnectionSpec& connection,
                                   const std::string& client_secret) {
  const model::OAuth2Spec& spec = *connection.auth.oauth2;
  auto url = parse_url(spec.token_url);
  if (!url)
    return base::fail(Code::invalid_argument,
                      fmt::format("auth.oauth2.token_url of the connection '{}': {}",
                                  connection.name, url.error().message));
  const auto home = parse_url(connection.url);
  std::map<std::string, std::string> fields{{"grant_type", "client_credentials"}};
  std::string scope;
  for (const std::string& one : spec.scopes)
    scope += (scope.empty() ? "" : " ") + one;
  if (!scope.empty()) fields["scope"] = scope;
  if (!spec.audience.empty()) fields["audience"] = spec.audience;
  const std::string pair =
      fmt::format("{}:{}", encode_form_text(spec.client_id), encode_form_text(client_secret));
  Request request{.method = "POST", .url = std::move(*url)};
  request.is_home = home && home->origin() == request.url.origin();
  request.body = encode_form(fields);
  request.set_header({"User-Agent", fmt::format("mainspring/{}", base::kVersion)});
  request.set_header({"Accept", "application/json"});
  request.set_header({"Content-Type", "application/x-www-form-urlencoded"});
  request.set_header({"Authorization", "Basic " + json::encode_base64(pair), true});
  return request;
}

Result<Token> read_token(const Request& request, const Answer& answer) {
  const auto document = json::parse_json(answer.body);
  const json::Value value = document ? document->value : json::Value{};
  if (answer.status != 200) return refuse(request, answer, reason_in(value));
  if (!value.is_object()) return refuse(request, answer, "whose body is no JSON object");
  Token token{json::find_text(value, "access_token"), lifetime_in(value)};
  const bool is_plain = std::ranges::all_of(token.text, [](char c) { return c > ' ' && c <= '~'; });
  if (token.text.empty() || !is_plain)
    return refuse(request, answer, "without a usable access_token");
  if (!equal_ignoring_case(json::find_text(value, "token_type"), "bearer"))
    return refuse(request, answer, "and its token_type is not Bearer");
  return token;
}

std::optional<std::string> Tokens::find(const TokenOwner& owner, Time now) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [&](const Kept& kept) { return kept.until <= now; });
  const auto found = std::ranges::find(kept_, owner, &Kept::owner);
  if (found == kept_.end()) return std::nullopt;
  return found->token;
}

void Tokens::keep(const TokenOwner& owner, const Token& token, Time now) {
  if (!token.lifetime) return;
  const std::chrono::seconds lifetime = *token.lifetime;
  const auto margin = std::min<std::chrono::milliseconds>(kTokenMargin, lifetime / 2);
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [&](const Kept& kept) { return kept.owner == owner; });
  if (kept_.size() == kTokenLimit) kept_.erase(kept_.begin());
  kept_.push_back({owner, token.text, now + lifetime - margin});
}

void Tokens::drop(const TokenOwner& owner, const std::string& token) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_,
                [&](const Kept& kept) { return kept.owner == owner && kept.token == token; });
}

}  // namespace mainspring::runner::http
