// What the handlers of the worker protocol share. They answer remote workers only: every one of
// them needs the credential of a worker, and acts for that worker alone.
//
// Threads: as handlers (call.h).
#pragma once

#include <string>
#include <string_view>

#include "api/call.h"
#include "api/core.h"

namespace mainspring::api {

// The token of `Authorization: Bearer TOKEN`. Errors: unauthenticated.
base::Result<std::string_view> bearer_of(const http::Request& request);

// The version of the worker protocol that the request is in. Errors: those of
// protocol::check_version().
base::Result<int> read_version(const Call& call);

// Submits a command without the idempotency of people's requests: each of these may be repeated as
// it is. `then` runs on a thread of the writer's; an error is answered without it.
template <class C, class Then>
void submit_plainly(const CallPtr& call, C command, Then then) {
  call->core().services().store.writer().submit(
      {store::Command{std::move(command)}, std::nullopt},
      [call, then = std::move(then)](const base::Result<store::Reply>& reply) mutable {
        if (!reply) return call->fail(reply.error());
        then(*call, std::get<store::ReplyOf<C>>(*reply));
      });
}

}  // namespace mainspring::api
