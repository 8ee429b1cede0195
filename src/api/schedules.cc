// Handlers of schedules: the next fires and the occurrence ledger.
#include <algorithm>
#include <tuple>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "cron/zone.h"
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
    if (!ending) return base::fail(at_parameter("ending", std::move(ending.error())));
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
  call.answer_with(reply);
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

}  // namespace

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
  call->answer_with(reply);
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
