#include "plan/pauses.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainspring::plan {

std::optional<Dropping> find_dropping(const model::Schedule& schedule, base::Instant now) {
  const auto& pause = schedule.pause;
  if (pause && pause->meanwhile == model::Meanwhile::drop) {
    // One whose time is over has ended, also where the store has not been told to end it yet.
    const base::Instant until = std::min(now, pause->until.value_or(now));
    const bool goes_on = !pause->until || *pause->until > now;
    return Dropping{schedule.paused_at.value_or(pause->at), until, goes_on,
                    pause_words(*pause, "the job")};
  }
  if (!schedule.paused_at || !schedule.resumed_at || *schedule.resumed_at <= *schedule.paused_at)
    return std::nullopt;
  return Dropping{
      *schedule.paused_at, *schedule.resumed_at, false,
      fmt::format("the job was paused from {} to {}", base::format_instant(*schedule.paused_at),
                  base::format_instant(*schedule.resumed_at))};
}

std::string pause_words(const model::Pause& pause, std::string_view what) {
  std::string text =
      pause.by.empty()
          ? fmt::format("{} was paused at {}", what, base::format_instant(pause.at))
          : fmt::format("{} paused {} at {}", pause.by, what, base::format_instant(pause.at));
  if (pause.until) text += " until " + base::format_instant(*pause.until);
  if (!pause.note.empty()) text += ": " + pause.note;
  return text;
}

}  // namespace mainspring::plan
