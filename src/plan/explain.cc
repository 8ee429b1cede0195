#include "plan/explain.h"

#include <fmt/core.h>

#include <optional>
#include <string_view>
#include <vector>

#include "cron/zone.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using base::format_instant;

std::string zone_of(const Surroundings& around) {
  return around.schedule == nullptr ? "" : " " + around.schedule->spec.timezone;
}

std::string heading(const model::Occurrence& occurrence, const Surroundings& around) {
  std::string text =
      occurrence.local.empty() ? format_instant(occurrence.at) : occurrence.local + zone_of(around);
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

std::string why(std::string_view what, const std::string& detail, std::string_view otherwise) {
  return fmt::format("{}, because {}", what, detail.empty() ? otherwise : detail);
}

std::string in_run(const model::Occurrence& occurrence, const Surroundings& around) {
  if (around.run != nullptr) return explain_run(*around.run, around.slots);
  if (occurrence.run_id) return occurrence.run_id->text() + ", which is no longer kept";
  return "a run that is no longer kept";
}

std::string with_detail(std::string text, const std::string& detail) {
  if (!detail.empty()) text += " (" + detail + ")";
  return text;
}

std::string pending(const model::Occurrence& occurrence, const Surroundings& around) {
  if (around.run != nullptr && around.run->state != model::RunState::scheduled)
    return with_detail(explain_run(*around.run, around.slots), occurrence.detail);
  const base::Instant due = around.run != nullptr ? around.run->due_at : occurrence.at;
  if (due > around.now)
    return with_detail(
        fmt::format("written ahead, due in {}", base::format_duration(due - around.now)),
        occurrence.detail);
  return with_detail(fmt::format("due since {}, about to be queued", format_instant(due)),
                     occurrence.detail);
}

std::string ended(const model::Occurrence& occurrence, const Surroundings& around) {
  const std::string& detail = occurrence.detail;
  switch (*occurrence.ending) {
    case model::Ending::ran:
      return with_detail("ran as " + in_run(occurrence, around), detail);
    case model::Ending::skipped_overlap:
      return why("skipped", detail, "an earlier run of the job was not finished (overlap: skip)");
    case model::Ending::skipped_calendar:
      return why("skipped", detail, "its calendar leaves that day out");
    case model::Ending::skipped_paused:
      return why("skipped", detail, "the job was paused");
    case model::Ending::coalesced_into:
      return with_detail(
          "not run by itself, but together with others as " + in_run(occurrence, around), detail);
    case model::Ending::missed_expired:
      return with_detail("not run", detail.empty() ? "missed while no scheduler ran" : detail);
    case model::Ending::deduplicated:
      return why("skipped", detail, "a run with the same dedupe key was accepted before");
    case model::Ending::dst_skipped: {
      const auto jump =
          around.schedule == nullptr ? std::nullopt : clock_jump(*around.schedule, occurrence.at);
      return why("skipped", jump.value_or(detail), "the clock was set forward past this time");
    }
    case model::Ending::superseded:
      return why("not run", detail, "the job was changed before this fire was due");
    case model::Ending::skipped_limit:
      return why("skipped", detail, "a limit left no room for it");
    case model::Ending::shadowed:
      return why("not run", detail, "the job only shadows another scheduler");
    case model::Ending::cancelled:
      return why("cancelled before it started", detail, "somebody asked for that");
  }
  return "ended in a way that this version does not know";
}

std::string waiting_for_slot(const SlotUse& slots) {
  if (slots.all == 0) return "waiting for a worker: none is online";
  if (slots.busy >= slots.all)
    return fmt::format("waiting for a slot: {} of {} slots are busy", slots.busy, slots.all);
  return fmt::format("about to be claimed: {} of {} slots are busy", slots.busy, slots.all);
}

std::string standing(const model::RunSummary& run, const SlotUse& slots) {
  const auto since = [](std::optional<base::Instant> at) {
    return at ? format_instant(*at) : std::string("an unknown time");
  };
  switch (run.state) {
    case model::RunState::scheduled:
      return run.attempts == 0 ? "due at " + format_instant(run.due_at)
                               : fmt::format("attempt {} is due at {}", run.attempts + 1,
                                             format_instant(run.due_at));
    case model::RunState::queued:
      return fmt::format("queued since {}, {}", format_instant(run.due_at),
                         waiting_for_slot(slots));
    case model::RunState::running:
      return fmt::format("running since {}, attempt {}", since(run.started_at), run.attempts);
    case model::RunState::waiting:
      return "waiting since " + since(run.started_at);
    case model::RunState::succeeded:
      return "succeeded at " + since(run.finished_at);
    case model::RunState::failed:
      return "failed at " + since(run.finished_at);
    case model::RunState::cancelled:
      return "cancelled at " + since(run.finished_at);
    case model::RunState::timed_out:
      return "timed out at " + since(run.finished_at);
    case model::RunState::skipped:
      return "skipped at " + since(run.finished_at);
  }
  return "in a state that this version does not know";
}

// The nearest occurrence to `at` among all schedules, on one side of it.
struct Nearest {
  std::optional<base::Instant> at;
  std::string text;
};

void consider(Nearest& nearest, std::optional<base::Instant> found, const std::string& text) {
  if (found) nearest = {found, text};
}

}  // namespace

std::string explain(const model::Occurrence& occurrence, const Surroundings& around) {
  return heading(occurrence, around) + ": " +
         (occurrence.ending ? ended(occurrence, around) : pending(occurrence, around));
}

std::string explain_run(const model::RunSummary& run, const SlotUse& slots) {
  std::string text = run.id.text() + ": " + standing(run, slots);
  if (!run.reason.empty()) text += ": " + run.reason;
  return text;
}

std::string explain_missing(std::span<const model::Schedule> schedules, base::Instant at) {
  Nearest before;
  Nearest after;
  for (const model::Schedule& schedule : schedules) {
    const auto line = Timeline::make(schedule);
    if (!line) continue;
    const auto text_of = [&](base::Instant found) {
      return fmt::format("{} {}", line->local(found), schedule.spec.timezone);
    };
    if (const auto found = line->previous_before(at); found && (!before.at || *found > *before.at))
      consider(before, found, text_of(*found));
    if (const auto found = line->next_after(at); found && (!after.at || *found < *after.at))
      consider(after, found, text_of(*found));
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
