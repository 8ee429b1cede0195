// Call: one request on its way through the API. A handler gets it as a shared pointer, answers it
// exactly once, now or later, and may keep it until then.
//
// Threads: a handler runs on a reader thread, where reads() is its connection. After apply() the
// continuation runs on a thread of the writer's: it must only answer. Answering works from any
// thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/auth.h"
#include "api/route.h"
#include "api/services.h"
#include "http/exchange.h"
#include "json/codec.h"

namespace mainspring::api {

class Core;

class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Core& core, const Route& route, http::Request request,
       std::shared_ptr<http::Exchange> exchange);

  Core& core() const { return core_; }
  const Route& route() const { return *route_; }
  const http::Request& request() const { return request_; }
  http::Exchange& exchange() const { return *exchange_; }
  const Identity& who() const { return who_; }
  const std::string& tenant() const { return who_.tenant; }
  base::Instant now() const;
  store::Reads& reads() const { return *reads_; }

  // The decoded value of the path's n-th {name}.
  const std::string& path(std::size_t n) const { return path_values_.at(n); }

  // Query parameters. Errors: invalid_argument, naming the parameter.
  std::string query(std::string_view name) const;  // "" when absent
  base::Result<std::optional<base::Instant>> query_instant(std::string_view name) const;
  base::Result<std::optional<std::int64_t>> query_integer(std::string_view name) const;
  base::Result<bool> query_flag(std::string_view name) const;
  base::Result<store::Page> query_page() const;  // limit, cursor

  // The JSON body as a described struct; an empty body reads as {}.
  template <class T>
  base::Result<T> body(json::Audience audience = json::Audience::outside) const {
    auto document = json::parse_json(request_.body.empty() ? "{}" : request_.body);
    if (!document) return base::fail(std::move(document.error()));
    return json::decode<T>(*document, audience);
  }

  // If-Match as a job version; absent when the header is. Errors: invalid_argument.
  base::Result<std::optional<std::int64_t>> if_match() const;

  // Of a success: the route's, unless the handler says otherwise.
  int status() const { return status_; }
  void set_status(int status) { status_ = status; }

  // When a wait that the client asked for (`Prefer: wait=N`) ends; absent when it did not.
  std::optional<base::Instant> wait_until() const { return wait_until_; }
  // Whether there is still time to wait.
  bool may_wait() const;

  void answer(http::Response response);
  void answer_json(int status, std::string body);
  // With the value as JSON, and the status that the route has for it.
  template <class T>
  void answer_with(const T& value, json::Audience audience = json::Audience::outside) {
    answer_json(status_, json::encode_text(value, audience));
  }
  void fail(const base::Error& error);

  // Submits under the request's Idempotency-Key, if any. `then` runs with the reply after it is
  // durable; an error is answered without it.
  template <class C>
  void apply(C command, std::function<void(Call&, const store::ReplyOf<C>&)> then) {
    submit(store::Command{std::move(command)},
           [then = std::move(then)](Call& call, const store::Reply& reply) {
             then(call, std::get<store::ReplyOf<C>>(reply));
           });
  }

  // The trace that a run of this id, asked for by this request, is to be a part of; absent: one of
  // its own. Where traces are recorded, the request becomes a span that ends with the answer.
  std::optional<model::TraceContext> begin_trace(base::RunId run);

  // For the dispatcher: what stands once the call is on a reader's thread.
  void begin(store::Reads& reads) { reads_ = &reads; }
  void set_path_values(std::vector<std::string> values) { path_values_ = std::move(values); }
  void set_identity(Identity who) { who_ = std::move(who); }
  // Goes on as another operation, under the status of the first.
  void continue_as(const Route& route, std::vector<std::string> path_values);

 private:
  void end_trace(int status);
  void submit(store::Command command, std::function<void(Call&, const store::Reply&)> then);

  Core& core_;
  const Route* route_;
  int status_;
  http::Request request_;
  std::shared_ptr<http::Exchange> exchange_;
  Identity who_;
  std::vector<std::string> path_values_;
  store::Reads* reads_ = nullptr;
  std::optional<base::Instant> wait_until_;
  std::optional<trace::Span> span_;
};

// The error of a query parameter's value, with the parameter's name before it.
base::Error at_parameter(std::string_view name, base::Error error);

// What can be said of a request before its handler sees it: parameters that the route does not
// know or that stand there twice, and a body of another media type. Errors: invalid_argument.
base::Result<void> check_request(const Route& route, const http::Request& request);

using CallPtr = std::shared_ptr<Call>;

}  // namespace mainspring::api
