// Handlers of screens about everything: the overview and the agenda.
#include "api/overview.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "json/codec.h"

namespace mainspring::api {
namespace {

namespace chr = std::chrono;

constexpr std::int64_t kFailingShown = 20;
constexpr std::size_t kNextShown = 20;
constexpr std::size_t kQueuesShown = 20;
constexpr std::int64_t kMinutes = 60;
constexpr base::Duration kFarthestFire = chr::days{366};

constexpr base::Duration kUsualAgenda = chr::hours{24};
constexpr base::Duration kLongestAgenda = chr::days{31};
constexpr std::int64_t kUsualFires = 100;

std::vector<AgendaFireView> show_fires(const plan::AgendaPage& page) {
  std::vector<AgendaFireView> out;
  for (const plan::AgendaFire& fire : page.fires)
    out.push_back({fire.at, fire.line->local(fire.at), fire.line->job(), fire.line->words()});
  return out;
}

MinuteCounts count_minutes(const Call& call) {
  const auto newest = chr::floor<chr::minutes>(call.now());
  MinuteCounts out{newest - chr::minutes{kMinutes - 1}, {}};
  for (const auto& each : call.reads().runs().ended_per_minute(call.tenant(), out.from)) {
    const auto place = (each.minute - out.from) / chr::minutes{1};
    if (place < 0 || place >= kMinutes) continue;  // the clock was set back
    auto& counts = out.ended[std::string{json::to_text(each.state)}];
    counts.resize(kMinutes);
    counts[static_cast<std::size_t>(place)] = each.count;
  }
  return out;
}

std::vector<QueueGlance> show_queues(const Call& call) {
  std::vector<QueueGlance> out;
  for (const model::Queue& queue : call.reads().queues().all(call.tenant())) {
    out.push_back({queue.spec.name, queue.waiting, queue.running, queue.oldest_due_at,
                   queue.pause.has_value()});
  }
  std::ranges::sort(out, [](const QueueGlance& a, const QueueGlance& b) {
    return std::tie(b.waiting, a.name) < std::tie(a.waiting, b.name);
  });
  return out;
}

WorkerCounts count_workers(const Call& call) {
  WorkerCounts out;
  for (const model::Worker& worker : call.reads().workers().all()) {
    if (worker.state != model::WorkerState::online) continue;
    ++out.online;
    out.slots += worker.slots;
    out.busy += worker.busy;
  }
  return out;
}

std::optional<BackupGlance> show_backups(const Call& call) {
  store::Backups* const backups = call.core().services().backups;
  if (backups == nullptr) return std::nullopt;
  const auto list = backups->list();
  if (!list) return BackupGlance{{}, {}, {}, list.error().message};
  return BackupGlance{list->every, list->last_made_at, list->last_proven_at, list->problem};
}

void show_failing(const Call& call, Overview& out) {
  const auto failing = call.reads().jobs().failing(call.tenant(), kFailingShown);
  out.failing_count = failing.count;
  for (const store::FailingJob& job : failing.items) {
    out.failing.push_back({job.job_id, job.job, job.since, job.streak, job.run_id, job.failed_at});
  }
}

// What /readyz would say, and what a person should look at.
HealthView judge(const Call& call, const Overview& overview) {
  HealthView out;
  const auto say = [&out](HealthStatus status, std::string reason) {
    out.status = std::max(out.status, status);
    out.reasons.push_back(std::move(reason));
  };
  if (const auto trouble = call.core().services().store.writer().trouble()) {
    say(HealthStatus::failing, trouble->message);
  }
  if (overview.workers.online == 0) {
    say(HealthStatus::failing, "No worker is online: nothing can run.");
  }
  if (const auto& find_troubles = call.core().services().find_troubles) {
    for (std::string& trouble : find_troubles())
      say(HealthStatus::attention, std::move(trouble));
  }
  for (const QueueGlance& queue : overview.queues) {
    if (!queue.paused || queue.waiting == 0) continue;
    say(HealthStatus::attention,
        fmt::format("The queue {} is paused, and {} {} in it.", queue.name, queue.waiting,
                    queue.waiting == 1 ? "run waits" : "runs wait"));
  }
  if (overview.backups && !overview.backups->problem.empty()) {
    say(HealthStatus::attention,
        fmt::format("The last backup failed: {}.", overview.backups->problem));
  }
  return out;
}

struct Range {
  base::Instant from;
  base::Instant until;
};

base::Result<Range> read_range(const Call& call) {
  const auto from = call.query_instant("from");
  if (!from) return base::fail(from.error());
  const auto until = call.query_instant("until");
  if (!until) return base::fail(until.error());
  Range range{from->value_or(call.now()), {}};
  range.until = until->value_or(range.from + kUsualAgenda);
  if (range.from >= range.until) {
    return base::fail(base::Code::invalid_argument, "until: it is not after `from`.");
  }
  if (range.until - range.from > kLongestAgenda) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("until: the range is {}; ask for {} at most.",
                                  base::format_roughly(range.until - range.from),
                                  base::format_duration(kLongestAgenda)));
  }
  return range;
}

// Where a page of the agenda begins: at an instant, behind so many of the fires that it has.
struct Place {
  base::Instant from;
  std::int64_t skipped = 0;
};

std::string cursor_behind(const plan::AgendaPage& page) {
  const base::Instant last = page.fires.back().at;
  const auto same = std::ranges::count(page.fires, last, &plan::AgendaFire::at);
  return fmt::format("{}-{}", base::to_millis(last), same);
}

base::Result<Place> read_place(const Call& call, const Range& range) {
  const std::string text = call.query("cursor");
  if (text.empty()) return Place{range.from};
  const auto dash = std::find(text.begin(), text.end(), '-');
  std::int64_t millis = 0;
  std::int64_t skipped = 0;
  const char* const middle = text.data() + (dash - text.begin());
  const char* const end = text.data() + text.size();
  const bool is_ours = dash != text.end() &&
                       std::from_chars(text.data(), middle, millis).ptr == middle &&
                       std::from_chars(middle + 1, end, skipped).ptr == end;
  const base::Instant from = is_ours ? base::from_millis(millis) : base::Instant{};
  if (!is_ours || from < range.from || from >= range.until || skipped < 0 ||
      skipped > kBookSchedules) {
    return base::fail(base::Code::invalid_argument,
                      "cursor: it is not one that this agenda gave; start without a cursor.");
  }
  return Place{from, skipped};
}

}  // namespace

void get_overview(const CallPtr& call) {
  Overview out;
  out.at = call->now();
  for (const auto& [state, count] : call->reads().runs().count_live(call->tenant())) {
    if (!model::is_final(state)) out.live[std::string{json::to_text(state)}] = count;
  }
  show_failing(*call, out);
  const auto book = call->core().schedule_book().read(call->reads(), call->tenant());
  out.next = show_fires(
      plan::list_next_fires(book.lines, {call->now(), call->now() + kFarthestFire}, kNextShown));
  out.schedule_count = std::ssize(book.lines);
  out.next_truncated = !book.is_complete;
  out.minutes = count_minutes(*call);
  out.queues = show_queues(*call);
  out.queue_count = std::ssize(out.queues);
  out.workers = count_workers(*call);
  out.backups = show_backups(*call);
  out.health = judge(*call, out);
  out.queues.resize(std::min(out.queues.size(), kQueuesShown));
  call->answer_with(out);
}

void get_agenda(const CallPtr& call) {
  const auto limit = call->query_integer("limit");
  if (!limit) return call->fail(limit.error());
  const std::int64_t most = limit->value_or(kUsualFires);
  if (most < 0 || most > store::kPageLimit) {
    return call->fail(
        {base::Code::invalid_argument, fmt::format("limit: give 0 to {}", store::kPageLimit), {}});
  }
  const auto fires_only = call->query_flag("fires_only");
  if (!fires_only) return call->fail(fires_only.error());
  const auto range = read_range(*call);
  if (!range) return call->fail(range.error());
  const auto place = read_place(*call, *range);
  if (!place) return call->fail(place.error());
  const auto book = call->core().schedule_book().read(call->reads(), call->tenant());
  Agenda out{.from = range->from, .until = range->until, .truncated = !book.is_complete};
  if (most > 0) {
    constexpr base::Duration kTick{1};  // periods are open at the other end
    auto page = plan::list_fires(book.lines, {place->from - kTick, range->until - kTick},
                                 static_cast<std::size_t>(most + place->skipped));
    if (!page.is_complete) out.next_cursor = cursor_behind(page);
    const auto skipped = std::min(page.fires.size(), static_cast<std::size_t>(place->skipped));
    page.fires.erase(page.fires.begin(), page.fires.begin() + static_cast<std::ptrdiff_t>(skipped));
    out.items = show_fires(page);
    out.truncated |= !page.is_complete;
  }
  if (!*fires_only) {
    const auto first = chr::floor<chr::hours>(range->from);
    const auto hours = (chr::ceil<chr::hours>(range->until) - first) / chr::hours{1};
    auto counts = call->core().schedule_book().count(
        {call->tenant(), first, static_cast<std::size_t>(hours)}, book);
    out.hours =
        HourCounts{counts.from, std::move(counts.counts), !counts.is_complete || !book.is_complete};
  }
  call->answer_with(out);
}

}  // namespace mainspring::api
