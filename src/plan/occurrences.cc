#include "plan/occurrences.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "plan/endings.h"
#include "plan/gate.h"
#include "plan/jitter.h"
#include "plan/pauses.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using model::Ending;

constexpr base::Duration kTick{1};
// Without catch_up, run_all would start a run for every minute of a week's downtime.
constexpr base::Duration kRunAllCatchUp = std::chrono::hours{1};

constexpr std::string_view kStartedLate = "missed while no scheduler ran; started late";

std::size_t runs_left(const model::Schedule& schedule) {
  if (!schedule.spec.max_runs || schedule.shadow) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(
      std::max<std::int64_t>(0, *schedule.spec.max_runs - schedule.runs));
}

// Finds the fires first, since they may have no room and cut the plan short; what all other
// instants end as is written when it is known how far the plan goes.
class Planner {
 public:
  Planner(const PlanRequest& request, const Timeline& line, const Gate& gate, RunIds& ids)
      : schedule_(request.schedule),
        now_(request.now),
        line_(line),
        gate_(gate),
        ids_(ids),
        runs_left_(runs_left(request.schedule)) {
    plan_.schedule_id = schedule_.id;
    plan_.from = schedule_.planned_until;
    plan_.until = std::max(request.horizon, plan_.from);
  }

  Planned make() {
    if (runs_left_ == 0) return await_last_run();
    if (const auto past = line_.stillborn(); past && plan_.from <= schedule_.created_at)
      note(*past, {Ending::missed_expired, "was already past when the job was stored", {}});
    const auto dropping = find_dropping(schedule_, now_);
    const bool can_be_ahead =
        !(dropping && dropping->goes_on) && !schedule_.shadow && !gate_.is_missing();
    if (!can_be_ahead) plan_.until = std::clamp(now_, plan_.from, plan_.until);
    plan_fires(dropping);
    write_endings();
    return finish(can_be_ahead);
  }

 private:
  // The runs that are allowed are all written, some perhaps still ahead: one of these that is given
  // back leaves room for another.
  Planned await_last_run() {
    plan_.until = plan_.from;
    const base::Instant last_due = plan_.from + schedule_.spec.jitter;
    plan_.exhausted = now_ > last_due;
    Planned planned{std::move(plan_), std::nullopt, false};
    if (!planned.plan.exhausted) planned.next = last_due + kTick;
    return planned;
  }

  Planned finish(bool can_be_ahead) {
    const bool is_last_run = plan_.fires.size() >= runs_left_;
    Planned planned{std::move(plan_), std::nullopt, can_be_ahead && !is_last_run};
    planned.next = line_.next_entry(planned.plan.until);
    planned.plan.exhausted = !planned.next;
    if (planned.next && is_last_run)
      planned.next = planned.plan.until + schedule_.spec.jitter + kTick;
    return planned;
  }

  // ---- fires -------------------------------------------------------------------------------

  void plan_fires(const std::optional<Dropping>& dropping) {
    const cron::Period all{plan_.from, plan_.until};
    std::vector<cron::Period> open{all};  // newest first
    if (dropping) {
      open = {overlap_of(all, {dropping->until, all.until}),
              overlap_of(all, {all.after, dropping->after})};
      end(overlap_of(all, {dropping->after, dropping->until}),
          Verdict{Ending::skipped_paused, dropping->why, {}});
    }
    if (schedule_.shadow) {
      for (const cron::Period& period : open)
        end(period, Verdict{Ending::shadowed, "", {}});
      return;
    }
    const base::Instant missed_until = has_missed(open) ? find_missed_until() : plan_.from;
    std::vector<cron::Period> missed;
    for (const cron::Period& period : open)
      missed.push_back(overlap_of(period, {all.after, missed_until}));
    settle_missed(missed);
    for (auto period = open.rbegin(); period != open.rend(); ++period)
      add_fires(overlap_of(*period, {missed_until, all.until}), "");
  }

  bool has_missed(const std::vector<cron::Period>& open) const {
    const base::Instant limit = now_ - model::kMisfireThreshold;
    return std::ranges::any_of(open, [&](const cron::Period& period) {
      const auto first = next_through(line_, gate_, overlap_of(period, {plan_.from, limit}));
      return first && due(*first) < limit;
    });
  }

  // Jitter moves a fire behind its instant, never behind the next one: at most one fire whose
  // instant is past is still to come.
  base::Instant find_missed_until() const {
    const base::Instant late = now_ - kPlannerDelay;
    const base::Instant until = std::clamp(late, plan_.from, plan_.until);
    if (schedule_.spec.jitter <= base::Duration{0}) return until;
    const auto last = line_.previous_before(until + kTick);
    if (!last || *last <= plan_.from || due(*last) <= late) return until;
    return *last - kTick;
  }

  void settle_missed(const std::vector<cron::Period>& missed) {
    const auto catch_up = catch_up_limit();
    const base::Instant expired_until = catch_up ? now_ - *catch_up - kTick : base::Instant::min();
    std::vector<cron::Period> eligible;  // newest first
    for (const cron::Period& period : missed) {
      eligible.push_back(overlap_of(period, {expired_until, period.until}));
      if (catch_up)
        end(overlap_of(period, {period.after, expired_until}),
            Verdict{Ending::missed_expired,
                    fmt::format("missed while no scheduler ran, longer ago than catch_up: {}",
                                base::format_duration(*catch_up)),
                    {}});
    }
    switch (schedule_.spec.misfire) {
      case model::Misfire::skip:
        for (const cron::Period& period : eligible)
          end(period,
              Verdict{Ending::missed_expired, "missed while no scheduler ran; misfire: skip", {}});
        break;
      case model::Misfire::run_once:
      case model::Misfire::run_latest:
        fire_newest(eligible);
        break;
      case model::Misfire::run_all:
        for (auto period = eligible.rbegin(); period != eligible.rend(); ++period)
          add_fires(*period, fmt::format("{} (misfire: run_all)", kStartedLate));
        break;
    }
  }

  std::optional<base::Duration> catch_up_limit() const {
    if (schedule_.spec.catch_up || schedule_.spec.misfire != model::Misfire::run_all)
      return schedule_.spec.catch_up;
    return kRunAllCatchUp;
  }

  // One fire, at the newest instant; what becomes of the older ones depends on the policy.
  void fire_newest(const std::vector<cron::Period>& eligible) {
    std::optional<base::Instant> newest;
    for (const cron::Period& period : eligible)
      if (!newest) newest = previous_through(line_, gate_, period);
    if (newest) add_fire(*newest, kStartedLate);
    for (const cron::Period& period : eligible) {
      if (!newest) {
        end(period, std::nullopt);
        continue;
      }
      end(overlap_of(period, {*newest - kTick, period.until}), std::nullopt);
      end(overlap_of(period, {period.after, *newest - kTick}), older_than_newest());
    }
  }

  Verdict older_than_newest() const {
    const model::PlannedFire& fire = plan_.fires.back();
    if (schedule_.spec.misfire == model::Misfire::run_latest)
      return {Ending::missed_expired,
              fmt::format("missed while no scheduler ran; only the latest, {}, was started "
                          "(misfire: run_latest)",
                          fire.local),
              {}};
    return {Ending::coalesced_into,
            fmt::format("missed while no scheduler ran; the fire of {} stands for it "
                        "(misfire: run_once)",
                        fire.local),
            fire.run_id};
  }

  // As many as there is room for; the plan ends with the last one where that is not all.
  void add_fires(const cron::Period& period, std::string_view detail) {
    end(period, std::nullopt);
    auto at = next_through(line_, gate_, period);
    for (; at && *at <= plan_.until; at = next_through(line_, gate_, {*at, period.until})) {
      if (plan_.fires.size() == std::min(kFiresPerPlan, runs_left_)) {
        plan_.until = plan_.fires.back().at;
        return;
      }
      add_fire(*at, detail);
    }
  }

  void add_fire(base::Instant at, std::string_view detail) {
    model::PlannedFire fire{at, ids_.next_run_id(at), line_.local(at), std::string(detail), {}};
    if (const base::Instant later = due(at); later > at) fire.due_at = later;
    plan_.fires.push_back(std::move(fire));
  }

  base::Instant due(base::Instant at) const {
    if (schedule_.spec.jitter <= base::Duration{0}) return at;
    return due_with_jitter(schedule_, at, line_.next_after(at));
  }

  // ---- endings -----------------------------------------------------------------------------

  void note(base::Instant at, const Verdict& verdict) {
    plan_.endings.push_back(
        {at, std::nullopt, 1, verdict.ending, verdict.run_id, line_.local(at), verdict.detail});
  }

  void end(const cron::Period& period, std::optional<Verdict> verdict) {
    if (period.after < period.until) segments_.push_back({period, std::move(verdict)});
  }

  void write_endings() {
    EndingWriter writer(line_, gate_, plan_.endings);
    std::ranges::sort(segments_, std::ranges::greater{},
                      [](const Segment& segment) { return segment.period.after; });
    for (Segment& segment : segments_) {
      segment.period.until = std::min(segment.period.until, plan_.until);
      writer.write(segment);
    }
    for (const RemovedTime& removed : line_.removed({plan_.from, plan_.until}))
      plan_.endings.push_back({removed.at, std::nullopt, 1, Ending::dst_skipped, std::nullopt,
                               removed.local,
                               "the clock was set forward past this time (dst.gap: skip)"});
    std::ranges::sort(plan_.endings, {}, &model::PlannedEnding::at);
    count_coalesced(writer.is_exact());
  }

  // A fire that stands for others says for how many.
  void count_coalesced(bool is_exact) {
    const model::PlannedEnding* first = nullptr;
    std::int64_t others = 0;
    for (const model::PlannedEnding& ending : plan_.endings) {
      if (ending.ending != Ending::coalesced_into) continue;
      if (first == nullptr) first = &ending;
      others += ending.count;
    }
    if (first == nullptr) return;
    const auto fire = std::ranges::find(plan_.fires, *first->run_id, &model::PlannedFire::run_id);
    fire->detail = fmt::format("stands for {}{} missed fires from {} to {} (misfire: run_once)",
                               is_exact ? "" : "at least ", others + 1, first->local, fire->local);
  }

  const model::Schedule& schedule_;
  const base::Instant now_;
  const Timeline& line_;
  const Gate& gate_;
  RunIds& ids_;
  const std::size_t runs_left_;
  model::SchedulePlan plan_;
  std::vector<Segment> segments_;
};

// ---- @reboot -------------------------------------------------------------------------------

// Why a node's start is no fire, if it is none.
std::optional<Verdict> find_hindrance(const PlanRequest& request, const Gate& gate,
                                      base::Instant started_at) {
  if (const Stretch stretch = gate.stretch_at(started_at); !stretch.lets_through())
    return Verdict{Ending::skipped_calendar, stretch.refusal, {}};
  if (const auto dropping = find_dropping(request.schedule, request.now);
      dropping && dropping->after < started_at && started_at <= dropping->until)
    return Verdict{Ending::skipped_paused, dropping->why, {}};
  if (request.schedule.shadow) return Verdict{Ending::shadowed, "", {}};
  return std::nullopt;
}

Planned plan_reboot(const PlanRequest& request, const Timeline& line, const Gate& gate,
                    RunIds& ids) {
  const model::Schedule& schedule = request.schedule;
  Planned planned;
  model::SchedulePlan& plan = planned.plan;
  plan.schedule_id = schedule.id;
  plan.from = plan.until = schedule.planned_until;
  plan.exhausted = line.is_over(request.now) || runs_left(schedule) == 0;
  const base::Instant at = request.node_started_at.value_or(plan.from);
  if (at <= plan.from || !line.is_within(at) || runs_left(schedule) == 0) return planned;
  plan.until = at;
  std::string local = line.local(at);
  if (const auto hindrance = find_hindrance(request, gate, at)) {
    plan.endings.push_back({at, std::nullopt, 1, hindrance->ending, std::nullopt, std::move(local),
                            hindrance->detail});
    return planned;
  }
  plan.fires.push_back(
      {at, ids.next_run_id(at), std::move(local), "the node started (@reboot)", std::nullopt});
  if (const base::Instant due = due_with_jitter(schedule, at, std::nullopt); due > at)
    plan.fires.back().due_at = due;
  return planned;
}

}  // namespace

bool is_needed(const model::SchedulePlan& plan) {
  return plan.exhausted || !plan.fires.empty() || !plan.endings.empty();
}

base::Result<Planned> plan_schedule(const PlanRequest& request, RunIds& ids) {
  const model::Schedule& schedule = request.schedule;
  const auto line = Timeline::make(schedule);
  if (!line) return base::fail(line.error());
  const auto gate = Gate::make(schedule);
  if (!gate) return base::fail(gate.error());
  if (schedule.exhausted) {
    const base::Instant at = schedule.planned_until;
    return Planned{{schedule.id, at, at, true, {}, {}}, std::nullopt, true};
  }
  if (line->is_reboot()) return plan_reboot(request, *line, *gate, ids);
  return Planner(request, *line, *gate, ids).make();
}

}  // namespace mainspring::plan
