// Handlers that answer why: of an occurrence, a run, a job.
#include <algorithm>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "cron/zone.h"
#include "plan/explain.h"

namespace mainspring::api {
namespace {

using Schedules = std::vector<model::Schedule>;

// Runs among which a job's newest is looked for: those written ahead are newer, at most one for
// each second of the horizon.
constexpr std::int64_t kNewestRuns = 200;

// "2026-03-29T02:30" as that zone's clock shows it, seconds optional. Local times of a gap or a
// fold name more than one instant, or none: candidates, in order.
base::Result<std::vector<base::Instant>> local_candidates(std::string_view text,
                                                          const std::string& zone_name) {
  std::string padded{text};
  if (padded.size() == 16) padded += ":00";
  const auto as_utc = base::parse_instant(padded + "Z");
  if (!as_utc) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("at: '{}' is neither RFC 3339 (2026-03-29T01:30:00Z) nor a local "
                                  "time (2026-03-29T02:30)",
                                  text));
  }
  const auto zone = cron::TimeZone::load(zone_name);
  if (!zone) return base::fail(zone.error());
  // The offsets in force a day before and after bracket any change of the clock.
  std::vector<base::Instant> candidates;
  for (const auto shift : {std::chrono::hours{-24}, std::chrono::hours{24}})
    candidates.push_back(*as_utc - zone->offset_at(*as_utc + shift));
  return candidates;
}

// `at` as an RFC 3339 instant, or as local time in the zone of any of the schedules.
base::Result<std::vector<base::Instant>> read_instants(std::string_view text,
                                                       const Schedules& schedules) {
  if (const auto instant = base::parse_instant(text)) return std::vector{*instant};
  std::vector<std::string> zones;
  for (const model::Schedule& schedule : schedules)
    zones.push_back(schedule.spec.timezone);
  if (zones.empty()) zones.emplace_back("UTC");
  std::vector<base::Instant> instants;
  for (const std::string& zone : zones) {
    const auto candidates = local_candidates(text, zone);
    if (!candidates) return base::fail(candidates.error());
    for (const base::Instant at : *candidates)
      if (std::ranges::find(instants, at) == instants.end()) instants.push_back(at);
  }
  return instants;
}

// The ledger rows a person means by this time: those at the instant, and those that a clock change
// removed and that are kept under their local text.
std::vector<model::Occurrence> find_rows(const Call& call, const model::Job& job,
                                         const std::vector<base::Instant>& instants,
                                         std::string_view text) {
  std::vector<model::Occurrence> rows;
  for (const base::Instant at : instants) {
    std::ranges::move(call.reads().schedules().occurrences_at(job.id, at),
                      std::back_inserter(rows));
  }
  if (!rows.empty() || instants.empty()) return rows;
  const store::OccurrenceFilter near{.tenant = call.tenant(),
                                     .job_id = job.id,
                                     .from = instants.front() - std::chrono::hours{26},
                                     .until = instants.front() + std::chrono::hours{26},
                                     .ending = model::Ending::dst_skipped};
  const auto listed = call.reads().schedules().occurrences(near, {store::kPageLimit, {}});
  if (!listed) return rows;
  for (const model::Occurrence& row : listed->items) {
    if (row.local.starts_with(text)) rows.push_back(row);
  }
  return rows;
}

plan::SlotUse slot_use(const Call& call) {
  plan::SlotUse use;
  for (const model::Worker& worker : call.reads().workers().all()) {
    if (worker.state != model::WorkerState::online) continue;
    use.busy += worker.busy;
    use.all += worker.slots;
  }
  return use;
}

const model::Schedule* find_schedule(const Schedules& schedules, base::ScheduleId id) {
  const auto found = std::ranges::find(schedules, id, &model::Schedule::id);
  return found == schedules.end() ? nullptr : &*found;
}

// The version that took the place of a schedule: the one that was stored when the occurrence was
// decided.
std::optional<model::JobVersion> find_replacement(const Call& call, const model::Occurrence& row) {
  if (row.ending != model::Ending::superseded || !row.decided_at) return std::nullopt;
  auto versions = call.reads().jobs().versions(row.job_id, {store::kPageLimit, {}});
  if (!versions) return std::nullopt;
  const auto found =
      std::ranges::find(versions->items, *row.decided_at, &model::JobVersion::created_at);
  if (found == versions->items.end()) return std::nullopt;
  return std::move(*found);
}

// The same for every question; last, as it may have nothing to do with it.
void answer(Call& call, Explanation reply) {
  const auto nodes = call.reads().nodes().all();
  if (!nodes.empty() && std::ranges::none_of(nodes, model::is_planning))
    reply.lines.push_back(plan::no_scheduler_words());
  call.answer_with(reply);
}

plan::Facts facts_at(const Call& call) { return {.now = call.now(), .slots = slot_use(call)}; }

std::vector<model::Obstacle> find_obstacles(const Call& call, const model::Run& run) {
  if (model::is_final(run.summary.state)) return {};
  return call.reads().runs().obstacles(call.tenant(), run.summary.id, call.now());
}

// What is expected of the run, and what its job's history says of that.
struct Expected {
  std::optional<model::JobVersion> version;
  std::optional<model::TypicalRun> typical;
};

Expected find_expected(const Call& call, const model::RunSummary& run) {
  Expected out{call.reads().jobs().find_version(run.job_id, run.job_version), {}};
  const bool is_open = !model::is_final(run.state);
  if (!is_open || !out.version || !out.version->spec.expect) return out;
  if (!out.version->spec.expect->finish_within) return out;
  out.typical = model::find_typical(call.reads().runs().timings(run.job_id, model::kTypicalReach));
  return out;
}

// `expected` must outlive the facts.
void add_expected(const Expected& expected, plan::Facts& facts) {
  if (expected.version && expected.version->spec.expect)
    facts.expect = &*expected.version->spec.expect;
  facts.typical = expected.typical;
}

void add_row(const Call& call, const Schedules& schedules, const model::Occurrence& row,
             Explanation& reply) {
  plan::Facts facts = facts_at(call);
  facts.schedule = find_schedule(schedules, row.schedule_id);
  const auto replacement = find_replacement(call, row);
  if (replacement) facts.replaced_by = &*replacement;
  std::optional<model::Run> run;
  if (row.run_id) run = call.reads().runs().find(call.tenant(), *row.run_id);
  std::vector<model::Obstacle> obstacles;
  Expected expected;
  if (run) {
    obstacles = find_obstacles(call, *run);
    expected = find_expected(call, run->summary);
    add_expected(expected, facts);
    facts.run = &*run;
    facts.obstacles = obstacles;
    reply.run_id = run->summary.id;
  }
  std::ranges::move(plan::explain(row, facts), std::back_inserter(reply.lines));
  reply.occurrences.push_back(row);
}

// The newest run of the job that has come due.
std::optional<model::Run> find_newest(const Call& call, base::JobId job) {
  const store::RunFilter filter{.tenant = call.tenant(), .job_id = job};
  const auto listed = call.reads().runs().list(filter, {kNewestRuns, {}});
  if (!listed) return std::nullopt;
  const auto newest = std::ranges::find_if(listed->items, [&](const model::RunSummary& run) {
    return run.state != model::RunState::scheduled || run.due_at <= call.now() || run.attempts > 0;
  });
  if (newest == listed->items.end()) return std::nullopt;
  return call.reads().runs().find(call.tenant(), newest->id);
}

void explain_job(Call& call, const model::Job& job, const Schedules& schedules) {
  Explanation reply{
      .subject = job.spec.name, .lines = {}, .occurrences = {}, .run_id = std::nullopt};
  plan::Facts facts = facts_at(call);
  const auto run = find_newest(call, job.id);
  std::vector<model::Obstacle> obstacles;
  Expected expected;
  if (run) {
    obstacles = find_obstacles(call, *run);
    expected = find_expected(call, run->summary);
    add_expected(expected, facts);
    facts.run = &*run;
    facts.obstacles = obstacles;
    if (run->schedule_id) facts.schedule = find_schedule(schedules, *run->schedule_id);
    reply.run_id = run->summary.id;
  }
  facts.watch = call.reads().jobs().find_watch(job.id);
  reply.lines = plan::explain_job(job, schedules, facts);
  answer(call, std::move(reply));
}

}  // namespace

void explain_occurrence(const CallPtr& call) {
  const std::string text = call->query("at");
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const auto schedules = call->reads().schedules().of_job(job->id);
  if (text.empty()) return explain_job(*call, *job, schedules);
  const auto instants = read_instants(text, schedules);
  if (!instants) return call->fail(instants.error());
  Explanation reply{.subject = fmt::format("{}@{}", job->spec.name, text),
                    .lines = {},
                    .occurrences = {},
                    .run_id = std::nullopt};
  for (const model::Occurrence& row : find_rows(*call, *job, *instants, text))
    add_row(*call, schedules, row, reply);
  if (reply.lines.empty())
    reply.lines.push_back(plan::explain_missing(schedules, instants->front()));
  answer(*call, std::move(reply));
}

void explain_run(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  Explanation reply{
      .subject = run->summary.id.text(), .lines = {}, .occurrences = {}, .run_id = run->summary.id};
  plan::Facts facts = facts_at(*call);
  const auto obstacles = find_obstacles(*call, *run);
  facts.obstacles = obstacles;
  const Expected expected = find_expected(*call, run->summary);
  add_expected(expected, facts);
  const auto schedules = call->reads().schedules().of_job(run->summary.job_id);
  if (run->schedule_id) {
    facts.schedule = find_schedule(schedules, *run->schedule_id);
    reply.occurrences =
        call->reads().schedules().occurrences_at(run->summary.job_id, run->summary.scheduled_at);
    std::erase_if(reply.occurrences,
                  [&](const model::Occurrence& row) { return row.run_id != run->summary.id; });
    if (!reply.occurrences.empty()) facts.occurrence = &reply.occurrences.front();
  }
  reply.lines = plan::explain_run(*run, facts);
  answer(*call, std::move(reply));
}

}  // namespace mainspring::api
