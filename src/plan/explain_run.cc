// explain_run(): where a run stands, what keeps it there, and what happened to it on the way.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "plan/explain.h"
#include "plan/lateness_words.h"
#include "plan/obstacle_words.h"

namespace mainspring::plan {
namespace {

using base::format_instant;
using base::format_roughly;
using model::RunState;

// Earlier attempts that are told; a run may have hundreds.
constexpr std::ptrdiff_t kAttemptsTold = 5;

std::string instant_or(std::optional<base::Instant> at) {
  return at ? format_instant(*at) : std::string("an unknown time");
}

std::string name_of(const model::Attempt& attempt) {
  return attempt.worker.empty() ? attempt.worker_id.text() : attempt.worker;
}

// What went wrong in it, or its status where it did not say.
std::string outcome_words(const model::Attempt& attempt) {
  if (!attempt.outcome) return "";
  const model::Outcome& outcome = *attempt.outcome;
  if (outcome.error && !outcome.error->message.empty()) return outcome.error->message;
  switch (outcome.status) {
    case model::OutcomeStatus::success:
      return "succeeded";
    case model::OutcomeStatus::failed:
      return "failed";
    case model::OutcomeStatus::retryable:
      return "asked to be retried";
    case model::OutcomeStatus::lost:
      return "lost: its worker vanished";
    case model::OutcomeStatus::timed_out:
      return "timed out";
    case model::OutcomeStatus::cancelled:
      return "cancelled";
  }
  return "";
}

class RunStory {
 public:
  RunStory(const model::Run& run, const Facts& facts)
      : run_(run), summary_(run.summary), facts_(facts) {}

  Lines tell() {
    lines_.push_back(summary_.id.text() + ": " + standing());
    tell_obstacles();
    std::ranges::move(lateness_words(run_, facts_), std::back_inserter(lines_));
    tell_cancel();
    tell_limits();
    tell_attempts();
    tell_origin();
    return std::move(lines_);
  }

 private:
  // ---- the answer --------------------------------------------------------------------------

  std::string standing() const {
    switch (summary_.state) {
      case RunState::scheduled:
        return scheduled();
      case RunState::queued:
        return queued();
      case RunState::running:
        return running();
      case RunState::waiting:
        return with_reason("waiting since " + instant_or(summary_.started_at));
      case RunState::succeeded:
        return finished("succeeded");
      case RunState::failed:
        return finished("failed");
      case RunState::cancelled:
        return finished("cancelled");
      case RunState::timed_out:
        return finished("timed out");
      case RunState::skipped:
        return finished("skipped");
    }
    return "in a state that this version does not know";
  }

  std::string with_reason(std::string text) const {
    if (!summary_.reason.empty()) text += ": " + summary_.reason;
    return text;
  }

  std::string when_due() const {
    const std::string due = format_instant(summary_.due_at);
    if (summary_.due_at <= facts_.now) return "due since " + due;
    return fmt::format("due in {}, at {}", format_roughly(summary_.due_at - facts_.now), due);
  }

  std::string scheduled() const {
    if (summary_.attempts > 0)
      return with_reason(fmt::format("attempt {} is {}", summary_.attempts + 1, when_due()));
    return when_due() + first_obstacle();
  }

  std::string queued() const {
    const std::string text = "queued since " + format_instant(summary_.due_at);
    if (!facts_.obstacles.empty()) return text + first_obstacle();
    if (facts_.slots.all == 0) return text + "; no worker is online";
    return fmt::format("{}; about to be claimed: {} of {} slots are busy", text, facts_.slots.busy,
                       facts_.slots.all);
  }

  std::string running() const {
    const bool is_known = !run_.attempts.empty() && !run_.attempts.back().outcome;
    std::string text =
        "running since " + (is_known ? format_instant(run_.attempts.back().started_at)
                                     : instant_or(summary_.started_at));
    if (is_known) text += " on " + name_of(run_.attempts.back());
    if (summary_.attempts > 1) text += fmt::format(", attempt {}", summary_.attempts);
    if (!run_.progress) return text;
    text += fmt::format("; {:.0f} % done", run_.progress->fraction * 100);
    if (!run_.progress->message.empty()) text += ": " + run_.progress->message;
    return text;
  }

  std::string finished(std::string_view how) const {
    std::string text = fmt::format("{} at {}", how, instant_or(summary_.finished_at));
    if (!run_.attempts.empty() && run_.attempts.back().finished_at) {
      const model::Attempt& last = run_.attempts.back();
      text += fmt::format(" on {} after {}", name_of(last),
                          format_roughly(*last.finished_at - last.started_at));
      if (summary_.state == RunState::succeeded && summary_.attempts > 1)
        text += fmt::format(", in attempt {}", summary_.attempts);
    }
    if (is_told_by_cancel()) return text;
    text = with_reason(std::move(text));
    return text + beyond_reason();
  }

  // A cancel that was asked for has a line of its own, with more in it than the reason.
  bool is_told_by_cancel() const {
    return run_.cancel && (summary_.state == RunState::cancelled ||
                           summary_.reason.contains("cancelled by " + run_.cancel->by));
  }

  // What the last attempt said of its failure, where the reason does not say it already.
  std::string beyond_reason() const {
    if (run_.attempts.empty() || summary_.state == RunState::succeeded) return "";
    const std::string words = outcome_words(run_.attempts.back());
    const auto& outcome = run_.attempts.back().outcome;
    const bool has_message = outcome && outcome->error && !outcome->error->message.empty();
    if (!has_message || summary_.reason.contains(words)) return "";
    return ": " + words;
  }

  // ---- what keeps it -----------------------------------------------------------------------

  std::string first_obstacle() const {
    if (facts_.obstacles.empty()) return "";
    if (facts_.obstacles.front().kind == model::ObstacleKind::not_due) return "";
    return "; " + obstacle_words(facts_.obstacles.front(), facts_);
  }

  void tell_obstacles() {
    for (std::size_t i = 1; i < facts_.obstacles.size(); ++i)
      lines_.push_back("after that, " + obstacle_words(facts_.obstacles[i], facts_));
  }

  void tell_cancel() {
    if (!run_.cancel) return;
    const model::CancelRequest& cancel = *run_.cancel;
    std::string text =
        fmt::format("{} {} at {}", cancel.by.empty() ? "somebody" : cancel.by,
                    cancel.mode == model::CancelMode::kill ? "had it killed" : "asked it to stop",
                    format_instant(cancel.at));
    if (!cancel.reason.empty()) text += ": " + cancel.reason;
    if (summary_.state == RunState::running) text += "; it has not ended yet";
    lines_.push_back(std::move(text));
  }

  void tell_limits() {
    const bool waits = summary_.state == RunState::queued || summary_.state == RunState::scheduled;
    if (waits && run_.queue_until)
      lines_.push_back(
          fmt::format("it ends as timed_out if it has not started by {} "
                      "(timeout.queue)",
                      format_instant(*run_.queue_until)));
    if (!model::is_final(summary_.state) && run_.extended_until)
      lines_.push_back(fmt::format("it was given more time: no timeout ends it before {}",
                                   format_instant(*run_.extended_until)));
  }

  // ---- what happened before ----------------------------------------------------------------

  // The last attempt is in the answer; the line of an earlier one says when the next followed.
  void tell_attempts() {
    const std::ptrdiff_t earlier = std::ssize(run_.attempts) - 1;
    const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, earlier - kAttemptsTold);
    if (first > 0) lines_.push_back(fmt::format("attempts 1 to {} came before these", first));
    for (std::ptrdiff_t i = first; i < earlier; ++i)
      tell_attempt(run_.attempts[static_cast<std::size_t>(i)],
                   run_.attempts[static_cast<std::size_t>(i) + 1]);
  }

  void tell_attempt(const model::Attempt& attempt, const model::Attempt& next) {
    std::string text = fmt::format("attempt {} on {}", attempt.number, name_of(attempt));
    if (attempt.finished_at)
      text += fmt::format(", {} after {}", format_instant(*attempt.finished_at),
                          format_roughly(*attempt.finished_at - attempt.started_at));
    text += ": " + outcome_words(attempt);
    if (attempt.finished_at)
      text += fmt::format("; attempt {} followed {} later", next.number,
                          format_roughly(next.started_at - *attempt.finished_at));
    lines_.push_back(std::move(text));
  }

  void tell_origin() {
    if (facts_.occurrence != nullptr) tell_fire(*facts_.occurrence);
    if (run_.rerun_of) lines_.push_back("it repeats " + run_.rerun_of->text());
    if (run_.parent_run) lines_.push_back("it is a part of " + run_.parent_run->text());
    if (run_.operation_id) {
      const bool is_backfill = summary_.trigger == model::Trigger::backfill;
      lines_.push_back(fmt::format("{} {} made it", is_backfill ? "the backfill" : "the operation",
                                   run_.operation_id->text()));
    }
    const bool is_asked_for =
        summary_.trigger == model::Trigger::manual || summary_.trigger == model::Trigger::api;
    if (is_asked_for && !summary_.requested_by.empty() && !run_.rerun_of)
      lines_.push_back(fmt::format("{} asked for it at {}", summary_.requested_by,
                                   format_instant(summary_.created_at)));
  }

  void tell_fire(const model::Occurrence& occurrence) {
    std::string text = "it is the fire of ";
    text += occurrence.local.empty() ? format_instant(occurrence.at) : occurrence.local;
    if (facts_.schedule != nullptr) text += " " + facts_.schedule->spec.timezone;
    if (!occurrence.detail.empty() && !summary_.reason.contains(occurrence.detail))
      text += " (" + occurrence.detail + ")";
    lines_.push_back(std::move(text));
  }

  const model::Run& run_;
  const model::RunSummary& summary_;
  const Facts& facts_;
  Lines lines_;
};

}  // namespace

Lines explain_run(const model::Run& run, const Facts& facts) { return RunStory(run, facts).tell(); }

}  // namespace mainspring::plan
