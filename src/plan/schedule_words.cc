#include "plan/schedule_words.h"

#include <fmt/core.h>

#include "cron/expression.h"
#include "cron/words.h"

namespace mainspring::plan {

std::string schedule_words(const model::ScheduleSpec& spec, std::string_view job) {
  if (spec.every) return fmt::format("every {}", base::format_duration(*spec.every));
  if (spec.at) return fmt::format("once at {}", base::format_instant(*spec.at));
  if (spec.delay) {
    return fmt::format("once, {} after it is stored", base::format_duration(*spec.delay));
  }
  if (!spec.cron) return "never";
  const auto expression = cron::Expression::parse(*spec.cron, job);
  if (!expression) return *spec.cron;
  return cron::to_words(*expression, spec.timezone);
}

}  // namespace mainspring::plan
