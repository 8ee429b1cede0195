#include "plan/lateness_words.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainspring::plan {
namespace {

using base::format_duration;
using base::format_instant;
using model::RunState;

base::Instant first_due(const model::Run& run) {
  return run.first_due_at.value_or(run.summary.due_at);
}

// Nobody expects a start of what was cancelled or skipped before it.
bool was_to_start(const model::RunSummary& run) {
  return !model::is_final(run.state) || run.attempts > 0 || run.state == RunState::timed_out;
}

// When its attempt began, or will at the earliest.
base::Instant began(const model::Run& run, base::Instant now) {
  if (run.summary.state == RunState::scheduled || run.summary.state == RunState::queued)
    return std::max(now, run.summary.due_at);
  const bool is_known = !run.attempts.empty() && !run.attempts.back().outcome;
  return is_known ? run.attempts.back().started_at : run.summary.started_at.value_or(now);
}

void add_start(const model::Run& run, const Facts& facts, Lines& lines) {
  const base::Duration limit = *facts.expect->start_within;
  const base::Instant deadline = first_due(run) + limit;
  const auto started = run.summary.started_at;
  if (started.value_or(run.summary.finished_at.value_or(facts.now)) < deadline) return;
  std::string text = fmt::format("it should have started by {} (expect.start_within: {})",
                                 format_instant(deadline), format_duration(limit));
  if (started)
    text += fmt::format(", and started {} after it was due",
                        format_duration(*started - first_due(run)));
  lines.push_back(std::move(text));
}

void add_finish(const model::Run& run, const Facts& facts, Lines& lines) {
  const base::Duration limit = *facts.expect->finish_within;
  const base::Instant deadline = first_due(run) + limit;
  const std::string by = fmt::format("by {} (expect.finish_within: {})", format_instant(deadline),
                                     format_duration(limit));
  if (run.summary.finished_at.value_or(facts.now) >= deadline) {
    lines.push_back("it should have finished " + by);
    return;
  }
  const bool is_due = first_due(run) <= facts.now && !model::is_final(run.summary.state);
  if (!is_due || !facts.typical) return;
  if (!model::is_predicted_late(began(run, facts.now), deadline, *facts.typical)) return;
  lines.push_back(fmt::format("it will probably not finish {}: its runs take {}", by,
                              format_duration(facts.typical->duration)));
}

}  // namespace

Lines lateness_words(const model::Run& run, const Facts& facts) {
  Lines lines;
  if (facts.expect == nullptr || run.operation_id || !was_to_start(run.summary)) return lines;
  if (facts.expect->start_within) add_start(run, facts, lines);
  if (facts.expect->finish_within) add_finish(run, facts, lines);
  return lines;
}

std::string watch_words(const model::SuccessWatch& watch, base::Instant now) {
  const base::Instant deadline = watch.since + watch.every;
  const std::string every = format_duration(watch.every);
  if (now < deadline)
    return fmt::format("a success is expected by {} (expect.every: {})", format_instant(deadline),
                       every);
  return fmt::format(
      "it is silent: no success since {}, and one was expected by {} "
      "(expect.every: {})",
      format_instant(watch.since), format_instant(deadline), every);
}

}  // namespace mainspring::plan
