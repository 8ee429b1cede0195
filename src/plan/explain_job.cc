// explain_job(): when the job fires next, or why it does not.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "plan/explain.h"
#include "plan/gate.h"
#include "plan/lateness_words.h"
#include "plan/occurrences.h"
#include "plan/pauses.h"
#include "plan/schedule_words.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

// Looked for after `after`, told as seen from `now`.
struct View {
  base::Instant now;
  base::Instant after;
};

// What one schedule will do next, in words.
struct Outlook {
  std::optional<base::Instant> at;
  std::string text;
};

// Why a schedule without a next fire has none.
std::string why_none(const model::Schedule& schedule) {
  const std::string words = schedule_words(schedule.spec, schedule.job);
  const auto line = Timeline::make(schedule);
  if (!line) return fmt::format("'{}' cannot be read: {}", words, line.error().message);
  if (line->is_reboot()) return "it fires once, whenever the node starts";
  const auto gate = Gate::make(schedule);
  if (!gate) return fmt::format("'{}' cannot be read: {}", words, gate.error().message);
  if (gate->is_missing()) return fmt::format("nothing fires {}: {}", words, gate->refusal());
  if (schedule.spec.max_runs && schedule.runs >= *schedule.spec.max_runs)
    return fmt::format("no fire follows of '{}': it has had its {} runs (max_runs)", words,
                       *schedule.spec.max_runs);
  if (!schedule.exhausted && gate->has_calendar())
    return fmt::format("no fire of '{}' passes the calendar '{}' within ten years", words,
                       schedule.spec.calendar);
  return fmt::format("no fire follows of '{}'", words);
}

Outlook outlook_of(const model::Schedule& schedule, const View& view) {
  const auto fires = upcoming(schedule, {view.after, kNoEnd}, 1);
  if (!fires || fires->empty()) return {std::nullopt, why_none(schedule)};
  const base::Instant at = fires->front();
  const auto line = Timeline::make(schedule, Reach::always);
  return {at, fmt::format("the next fire is {} {}, in {} ({})",
                          line ? line->local(at) : base::format_instant(at), schedule.spec.timezone,
                          base::format_roughly(at - view.now),
                          schedule_words(schedule.spec, schedule.job))};
}

std::string next_fire(std::span<const model::Schedule> schedules, const View& view) {
  Outlook first;
  for (const model::Schedule& schedule : schedules) {
    Outlook outlook = outlook_of(schedule, view);
    const bool is_earlier = outlook.at && (!first.at || *outlook.at < *first.at);
    if (first.text.empty() || is_earlier) first = std::move(outlook);
  }
  return first.text;
}

// What a pause leaves of the next fires.
Lines outlook_during(const model::Pause& pause, std::span<const model::Schedule> schedules,
                     base::Instant now) {
  const std::string words = pause_words(pause, "the job");
  if (pause.meanwhile == model::Meanwhile::hold)
    return {words + "; fires wait until the pause ends", next_fire(schedules, {now, now})};
  if (!pause.until) return {words + "; fires are dropped until somebody resumes it"};
  return {words + "; fires are dropped until then",
          next_fire(schedules, {now, std::max(now, *pause.until)})};
}

}  // namespace

Lines explain_job(const model::Job& job, std::span<const model::Schedule> schedules,
                  const Facts& facts) {
  Lines lines;
  if (schedules.empty())
    lines.emplace_back("it has no schedule, and runs when somebody asks");
  else if (job.pause)
    lines = outlook_during(*job.pause, schedules, facts.now);
  else
    lines.push_back(next_fire(schedules, {facts.now, facts.now}));
  lines.front() = fmt::format("{}: {}", job.spec.name, lines.front());
  if (job.spec.shadow)
    lines.emplace_back("it only shadows another scheduler: its fires stand in the ledger alone");
  if (facts.watch && !job.pause) lines.push_back(watch_words(*facts.watch, facts.now));
  if (facts.run == nullptr) {
    lines.emplace_back("it has not run yet");
    return lines;
  }
  lines.emplace_back("its newest run:");
  for (std::string& line : explain_run(*facts.run, facts))
    lines.push_back(std::move(line));
  return lines;
}

}  // namespace mainspring::plan
