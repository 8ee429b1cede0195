#include "runner/attempt/program_outcome.h"

#include <csignal>
#include <cstring>

#include <fmt/core.h>

#include "json/write.h"
#include "model/codecs.h"

namespace mainspring::runner {
namespace {

using model::Failure;
using model::OutcomeStatus;

base::Duration to_duration(const timeval& time) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::seconds{time.tv_sec} +
                                                    std::chrono::microseconds{time.tv_usec});
}

// The group counts every process of the attempt; rusage only those that were waited for.
model::ResourceUse usage_of(const Ending& ending, const CgroupUse& use) {
  model::ResourceUse usage{.cpu_user = to_duration(ending.usage.ru_utime),
                           .cpu_system = to_duration(ending.usage.ru_stime),
                           .wall = ending.wall,
                           .max_rss_bytes = std::int64_t{ending.usage.ru_maxrss} * 1024,
                           .throttled = use.throttled,
                           .max_pids = use.pids_peak.value_or(0)};
  if (use.cpu) {
    usage.cpu_user = use.cpu->user;
    usage.cpu_system = use.cpu->system;
  }
  if (use.memory_peak) usage.max_rss_bytes = *use.memory_peak;
  return usage;
}

void set_failure(model::Outcome& outcome, OutcomeStatus status, Failure failure) {
  outcome.status = status;
  outcome.error = std::move(failure);
}

std::string end_words(const Ending& ending) {
  if (ending.cause == EndCause::killed) return "killed without grace";
  if (ending.was_killed) return "killed when the grace was over";
  if (ending.signal) return "it ended on " + signal_name(*ending.signal);
  return fmt::format("it ended with exit code {}", ending.exit_code.value_or(-1));
}

void judge_signal(int number, const CgroupUse& use, model::Outcome& outcome) {
  std::string_view by;
  if (number == SIGKILL && use.oom_kills) by = ", which somebody else sent it";
  if (number == SIGKILL && !use.oom_kills) {
    by = ", not by this program: the machine or the container may be out of memory (dmesg tells)";
  }
  set_failure(outcome, OutcomeStatus::failed,
              {"signal", fmt::format("ended by {}{}", signal_name(number), by), ""});
}

std::string mebibytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

void judge_memory(const CgroupUse& use, const model::ResourceSpec& resources,
                  model::Outcome& outcome) {
  if (use.oom_kills.value_or(0) == 0 || outcome.status != OutcomeStatus::failed) return;
  const std::string peak = mebibytes(use.memory_peak.value_or(0));
  const std::string limit =
      use.reached_memory_limit
          ? fmt::format("it reached resources.memory, {}; its peak was {}",
                        model::format_size(resources.memory_bytes), peak)
          : fmt::format("the machine, or a group above, had no more; its own peak was {}", peak);
  outcome.error = Failure{"out_of_memory",
                          fmt::format("{}: the kernel killed {} of its processes for want of "
                                      "memory: {}",
                                      outcome.error->message, *use.oom_kills, limit),
                          ""};
}

void judge_pids(const CgroupUse& use, const model::ResourceSpec& resources,
                model::Outcome& outcome) {
  if (use.forks_refused == 0 || resources.pids == 0 || !outcome.error) return;
  outcome.error->message += fmt::format("; it had reached resources.pids, {}", resources.pids);
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
  outcome.retry_after = document.retry_after;
  if (document.error) {
    outcome.error = document.error;
  } else if (!outcome.error) {
    outcome.error = Failure{"result", "its result document says that it failed", ""};
  }
}

// The author of the code does not know of any document: os._exit(0) did this, or a library.
void judge_silence(const Statement& statement, model::Outcome& outcome) {
  const bool is_silent = !statement.document->status && !statement.document->error;
  if (!statement.is_required || !is_silent || outcome.status != OutcomeStatus::success) return;
  set_failure(outcome, OutcomeStatus::failed,
              {"exit",
               "its process ended with exit code 0 before the function had returned; something in "
               "it ended the process, such as os._exit()",
               ""});
}

void take_result(const Statement& statement, model::Outcome& outcome) {
  if (statement.document->output) {
    outcome.result = statement.document->output;
  } else if (!statement.output_lines->empty()) {
    outcome.result = *statement.output_lines;
  }
  if (!outcome.result) return;
  const std::string& media_type = statement.document->media_type;
  outcome.result_media_type = media_type.empty() ? "application/json" : media_type;
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

model::Outcome make_outcome(const Course& course, const Statement& statement,
                            const model::JobSpec& spec) {
  const Ending& ending = course.ending;
  model::Outcome outcome;
  if (ending.cause != EndCause::exited)
    outcome = make_stopped({ending.cause, course.stop_cause, spec.timeout}, end_words(ending));
  outcome.usage = usage_of(ending, course.use);
  outcome.exit_code = ending.exit_code;
  if (ending.signal) outcome.signal = signal_name(*ending.signal);
  if (ending.cause != EndCause::exited) return outcome;
  if (ending.signal) {
    judge_signal(*ending.signal, course.use, outcome);
    judge_memory(course.use, spec.resources, outcome);
    return outcome;
  }
  if (!ending.exit_code) {
    set_failure(outcome, OutcomeStatus::failed,
                {"exit_code", "its exit code was taken by another part of this process", ""});
    return outcome;
  }
  judge_exit_code(*ending.exit_code, outcome);
  judge_memory(course.use, spec.resources, outcome);
  judge_pids(course.use, spec.resources, outcome);
  const bool is_broken = !statement.document || !statement.output_lines;
  if (is_broken) {
    const base::Error& error =
        !statement.document ? statement.document.error() : statement.output_lines.error();
    set_failure(outcome, OutcomeStatus::failed, {"result_protocol", base::to_text(error), ""});
    return outcome;
  }
  judge_document(*statement.document, outcome);
  judge_silence(statement, outcome);
  take_result(statement, outcome);
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
