// Handlers of what a job's page draws: how long its runs took, and how its days ended.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/overview.h"
#include "cron/zone.h"
#include "json/codec.h"

namespace mainspring::api {
namespace {

namespace chr = std::chrono;

constexpr base::Duration kLongestCalendar = chr::days{400};
constexpr base::Duration kUsualCalendar = chr::days{90};

std::optional<std::int64_t> between(const std::optional<base::Instant>& from,
                                    const std::optional<base::Instant>& until) {
  if (!from || !until) return std::nullopt;
  return std::max<std::int64_t>(0, (*until - *from).count());
}

// The zone that the days of the job are in: the one asked for, else that of its first schedule.
base::Result<cron::TimeZone> find_zone(const Call& call, base::JobId job) {
  std::string name = call.query("timezone");
  if (name.empty()) {
    const auto schedules = call.reads().schedules().of_job(job);
    name = schedules.empty() ? "UTC" : schedules.front().spec.timezone;
  }
  auto zone = cron::TimeZone::load(name);
  if (!zone) return base::fail(at_parameter("timezone", std::move(zone.error())));
  return zone;
}

std::string ending_word(const store::EndingCount& each) {
  if (!each.ending) return "planned";
  if (*each.ending == model::Ending::ran && each.run_state) {
    return std::string{json::to_text(*each.run_state)};
  }
  return std::string{json::to_text(*each.ending)};
}

}  // namespace

void get_job_durations(const CallPtr& call) {
  const auto runs = call->query_integer("runs");
  if (!runs) return call->fail(runs.error());
  const std::int64_t limit = runs->value_or(model::kStatsLimit);
  if (limit < 1 || limit > model::kStatsLimit) {
    return call->fail({base::Code::invalid_argument,
                       fmt::format("runs: {} is not between 1 and {}", limit, model::kStatsLimit),
                       {}});
  }
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  DurationChart out;
  std::vector<model::RunTiming> timings;
  for (const store::RunGlance& run : call->reads().runs().finished(job->id, limit)) {
    out.runs.push_back(run.id);
    out.states.push_back(run.state);
    out.finished_at.push_back(*run.finished_at);
    out.duration_ms.push_back(between(run.started_at, run.finished_at));
    out.wait_ms.push_back(between(run.due_at, run.started_at));
    timings.push_back({run.state, run.due_at, run.started_at, *run.finished_at});
  }
  out.stats = model::summarise(timings);
  call->answer_with(out);
}

void get_job_endings(const CallPtr& call) {
  const auto from = call->query_instant("from");
  if (!from) return call->fail(from.error());
  const auto until = call->query_instant("until");
  if (!until) return call->fail(until.error());
  const base::Instant end = until->value_or(call->now());
  const base::Instant begin = from->value_or(end - kUsualCalendar);
  if (begin >= end || end - begin > kLongestCalendar) {
    return call->fail({base::Code::invalid_argument,
                       "from, until: give a range of 400 days at most, its beginning first.",
                       {}});
  }
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const auto zone = find_zone(*call, job->id);
  if (!zone) return call->fail(zone.error());
  const auto counts = call->reads().schedules().endings(job->id, begin, end);
  EndingCalendar out;
  out.timezone = zone->name();
  for (const store::EndingCount& each : counts.items) {
    std::string day = cron::format_local(zone->to_local(each.at)).substr(0, 10);
    if (out.items.empty() || out.items.back().day != day) out.items.push_back({std::move(day), {}});
    out.items.back().endings[ending_word(each)] += each.count;
  }
  if (!counts.is_complete) out.complete_from = counts.items.back().at;
  call->answer_with(out);
}

}  // namespace mainspring::api
