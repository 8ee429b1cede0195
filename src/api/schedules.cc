// Handlers of schedules: the next fires, the occurrence ledger, and why.
#include <algorithm>
#include <tuple>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "cron/zone.h"
#include "plan/explain.h"
#include "plan/occurrences.h"
#include "plan/schedule_words.h"

namespace mainspring::api {
namespace {

constexpr std::int64_t kDefaultFires = 10;

base::Result<store::OccurrenceFilter> read_filter(const Call& call) {
  store::OccurrenceFilter filter;
  filter.tenant = call.tenant();
  auto from = call.query_instant("from");
  if (!from) return base::fail(std::move(from.error()));
  auto until = call.query_instant("until");
  if (!until) return base::fail(std::move(until.error()));
  auto selector = model::parse_selector(call.query("label"));
  if (!selector) return base::fail(std::move(selector.error()));
  filter.selector = std::move(*selector);
  filter.from = *from;
  filter.until = *until;
  if (const std::string text = call.query("ending"); !text.empty()) {
    auto ending = json::parse_enum<model::Ending>(text);
    if (!ending) return base::fail(std::move(ending.error()));
    filter.ending = *ending;
  }
  return filter;
}

void answer_ledger(Call& call, const store::OccurrenceFilter& filter) {
  const auto page = call.query_page();
  if (!page) return call.fail(page.error());
  auto listed = call.reads().schedules().occurrences(filter, *page);
  if (!listed) return call.fail(listed.error());
  OccurrenceList reply{.items = std::move(listed->items), .next_cursor = std::nullopt};
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call.answer(json::encode(reply));
}

base::Result<std::vector<Fire>> fires_of(const model::Schedule& schedule, base::Instant from,
                                         std::size_t limit) {
  const auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return base::fail(zone.error());
  const auto instants = plan::upcoming(schedule, {from, plan::kNoEnd}, limit);
  if (!instants) return base::fail(instants.error());
  const std::string words = plan::schedule_words(schedule.spec, schedule.job);
  std::vector<Fire> fires;
  for (const base::Instant at : *instants) {
    fires.push_back({at, cron::format_local(at, *zone), words});
  }
  return fires;
}

// `at` as an RFC 3339 instant, or as local time in a zone: "2026-03-29T02:30", seconds optional.
// Local times of a gap or a fold name more than one instant, or none: candidates, in order.
base::Result<std::vector<base::Instant>> read_instants(std::string_view text,
                                                       const std::string& zone_name) {
  if (const auto instant = base::parse_instant(text)) return std::vector{*instant};
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
  for (const auto shift : {std::chrono::hours{-24}, std::chrono::hours{24}}) {
    const base::Instant candidate = *as_utc - zone->offset_at(*as_utc + shift);
    if (std::ranges::find(candidates, candidate) == candidates.end()) {
      candidates.push_back(candidate);
    }
  }
  return candidates;
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

void add_row(const Call& call, const std::vector<model::Schedule>& schedules,
             const model::Occurrence& row, Explanation& reply) {
  const auto schedule = std::ranges::find(schedules, row.schedule_id, &model::Schedule::id);
  plan::Surroundings around{
      .now = call.now(), .schedule = nullptr, .run = nullptr, .slots = slot_use(call)};
  if (schedule != schedules.end()) around.schedule = &*schedule;
  std::optional<model::Run> run;
  if (row.run_id) run = call.reads().runs().find(call.tenant(), *row.run_id);
  if (run) {
    around.run = &run->summary;
    reply.run_id = run->summary.id;
  }
  reply.lines.push_back(plan::explain(row, around));
  if (run) reply.lines.push_back(plan::explain_run(run->summary, around.slots));
  reply.occurrences.push_back(row);
}

}  // namespace

void explain_occurrence(const CallPtr& call) {
  const std::string text = call->query("at");
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const auto schedules = call->reads().schedules().of_job(job->id);
  const std::string zone = schedules.empty() ? "UTC" : schedules.front().spec.timezone;
  const auto instants = read_instants(text, zone);
  if (!instants) return call->fail(instants.error());
  Explanation reply{.subject = fmt::format("{}@{}", job->spec.name, text),
                    .lines = {},
                    .occurrences = {},
                    .run_id = std::nullopt};
  for (const model::Occurrence& row : find_rows(*call, *job, *instants, text)) {
    add_row(*call, schedules, row, reply);
  }
  if (reply.lines.empty()) {
    reply.lines.push_back(plan::explain_missing(schedules, instants->front()));
  }
  call->answer(json::encode(reply));
}

void explain_run(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  Explanation reply{.subject = run->summary.id.text(),
                    .lines = {plan::explain_run(run->summary, slot_use(*call))},
                    .occurrences = {},
                    .run_id = run->summary.id};
  const auto schedules = call->reads().schedules().of_job(run->summary.job_id);
  for (const model::Occurrence& row :
       call->reads().schedules().occurrences_at(run->summary.job_id, run->summary.scheduled_at)) {
    if (row.run_id == run->summary.id) add_row(*call, schedules, row, reply);
  }
  for (const model::Attempt& attempt : run->attempts) {
    if (attempt.outcome && attempt.outcome->error) {
      reply.lines.push_back(fmt::format("attempt {} on {}: {}", attempt.number, attempt.worker,
                                        attempt.outcome->error->message));
    }
  }
  call->answer(json::encode(reply));
}

void next_fires(const CallPtr& call) {
  const auto limit = call->query_integer("limit");
  if (!limit) return call->fail(limit.error());
  const std::int64_t count = limit->value_or(kDefaultFires);
  if (count < 1 || count > store::kPageLimit) {
    return call->fail(
        {base::Code::invalid_argument, fmt::format("limit: give 1 to {}", store::kPageLimit), {}});
  }
  const auto from = call->query_instant("from");
  if (!from) return call->fail(from.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  FireList reply;
  for (const model::Schedule& schedule : call->reads().schedules().of_job(job->id)) {
    auto fires = fires_of(schedule, from->value_or(call->now()), static_cast<std::size_t>(count));
    if (!fires) return call->fail(fires.error());
    std::ranges::move(*fires, std::back_inserter(reply.items));
  }
  std::ranges::sort(reply.items, {},
                    [](const Fire& fire) { return std::tie(fire.at, fire.schedule); });
  if (std::ssize(reply.items) > count) reply.items.resize(static_cast<std::size_t>(count));
  call->answer(json::encode(reply));
}

void list_occurrences(const CallPtr& call) {
  const auto filter = read_filter(*call);
  if (!filter) return call->fail(filter.error());
  answer_ledger(*call, *filter);
}

void list_job_occurrences(const CallPtr& call) {
  auto filter = read_filter(*call);
  if (!filter) return call->fail(filter.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  filter->job_id = job->id;
  answer_ledger(*call, *filter);
}

}  // namespace mainspring::api
