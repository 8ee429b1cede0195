#include "api/call.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

#include "api/core.h"
#include "api/route_table.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "protocol/version.h"

namespace mainspring::api {
namespace {

constexpr int kOurFault = 500;  // statuses from here on

// RFC 7240: `Prefer: wait=30`, possibly among other preferences.
std::optional<base::Duration> preferred_wait(const http::Request& request) {
  const std::string_view header = request.headers.find("Prefer").value_or("");
  const std::size_t at = header.find("wait=");
  if (at == std::string_view::npos) return std::nullopt;
  std::int64_t seconds = 0;
  const char* begin = header.data() + at + 5;
  const auto [end, error] = std::from_chars(begin, header.data() + header.size(), seconds);
  if (error != std::errc{} || seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min<std::int64_t>(seconds, 86'400)};
}

// "application/json; charset=utf-8" -> "application/json"
std::string media_type_of(std::string_view header) {
  std::string type{header.substr(0, header.find(';'))};
  while (type.ends_with(' '))
    type.pop_back();
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

base::Result<void> check_query(const Route& route, const http::Request& request) {
  if (route.any_query) return {};
  std::vector<std::string_view> known;
  for (const QueryParameter& parameter : route.query)
    known.push_back(parameter.name);
  base::Error error{base::Code::invalid_argument, "", {}};
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : request.parameters) {
    base::Problem problem;
    if (std::ranges::find(known, name) == known.end()) {
      problem.message = fmt::format("unknown query parameter '{}'", name);
      problem.suggestion = base::find_closest(name, known);
    } else if (std::ranges::find(seen, name) != seen.end()) {
      problem.message = fmt::format("the query parameter '{}' is given twice; keep one", name);
    }
    seen.push_back(name);
    if (!problem.message.empty()) error.problems.push_back(std::move(problem));
  }
  if (error.problems.empty()) return {};
  error.message =
      fmt::format("{} takes {}.", route.operation,
                  known.empty() ? "no query parameters" : base::join_words(known, " and "));
  return base::fail(std::move(error));
}

// A manifest may be YAML or JSON. A body without a Content-Type is taken for what it should be.
base::Result<void> check_media_type(const Route& route, const http::Request& request) {
  constexpr std::string_view kJson = "application/json";
  constexpr std::array<std::string_view, 3> kYaml{"application/yaml", "application/x-yaml",
                                                  "text/yaml"};
  const auto header = request.headers.find("Content-Type");
  if (!header || request.body.empty() || route.request.schema == nullptr) return {};
  const std::string type = media_type_of(*header);
  const std::string_view wanted = route.request.media_type;
  const bool takes_yaml = wanted == kYaml.front();
  if (type == wanted) return {};
  if (takes_yaml && (type == kJson || std::ranges::count(kYaml, type) > 0)) return {};
  return base::fail(
      base::Code::invalid_argument,
      fmt::format("Content-Type: '{}' is not read here; send the body as {}{}.", type,
                  takes_yaml ? "application/yaml or " : "", takes_yaml ? kJson : wanted));
}

}  // namespace

base::Error at_parameter(std::string_view name, base::Error error) {
  error.message.insert(0, fmt::format("{}: ", name));
  return error;
}

base::Result<void> check_request(const Route& route, const http::Request& request) {
  if (auto checked = check_query(route, request); !checked) return checked;
  return check_media_type(route, request);
}

Call::Call(Core& core, const Route& route, http::Request request,
           std::shared_ptr<http::Exchange> exchange)
    : core_(core),
      route_(&route),
      status_(route.status),
      request_(std::move(request)),
      exchange_(std::move(exchange)) {
  if (const auto wait = preferred_wait(request_)) {
    wait_until_ = now() + std::min(*wait, core_.settings().longest_wait);
  }
}

bool Call::may_wait() const { return wait_until_ && *wait_until_ > now() && !core_.is_stopping(); }

base::Instant Call::now() const { return core_.services().clock.now(); }

std::string Call::query(std::string_view name) const {
  return std::string{request_.find_parameter(name).value_or("")};
}

base::Result<std::optional<base::Instant>> Call::query_instant(std::string_view name) const {
  const std::string text = query(name);
  if (text.empty()) return std::nullopt;
  auto instant = base::parse_instant(text);
  if (!instant) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{}: {}", name, instant.error().message));
  }
  return *instant;
}

base::Result<std::optional<std::int64_t>> Call::query_integer(std::string_view name) const {
  const std::string text = query(name);
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{}: '{}' is not a whole number", name, text));
  }
  if (error != std::errc{}) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{}: {} is larger than any number here", name, text));
  }
  return value;
}

base::Result<bool> Call::query_flag(std::string_view name) const {
  const std::string text = query(name);
  if (text == "true" || text == "1") return true;
  if (text.empty() || text == "false" || text == "0") return false;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("{}: '{}' is not true or false", name, text));
}

base::Result<store::Page> Call::query_page() const {
  store::Page page;
  page.after = query("cursor");
  auto limit = query_integer("limit");
  if (!limit) return base::fail(std::move(limit.error()));
  page.limit = limit->value_or(page.limit);
  if (page.limit < 1 || page.limit > store::kPageLimit) {
    return base::fail(base::Code::invalid_argument, fmt::format("limit: {} is not between 1 and {}",
                                                                page.limit, store::kPageLimit));
  }
  return page;
}

base::Result<std::optional<std::int64_t>> Call::if_match() const {
  const auto header = request_.headers.find("If-Match");
  if (!header || *header == "*") return std::nullopt;
  std::int64_t version = 0;
  const std::string_view text = *header;
  if (text.size() > 3 && text.starts_with("\"v") && text.ends_with('"')) {
    const auto [end, error] =
        std::from_chars(text.data() + 2, text.data() + text.size() - 1, version);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size() - 1;
    if (is_whole && version > 0) return version;
  }
  return base::fail(base::Code::invalid_argument,
                    fmt::format("If-Match: '{}' is not an ETag of a job, such as \"v3\"", text));
}

void Call::answer(http::Response response) {
  end_trace(response.status);
  if (route_->tag == kWorkerProtocolTag) {
    response.headers.set(protocol::kVersionHeader, protocol::to_text(protocol::kSpoken));
  }
  add_security_headers(response.headers);
  const base::Duration hsts = core_.settings().hsts;
  if (request_.is_encrypted && hsts > base::Duration{0}) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(hsts).count();
    response.headers.set("Strict-Transport-Security", fmt::format("max-age={}", seconds));
  }
  exchange_->respond(std::move(response));
}

void Call::answer_json(int status, std::string body) {
  http::Response response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.set("Content-Type", "application/json");
  answer(std::move(response));
}

void Call::fail(const base::Error& error) {
  const base::CodeRow& row = base::code_row(error.code);
  if (row.http_status >= kOurFault) {
    core_.services().log.say(base::LogLevel::warn, error.message,
                             {{"request_id", request_.request_id},
                              {"route", std::string{route_->operation}},
                              {"code", std::string{row.name}}});
  }
  answer(problem(error, request_.request_id));
}

void Call::continue_as(const Route& route, std::vector<std::string> path_values) {
  route_ = &route;
  path_values_ = std::move(path_values);
}

void Call::submit(store::Command command, std::function<void(Call&, const store::Reply&)> then) {
  store::Request request{std::move(command), std::nullopt};
  if (const auto key = request_.headers.find("Idempotency-Key")) {
    if (key->empty() || key->size() > store::kIdempotencyKeyLimit) {
      return fail(base::Error{
          base::Code::invalid_argument,
          fmt::format("Idempotency-Key: give 1 to {} characters", store::kIdempotencyKeyLimit),
          {}});
    }
    const std::string text =
        fmt::format("{} {}\n{}", http::to_text(request_.method), request_.target, request_.body);
    request.idempotency = store::IdempotencyKey{tenant(), std::string{*key},
                                                crypto::to_hex(crypto::sha256(text)), now()};
  }
  auto self = shared_from_this();
  core_.services().store.writer().submit(
      std::move(request), [self, then = std::move(then)](const base::Result<store::Reply>& reply) {
        if (!reply) return self->fail(reply.error());
        then(*self, *reply);
      });
}

}  // namespace mainspring::api
