// The part that a request has in a trace: read from its headers, told when it is answered.
#include <fmt/core.h>

#include "api/core.h"

namespace mainspring::api {
namespace {

constexpr int kOurFault = 500;  // statuses from here on

std::chrono::nanoseconds to_nanos(base::Instant at) { return at.time_since_epoch(); }

// Two of the first cannot both be right; more of the second are one list (RFC 9110, section 5.3).
std::optional<trace::Context> read_context(const http::Headers& headers) {
  if (headers.count("traceparent") != 1) return std::nullopt;
  std::string state;
  for (const http::Header& header : headers) {
    if (!http::equal_ignoring_case(header.name, "tracestate")) continue;
    state += fmt::format("{}{}", state.empty() ? "" : ",", header.value);
  }
  return trace::parse_context(*headers.find("traceparent"), state);
}

}  // namespace

std::optional<model::TraceContext> Call::begin_trace(base::RunId run) {
  const auto came = read_context(request_.headers);
  trace::Recorder* traces = core_.services().traces;
  const trace::Policy policy = traces == nullptr ? trace::Policy{} : traces->policy();
  if (came && (!policy.is_on || !came->is_sampled)) return trace::to_model(*came);
  if (!policy.is_on || (!came && !trace::is_sampled(run, policy.ratio))) return std::nullopt;
  trace::Span span;
  span.context = came.value_or(trace::Context{run.bytes(), 0, true, {}});
  span.parent = span.context.span;
  span.context.span = trace::span_of_request(run);
  span.name = fmt::format("{} {}", http::to_text(request_.method), route_->path);
  span.kind = trace::SpanKind::server;
  span.begun = to_nanos(now());
  span.attributes = {{"http.request.method", std::string{http::to_text(request_.method)}},
                     {"http.route", std::string{route_->path}},
                     {"url.path", request_.path},
                     {"url.scheme", std::string{"http"}},
                     {"mainspring.request.id", request_.request_id},
                     {"mainspring.tenant", tenant()}};
  span_ = std::move(span);
  return trace::to_model(span_->context);
}

void Call::end_trace(int status) {
  if (!span_) return;
  trace::Span span = *std::exchange(span_, std::nullopt);
  span.ended = std::max(span.begun, to_nanos(now()));
  span.attributes.emplace_back("http.response.status_code", std::int64_t{status});
  if (status >= kOurFault) {
    span.problem = fmt::format("answered with status {}", status);
    span.attributes.emplace_back("error.type", std::to_string(status));
  }
  core_.services().traces->record(std::move(span));
}

}  // namespace mainspring::api
