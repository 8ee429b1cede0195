// The rows of the route table that remote workers speak to, and nobody else: see src/protocol.
#include "api/handlers.h"
#include "api/route_table.h"
#include "protocol/messages.h"

namespace mainspring::api {

using base::Code;
using http::Method;

namespace {

// What all of them have in common.
Route row(std::string_view path, std::string_view operation, std::string_view summary) {
  return {.method = Method::post,
          .path = path,
          .operation = operation,
          .tag = kWorkerProtocolTag,
          .summary = summary,
          .permission = Permission::work,
          .errors = {Code::unsupported}};
}

Route make_join_route() {
  Route route = row(protocol::kJoinPath, "join_worker",
                    "A worker exchanges a join token, its bearer token, for a credential.");
  route.permission = Permission::open;
  route.request = {schema_of<protocol::JoinBody>};
  route.reply = {schema_of<protocol::JoinReply>};
  route.errors = {Code::unsupported, Code::invalid_argument, Code::unauthenticated, Code::conflict};
  route.handler = join_worker;
  return route;
}

template <class Request, class Reply>
Route with(Route route, void (*handler)(const CallPtr&)) {
  route.request = {schema_of<Request>};
  route.reply = {schema_of<Reply>};
  route.handler = handler;
  return route;
}

}  // namespace

std::vector<Route> make_worker_protocol_routes() {
  using namespace protocol;
  Route hello = row(kHelloPath, "say_hello", "A worker asks how the node keeps leases.");
  hello.reply = {schema_of<HelloReply>};
  hello.handler = say_hello;
  Route leave = row(kLeavePath, "leave_worker", "A worker takes nothing more, or is gone.");
  leave.request = {schema_of<LeaveBody>};
  leave.status = 204;
  leave.handler = leave_worker;
  return {
      make_join_route(),
      std::move(hello),
      with<StartBody, StartReply>(
          row(kStartPath, "start_worker",
              "A life of a worker's process begins; what an earlier one held is lost."),
          start_worker),
      with<ClaimBody, ClaimReply>(
          row(kClaimPath, "claim_runs", "A worker takes runs, and hears again of those it holds."),
          claim_runs),
      with<HeartbeatBody, HeartbeatReply>(
          row(kHeartbeatPath, "renew_leases",
              "A worker renews its leases and hears of cancels, extensions and orders."),
          renew_leases),
      with<NoticeBody, NoticeReply>(
          row(kNoticePath, "wait_for_notices",
              "A worker waits until there is something for it to do, 25 s at most."),
          wait_for_notices),
      with<ReportBody, ReportReply>(
          row(kReportPath, "take_reports",
              "A worker's attempts say what they print, how far they are and how they end."),
          take_reports),
      std::move(leave),
  };
}

}  // namespace mainspring::api
