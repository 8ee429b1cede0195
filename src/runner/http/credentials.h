// Credentials: what a connection of type http proves itself with, put into requests to it; for a
// job and for a connection test alike.
//
// Threads: that of the attempt; the Tokens are shared. No error holds a secret.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "runner/attempt/values.h"
#include "runner/http/failure.h"
#include "runner/http/oauth2.h"

namespace mainspring::runner::http {

// Who gives out tokens did not answer.
struct TokenUnreached {
  Failure failure;
  Request request;
};

// Or answered, and gave none.
struct TokenRefused {
  base::Error error;  // of read_token()
  std::optional<base::Duration> retry_after;
};

// Why a request goes nowhere. A plain error: a value that cannot be read on this worker, or makes
// no header; or an address that is none.
using CredentialFault = std::variant<base::Error, TokenUnreached, TokenRefused>;

class Credentials {
 public:
  using Send = std::function<std::expected<Answer, Failure>(const Request&, std::int64_t most)>;
  struct Parts {
    const model::ConnectionSpec* connection;  // null: none
    std::string_view tenant;
    Values& values;  // learns every secret
    Tokens& tokens;
    Send send;  // of a request for a token
  };
  explicit Credentials(Parts parts) : parts_(std::move(parts)) {}

  // A request with an Authorization of its own keeps it.
  std::expected<void, CredentialFault> authorize(Request& request);

  // After a server refused the credentials: whether they were a token that was kept from before.
  // It is forgotten, and authorize() gets another one.
  bool drop_kept_token();

 private:
  base::Result<std::string> load(std::string_view what, const model::SecretRef& from);
  std::expected<void, CredentialFault> set_authorization(Request& request, std::string value) const;
  std::expected<void, CredentialFault> take_token(const model::OAuth2Spec& spec);
  std::expected<void, CredentialFault> fetch_token();

  const Parts parts_;
  TokenOwner owner_;            // once its secret is loaded
  std::string token_;           // the one in use
  bool is_kept_token_ = false;  // it is not of this attempt
};

// The user and the password that stand in a proxy's address become secrets.
void keep_proxy_secret(std::string_view proxy, Values& values);

}  // namespace mainspring::runner::http
