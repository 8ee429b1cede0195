#include "api/auth.h"

#include <arpa/inet.h>

#include <algorithm>

#include <fmt/core.h>

#include "crypto/digest.h"
#include "protocol/messages.h"

namespace mainspring::api {
namespace {

std::optional<std::string_view> find_cookie(const http::Request& request, std::string_view name) {
  std::string_view rest = request.headers.find("Cookie").value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (pair.starts_with(' '))
      pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

bool changes_something(http::Method method) {
  return method != http::Method::get && method != http::Method::head;
}

// A browser names the page's origin on every request that changes something; ours has our host.
bool is_same_origin(const http::Request& request) {
  const auto origin = request.headers.find("Origin");
  if (!origin) return true;  // not a cross-site form: those always carry it
  const auto host = request.headers.find("Host").value_or("");
  if (*origin == fmt::format("https://{}", host))
    return true;  // ours, or that of a proxy before us
  return !request.is_encrypted && *origin == fmt::format("http://{}", host);
}

bool is_address(const std::string& host) {
  in6_addr parsed{};  // room for either
  return ::inet_pton(AF_INET, host.c_str(), &parsed) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &parsed) == 1;
}

std::string set_cookie(const http::Request& request, std::string_view value,
                       base::Duration lifetime) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kSessionCookie,
                     value, std::chrono::duration_cast<std::chrono::seconds>(lifetime).count(),
                     request.is_encrypted ? "; Secure" : "");
}

}  // namespace

std::string_view to_text(Permission permission) {
  constexpr std::string_view kNames[] = {"open", "viewer", "operator", "admin", "worker"};
  return kNames[static_cast<std::size_t>(permission)];
}

bool allows(Permission has, Permission needed) {
  if (has == Permission::work || needed == Permission::work) return has == needed;
  return has >= needed;
}

Permission permission_of(const std::vector<std::string>& names) {
  Permission best = Permission::open;
  for (const std::string& name : names) {
    if (name == "admin") best = std::max(best, Permission::administer);
    if (name == "operator") best = std::max(best, Permission::operate);
    if (name == "viewer") best = std::max(best, Permission::view);
  }
  return best;
}

bool is_own_host(std::string_view host, const std::vector<std::string>& names) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end != std::string_view::npos && is_address(std::string{host.substr(1, end - 1)});
  }
  host = host.substr(0, host.find(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  if (is_address(std::string{host})) return true;
  const auto is_host = [host](std::string_view name) {
    return http::equal_ignoring_case(host, name);
  };
  return is_host("localhost") || std::ranges::any_of(names, is_host);
}

Credentials::Credentials(const Services& services, const Settings& settings)
    : services_(services), settings_(settings), hosts_(settings.hosts) {
  load_sessions();
}

void Credentials::set_hosts(std::vector<std::string> hosts) {
  const std::scoped_lock lock(mutex_);
  hosts_ = std::move(hosts);
}

base::Result<Identity> Credentials::identify(const http::Request& request, store::Reads& reads) {
  constexpr std::string_view kScheme = "Bearer ";  // of any case: RFC 9110, section 11.1
  if (const auto header = request.headers.find("Authorization")) {
    if (!http::equal_ignoring_case(header->substr(0, kScheme.size()), kScheme)) {
      return base::fail(base::Code::unauthenticated,
                        "The Authorization header must be 'Bearer' and a token.");
    }
    const std::string_view token = header->substr(kScheme.size());
    const bool is_worker = token.starts_with(protocol::kCredentialPrefix);
    return is_worker ? identify_worker(token, reads) : identify_token(crypto::sha256(token), reads);
  }
  const auto cookie = find_cookie(request, kSessionCookie);
  if (!cookie) {
    return base::fail(base::Code::unauthenticated,
                      "No credential: send 'Authorization: Bearer TOKEN', or sign in.");
  }
  auto identity = identify_cookie(request, *cookie);
  if (!identity || identity->token.bytes.empty()) return identity;
  auto owner = identify_token(identity->token, reads);
  if (!owner) {
    return base::fail(base::Code::unauthenticated,
                      "The token that opened this session has ended; sign in again.");
  }
  if (owner->ends_at) identity->ends_at = std::min(*owner->ends_at, *identity->ends_at);
  return identity;
}

base::Result<Identity> Credentials::identify_worker(std::string_view credential,
                                                    store::Reads& reads) const {
  const base::Blob sha256 = crypto::sha256(credential);
  auto grant = reads.workers().find_grant(sha256);
  if (!grant) {
    return base::fail(base::Code::unauthenticated,
                      "The worker's credential is not known to this node; the worker may have been "
                      "removed. It joins again with a new join token and a new data directory.");
  }
  Identity identity{grant->tenant, grant->name, Permission::work, {}, sha256};
  identity.worker = std::move(*grant);
  return identity;
}

base::Result<Identity> Credentials::identify_token(const base::Blob& sha256,
                                                   store::Reads& reads) const {
  const auto grant = reads.tokens().find(sha256);
  if (!grant) {
    return base::fail(base::Code::unauthenticated, "The token is not known to this node.");
  }
  if (grant->expires_at && *grant->expires_at <= services_.clock.now()) {
    return base::fail(base::Code::unauthenticated,
                      fmt::format("The token '{}' expired at {}.", grant->name,
                                  base::format_instant(*grant->expires_at)));
  }
  return Identity{grant->tenant, grant->name,      permission_of(grant->permissions), {},
                  sha256,        grant->expires_at};
}

base::Result<void> Credentials::check_host(const http::Request& request) const {
  const auto host = request.headers.find("Host").value_or("");
  {
    const std::scoped_lock lock(mutex_);
    if (is_own_host(host, hosts_)) return {};
  }
  return base::fail(base::Code::permission_denied,
                    fmt::format("Host: '{}' is no name of this node for a browser; use its "
                                "address, or add the name to the setting `hosts`.",
                                host));
}

base::Result<Identity> Credentials::identify_cookie(const http::Request& request,
                                                    std::string_view cookie) {
  if (auto known = check_host(request); !known) return base::fail(std::move(known.error()));
  const std::scoped_lock lock(mutex_);
  drop_expired(services_.clock.now());
  const auto found = sessions_.find(crypto::sha256(cookie).bytes);
  if (found == sessions_.end()) {
    return base::fail(base::Code::unauthenticated, "The session has ended; sign in again.");
  }
  Identity identity = found->second.identity;
  identity.csrf_token = csrf_token_of(cookie);
  identity.ends_at = found->second.expires;
  if (changes_something(request.method)) {
    const auto given = request.headers.find(kCsrfHeader).value_or("");
    if (!is_same_origin(request) || !crypto::equal_in_constant_time(given, identity.csrf_token)) {
      return base::fail(base::Code::permission_denied,
                        fmt::format("A session needs its {} header, from the same origin; read "
                                    "it at GET /api/v1/session.",
                                    kCsrfHeader));
    }
  }
  return identity;
}

std::string Credentials::make_sign_in_code() {
  const std::string code = crypto::make_token("msi", services_.random);
  const std::scoped_lock lock(mutex_);
  drop_expired(services_.clock.now());
  codes_[crypto::sha256(code).bytes] = services_.clock.now() + settings_.sign_in_lifetime;
  return code;
}

base::Result<std::string> Credentials::redeem(const http::Request& request, std::string_view code) {
  if (auto known = check_host(request); !known) return base::fail(std::move(known.error()));
  {
    const std::scoped_lock lock(mutex_);
    drop_expired(services_.clock.now());
    if (codes_.erase(crypto::sha256(code).bytes) == 0) {
      return base::fail(base::Code::unauthenticated,
                        "This sign-in link was used or has expired; make a new one with "
                        "'jobctl session link'.");
    }
  }
  return open_session(request,
                      {std::string{kDefaultTenant}, "admin", Permission::administer, {}, {}});
}

std::string Credentials::open_session(const http::Request& request, Identity identity) {
  const std::string cookie = crypto::make_token("mss", services_.random);
  {
    const std::scoped_lock lock(mutex_);
    if (sessions_.size() >= kSessions) {
      sessions_.erase(std::ranges::min_element(
          sessions_, {}, [](const auto& entry) { return entry.second.expires; }));
    }
    sessions_[crypto::sha256(cookie).bytes] = {std::move(identity),
                                               services_.clock.now() + settings_.session_lifetime};
  }
  keep_sessions();
  return set_cookie(request, cookie, settings_.session_lifetime);
}

std::string Credentials::close_session(const http::Request& request) {
  if (const auto cookie = find_cookie(request, kSessionCookie)) {
    {
      const std::scoped_lock lock(mutex_);
      sessions_.erase(crypto::sha256(*cookie).bytes);
    }
    keep_sessions();
  }
  return set_cookie(request, "", base::Duration{0});
}

void Credentials::drop_expired(base::Instant now) {
  std::erase_if(sessions_, [now](const auto& entry) { return entry.second.expires <= now; });
  std::erase_if(codes_, [now](const auto& entry) { return entry.second <= now; });
}

// A shelf that cannot be read or written costs a sign-in after the next restart, and nothing else.
void Credentials::load_sessions() {
  if (!services_.sessions.load) return;
  const auto text = services_.sessions.load();
  auto kept = text ? read_sessions(*text) : base::Result<Sessions>{base::fail(text.error())};
  if (kept) {
    sessions_ = std::move(*kept);
    drop_expired(services_.clock.now());
  } else if (kept.error().code != base::Code::not_found) {
    services_.log.warn(fmt::format("Browsers must sign in again: {}", kept.error().message));
  }
}

void Credentials::keep_sessions() {
  if (!services_.sessions.store) return;
  const std::scoped_lock keeping(keeping_);
  std::string text;
  {
    const std::scoped_lock lock(mutex_);
    text = write_sessions(sessions_);
  }
  if (auto stored = services_.sessions.store(text); !stored) {
    services_.log.warn(fmt::format("A restart will sign browsers out: {}", stored.error().message));
  }
}

}  // namespace mainspring::api
