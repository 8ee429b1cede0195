#include "plan/gate.h"

#include <fmt/core.h>

namespace mainspring::plan {
namespace {

constexpr base::Duration kTick{1};

}  // namespace

base::Result<Gate> Gate::make(const model::Schedule& schedule) {
  Gate gate;
  gate.name_ = schedule.spec.calendar;
  gate.is_missing_ = gate.has_calendar() && !schedule.calendar;
  if (!gate.has_calendar() || gate.is_missing_) return gate;
  const auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return base::fail(zone.error());
  auto rule = CalendarRule::make(*schedule.calendar, *zone);
  if (!rule) return base::fail(std::move(rule.error()));
  gate.rule_ = *std::move(rule);
  return gate;
}

std::string Gate::refusal() const { return fmt::format("there is no calendar '{}'", name_); }

Stretch Gate::stretch_at(base::Instant at) const {
  if (rule_) {
    CalendarStretch stretch = rule_->stretch_at(at);
    return {stretch.begin, stretch.end, std::move(stretch.reason)};
  }
  Stretch stretch{base::Instant::min(), base::Instant::max(), ""};
  if (is_missing_) stretch.refusal = refusal();
  return stretch;
}

std::optional<base::Instant> next_through(const Timeline& line, const Gate& gate,
                                          const cron::Period& period) {
  auto at = line.next_after(period.after);
  while (at && *at <= period.until) {
    if (!gate.has_calendar()) return at;
    const Stretch stretch = gate.stretch_at(*at);
    if (stretch.lets_through()) return at;
    if (stretch.end > period.until) return std::nullopt;
    at = line.next_after(stretch.end - kTick);
  }
  return std::nullopt;
}

std::optional<base::Instant> previous_through(const Timeline& line, const Gate& gate,
                                              const cron::Period& period) {
  auto at = line.previous_before(period.until + kTick);
  while (at && *at > period.after) {
    if (!gate.has_calendar()) return at;
    const Stretch stretch = gate.stretch_at(*at);
    if (stretch.lets_through()) return at;
    if (stretch.begin <= period.after) return std::nullopt;
    at = line.previous_before(stretch.begin);
  }
  return std::nullopt;
}

}  // namespace mainspring::plan
