// OAuth2: access tokens by the client credentials grant, and the tokens that all slots share.
//
// A token is kept until shortly before its end; one without an end is used once. The client proves
// itself by HTTP Basic, which every server must take (RFC 6749, section 2.3.1).
//
// Source: RFC 6749, sections 4.4 and 5; RFC 6750. No message holds a secret or a token.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "model/connection.h"
#include "runner/http/answer.h"
#include "runner/http/request.h"

namespace mainspring::runner::http {

struct Token {
  std::string text;
  std::optional<std::chrono::seconds> lifetime;
};

inline constexpr std::int64_t kTokenAnswerLimit = 64 << 10;  // bytes; a token has a few KiB

// Pure. Errors: invalid_argument (the address).
base::Result<Request> make_token_request(const model::ConnectionSpec& connection,
                                         const std::string& client_secret);
// Pure. Errors, for the author of the connection: unavailable (429, 5xx), permission_denied.
base::Result<Token> read_token(const Request& request, const Answer& answer);

// Whom a token is for. With the secret: who changes it gets a new token.
struct TokenOwner {
  std::string tenant;
  model::OAuth2Spec spec;
  std::string client_secret;

  friend bool operator==(const TokenOwner&, const TokenOwner&) = default;
};

// Threads: any.
class Tokens {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Nothing: there is none, or it ends soon.
  std::optional<std::string> find(const TokenOwner& owner, Time now);
  void keep(const TokenOwner& owner, const Token& token, Time now);
  // That one was refused; another that came meanwhile stays.
  void drop(const TokenOwner& owner, const std::string& token);

 private:
  struct Kept {
    TokenOwner owner;
    std::string token;
    Time until;
  };

  std::mutex mutex_;
  std::vector<Kept> kept_;  // few: one for each connection with OAuth2
};

inline constexpr std::size_t kTokenLimit = 1'000;        // that are kept
inline constexpr std::chrono::seconds kTokenMargin{30};  // before its end, for the way of a request

}  // namespace mainspring::runner::http
