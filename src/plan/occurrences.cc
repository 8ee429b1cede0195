#include "plan/occurrences.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using std::chrono::milliseconds;

// Without catch_up, run_all would start a run for every minute of a week's downtime.
constexpr base::Duration kRunAllCatchUp = std::chrono::hours{1};

// How a stretch of instants ended.
struct Verdict {
  model::Ending ending = model::Ending::missed_expired;
  std::string detail;
  std::optional<base::RunId> run_id;
};

class Planner {
 public:
  Planner(const PlanRequest& request, const Timeline& line, RunIds& ids)
      : schedule_(request.schedule), now_(request.now), line_(line), ids_(ids) {
    plan_.schedule_id = schedule_.id;
    plan_.from = schedule_.planned_until;
    plan_.until = std::max(request.horizon, plan_.from);
  }

  Planned make() {
    if (!schedule_.exhausted && !line_.is_reboot()) fill();
    if (line_.is_reboot()) plan_.until = plan_.from;
    Planned planned{std::move(plan_), std::nullopt};
    if (!schedule_.exhausted && !line_.is_reboot())
      planned.next = line_.next_entry(planned.plan.until);
    planned.plan.exhausted = !planned.next && !line_.is_reboot();
    return planned;
  }

 private:
  void fill() {
    if (const auto past = line_.stillborn(); past && plan_.from <= schedule_.created_at)
      add_ending(*past, {model::Ending::missed_expired, "was already past when the job was stored",
                         std::nullopt});
    if (schedule_.pause) {
      plan_.until = std::max(plan_.from, std::min(now_, plan_.until));
      end_all({plan_.from, plan_.until},
              {model::Ending::skipped_paused, "the job was paused", std::nullopt});
    } else {
      const base::Instant missed_until =
          std::clamp(now_ - kMisfireThreshold, plan_.from, plan_.until);
      settle_missed({plan_.from, missed_until});
      write_ahead(missed_until);
    }
    for (const RemovedTime& removed : line_.removed({plan_.from, plan_.until}))
      add_removed(removed);
    std::ranges::sort(plan_.endings, {}, &model::PlannedEnding::at);
  }

  // ---- missed ------------------------------------------------------------------------------

  void settle_missed(const cron::Period& missed) {
    if (const auto first = line_.next_after(missed.after); !first || *first > missed.until) return;
    const auto catch_up = catch_up_limit();
    const base::Instant expired_until =
        catch_up ? std::clamp(now_ - *catch_up - milliseconds{1}, missed.after, missed.until)
                 : missed.after;
    const cron::Period eligible{expired_until, missed.until};
    switch (schedule_.spec.misfire) {
      case model::Misfire::skip:
        end_all(eligible, {model::Ending::missed_expired,
                           "missed while no scheduler ran; misfire: skip", std::nullopt});
        break;
      case model::Misfire::run_once:
        coalesce(eligible);
        break;
      case model::Misfire::run_latest:
        fire_latest(eligible);
        break;
      case model::Misfire::run_all:
        fire_all(eligible);
        break;
    }
    if (catch_up)
      end_all({missed.after, expired_until},
              {model::Ending::missed_expired,
               fmt::format("missed while no scheduler ran, longer ago than catch_up: {}",
                           base::format_duration(*catch_up)),
               std::nullopt});
  }

  std::optional<base::Duration> catch_up_limit() const {
    if (schedule_.spec.catch_up || schedule_.spec.misfire != model::Misfire::run_all)
      return schedule_.spec.catch_up;
    return kRunAllCatchUp;
  }

  // The newest within the period, as a fire at its own instant, which is due now.
  model::PlannedFire* fire_newest(const cron::Period& period) {
    const auto latest = line_.previous_before(period.until + milliseconds{1});
    if (!latest || *latest <= period.after) return nullptr;
    add_fire(*latest, "missed while no scheduler ran; started late");
    return &plan_.fires.back();
  }

  void coalesce(const cron::Period& eligible) {
    model::PlannedFire* fire = fire_newest(eligible);
    if (fire == nullptr) return;
    const cron::Period rest{eligible.after, fire->at - milliseconds{1}};
    const Count others =
        end_all(rest, {model::Ending::coalesced_into,
                       fmt::format("missed while no scheduler ran; coalesced into the fire of {} "
                                   "(misfire: run_once)",
                                   fire->local),
                       fire->run_id});
    if (others.occurrences == 0) return;
    const auto first = line_.next_after(eligible.after);
    fire->detail = fmt::format("stands for {}{} missed fires from {} to {} (misfire: run_once)",
                               others.is_exact ? "" : "at least ", others.occurrences + 1,
                               line_.local(first.value_or(fire->at)), fire->local);
  }

  void fire_latest(const cron::Period& eligible) {
    const model::PlannedFire* fire = fire_newest(eligible);
    if (fire == nullptr) return;
    end_all({eligible.after, fire->at - milliseconds{1}},
            {model::Ending::missed_expired,
             fmt::format("missed while no scheduler ran; only the latest, {}, was started "
                         "(misfire: run_latest)",
                         fire->local),
             std::nullopt});
  }

  void fire_all(const cron::Period& eligible) {
    add_fires(eligible, "missed while no scheduler ran; started late (misfire: run_all)");
  }

  // ---- ahead -------------------------------------------------------------------------------

  void write_ahead(base::Instant after) {
    if (plan_.until > after) add_fires({after, plan_.until}, "");
  }

  // As many as the plan has room for; the plan ends with the last one where that is not all.
  void add_fires(const cron::Period& period, std::string_view detail) {
    auto at = line_.next_after(period.after);
    for (; at && *at <= period.until; at = line_.next_after(*at)) {
      if (plan_.fires.size() == kFiresPerPlan) {
        plan_.until = plan_.fires.back().at;
        return;
      }
      add_fire(*at, detail);
    }
  }

  // ---- rows --------------------------------------------------------------------------------

  void add_fire(base::Instant at, std::string_view detail) {
    plan_.fires.push_back({at, ids_.next_run_id(at), line_.local(at), std::string(detail)});
  }

  void add_ending(base::Instant at, const Verdict& verdict) {
    plan_.endings.push_back(
        {at, std::nullopt, 1, verdict.ending, verdict.run_id, line_.local(at), verdict.detail});
  }

  void add_removed(const RemovedTime& removed) {
    plan_.endings.push_back({removed.at, std::nullopt, 1, model::Ending::dst_skipped, std::nullopt,
                             removed.local,
                             "the clock was set forward past this time (dst.gap: skip)"});
  }

  // Gives every occurrence of the period its ending: the newest a row each, the others one row.
  Count end_all(const cron::Period& period, const Verdict& verdict) {
    Count total;
    base::Instant before = period.until + milliseconds{1};
    while (true) {
      const auto at = line_.previous_before(before);
      if (!at || *at <= period.after) return total;
      if (listed_ == kEndingsPerPlan) break;
      add_ending(*at, verdict);
      before = *at;
      ++listed_;
      ++total.occurrences;
    }
    const Count rest = end_range({period.after, before - milliseconds{1}}, verdict);
    return {total.occurrences + rest.occurrences, rest.is_exact};
  }

  // The period holds at least one occurrence.
  Count end_range(const cron::Period& period, const Verdict& verdict) {
    const auto first = line_.next_after(period.after);
    const auto last = line_.previous_before(period.until + milliseconds{1});
    CHECK(first && last && *first <= *last);
    const Count count = line_.count({period.after, *last});
    add_ending(*first, verdict);
    model::PlannedEnding& row = plan_.endings.back();
    if (*first < *last) row.through = *last;
    row.count = count.occurrences;
    if (!count.is_exact) row.detail += "; the count is a lower bound";
    return count;
  }

  const model::Schedule& schedule_;
  const base::Instant now_;
  const Timeline& line_;
  RunIds& ids_;
  model::SchedulePlan plan_;
  std::size_t listed_ = 0;
};

}  // namespace

bool is_needed(const model::SchedulePlan& plan) {
  return plan.exhausted || !plan.fires.empty() || !plan.endings.empty();
}

base::Result<Planned> plan_schedule(const PlanRequest& request, RunIds& ids) {
  const auto line = Timeline::make(request.schedule);
  if (!line) return base::fail(line.error());
  return Planner(request, *line, ids).make();
}

base::Result<Planned> plan_reboot(const model::Schedule& schedule, base::Instant node_started_at,
                                  RunIds& ids) {
  const auto line = Timeline::make(schedule);
  if (!line) return base::fail(line.error());
  Planned planned;
  model::SchedulePlan& plan = planned.plan;
  plan.schedule_id = schedule.id;
  plan.from = plan.until = schedule.planned_until;
  const bool is_due = line->is_reboot() && !schedule.exhausted &&
                      node_started_at > schedule.planned_until &&
                      node_started_at > schedule.created_at;
  if (!is_due) return planned;
  plan.until = node_started_at;
  std::string local = line->local(node_started_at);
  if (schedule.pause)
    plan.endings.push_back({node_started_at, std::nullopt, 1, model::Ending::skipped_paused,
                            std::nullopt, std::move(local), "the job was paused"});
  else
    plan.fires.push_back({node_started_at, ids.next_run_id(node_started_at), std::move(local),
                          "the node started (@reboot)"});
  return planned;
}

base::Result<std::vector<base::Instant>> upcoming(const model::Schedule& schedule,
                                                  base::Instant after, std::size_t limit) {
  const auto line = Timeline::make(schedule);
  if (!line) return base::fail(line.error());
  std::vector<base::Instant> instants;
  auto at = line->next_after(after);
  for (; at && instants.size() < limit; at = line->next_after(*at))
    instants.push_back(*at);
  return instants;
}

}  // namespace mainspring::plan
