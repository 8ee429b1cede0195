#include "runner/attempt/run_clock.h"

#include <fmt/core.h>

#include "runner/attempt/environment.h"
#include "runner/attempt/given_time.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kLineLimit = 100;  // the longest right duration has about 30 bytes

base::Instant wall_now() {
  return std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now());
}

}  // namespace

RunClock::RunClock(Parts parts) : parts_(parts), lines_(parts.scratch, kExtendFile, kLineLimit) {}

void RunClock::look() {
  for (const std::string& line : lines_.read(Look::running))
    read_line(line);
  const base::Instant given = parts_.stop.extended_until.load();
  if (given <= told_) return;
  told_ = given;
  parts_.report.note(
      fmt::format("given more time: timeout.run ends this attempt no earlier than {}",
                  base::format_instant(given)));
}

void RunClock::read_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return;
  const auto more = base::parse_duration(line);
  if (!more) {
    return parts_.report.note(
        fmt::format("MAINSPRING_EXTEND_FILE: '{}' is no duration such as 30m; nothing is changed",
                    line.substr(0, kLineLimit)));
  }
  if (!parts_.order.spec->timeout.run) {
    return parts_.report.note(
        "MAINSPRING_EXTEND_FILE: this job has no timeout.run that could be extended");
  }
  until_ = std::max(until_, std::chrono::steady_clock::now() + *more);
  parts_.report.note(
      fmt::format("asked for {} more: timeout.run ends this attempt no earlier than {}",
                  base::format_duration(*more), base::format_instant(wall_now() + *more)));
}

SteadyTime RunClock::extended_until() {
  look();
  return std::max(until_, given_until(parts_.stop));
}

}  // namespace mainspring::runner
