// Handlers of the noun join token, and of the join itself. A token is shown once, in the answer
// that makes it; the store has its hash.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/worker_link.h"
#include "api/worker_messages.h"
#include "crypto/digest.h"
#include "protocol/messages.h"

namespace mainspring::api {

void list_join_tokens(const CallPtr& call) {
  JoinTokenList list;
  for (store::JoinToken& token : call->reads().tokens().all_join_tokens(call->tenant())) {
    list.items.push_back({.id = token.id,
                          .uses = token.uses,
                          .used = token.used,
                          .labels = std::move(token.labels),
                          .slots_limit = token.slots_limit,
                          .created_by = std::move(token.created_by),
                          .created_at = token.created_at,
                          .expires_at = token.expires_at,
                          .expired = token.expires_at <= call->now()});
  }
  call->answer_with(list);
}

void create_join_token(const CallPtr& call) {
  if (call->request().headers.find("Idempotency-Key")) {
    return call->fail({base::Code::invalid_argument,
                       "Idempotency-Key: a token is shown once and kept nowhere, so it cannot be "
                       "answered again; leave the header out.",
                       {}});
  }
  auto body = call->body<JoinTokenBody>();
  if (!body) return call->fail(body.error());
  const Services& services = call->core().services();
  const JoinTokenMade made{env::make_id<base::TokenId>(services.clock, services.random),
                           crypto::make_token(protocol::kJoinTokenPrefix, services.random),
                           body->uses, call->now() + body->expires_in};
  call->apply(store::PutJoinToken{.id = made.id,
                                  .tenant = call->tenant(),
                                  .sha256 = crypto::sha256(made.token),
                                  .uses = body->uses,
                                  .labels = std::move(body->labels),
                                  .slots_limit = body->slots_limit,
                                  .by = call->who().name,
                                  .now = call->now(),
                                  .expires_at = made.expires_at},
              [made](Call& self, const store::Done&) { self.answer_with(made); });
}

void delete_join_token(const CallPtr& call) {
  const auto id = base::TokenId::parse(call->path(0));
  if (!id) return call->fail(id.error());
  call->apply(store::DeleteJoinToken{call->tenant(), *id, call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

// The one route of the worker protocol whose credential is a join token.
void join_worker(const CallPtr& call) {
  const auto token = bearer_of(call->request());
  if (!token) return call->fail(token.error());
  if (const auto version = read_version(*call); !version) return call->fail(version.error());
  auto body = call->body<protocol::JoinBody>(json::Audience::self);
  if (!body) return call->fail(body.error());
  protocol::JoinReply reply{.name = body->name, .labels = {}, .slots_limit = {}};
  submit_plainly(call,
                 store::JoinWorker{crypto::sha256(*token), body->worker_id, body->credential_sha256,
                                   body->name, call->now()},
                 [reply](Call& self, const store::WorkerJoined& joined) mutable {
                   reply.labels = joined.labels;
                   reply.slots_limit = joined.slots_limit;
                   self.answer_with(reply, json::Audience::self);
                 });
}

}  // namespace mainspring::api
