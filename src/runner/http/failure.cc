#include "runner/http/failure.h"

#include <fmt/core.h>

#include "model/codecs.h"
#include "runner/attempt/outcomes.h"

namespace mainspring::runner::http {
namespace {

using model::OutcomeStatus;

struct Row {
  OutcomeStatus status = OutcomeStatus::retryable;
  std::string_view type;
  std::string message;
};

std::string in_words(const std::optional<base::Duration>& limit) {
  return base::format_duration(limit.value_or(base::Duration{0}));
}

std::string with_detail(std::string message, std::string_view detail) {
  return detail.empty() ? message : fmt::format("{}: {}", message, detail);
}

// The end that we made, where it was one.
std::optional<EndCause> find_stop(Trouble trouble) {
  if (trouble == Trouble::stopped) return EndCause::asked;
  if (trouble == Trouble::run_timeout) return EndCause::run_timeout;
  if (trouble == Trouble::idle_timeout) return EndCause::idle_timeout;
  return std::nullopt;
}

Row late(Trouble trouble, const std::string& host, const model::HttpTimeouts& phases) {
  if (trouble == Trouble::connect_timeout)
    return {OutcomeStatus::retryable, "timeout",
            fmt::format("no connection to {} within http.timeouts.connect, {}", host,
                        in_words(phases.connect))};
  return {OutcomeStatus::retryable, "timeout",
          fmt::format("{} did not begin to answer within http.timeouts.response, {}", host,
                      in_words(phases.response))};
}

Row encrypted(const Failure& failure, const std::string& host) {
  switch (failure.trouble) {
    case Trouble::certificate:
      return {
          OutcomeStatus::failed, "tls",
          with_detail(fmt::format("the certificate of {} is not accepted", host), failure.detail) +
              "; tls.ca names the authority of a private one, tls.server_name another name"};
    case Trouble::tls_files:
      return {OutcomeStatus::failed, "tls",
              with_detail("a file of tls cannot be used on this worker", failure.detail)};
    default:
      return {OutcomeStatus::retryable, "tls",
              with_detail(fmt::format("cannot agree on TLS with {}", host), failure.detail)};
  }
}

Row refused(const Failure& failure, const std::string& host, const model::HttpSpec& http) {
  switch (failure.trouble) {
    case Trouble::protocol:
      return {OutcomeStatus::failed, "protocol",
              with_detail(fmt::format("what {} answered cannot be read", host), failure.detail)};
    case Trouble::headers_too_large:
      return {OutcomeStatus::failed, "too_large",
              fmt::format("the headers that {} answered with have more than {} KiB", host,
                          kHeaderLimit >> 10)};
    default:
      return {OutcomeStatus::failed, "too_large",
              fmt::format("the body that {} answered with is over http.max_response, {}; raise it, "
                          "or ask for less",
                          host, model::format_size(http.max_response_bytes))};
  }
}

Row row_of(const Failure& failure, const Request& request, const model::JobSpec& job) {
  const std::string host = request.url.authority();
  switch (failure.trouble) {
    case Trouble::dns:
      return {
          OutcomeStatus::retryable, "dns",
          fmt::format("the name '{}' has no address, or no name server told it", request.url.host)};
    case Trouble::connect:
      return {OutcomeStatus::retryable, "connect",
              with_detail(fmt::format("cannot connect to {}", host), failure.detail)};
    case Trouble::proxy:
      return {
          OutcomeStatus::retryable, "proxy",
          with_detail(fmt::format("the proxy does not connect us with {}", host), failure.detail)};
    case Trouble::proxy_denied:
      return {OutcomeStatus::failed, "proxy",
              fmt::format("the proxy lets nobody through to {} without the right user and password "
                          "(407)",
                          host)};
    case Trouble::transfer:
      return {OutcomeStatus::retryable, "transfer",
              with_detail(fmt::format("the connection to {} ended before the answer did", host),
                          failure.detail)};
    case Trouble::handshake:
    case Trouble::certificate:
    case Trouble::tls_files:
      return encrypted(failure, host);
    case Trouble::protocol:
    case Trouble::headers_too_large:
    case Trouble::body_too_large:
      return refused(failure, host, *job.http);
    default:
      return late(failure.trouble, host, job.http->timeouts);
  }
}

}  // namespace

model::Outcome make_outcome(const Failure& failure, const Request& request,
                            const model::JobSpec& job, execution::StopCause cause) {
  if (const auto by = find_stop(failure.trouble))
    return make_stopped({*by, cause, job.timeout},
                        fmt::format("the request to {} was broken off, and the server may have "
                                    "done what it asks",
                                    request.url.authority()));
  Row row = row_of(failure, request, job);
  return make_failure(row.status, row.type, std::move(row.message));
}

}  // namespace mainspring::runner::http
