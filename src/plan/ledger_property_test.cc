// Random schedules through random outages, pauses and edits: whatever the plans and wherever they
// are cut, every instant of the timeline is in the ledger exactly once.
//
// A failure names its seed; test_plan --rand-seed=<n> lives that one alone.
#include <map>
#include <random>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "plan/fixtures.h"
#include "plan/gate.h"
#include "plan/timeline.h"

namespace mainspring::plan {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::CountingIds;
using testing::instant;

constexpr std::uint64_t kFirstSeed = 20'260'329;
constexpr int kSeeds = 30;
constexpr int kSteps = 40;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::int64_t upto(std::int64_t bound) {
    return std::uniform_int_distribution<std::int64_t>(0, bound)(engine_);
  }
  bool one_in(std::int64_t n) { return upto(n - 1) == 0; }
  template <class T, std::size_t n>
  const T& pick(const T (&values)[n]) {
    return values[upto(n - 1)];
  }

 private:
  std::mt19937_64 engine_;
};

base::Duration random_step(Chance& chance) {
  switch (chance.upto(4)) {
    case 0:
      return milliseconds{chance.upto(3'000)};
    case 1:
      return seconds{chance.upto(120)};
    case 2:
      return minutes{chance.upto(240)};
    case 3:
      return hours{chance.upto(48)};
    default:
      return milliseconds{0};
  }
}

// ---- what is drawn -------------------------------------------------------------------------

model::CalendarSpec random_calendar(Chance& chance) {
  static const std::vector<std::string> kTimes[] = {
      {}, {"08:00-12:00", "13:00-18:00"}, {"22:00-06:00"}, {"02:30-02:31"}};
  model::CalendarSpec calendar;
  calendar.name = "days";
  calendar.mode = chance.one_in(2) ? model::CalendarMode::only : model::CalendarMode::exclude;
  if (chance.one_in(3)) calendar.timezone = "America/New_York";
  if (chance.one_in(2)) calendar.spans.push_back({"2026-03-28", "2026-03-29", "the change"});
  if (chance.one_in(3)) calendar.spans.push_back({"2026-04-01T02:00", "2026-04-01T17:30", ""});
  using model::Weekday;
  if (chance.one_in(2))
    calendar.weekly.push_back(
        {{Weekday::mon, Weekday::tue, Weekday::thu, Weekday::sun}, chance.pick(kTimes), ""});
  return calendar;
}

model::ScheduleSpec random_spec(Chance& chance, base::Instant created) {
  static constexpr const char* kExpressions[] = {
      "* * * * *",  "*/7 * * * *", "*/30 * * * * *", "15,45 1-3 * * *", "0 2 * * *", "30 */6 * * *",
      "@every 90s", "0 0 1 * *",   "0-59 2 * * *",   "H H * * *",       "@daily",    "5 4 * * SUN"};
  static constexpr const char* kZones[] = {"UTC", "Europe/Berlin", "America/New_York",
                                           "Australia/Lord_Howe"};
  model::ScheduleSpec spec;
  if (chance.one_in(6))
    spec.every = milliseconds{20'000 + chance.upto(10'000'000)};
  else if (chance.one_in(8))
    spec.at = created + milliseconds{chance.upto(400'000'000)};
  else
    spec.cron = chance.pick(kExpressions);
  spec.timezone = chance.pick(kZones);
  spec.misfire = static_cast<model::Misfire>(chance.upto(3));
  spec.dst.gap = static_cast<cron::GapPolicy>(chance.upto(2));
  spec.dst.fold = static_cast<cron::FoldPolicy>(chance.upto(2));
  if (chance.one_in(3)) spec.catch_up = minutes{chance.upto(600)};
  if (chance.one_in(5)) spec.start = created + hours{chance.upto(72)};
  if (chance.one_in(5)) spec.end = created + hours{chance.upto(240)};
  if (chance.one_in(3)) spec.jitter = milliseconds{chance.upto(7'200'000)};
  if (chance.one_in(5)) spec.max_runs = 1 + chance.upto(50);
  if (chance.one_in(2)) spec.calendar = "days";
  return spec;
}

model::Schedule random_schedule(Chance& chance, base::Instant created) {
  model::Schedule schedule;
  base::IdBytes id{};
  id[15] = static_cast<std::uint8_t>(chance.upto(255));
  schedule.id = base::ScheduleId{id};
  schedule.job = "job-" + std::to_string(chance.upto(1000));
  schedule.spec = random_spec(chance, created);
  schedule.created_at = schedule.planned_until = created;
  schedule.shadow = chance.one_in(10);
  if (!schedule.spec.calendar.empty() && !chance.one_in(6))
    schedule.calendar = random_calendar(chance);
  return schedule;
}

// ---- one schedule's life -------------------------------------------------------------------

struct Row {
  std::optional<model::Ending> ending;  // absent: a fire
  std::optional<base::Instant> through;
  std::int64_t count = 1;
};

class Life {
 public:
  Life(Chance& chance, model::Schedule schedule, base::Instant now)
      : chance_(chance), schedule_(std::move(schedule)), now_(now) {}

  base::Instant now() const { return now_; }

  void step() {
    now_ += random_step(chance_);
    if (chance_.one_in(4)) happen();
    const base::Instant horizon = now_ + random_step(chance_);
    check_cut(horizon);
    apply(plan(schedule_, horizon));
  }

  // Every instant of the timeline up to where it is planned, once.
  void check_ledger() const {
    const Timeline line = Timeline::make(schedule_).value();
    std::set<base::Instant> expected;
    for (const auto& removed : line.removed({schedule_.created_at, schedule_.planned_until}))
      expected.insert(removed.at);
    for (auto at = line.next_after(schedule_.created_at); at && *at <= schedule_.planned_until;
         at = line.next_after(*at))
      expected.insert(*at);
    std::vector<std::string> wrong;  // rows that are no occurrence
    for (const auto& [at, row] : rows_)
      if (!row.through && expected.erase(at) == 0) wrong.push_back(base::format_instant(at));
    CHECK(wrong == std::vector<std::string>{});
    CHECK(twice_ == std::vector<std::string>{});
    for (const auto& [at, row] : rows_) {
      if (!row.through) continue;
      const auto first = expected.find(at);
      REQUIRE(first != expected.end());
      const auto end = expected.upper_bound(*row.through);
      REQUIRE(std::distance(first, end) == row.count);
      expected.erase(first, end);
    }
    CHECK(expected.empty());
  }

 private:
  Planned plan(const model::Schedule& schedule, base::Instant horizon) const {
    CountingIds ids;
    return plan_schedule({schedule, now_, horizon}, ids).value();
  }

  // ---- what people do ----------------------------------------------------------------------

  void happen() {
    switch (chance_.upto(5)) {
      case 0:
        return pause(model::Meanwhile::drop);
      case 1:
        return pause(model::Meanwhile::hold);
      case 2:
        return resume();
      case 3:
        if (schedule_.spec.calendar.empty()) return;
        schedule_.calendar.reset();
        if (!chance_.one_in(4)) schedule_.calendar = random_calendar(chance_);
        return retract();
      case 4:
        schedule_.shadow = !schedule_.shadow;
        return;
      default:
        if (schedule_.runs > 0) --schedule_.runs;  // a fire ended without a run
    }
  }

  void pause(model::Meanwhile meanwhile) {
    resume();
    schedule_.pause = model::Pause{"ana", "", now_, std::nullopt, meanwhile};
    if (chance_.one_in(2)) schedule_.pause->until = now_ + milliseconds{1} + random_step(chance_);
    if (meanwhile == model::Meanwhile::hold) return;
    schedule_.paused_at = now_;
    schedule_.resumed_at.reset();
    retract();
  }

  void resume() {
    if (!schedule_.pause) return;
    const bool has_dropped = schedule_.pause->meanwhile == model::Meanwhile::drop;
    const base::Instant end = std::min(now_, schedule_.pause->until.value_or(now_));
    schedule_.pause.reset();
    if (!has_dropped) return;
    schedule_.resumed_at = end;
    retract();
  }

  // What is written ahead is taken back, as the store does it.
  void retract() {
    base::Instant from = now_;
    for (const auto& [at, row] : rows_)
      if (at <= now_ && row.through) from = std::max(from, *row.through);
    for (auto row = rows_.upper_bound(from); row != rows_.end(); row = rows_.erase(row))
      if (!row->second.ending) --schedule_.runs;
    if (schedule_.runs < 0) schedule_.runs = 0;
    schedule_.planned_until = std::min(schedule_.planned_until, from);
    schedule_.exhausted = false;
  }

  // ---- what a plan holds -------------------------------------------------------------------

  void apply(const Planned& planned) {
    const model::SchedulePlan& plan = planned.plan;
    REQUIRE(plan.from == schedule_.planned_until);
    REQUIRE(plan.until >= plan.from);
    if (planned.next) CHECK(*planned.next > plan.until);
    check_fires(plan);
    check_endings(plan);
    if (!is_needed(plan)) return;  // as the scheduler does
    for (const auto& fire : plan.fires)
      write(fire.at, {std::nullopt, std::nullopt, 1});
    for (const auto& ending : plan.endings)
      write(ending.at, {ending.ending, ending.through, ending.count});
    schedule_.runs += std::ssize(plan.fires);
    schedule_.planned_until = plan.until;
    schedule_.exhausted = plan.exhausted;
    if (schedule_.spec.max_runs) CHECK(schedule_.runs <= *schedule_.spec.max_runs);
  }

  void write(base::Instant at, const Row& row) {
    if (!rows_.emplace(at, row).second) twice_.push_back(base::format_instant(at));
  }

  void check_fires(const model::SchedulePlan& plan) const {
    const Timeline line = Timeline::make(schedule_).value();
    const Gate gate = Gate::make(schedule_).value();
    if (schedule_.shadow) CHECK(plan.fires.empty());
    int early = 0;
    int late = 0;
    int refused = 0;
    int dropped = 0;
    for (const auto& fire : plan.fires) {
      const auto next = line.next_after(fire.at);
      const base::Instant due = fire.due_at.value_or(fire.at);
      early += due < fire.at ? 1 : 0;
      late += due - fire.at > schedule_.spec.jitter || (next && due >= *next) ? 1 : 0;
      refused += gate.stretch_at(fire.at).lets_through() ? 0 : 1;
      const bool is_dropping =
          schedule_.pause && schedule_.pause->meanwhile == model::Meanwhile::drop;
      const base::Instant pause_end = is_dropping
                                          ? schedule_.pause->until.value_or(base::Instant::max())
                                          : schedule_.resumed_at.value_or(base::Instant::min());
      dropped += schedule_.paused_at && fire.at > *schedule_.paused_at && fire.at <= pause_end;
    }
    CHECK(early == 0);
    CHECK(late == 0);
    CHECK(refused == 0);
    CHECK(dropped == 0);
  }

  void check_endings(const model::SchedulePlan& plan) const {
    const Gate gate = Gate::make(schedule_).value();
    int wrong = 0;
    for (const auto& ending : plan.endings) {
      if (ending.ending == model::Ending::dst_skipped) continue;
      const bool is_refused = !gate.stretch_at(ending.at).lets_through();
      wrong += (ending.ending == model::Ending::skipped_calendar) != is_refused;
      wrong += ending.through && !is_alike(gate, ending.at, *ending.through);
    }
    CHECK(wrong == 0);
  }

  static bool is_alike(const Gate& gate, base::Instant from, base::Instant through) {
    const Stretch first = gate.stretch_at(from);
    for (base::Instant at = first.end; at <= through; at = gate.stretch_at(at).end)
      if (gate.stretch_at(at).refusal != first.refusal) return false;
    return true;
  }

  // ---- cuts --------------------------------------------------------------------------------

  using Told = std::vector<std::string>;

  static void tell(const model::SchedulePlan& plan, Told& told) {
    for (const auto& fire : plan.fires)
      told.push_back(base::format_instant(fire.at) + " fire due " +
                     base::format_instant(fire.due_at.value_or(fire.at)) + fire.detail);
    for (const auto& ending : plan.endings)
      told.push_back(base::format_instant(ending.at) + " " +
                     std::to_string(static_cast<int>(ending.ending)) + ending.detail);
  }

  // One plan, or two that meet anywhere between now and the horizon, say the same.
  void check_cut(base::Instant horizon) const {
    const Planned whole = plan(schedule_, horizon);
    if (whole.plan.endings.size() >= kEndingsPerPlan) return;  // summed up differently
    const base::Duration span = horizon - now_;
    const Planned first = plan(schedule_, now_ + base::Duration{chance_.upto(span.count())});
    model::Schedule rest = schedule_;
    rest.planned_until = first.plan.until;
    rest.exhausted = first.plan.exhausted;
    rest.runs += std::ssize(first.plan.fires);
    const Planned second = plan(rest, horizon);
    Told once;
    Told cut;
    tell(whole.plan, once);
    tell(first.plan, cut);
    tell(second.plan, cut);
    std::ranges::sort(once);
    std::ranges::sort(cut);
    CHECK(once == cut);
  }

  Chance& chance_;
  model::Schedule schedule_;
  base::Instant now_;
  std::map<base::Instant, Row> rows_;
  std::vector<std::string> twice_;
};

void live(std::uint64_t seed) {
  CAPTURE(seed);
  Chance chance(seed);
  base::Instant now = instant("2026-03-27T22:17:03.120Z") + hours{chance.upto(24 * 7)};
  for (int version = 0; version < 3; ++version) {  // an edit is a new schedule
    Life life(chance, random_schedule(chance, now), now);
    for (int step = 0; step < kSteps; ++step)
      life.step();
    life.check_ledger();
    now = life.now();
  }
}

TEST_CASE("the ledger holds each instant exactly once, whatever happens and whatever the cuts") {
  if (const unsigned seed = doctest::getContextOptions()->rand_seed; seed != 0) return live(seed);
  for (int i = 0; i < kSeeds; ++i)
    live(kFirstSeed + static_cast<std::uint64_t>(i));
}

TEST_CASE("a pause that holds changes nothing in the plan") {
  for (int i = 0; i < kSeeds; ++i) {
    Chance chance(kFirstSeed + static_cast<std::uint64_t>(i));
    const base::Instant created = instant("2026-03-27T22:17:03.120Z");
    model::Schedule schedule = random_schedule(chance, created);
    const base::Instant now = created + random_step(chance);
    CountingIds ids;
    CountingIds same_ids;
    const auto free = plan_schedule({schedule, now, now + minutes{1}}, ids).value();
    schedule.pause = model::Pause{"ana", "", created, std::nullopt, model::Meanwhile::hold};
    const auto held = plan_schedule({schedule, now, now + minutes{1}}, same_ids).value();
    CHECK(held.plan.fires.size() == free.plan.fires.size());
    CHECK(held.plan.endings.size() == free.plan.endings.size());
    CHECK(held.next == free.next);
  }
}

}  // namespace
}  // namespace mainspring::plan
