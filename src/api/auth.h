// Credentials: bearer tokens, and the browser's session cookie with its CSRF token.
//
// Tokens are found by their SHA-256 in the store. Sessions are in memory, and on the node's shelf,
// where it has one, so that a restart signs nobody out; what lies there opens nothing by itself.
// Thread-safe.
// Source: OWASP session management and CSRF cheat sheets; RFC 6750 for bearer tokens.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/identity.h"
#include "api/services.h"
#include "api/session_shelf.h"

namespace mainspring::api {

// Whether somebody of the first permission may use a route of the second.
bool allows(Permission has, Permission needed);
// Whether a Host header names this node: an IP address, localhost, or one of `names`, with any
// port. A page elsewhere whose name is made to resolve to us is so told apart (DNS rebinding).
bool is_own_host(std::string_view host, const std::vector<std::string>& names);

class Credentials {
 public:
  Credentials(const Services& services, const Settings& settings);

  // Errors: unauthenticated; permission_denied when a cookie comes under a Host that is not ours,
  // or without its CSRF token on a method that changes something, or from another origin. A session
  // that a token opened ends with it.
  base::Result<Identity> identify(const http::Request& request, store::Reads& reads);

  // Names under which browsers may come, from now on.
  void set_hosts(std::vector<std::string> hosts);

  // A code for one sign-in link, valid once and for Settings::sign_in_lifetime.
  std::string make_sign_in_code();
  // The Set-Cookie value of a new admin session. Errors: unauthenticated (unknown or used code),
  // permission_denied (the Host is not ours).
  base::Result<std::string> redeem(const http::Request& request, std::string_view code);
  // The Set-Cookie value of a session for this identity, and the one that ends it. One that is
  // opened inside TLS is never sent without it.
  std::string open_session(const http::Request& request, Identity identity);
  std::string close_session(const http::Request& request);

 private:
  base::Result<Identity> identify_worker(std::string_view credential, store::Reads& reads) const;
  base::Result<Identity> identify_token(const base::Blob& sha256, store::Reads& reads) const;
  base::Result<Identity> identify_cookie(const http::Request& request, std::string_view cookie);
  base::Result<void> check_host(const http::Request& request) const;
  void drop_expired(base::Instant now);
  void load_sessions();
  void keep_sessions();

  const Services& services_;
  const Settings& settings_;
  mutable std::mutex mutex_;
  std::mutex keeping_;  // held before mutex_, so that the shelf gets the latest last
  std::vector<std::string> hosts_;
  Sessions sessions_;
  std::map<std::string, base::Instant> codes_;  // SHA-256 of the code -> expiry
};

inline constexpr std::size_t kSessions = 1'000;  // open at once; the oldest to expire goes first
inline constexpr std::string_view kSessionCookie = "mainspring_session";
inline constexpr std::string_view kCsrfHeader = "X-CSRF-Token";

}  // namespace mainspring::api
