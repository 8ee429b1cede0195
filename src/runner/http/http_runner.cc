#include "runner/http/http_runner.h"

#include <utility>

#include <fmt/core.h>

#include "runner/attempt/masked_report.h"
#include "runner/attempt/outcomes.h"
#include "runner/attempt/values.h"
#include "runner/http/answer.h"
#include "runner/http/credentials.h"
#include "runner/http/failure.h"
#include "runner/http/request.h"
#include "runner/http/transfer.h"

namespace mainspring::runner {
namespace {

using base::Result;
using execution::Order;
using http::Answer;
using http::Request;
using model::ConnectionSpec;

using Ended = std::unexpected<model::Outcome>;

base::Instant wall_now() {
  return std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now());
}

http::TransferSettings settings_of(const Order& order, const ConnectionSpec* connection) {
  const model::HttpSpec& http = *order.spec->http;
  http::TransferSettings settings;
  if (connection != nullptr && connection->tls) settings.tls = *connection->tls;
  if (http.tls) settings.tls = *http.tls;
  if (connection != nullptr) settings.proxy = connection->proxy;
  if (!http.proxy.empty()) settings.proxy = http.proxy;
  settings.timeouts = http.timeouts;
  settings.patience.run = order.spec->timeout.run;
  settings.patience.idle = order.spec->timeout.idle;
  return settings;
}

// One attempt, from its secrets to its outcome.
class HttpAttempt {
 public:
  struct Parts {
    const Order& order;
    const execution::StopSignal& stop;
    execution::Report& report;
    const ConnectionSpec* connection;  // null: none
    execution::Secrets* secrets;
    http::Tokens& tokens;
  };

  explicit HttpAttempt(const Parts& parts)
      : parts_(parts),
        job_(*parts.order.spec),
        http_(*job_.http),
        settings_(settings_of(parts.order, parts.connection)),
        values_(parts.order.tenant, parts.secrets),
        transfer_(settings_, parts.stop),
        credentials_(
            {parts.connection, parts.order.tenant, values_, parts.tokens,
             [this](const Request& request, std::int64_t most) { return send(request, most); }}) {}

  model::Outcome run() {
    http::keep_proxy_secret(settings_.proxy, values_);
    model::Outcome outcome = perform();
    const auto wall = std::chrono::steady_clock::now() - settings_.patience.started;
    outcome.usage.wall = std::chrono::duration_cast<base::Duration>(wall);
    return MaskedReport(parts_.report, values_.secret()).mask(std::move(outcome));
  }

 private:
  model::Outcome perform() {
    auto request = make();
    if (!request) return make_start_failure(request.error());
    for (const std::string& told : values_.notes())
      note(told);
    if (auto authorized = authorize(*request); !authorized) return authorized.error();
    auto answered = exchange(*request);
    if (answered && is_refused_token(*answered)) {
      note("the token that was kept is refused; another one is asked for");
      if (auto authorized = authorize(*request); !authorized) return authorized.error();
      answered = exchange(*request);
    }
    if (!answered) return answered.error();
    auto [outcome, notes] = judge_answer(http_, answered->request, answered->answer, wall_now());
    for (const std::string& told : notes)
      note(told);
    return std::move(outcome);
  }

  Result<Request> make() {
    std::map<std::string, std::string> headers;
    for (const auto& [name, given] : http_.headers) {
      auto value = values_.load(fmt::format("the header '{}'", name), given);
      if (!value) return base::fail(std::move(value.error()));
      headers[name] = std::move(*value);
    }
    return http::make_request(parts_.order, headers);
  }

  std::expected<void, model::Outcome> authorize(Request& request) {
    const auto done = credentials_.authorize(request);
    if (done) return {};
    return Ended(
        std::visit([this](const auto& fault) { return this->explain(fault); }, done.error()));
  }

  static model::Outcome explain(const base::Error& error) { return make_start_failure(error); }

  model::Outcome explain(const http::TokenUnreached& fault) const {
    return make_outcome(fault.failure, fault.request, job_, parts_.stop.cause.load());
  }

  static model::Outcome explain(const http::TokenRefused& fault) {
    model::Outcome outcome = make_start_failure(fault.error);
    outcome.error->type = "oauth2";
    outcome.retry_after = fault.retry_after;
    return outcome;
  }

  // ---- the request and its answer --------------------------------------------------------------

  struct Answered {
    Request request;  // the last, after redirects
    Answer answer;
  };

  // What was kept from before; then it is forgotten.
  bool is_refused_token(const Answered& answered) {
    return answered.answer.status == 401 && answered.request.is_home &&
           credentials_.drop_kept_token();
  }

  std::expected<Answered, model::Outcome> exchange(Request request) {
    for (int followed = 0;; ++followed) {
      auto answer = send(request, http_.max_response_bytes);
      if (!answer)
        return Ended(make_outcome(answer.error(), request, job_, parts_.stop.cause.load()));
      const auto* location = find_header(answer->headers, "location");
      auto next = redirected(request, answer->status,
                             location == nullptr ? nullptr : &location->value, http_.redirects);
      if (!next) return Ended(redirect_failure(request, next.error().message));
      if (!*next) return Answered{std::move(request), std::move(*answer)};
      if (followed == model::kRedirectLimit)
        return Ended(redirect_failure(
            request, fmt::format("{} others came before it", model::kRedirectLimit)));
      if (request.is_home && !(*next)->is_home)
        note("the next request goes to another origin, without the credentials of this one");
      request = std::move(**next);
    }
  }

  static model::Outcome redirect_failure(const Request& request, std::string_view why) {
    return make_failure(
        model::OutcomeStatus::failed, "redirect",
        fmt::format("the answer of {} cannot be followed: {}", request.url.shown(), why));
  }

  std::expected<Answer, http::Failure> send(const Request& request, std::int64_t most) {
    if (!parts_.stop.source.stop_requested()) note(describe_request(request));
    auto answer = transfer_.send(request, most);
    if (answer) note(describe_answer(*answer));
    return answer;
  }

  void note(std::string_view sentence) {
    MaskedReport(parts_.report, values_.secret()).note(sentence);
  }

  const Parts parts_;
  const model::JobSpec& job_;
  const model::HttpSpec& http_;
  const http::TransferSettings settings_;
  Values values_;
  http::Transfer transfer_;
  http::Credentials credentials_;
};

}  // namespace

model::Outcome HttpRunner::run(const Order& order, const execution::StopSignal& stop,
                               execution::Report& report) {
  const auto connection = http::get_connection(order);
  if (!connection) return make_start_failure(connection.error());
  return HttpAttempt({order, stop, report, *connection, settings_.secrets, tokens_}).run();
}

}  // namespace mainspring::runner
