#include "runner/command/command_outcome.h"

#include <csignal>
#include <cstring>

#include <fmt/core.h>

#include "json/write.h"

namespace mainspring::runner {
namespace {

using model::Failure;
using model::OutcomeStatus;

base::Duration to_duration(const timeval& time) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::seconds{time.tv_sec} +
                                                    std::chrono::microseconds{time.tv_usec});
}

model::ResourceUse usage_of(const Ending& ending) {
  return {to_duration(ending.usage.ru_utime), to_duration(ending.usage.ru_stime), ending.wall,
          std::int64_t{ending.usage.ru_maxrss} * 1024};
}

void set_failure(model::Outcome& outcome, OutcomeStatus status, Failure failure) {
  outcome.status = status;
  outcome.error = std::move(failure);
}

std::string end_words(const Ending& ending) {
  if (ending.was_killed) return "killed when the grace was over";
  if (ending.signal) return "it ended on " + signal_name(*ending.signal);
  return fmt::format("it ended with exit code {}", ending.exit_code.value_or(-1));
}

// Whether the ending is of our making.
bool judge_cause(const Ending& ending, const model::TimeoutSpec& timeout, model::Outcome& outcome) {
  const auto text = [](const std::optional<base::Duration>& limit) {
    return base::format_duration(limit.value_or(base::Duration{0}));
  };
  switch (ending.cause) {
    case EndCause::exited:
      return false;
    case EndCause::asked:
      set_failure(outcome, OutcomeStatus::cancelled,
                  {"cancelled", "cancelled while it ran; " + end_words(ending), ""});
      return true;
    case EndCause::killed:
      set_failure(outcome, OutcomeStatus::lost,
                  {"lost", "the worker lost its lease and killed the program", ""});
      return true;
    case EndCause::run_timeout:
      set_failure(
          outcome, OutcomeStatus::timed_out,
          {"timeout",
           fmt::format("ran longer than timeout.run, {}; {}", text(timeout.run), end_words(ending)),
           ""});
      return true;
    case EndCause::idle_timeout:
      set_failure(outcome, OutcomeStatus::timed_out,
                  {"timeout",
                   fmt::format("no output or progress for timeout.idle, {}; {}", text(timeout.idle),
                               end_words(ending)),
                   ""});
      return true;
  }
  return false;
}

void judge_signal(int number, model::Outcome& outcome) {
  const bool likely_memory = number == SIGKILL;
  set_failure(outcome, OutcomeStatus::failed,
              {"signal",
               fmt::format("ended by {}{}", signal_name(number),
                           likely_memory ? ", not by this program: the machine or the container "
                                           "may be out of memory (dmesg tells)"
                                         : ""),
               ""});
}

void judge_exit_code(int code, model::Outcome& outcome) {
  if (code == 0) return;
  const bool retryable = code == kRetryableExitCode;
  set_failure(outcome, retryable ? OutcomeStatus::retryable : OutcomeStatus::failed,
              {"exit_code",
               retryable ? fmt::format("exit code {}: try again later", code)
                         : fmt::format("exit code {}", code),
               ""});
}

// What the program says overrides what its exit code says, but for a success that was none.
void judge_document(const ResultDocument& document, model::Outcome& outcome) {
  const bool exited_well = outcome.status == OutcomeStatus::success;
  if (document.status == ResultStatus::success && !exited_well) {
    outcome.error->message += ", although its result document says success";
    return;
  }
  if (document.status == ResultStatus::failed) outcome.status = OutcomeStatus::failed;
  if (document.status == ResultStatus::retryable) outcome.status = OutcomeStatus::retryable;
  if (outcome.status == OutcomeStatus::success) return;
  if (document.error) {
    outcome.error = document.error;
  } else if (!outcome.error) {
    outcome.error = Failure{"result", "its result document says that it failed", ""};
  }
}

void take_result(const Statement& statement, model::Outcome& outcome) {
  if (statement.document->output) {
    outcome.result = statement.document->output;
  } else if (!statement.output_lines->empty()) {
    outcome.result = *statement.output_lines;
  }
  if (!outcome.result) return;
  outcome.result_media_type = "application/json";
  const std::size_t size = json::write(*outcome.result).size();
  if (size <= model::kResultLimit) return;
  outcome.result.reset();
  outcome.result_media_type.clear();
  set_failure(outcome, OutcomeStatus::failed,
              {"result_protocol",
               fmt::format("the result has {} bytes as JSON, over the limit of {}: store it "
                           "elsewhere and give its address",
                           size, model::kResultLimit),
               ""});
}

}  // namespace

model::Outcome make_outcome(const Ending& ending, const Statement& statement,
                            const model::TimeoutSpec& timeout) {
  model::Outcome outcome;
  outcome.usage = usage_of(ending);
  outcome.exit_code = ending.exit_code;
  if (ending.signal) outcome.signal = signal_name(*ending.signal);
  if (judge_cause(ending, timeout, outcome)) return outcome;
  if (ending.signal) {
    judge_signal(*ending.signal, outcome);
    return outcome;
  }
  if (!ending.exit_code) {
    set_failure(outcome, OutcomeStatus::failed,
                {"exit_code", "its exit code was taken by another part of this process", ""});
    return outcome;
  }
  judge_exit_code(*ending.exit_code, outcome);
  const bool is_broken = !statement.document || !statement.output_lines;
  if (is_broken) {
    const base::Error& error =
        !statement.document ? statement.document.error() : statement.output_lines.error();
    set_failure(outcome, OutcomeStatus::failed, {"result_protocol", base::to_text(error), ""});
    return outcome;
  }
  judge_document(*statement.document, outcome);
  take_result(statement, outcome);
  return outcome;
}

model::Outcome make_start_failure(const base::Error& error) {
  model::Outcome outcome;
  set_failure(
      outcome,
      base::code_row(error.code).retryable ? OutcomeStatus::retryable : OutcomeStatus::failed,
      {"start", base::to_text(error), ""});
  return outcome;
}

model::Outcome make_unstarted(StopLevel level) {
  model::Outcome outcome;
  if (level == StopLevel::kill) {
    set_failure(outcome, OutcomeStatus::lost,
                {"lost", "the worker lost its lease before the program was started", ""});
  } else {
    set_failure(outcome, OutcomeStatus::cancelled,
                {"cancelled", "cancelled before the program was started", ""});
  }
  return outcome;
}

std::string signal_name(int number) {
  if (number >= SIGRTMIN && number <= SIGRTMAX) {
    return fmt::format("SIGRTMIN+{}", number - SIGRTMIN);
  }
  const char* name = sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace mainspring::runner
