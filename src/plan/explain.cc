#include "plan/explain.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "cron/zone.h"
#include "json/codec.h"
#include "plan/gate.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using base::format_instant;
using model::Ending;

std::string zone_of(const Facts& facts) {
  return facts.schedule == nullptr ? "" : " " + facts.schedule->spec.timezone;
}

std::string name_of(const model::Occurrence& occurrence, const Facts& facts) {
  if (occurrence.local.empty()) return format_instant(occurrence.at);
  return occurrence.local + zone_of(facts);
}

std::string heading(const model::Occurrence& occurrence, const Facts& facts) {
  std::string text = name_of(occurrence, facts);
  if (occurrence.through)
    text += fmt::format(" and {} more up to {}", occurrence.count - 1,
                        format_instant(*occurrence.through));
  return text;
}

// "02:00", and the seconds only where there are any.
std::string clock_face(cron::LocalTime local) {
  const std::string text = cron::format_local(local);  // "2026-03-29T02:30:00"
  const bool whole_minute = text.ends_with(":00");
  return text.substr(11, whole_minute ? 5 : 8);
}

// What the clock did just before this instant, under which a removed time is kept.
std::optional<std::string> clock_jump(const model::Schedule& schedule, base::Instant at) {
  const auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return std::nullopt;
  const auto span = zone->span_at(std::chrono::floor<std::chrono::seconds>(at));
  if (span.offset <= span.offset_before) return std::nullopt;
  const cron::LocalTime utc{span.begin.time_since_epoch()};
  return fmt::format("the clock jumped from {} to {} (dst.gap: skip)",
                     clock_face(utc + span.offset_before), clock_face(utc + span.offset));
}

std::string because(std::string_view what, const std::string& detail, std::string_view otherwise) {
  return fmt::format("{}, because {}", what, detail.empty() ? otherwise : detail);
}

std::string with_detail(std::string text, const std::string& detail) {
  if (!detail.empty()) text += "; " + detail;
  return text;
}

std::string run_name(const model::Occurrence& occurrence) {
  return occurrence.run_id ? occurrence.run_id->text() : "a run";
}

std::string in_run(std::string_view what, const model::Occurrence& occurrence, const Facts& facts) {
  std::string text = fmt::format("{} {}", what, run_name(occurrence));
  if (facts.run == nullptr) text += ", which is no longer kept";
  return with_detail(std::move(text), occurrence.detail);
}

std::string skipped_by_overlap(const model::Occurrence& occurrence, const Facts& facts) {
  std::string text =
      because("skipped", occurrence.detail, "an earlier run of the job was not finished");
  if (facts.schedule != nullptr)
    text += fmt::format(" (overlap: {})", json::to_text(facts.schedule->spec.overlap));
  return text;
}

std::string cancelled(const model::Occurrence& occurrence, const Facts& facts) {
  const auto* cancel = facts.run != nullptr && facts.run->cancel ? &*facts.run->cancel : nullptr;
  if (cancel == nullptr) return with_detail("cancelled before it started", occurrence.detail);
  std::string text =
      fmt::format("cancelled before it started, by {} at {}",
                  cancel->by.empty() ? "somebody" : cancel->by, format_instant(cancel->at));
  if (!cancel->reason.empty()) text += ": " + cancel->reason;
  return text;
}

std::string replaced(const model::Occurrence& occurrence, const Facts& facts) {
  if (facts.replaced_by == nullptr)
    return because("not run", occurrence.detail, "the job was changed before this fire was due");
  const model::JobVersion& version = *facts.replaced_by;
  return fmt::format("not run, because version {} replaced its schedule: stored by {} at {}",
                     version.version, version.author.empty() ? "somebody" : version.author,
                     format_instant(version.created_at));
}

std::string removed(const model::Occurrence& occurrence, const Facts& facts) {
  const auto jump =
      facts.schedule == nullptr ? std::nullopt : clock_jump(*facts.schedule, occurrence.at);
  return because("skipped", jump.value_or(occurrence.detail),
                 "the clock was set forward past this time");
}

std::string ended(const model::Occurrence& occurrence, const Facts& facts) {
  const std::string& detail = occurrence.detail;
  switch (*occurrence.ending) {
    case Ending::ran:
      return in_run("ran as", occurrence, facts);
    case Ending::skipped_overlap:
      return skipped_by_overlap(occurrence, facts);
    case Ending::skipped_calendar:
      return because("skipped", detail, "its calendar leaves that day out");
    case Ending::skipped_paused:
      return because("skipped", detail, "the job was paused");
    case Ending::coalesced_into:
      return in_run("coalesced into", occurrence, facts);
    case Ending::missed_expired:
      return "not run: " + (detail.empty() ? "missed while no scheduler ran" : detail);
    case Ending::deduplicated:
      return because("skipped", detail, "a run with the same dedupe key was accepted before");
    case Ending::dst_skipped:
      return removed(occurrence, facts);
    case Ending::superseded:
      return replaced(occurrence, facts);
    case Ending::cancelled:
      return cancelled(occurrence, facts);
    case Ending::skipped_limit:
      return because("skipped", detail, "a limit left no room for it");
    case Ending::shadowed:
      return because("not run", detail, "the job only shadows another scheduler");
  }
  return "ended in a way that this version does not know";
}

// The run is due and has not started.
bool is_waiting(const Facts& facts) {
  if (facts.run == nullptr) return false;
  const model::RunSummary& run = facts.run->summary;
  return run.state != model::RunState::scheduled ||
         (run.due_at <= facts.now && !facts.obstacles.empty());
}

// What is in the way of the run tells it, too.
bool is_obstacle(const std::string& detail, const Facts& facts) {
  return std::ranges::any_of(facts.obstacles, [&](const model::Obstacle& obstacle) {
    return std::ranges::any_of(obstacle.runs,
                               [&](const base::RunId& run) { return detail.contains(run.text()); });
  });
}

std::string pending(const model::Occurrence& occurrence, const Facts& facts) {
  const std::string detail = is_obstacle(occurrence.detail, facts) ? "" : occurrence.detail;
  if (is_waiting(facts)) return with_detail("came due as " + run_name(occurrence), detail);
  const base::Instant due = facts.run != nullptr ? facts.run->summary.due_at : occurrence.at;
  std::string text =
      due > facts.now
          ? fmt::format("written ahead as {}, due in {}", run_name(occurrence),
                        base::format_roughly(due - facts.now))
          : fmt::format("{} is due since {}", run_name(occurrence), format_instant(due));
  if (due > occurrence.at && facts.schedule != nullptr &&
      facts.schedule->spec.jitter > base::Duration{0})
    text +=
        fmt::format(", {} after its instant (jitter)", base::format_roughly(due - occurrence.at));
  return with_detail(std::move(text), detail);
}

// Whether the run's lines would say anything that the occurrence's line does not.
bool says_more(const model::Occurrence& occurrence, const Facts& facts) {
  if (facts.run == nullptr) return false;
  const model::RunSummary& run = facts.run->summary;
  if (!occurrence.ending) return is_waiting(facts);
  switch (*occurrence.ending) {
    case Ending::ran:
    case Ending::coalesced_into:
    case Ending::deduplicated:
      return true;
    default:
      return run.attempts > 0;
  }
}

}  // namespace

std::string no_scheduler_words() {
  return "no node with the role scheduler is alive and in time: nothing is planned or becomes due "
         "until one is";
}

Lines explain(const model::Occurrence& occurrence, const Facts& facts) {
  Lines lines{heading(occurrence, facts) + ": " +
              (occurrence.ending ? ended(occurrence, facts) : pending(occurrence, facts))};
  if (!says_more(occurrence, facts)) return lines;
  Facts of_run = facts;
  of_run.occurrence = nullptr;  // it has been told
  for (std::string& line : explain_run(*facts.run, of_run))
    lines.push_back(std::move(line));
  return lines;
}

namespace {

// The nearest occurrence to an instant among all schedules, on one side of it.
struct Nearest {
  std::optional<base::Instant> at;
  std::string text;
};

// What is known of an instant that the schedule names, although no row of the ledger does.
std::string explain_named(const model::Schedule& schedule, const Timeline& line, base::Instant at) {
  const std::string heading = fmt::format("{} {}: ", line.local(at), schedule.spec.timezone);
  if (at <= schedule.planned_until) return heading + "its entry in the ledger is no longer kept";
  if (const auto gate = Gate::make(schedule); gate && gate->has_calendar()) {
    if (const Stretch stretch = gate->stretch_at(at); !stretch.lets_through())
      return heading + "will be left out: " + stretch.refusal;
  }
  if (schedule.pause && (!schedule.pause->until || *schedule.pause->until >= at))
    return heading + "still to come, but the job is paused";
  return heading + "still to come; it is written to the ledger shortly before";
}

}  // namespace

std::string explain_missing(std::span<const model::Schedule> schedules, base::Instant at) {
  Nearest before;
  Nearest after;
  for (const model::Schedule& schedule : schedules) {
    const auto line = Timeline::make(schedule);
    if (!line) continue;
    if (line->next_after(at - base::Duration{1}) == at) return explain_named(schedule, *line, at);
    const auto text_of = [&](base::Instant found) {
      return fmt::format("{} {}", line->local(found), schedule.spec.timezone);
    };
    if (const auto found = line->previous_before(at); found && (!before.at || *found > *before.at))
      before = {found, text_of(*found)};
    if (const auto found = line->next_after(at); found && (!after.at || *found < *after.at))
      after = {found, text_of(*found)};
  }
  const std::string what = format_instant(at) + " is no occurrence of this job";
  if (schedules.empty()) return what + ": it has no schedule";
  if (!before.at && !after.at) return what + ", and there is none before or after it";
  if (!before.at) return fmt::format("{}: the first is {}", what, after.text);
  if (!after.at) return fmt::format("{}: the last was {}", what, before.text);
  return fmt::format("{}: the nearest are {} before it and {} after it", what, before.text,
                     after.text);
}

}  // namespace mainspring::plan
