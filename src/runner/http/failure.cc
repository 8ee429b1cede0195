#include "runner/http/failure.h"

#include <fmt/core.h>

#include "model/codecs.h"

namespace mainspring::runner::http {
namespace {

using execution::StopCause;
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

Row stopped(StopCause cause) {
  if (cause == StopCause::lease_lost)
    return {OutcomeStatus::lost, "lost", "the worker lost its lease and broke off the request"};
  return {OutcomeStatus::cancelled, "cancelled",
          "cancelled while it ran; the request was broken off, and the server may have done what "
          "it asks"};
}

Row timed_out(Trouble trouble, const std::string& host, const model::JobSpec& job) {
  const model::HttpTimeouts& phases = job.http->timeouts;
  switch (trouble) {
    case Trouble::connect_timeout:
      return {OutcomeStatus::retryable, "timeout",
              fmt::format("no connection to {} within http.timeouts.connect, {}", host,
                          in_words(phases.connect))};
    case Trouble::response_timeout:
      return {OutcomeStatus::retryable, "timeout",
              fmt::format("{} did not begin to answer within http.timeouts.response, {}", host,
                          in_words(phases.response))};
    case Trouble::idle_timeout:
      return {OutcomeStatus::timed_out, "timeout",
              fmt::format("nothing went to or came from {} for timeout.idle, {}", host,
                          in_words(job.timeout.idle))};
    default:
      return {OutcomeStatus::timed_out, "timeout",
              fmt::format("ran longer than timeout.run, {}; the request to {} was broken off",
                          in_words(job.timeout.run), host)};
  }
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
      return timed_out(failure.trouble, host, job);
  }
}

}  // namespace

model::Outcome make_outcome(const Failure& failure, const Request& request,
                            const model::JobSpec& job, StopCause cause) {
  Row row = failure.trouble == Trouble::stopped ? stopped(cause) : row_of(failure, request, job);
  model::Outcome outcome;
  outcome.status = row.status;
  outcome.error = model::Failure{std::string(row.type), std::move(row.message), ""};
  return outcome;
}

model::Outcome failed_outcome(std::string type, std::string message) {
  model::Outcome outcome;
  outcome.status = OutcomeStatus::failed;
  outcome.error = model::Failure{std::move(type), std::move(message), ""};
  return outcome;
}

}  // namespace mainspring::runner::http
