#include "api/core.h"

#include <algorithm>

#include <fmt/core.h>

#include "api/observed_exchange.h"
#include "api/path_index.h"
#include "api/route_table.h"
#include "web/site.h"

namespace mainspring::api {
namespace {

// Where nothing is known: soon, and not at once.
constexpr std::chrono::seconds kUsualRetry{1};
// Each is a person who waits for the answer.
constexpr std::size_t kErrands = 4;

base::Error make_error(base::Code code, std::string message) {
  return base::Error{code, std::move(message), {}};
}

struct Found {
  const Route* route = nullptr;
  std::vector<std::string> values;
  std::string allowed;  // methods of the path, when the method is not among them
};

// What a node without the role api answers.
bool is_health(const Route& route) {
  const auto& name = route.operation;
  return name == "get_health" || name == "get_readiness" || name == "get_version" ||
         name == "get_metrics";
}

// HEAD is answered by GET's handler; the session leaves the body out.
Found find_route(const http::Request& request, Settings::Reach reach) {
  static const PathIndex index{routes()};
  Found found;
  const bool has_all = reach == Settings::Reach::everything;
  const auto method = request.method == http::Method::head ? http::Method::get : request.method;
  PathIndex::Match match = index.find(request.path);
  for (const Route* route : match.rows) {
    if (!has_all && !is_health(*route)) continue;
    if (route->method == method) return {route, std::move(match.values), {}};
    found.allowed +=
        fmt::format("{}{}", found.allowed.empty() ? "" : ", ", http::to_text(route->method));
  }
  // A path of the UI: its page finds out by itself what to show there.
  if (has_all && found.allowed.empty() && web::wants_page(request))
    return {&get_route("get_root"), {}, {}};
  return found;
}

void log_answer(const base::Log& log, const metrics::HttpAnswer& answer, std::string_view id) {
  const auto level = answer.status >= 500 ? base::LogLevel::info : base::LogLevel::debug;
  if (!log.wants(level)) return;
  const bool is_known = answer.route < routes().size();
  const auto micros = std::chrono::round<std::chrono::microseconds>(answer.took);
  log.say(level, "request answered",
          {{"request_id", std::string{id}},
           {"route", std::string{is_known ? routes()[answer.route].operation : "none"}},
           {"status", std::int64_t{answer.status}},
           {"duration_ms", static_cast<double>(micros.count()) / 1000}});
}

std::string nothing_at(const std::string& path, Settings::Reach reach) {
  if (reach == Settings::Reach::health) {
    return fmt::format(
        "There is nothing at '{}': this node has no role api, and answers only "
        "/healthz, /readyz, /version and /metrics. Ask another node.",
        path);
  }
  return fmt::format("There is no resource at '{}'; GET /api/v1/openapi.json lists all there are.",
                     path);
}

std::vector<std::string_view> operations() {
  std::vector<std::string_view> names;
  for (const Route& route : routes())
    names.push_back(route.operation);
  return names;
}

}  // namespace

void add_security_headers(http::Headers& headers) {
  constexpr std::string_view kPolicy = "Content-Security-Policy";
  constexpr std::string_view kCaching = "Cache-Control";
  if (!headers.find(kCaching)) headers.set(kCaching, "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  if (!headers.find(kPolicy)) headers.set(kPolicy, "default-src 'none'; frame-ancestors 'none'");
}

http::Response problem(const base::Error& error, std::string_view request_id) {
  const base::CodeRow& row = base::code_row(error.code);
  json::Object body{{"type", fmt::format("https://mainspring.dev/errors/{}", row.name)},
                    {"title", row.title},
                    {"status", row.http_status},
                    {"code", row.name},
                    {"detail", error.message},
                    {"request_id", request_id}};
  json::Array errors;
  for (const base::Problem& each : error.problems) {
    json::Object item{{"pointer", each.pointer}, {"message", each.message}};
    if (each.line > 0) {
      item["line"] = each.line;
      item["column"] = each.column;
    }
    if (!each.suggestion.empty()) item["suggestion"] = each.suggestion;
    errors.push_back(std::move(item));
  }
  if (!errors.empty()) body["errors"] = std::move(errors);
  http::Response response{.status = row.http_status, .headers = {}, .body = json::write(body)};
  response.headers.set("Content-Type", "application/problem+json");
  add_security_headers(response.headers);
  if (error.code == base::Code::unauthenticated) {
    response.headers.set("WWW-Authenticate", "Bearer realm=\"mainspring\"");
  }
  if (row.retryable) {
    const auto wait = std::max(error.retry_after.value_or(kUsualRetry), kUsualRetry);
    response.headers.set("Retry-After", std::to_string(wait.count()));
  }
  return response;
}

Core::Core(const Services& services, Settings settings)
    : services_(services),
      settings_(std::move(settings)),
      shown_settings_(settings_.shown),
      credentials_(services_, settings_),
      http_metrics_(std::make_shared<metrics::HttpMetrics>(operations())),
      hub_(services_, settings_),
      worker_bell_(services_),
      schedule_book_(services_.store.writer()),
      errands_(kErrands),
      readers_(services_.store, settings_.readers, settings_.waiting_calls),
      worker_readers_(services_.store, 1, settings_.waiting_calls) {}

// Waiters come back through the readers, so they end while the readers still serve. Commands of one
// thread are applied in order: once the last is, no completion that knows this Core is left.
Core::~Core() {
  stop_waiting();
  static_cast<void>(services_.store.writer().submit_and_wait(
      {store::Command{store::PromoteDue{services_.clock.now()}}, std::nullopt}));
}

std::vector<SettingView> Core::shown_settings() const {
  const std::scoped_lock lock(shown_mutex_);
  return shown_settings_;
}

void Core::set_shown_settings(std::vector<SettingView> shown) {
  const std::scoped_lock lock(shown_mutex_);
  shown_settings_ = std::move(shown);
}

void Core::stop_waiting() {
  is_stopping_ = true;
  hub_.stop();
  worker_bell_.stop();
}

void Core::handle(http::Request request, std::shared_ptr<http::Exchange> exchange) {
  Found found = find_route(request, settings_.reach);
  exchange = observe(request, found.route, std::move(exchange));
  if (found.route == nullptr) {
    const base::Error error =
        found.allowed.empty()
            ? make_error(base::Code::not_found, nothing_at(request.path, settings_.reach))
            : make_error(base::Code::method_not_allowed,
                         fmt::format("'{}' has only: {}.", request.path, found.allowed));
    http::Response response = problem(error, request.request_id);
    if (!found.allowed.empty()) response.headers.set("Allow", found.allowed);
    return exchange->respond(std::move(response));
  }
  auto call = std::make_shared<Call>(*this, *found.route, std::move(request), std::move(exchange));
  call->set_path_values(std::move(found.values));
  dispatch(call);
}

std::shared_ptr<http::Exchange> Core::observe(const http::Request& request, const Route* route,
                                              std::shared_ptr<http::Exchange> exchange) {
  metrics::HttpAnswer answer;
  answer.route =
      static_cast<std::size_t>(route == nullptr ? std::ssize(routes()) : route - routes().data());
  answer.has_waited = request.headers.find("Prefer").has_value();
  http_metrics_->begin();
  // Knows nothing of this Core, which may be gone before the last exchange is.
  const auto note = [metrics = http_metrics_, log = services_.log, answer, id = request.request_id,
                     begun = std::chrono::steady_clock::now()](int status) {
    metrics::HttpAnswer ended = answer;
    ended.status = status;
    ended.took = std::chrono::steady_clock::now() - begun;
    metrics->end(ended);
    log_answer(log, ended, id);
  };
  return observe_exchange(std::move(exchange), note);
}

void Core::serve(const CallPtr& call, store::Reads& reads) {
  call->begin(reads);
  try {
    if (call->route().permission != Permission::open) {
      auto who = credentials_.identify(call->request(), reads);
      if (!who) return call->fail(who.error());
      if (!allows(who->permission, call->route().permission)) {
        return call->fail(make_error(
            base::Code::permission_denied,
            fmt::format("{} needs the role {}; '{}' has {}.", call->route().operation,
                        to_text(call->route().permission), who->name, to_text(who->permission))));
      }
      call->set_identity(std::move(*who));
    }
    if (auto checked = check_request(call->route(), call->request()); !checked) {
      return call->fail(checked.error());
    }
    call->route().handler(call);
  } catch (const store::Unavailable& failure) {
    call->fail(make_error(failure.code(), failure.what()));
  } catch (const std::exception& failure) {
    call->fail(make_error(base::Code::internal,
                          fmt::format("{} failed: {}", call->route().operation, failure.what())));
  }
}

void Core::dispatch(const CallPtr& call) {
  const bool is_of_worker = call->route().tag == kWorkerProtocolTag;
  ReadPool& pool = is_of_worker ? worker_readers_ : readers_;
  if (!pool.post([this, call](store::Reads& reads) { serve(call, reads); })) {
    call->fail(make_error(base::Code::overloaded,
                          "Too many requests are waiting on this node; try again shortly."));
  }
}

}  // namespace mainspring::api
