// Handlers of the noun token. A token is shown once, in the answer that makes it; the store has its
// hash.
#include "api/tokens.h"

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "crypto/digest.h"

namespace mainspring::api {
namespace {

using json::field;

Permission permission_of(Role role) {
  switch (role) {
    case Role::viewer:
      return Permission::view;
    case Role::oper:
      return Permission::operate;
    case Role::admin:
      return Permission::administer;
  }
  return Permission::view;
}

base::Result<std::optional<base::Instant>> end_of(const Call& call, const TokenBody& body) {
  if (body.expires_at && body.for_) {
    return base::fail(base::Code::invalid_argument,
                      "The body says both `expires_at` and `for`; give one of them.");
  }
  const auto end = body.for_ ? std::optional{call.now() + *body.for_} : body.expires_at;
  if (end && *end <= call.now()) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("The token would expire at {}, which is past; give a later time.",
                                  base::format_instant(*end)));
  }
  return end;
}

// "admin" is that of a node which has its store to itself, and no other should look like it.
bool is_own_token(const Call& call, std::string_view name) {
  return name == "admin" || name == call.core().settings().own_token;
}

base::Error own_token(const Call& call, std::string_view what) {
  return {base::Code::conflict,
          fmt::format("The token '{}' is that of the node's file admin-token; {}.",
                      call.core().settings().own_token, what),
          {}};
}

// The answer to a repeated request would hold a token that nobody stored.
base::Result<void> check_no_key(const Call& call) {
  if (!call.request().headers.find("Idempotency-Key")) return {};
  return base::fail(base::Code::invalid_argument,
                    "Idempotency-Key: a token is shown once and kept nowhere, so it cannot be "
                    "answered again; leave the header out.");
}

}  // namespace

const json::EnumTable& described(Role) {
  static const auto table = json::enumeration<Role>(
      "Role", "What a credential may do; each includes the ones before it.",
      {{Role::viewer, "viewer", "Read everything."},
       {Role::oper, "operator", "Also start, cancel and pause."},
       {Role::admin, "admin",
        "Also change definitions, queues, calendars, connections and tokens."}});
  return table;
}

const json::StructTable& TokenBody::described() {
  static const auto table = json::describe<TokenBody>(
      "TokenBody", "A token to be made.",
      field<&TokenBody::name>("name", "What it is for; unique.").required().max_length(128),
      field<&TokenBody::role>("role", "What it may do."),
      field<&TokenBody::expires_at>("expires_at", "It opens nothing from then on."),
      field<&TokenBody::for_>("for", "The same, as a time from now.")
          .min(base::Duration{std::chrono::seconds{1}}));
  return table;
}

const json::StructTable& TokenView::described() {
  static const auto table = json::describe<TokenView>(
      "Token", "A token, without its secret.", field<&TokenView::id>("id", "Its id."),
      field<&TokenView::name>("name", "What it is for."),
      field<&TokenView::role>("role", "viewer, operator or admin."),
      field<&TokenView::created_at>("created_at", "When it was made."),
      field<&TokenView::expires_at>("expires_at", "It opens nothing from then on."),
      field<&TokenView::expired>("expired", "Whether that time has come."));
  return table;
}

const json::StructTable& TokenMade::described() {
  static const auto table = json::describe<TokenMade>(
      "TokenMade", "A new token. This is the only answer that has it.",
      field<&TokenMade::name>("name", "What it is for."),
      field<&TokenMade::role>("role", "viewer, operator or admin."),
      field<&TokenMade::token>("token", "The secret: send it as `Authorization: Bearer`."),
      field<&TokenMade::expires_at>("expires_at", "It opens nothing from then on."));
  return table;
}

const json::StructTable& TokenList::described() {
  static const auto table =
      json::describe<TokenList>("TokenList", "Every token, by name, without its secret.",
                                field<&TokenList::items>("items", "The tokens."));
  return table;
}

void list_tokens(const CallPtr& call) {
  TokenList list;
  for (store::TokenGrant& grant : call->reads().tokens().all(call->tenant())) {
    list.items.push_back({.id = grant.id,
                          .name = std::move(grant.name),
                          .role = std::string{to_text(permission_of(grant.permissions))},
                          .created_at = grant.created_at,
                          .expires_at = grant.expires_at,
                          .expired = grant.expires_at && *grant.expires_at <= call->now()});
  }
  call->answer_with(list);
}

void create_token(const CallPtr& call) {
  if (const auto allowed = check_no_key(*call); !allowed) return call->fail(allowed.error());
  const auto body = call->body<TokenBody>();
  if (!body) return call->fail(body.error());
  const auto end = end_of(*call, *body);
  if (!end) return call->fail(end.error());
  if (is_own_token(*call, body->name)) return call->fail(own_token(*call, "take another name"));
  const Services& services = call->core().services();
  const std::string role{to_text(permission_of(body->role))};
  const TokenMade made{body->name, role, crypto::make_token("mst", services.random), *end};
  call->apply(store::PutToken{.id = env::make_id<base::TokenId>(services.clock, services.random),
                              .tenant = call->tenant(),
                              .name = made.name,
                              .sha256 = crypto::sha256(made.token),
                              .permissions = {role},
                              .now = call->now(),
                              .expires_at = made.expires_at,
                              .must_be_new = true,
                              .by = call->who().name},
              [made](Call& self, const store::Done&) { self.answer_with(made); });
}

void delete_token(const CallPtr& call) {
  if (is_own_token(*call, call->path(0))) {
    return call->fail(own_token(*call, "remove that file and start the node again to retire it"));
  }
  call->apply(store::DeleteToken{call->tenant(), call->path(0), call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

}  // namespace mainspring::api
