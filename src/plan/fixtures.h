// What the tests of this module share: schedules at a stated moment, and plans of them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/occurrences.h"

namespace mainspring::plan::testing {

inline base::Instant instant(std::string_view text) { return base::parse_instant(text).value(); }

// Ids that count up, so that equal plans are equal.
class CountingIds final : public RunIds {
 public:
  base::RunId next_run_id(base::Instant) override {
    base::IdBytes bytes{};
    ++count_;
    for (std::size_t i = 0; i < 8; ++i)
      bytes[15 - i] = static_cast<std::uint8_t>(count_ >> (8 * i));
    return base::RunId{bytes};
  }

 private:
  std::uint64_t count_ = 0;
};

inline model::Schedule schedule_of(model::ScheduleSpec spec, std::string_view created) {
  model::Schedule schedule;
  schedule.job = "nightly";
  schedule.spec = std::move(spec);
  schedule.created_at = schedule.planned_until = instant(created);
  return schedule;
}

inline model::Schedule cron_schedule(std::string_view expression, std::string_view created) {
  model::ScheduleSpec spec;
  spec.cron = std::string(expression);
  return schedule_of(std::move(spec), created);
}

// A plan for `now`, looking a minute ahead.
inline Planned plan_at(const model::Schedule& schedule, std::string_view now,
                       base::Duration ahead = std::chrono::minutes{1}) {
  CountingIds ids;
  return plan_schedule({schedule, instant(now), instant(now) + ahead}, ids).value();
}

inline std::vector<std::string> texts(const std::vector<model::PlannedFire>& fires) {
  std::vector<std::string> out;
  for (const auto& fire : fires)
    out.push_back(base::format_instant(fire.at));
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace mainspring::plan::testing
