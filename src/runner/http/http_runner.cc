#include "runner/http/http_runner.h"

#include <utility>

#include <fmt/core.h>

#include "json/base64.h"
#include "runner/attempt/masked_report.h"
#include "runner/attempt/outcomes.h"
#include "runner/attempt/values.h"
#include "runner/http/answer.h"
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

// What stands between "//" and "@" of a proxy's address, and the password in it.
std::vector<std::string> credentials_in(std::string_view proxy) {
  const std::size_t begin = proxy.find("://");
  const std::size_t end = proxy.rfind('@');
  if (begin == std::string_view::npos || end == std::string_view::npos) return {};
  const std::string_view pair = proxy.substr(begin + 3, end - begin - 3);
  const std::size_t colon = pair.find(':');
  std::vector<std::string> found{std::string(pair)};
  if (colon != std::string_view::npos) found.emplace_back(pair.substr(colon + 1));
  return found;
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
        transfer_(settings_, parts.stop) {}

  model::Outcome run() {
    for (std::string& secret : credentials_in(settings_.proxy))
      values_.keep_secret(std::move(secret));
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
      parts_.tokens.drop(owner_, token_);
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

  // ---- credentials of the connection -----------------------------------------------------------

  std::expected<void, model::Outcome> authorize(Request& request) {
    const ConnectionSpec* connection = parts_.connection;
    const bool is_own = find_header(request.headers, "authorization") != nullptr && token_.empty();
    if (connection == nullptr || is_own) return {};
    const model::HttpAuth& auth = connection->auth;
    if (auth.basic) return set_basic(request, *auth.basic);
    if (auth.bearer) {
      auto token = load("the bearer token", *auth.bearer);
      if (!token) return Ended(make_start_failure(token.error()));
      return set_authorization(request, "Bearer " + *token);
    }
    if (!auth.oauth2) return {};
    if (auto taken = take_token(*auth.oauth2); !taken) return taken;
    return set_authorization(request, "Bearer " + token_);
  }

  Result<std::string> load(std::string_view what, const model::SecretRef& from) {
    return values_.load(fmt::format("{} of the connection '{}'", what, parts_.connection->name),
                        from);
  }

  std::expected<void, model::Outcome> set_basic(Request& request, const model::BasicAuth& basic) {
    const auto password = load("the password", basic.password);
    if (!password) return Ended(make_start_failure(password.error()));
    std::string pair = json::encode_base64(fmt::format("{}:{}", basic.user, *password));
    values_.keep_secret(pair);
    return set_authorization(request, "Basic " + pair);
  }

  std::expected<void, model::Outcome> set_authorization(Request& request, std::string value) {
    if (value.find_first_of("\r\n") != std::string::npos)
      return Ended(make_start_failure(
          {base::Code::invalid_argument,
           fmt::format("the credential of the connection '{}' holds a line break",
                       parts_.connection->name),
           {}}));
    request.set_header({"Authorization", std::move(value), true});
    return {};
  }

  // A kept one, or a new one.
  std::expected<void, model::Outcome> take_token(const model::OAuth2Spec& spec) {
    if (owner_.client_secret.empty()) {
      auto secret = load("the client secret", spec.client_secret);
      if (!secret) return Ended(make_start_failure(secret.error()));
      owner_ = {parts_.order.tenant, spec, std::move(*secret)};
    }
    const auto kept = parts_.tokens.find(owner_, std::chrono::steady_clock::now());
    is_kept_token_ = kept.has_value();
    if (kept)
      token_ = *kept;
    else if (auto fetched = fetch_token(); !fetched)
      return fetched;
    values_.keep_secret(token_);
    return {};
  }

  std::expected<void, model::Outcome> fetch_token() {
    auto request = http::make_token_request(*parts_.connection, owner_.client_secret);
    if (!request) return Ended(make_start_failure(request.error()));
    const auto* proof = find_header(request->headers, "authorization");
    values_.keep_secret(proof->value.substr(proof->value.find(' ') + 1));
    auto answer = send(*request, http::kTokenAnswerLimit);
    if (!answer) return Ended(std::move(answer.error()));
    auto token = read_token(*request, *answer);
    if (!token) {
      model::Outcome outcome = make_start_failure(token.error());
      outcome.error->type = "oauth2";
      outcome.retry_after = retry_after(*answer, wall_now());
      return Ended(std::move(outcome));
    }
    parts_.tokens.keep(owner_, *token, std::chrono::steady_clock::now());
    token_ = std::move(token->text);
    return {};
  }

  // ---- the request and its answer --------------------------------------------------------------

  struct Answered {
    Request request;  // the last, after redirects
    Answer answer;
  };

  bool is_refused_token(const Answered& answered) const {
    return answered.answer.status == 401 && is_kept_token_ && answered.request.is_home;
  }

  std::expected<Answered, model::Outcome> exchange(Request request) {
    for (int followed = 0;; ++followed) {
      auto answer = send(request, http_.max_response_bytes);
      if (!answer) return Ended(std::move(answer.error()));
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

  std::expected<Answer, model::Outcome> send(const Request& request, std::int64_t most) {
    if (!parts_.stop.source.stop_requested()) note(describe_request(request));
    auto answer = transfer_.send(request, most);
    if (!answer)
      return Ended(make_outcome(answer.error(), request, job_, parts_.stop.cause.load()));
    note(describe_answer(*answer));
    return std::move(*answer);
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
  http::TokenOwner owner_;      // once its secret is loaded
  std::string token_;           // the one in use
  bool is_kept_token_ = false;  // it is not of this attempt
};

}  // namespace

model::Outcome HttpRunner::run(const Order& order, const execution::StopSignal& stop,
                               execution::Report& report) {
  const auto connection = http::get_connection(order);
  if (!connection) return make_start_failure(connection.error());
  return HttpAttempt({order, stop, report, *connection, settings_.secrets, tokens_}).run();
}

}  // namespace mainspring::runner
