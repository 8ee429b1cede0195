#include "runner/attempt/outcomes.h"

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

using execution::StopCause;
using model::OutcomeStatus;

std::string in_words(const std::optional<base::Duration>& limit) {
  return base::format_duration(limit.value_or(base::Duration{0}));
}

model::Outcome make_beginning(const Stop& stop) {
  switch (stop.by) {
    case EndCause::run_timeout:
      return make_failure(OutcomeStatus::timed_out, "timeout",
                          "ran longer than timeout.run, " + in_words(stop.timeout.run));
    case EndCause::idle_timeout:
      return make_failure(OutcomeStatus::timed_out, "timeout",
                          "no sign of life for timeout.idle, " + in_words(stop.timeout.idle));
    case EndCause::exited:
    case EndCause::asked:
    case EndCause::killed:
      break;
  }
  if (stop.why == StopCause::lease_lost)
    return make_failure(OutcomeStatus::lost, "lost", "the worker lost its lease");
  return make_failure(OutcomeStatus::cancelled, "cancelled", "cancelled while it ran");
}

}  // namespace

model::Outcome make_failure(OutcomeStatus status, std::string_view type, std::string message) {
  model::Outcome outcome;
  outcome.status = status;
  outcome.error = model::Failure{std::string{type}, std::move(message), ""};
  return outcome;
}

model::Outcome make_start_failure(const base::Error& error) {
  const bool is_retryable = base::code_row(error.code).retryable;
  return make_failure(is_retryable ? OutcomeStatus::retryable : OutcomeStatus::failed, "start",
                      base::to_text(error));
}

model::Outcome make_limit_failure(const base::Error& error) {
  return make_failure(OutcomeStatus::failed, "limit", error.message);
}

model::Outcome make_stopped(const Stop& stop, std::string_view rest) {
  model::Outcome outcome = make_beginning(stop);
  if (!rest.empty()) outcome.error->message += fmt::format("; {}", rest);
  return outcome;
}

model::Outcome make_unstarted(StopCause cause) {
  if (cause == StopCause::cancelled)
    return make_failure(OutcomeStatus::cancelled, "cancelled", "cancelled before it was started");
  return make_stopped({EndCause::asked, cause, {}}, "nothing of it was started");
}

}  // namespace mainspring::runner
