#include "api/session_shelf.h"

#include <fmt/core.h>

#include "crypto/digest.h"
#include "json/codec.h"
#include "json/document.h"
#include "json/write.h"

namespace mainspring::api {
namespace {

using json::describe;
using json::field;

struct KeptSession {
  base::Blob cookie;  // its SHA-256
  std::string tenant;
  std::string name;
  std::string role;
  base::Blob token;
  base::Instant expires_at;

  static const json::StructTable& described() {
    static const auto table = describe<KeptSession>(
        "KeptSession", "A browser that is signed in.",
        field<&KeptSession::cookie>("cookie", "The SHA-256 of its cookie.").required(),
        field<&KeptSession::tenant>("tenant", "Whose things it sees.").required(),
        field<&KeptSession::name>("name", "Who it is.").required(),
        field<&KeptSession::role>("role", "viewer, operator or admin.").required(),
        field<&KeptSession::token>("token", "The SHA-256 of the token that opened it."),
        field<&KeptSession::expires_at>("expires_at", "When it ends by itself.").required());
    return table;
  }
};
struct KeptSessions {
  std::vector<KeptSession> sessions;

  static const json::StructTable& described() {
    static const auto table = describe<KeptSessions>(
        "KeptSessions", "Browsers that are signed in to a node.",
        field<&KeptSessions::sessions>("sessions", "In no order.").required());
    return table;
  }
};

}  // namespace

std::string write_sessions(const Sessions& sessions) {
  KeptSessions out;
  for (const auto& [cookie, session] : sessions) {
    const Identity& who = session.identity;
    out.sessions.push_back({{cookie},
                            who.tenant,
                            who.name,
                            std::string{to_text(who.permission)},
                            who.token,
                            session.expires});
  }
  return json::encode_text(out) + "\n";
}

base::Result<Sessions> read_sessions(std::string_view text) {
  auto document = json::parse_json(text);
  if (!document) return base::fail(std::move(document.error()));
  auto kept = json::decode<KeptSessions>(*document);
  if (!kept) return base::fail(std::move(kept.error()));
  Sessions out;
  for (KeptSession& each : kept->sessions) {
    Identity who{.tenant = std::move(each.tenant),
                 .name = std::move(each.name),
                 .permission = permission_of({each.role}),
                 .csrf_token = {},
                 .token = std::move(each.token)};
    out[std::move(each.cookie.bytes)] = {std::move(who), each.expires_at};
  }
  return out;
}

std::string csrf_token_of(std::string_view cookie) {
  return "msc_" + crypto::to_hex(crypto::sha256(fmt::format("csrf {}", cookie)));
}

}  // namespace mainspring::api
