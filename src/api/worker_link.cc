// Handlers of the worker protocol but for reports: hello, start, claims, heartbeats, notices,
// leave.
#include "api/worker_link.h"

#include <algorithm>

#include <fmt/core.h>

#include "api/handlers.h"
#include "protocol/messages.h"
#include "protocol/version.h"

namespace mainspring::api {
namespace {

using json::Audience;

template <class T>
void answer(Call& call, const T& reply) {
  call.answer_with(reply, Audience::self);
}

// From now until then; nothing for what is past.
base::Duration until(const Call& call, base::Instant then) {
  return std::max(then - call.now(), base::Duration{0});
}

// The request of a worker that speaks our version; nothing where the call was answered.
template <class T>
std::optional<T> read_request(const CallPtr& call) {
  if (const auto version = read_version(*call); !version) {
    call->fail(version.error());
    return std::nullopt;
  }
  auto body = call->body<T>(Audience::self);
  if (body) return std::move(*body);
  call->fail(body.error());
  return std::nullopt;
}

const store::WorkerGrant& worker_of(const Call& call) { return *call.who().worker; }

protocol::KeptLease kept_lease(const Call& call, const store::RenewedLease& renewed) {
  protocol::KeptLease kept{.run_id = renewed.run_id, .is_held = renewed.until.has_value()};
  if (renewed.cancel) kept.cancel = renewed.cancel->mode;
  if (renewed.extended_until) kept.extended_for = until(call, *renewed.extended_until);
  return kept;
}

}  // namespace

base::Result<std::string_view> bearer_of(const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";  // of any case: RFC 9110, section 11.1
  const auto header = request.headers.find("Authorization");
  if (header && http::equal_ignoring_case(header->substr(0, kScheme.size()), kScheme)) {
    return header->substr(kScheme.size());
  }
  return base::fail(base::Code::unauthenticated,
                    "The Authorization header must be 'Bearer' and a join token.");
}

base::Result<int> read_version(const Call& call) {
  return protocol::check_version(call.request().headers.find(protocol::kVersionHeader),
                                 protocol::kSpoken);
}

void say_hello(const CallPtr& call) {
  if (const auto version = read_version(*call); !version) return call->fail(version.error());
  const Settings& settings = call->core().settings();
  const trace::Recorder* traces = call->core().services().traces;
  const trace::Policy policy = traces == nullptr ? trace::Policy{} : traces->policy();
  answer(*call, protocol::HelloReply{.version = settings.version,
                                     .lease = settings.lease,
                                     .heartbeat = settings.worker_heartbeat,
                                     .now = call->now(),
                                     .traces = {policy.is_on, policy.ratio}});
}

void start_worker(const CallPtr& call) {
  auto body = read_request<protocol::StartBody>(call);
  if (!body) return;
  const store::WorkerGrant& grant = worker_of(*call);
  protocol::StartReply reply{body->slots, std::move(body->labels)};
  if (grant.slots_limit) reply.slots = std::min(reply.slots, *grant.slots_limit);
  for (const auto& [name, value] : grant.labels)
    reply.labels[name] = value;
  model::Worker worker{.id = grant.worker_id,
                       .name = std::move(body->name),
                       .state = model::WorkerState::online,
                       .slots = reply.slots,
                       .busy = 0,
                       .labels = reply.labels,
                       .version = std::move(body->version),
                       .started_at = call->now(),
                       .heartbeat_at = call->now(),
                       .resources = body->resources.value_or(model::WorkerResources{})};
  const std::uint64_t entropy = env::random_below(call->core().services().random, UINT64_MAX);
  submit_plainly(call, store::RegisterWorker{std::move(worker), entropy, call->now()},
                 [reply](Call& self, const store::Done&) { answer(self, reply); });
}

void claim_runs(const CallPtr& call) {
  auto body = read_request<protocol::ClaimBody>(call);
  if (!body) return;
  submit_plainly(call,
                 store::ClaimRuns{worker_of(*call).worker_id, body->limit, body->lease, call->now(),
                                  std::move(body->known)},
                 [](Call& self, const store::RunsClaimed& claimed) {
                   protocol::ClaimReply reply;
                   for (const store::ClaimedRun& run : claimed.runs)
                     reply.runs.push_back(json::encode(run, Audience::self));
                   if (claimed.next_due) reply.next_due_in = until(self, *claimed.next_due);
                   answer(self, reply);
                 });
}

void renew_leases(const CallPtr& call) {
  auto body = read_request<protocol::HeartbeatBody>(call);
  if (!body) return;
  submit_plainly(call,
                 store::RenewLeases{worker_of(*call).worker_id, std::move(body->leases),
                                    body->lease, call->now()},
                 [](Call& self, const store::LeasesRenewed& renewed) {
                   protocol::HeartbeatReply reply;
                   for (const store::RenewedLease& lease : renewed.leases)
                     reply.leases.push_back(kept_lease(self, lease));
                   if (renewed.drain_until) reply.drain_in = until(self, *renewed.drain_until);
                   answer(self, reply);
                 });
}

void wait_for_notices(const CallPtr& call) {
  const auto body = read_request<protocol::NoticeBody>(call);
  if (body) call->core().worker_bell().listen(call, worker_of(*call).worker_id, body->wait);
}

void leave_worker(const CallPtr& call) {
  const auto body = read_request<protocol::LeaveBody>(call);
  if (!body) return;
  if (body->state == model::WorkerState::online) {
    return call->fail({base::Code::invalid_argument,
                       "state: a worker leaves as draining or offline; it comes by starting.",
                       {}});
  }
  submit_plainly(call, store::SetWorkerState{worker_of(*call).worker_id, body->state, call->now()},
                 [](Call& self, const store::Done&) {
                   self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
                 });
}

}  // namespace mainspring::api
