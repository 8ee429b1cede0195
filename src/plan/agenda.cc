#include "plan/agenda.h"

#include <algorithm>
#include <bit>
#include <queue>
#include <tuple>

#include "cron/expression.h"
#include "plan/occurrences.h"
#include "plan/schedule_words.h"

namespace mainspring::plan {
namespace {

namespace chr = std::chrono;

constexpr base::Duration kTick{1};
constexpr base::Duration kHour = chr::hours{1};
// Fires of a schedule with max_runs that are looked through for the last of them.
constexpr std::int64_t kMostLeft = 10'000;

// Of a schedule that ends after so many runs; kNoEnd where that is too far to tell.
base::Result<base::Instant> last_fire(const model::Schedule& schedule) {
  if (schedule.exhausted) return schedule.planned_until;
  if (!schedule.spec.max_runs) return kNoEnd;
  const std::int64_t left = std::max<std::int64_t>(0, *schedule.spec.max_runs - schedule.runs);
  if (left == 0) return schedule.planned_until;
  if (left > kMostLeft) return kNoEnd;
  const auto fires =
      upcoming(schedule, {schedule.planned_until, kNoEnd}, static_cast<std::size_t>(left));
  if (!fires) return base::fail(fires.error());
  return std::ssize(*fires) == left ? fires->back() : kNoEnd;
}

}  // namespace

FireLine::FireLine(const model::Schedule& schedule, Timeline line, Gate gate)
    : tenant_(schedule.tenant),
      job_(schedule.job),
      words_(schedule_words(schedule.spec, schedule.job)),
      line_(std::move(line)),
      gate_(std::move(gate)),
      last_(kNoEnd) {}

base::Result<std::shared_ptr<const FireLine>> FireLine::make(const model::Schedule& schedule) {
  auto line = Timeline::make(schedule);
  if (!line) return base::fail(std::move(line.error()));
  auto gate = Gate::make(schedule);
  if (!gate) return base::fail(std::move(gate.error()));
  const auto last = last_fire(schedule);
  if (!last) return base::fail(last.error());
  auto zone = cron::TimeZone::load(schedule.spec.timezone);
  if (!zone) return base::fail(std::move(zone.error()));
  FireLine out(schedule, std::move(*line), std::move(*gate));
  out.zone_ = std::move(*zone);
  out.last_ = *last;
  if (schedule.pause) out.begin_ = schedule.pause->until.value_or(kNoEnd);
  if (schedule.shadow) out.begin_ = kNoEnd;
  if (schedule.spec.cron) {
    auto expression = cron::Expression::parse(*schedule.spec.cron, schedule.job);
    if (!expression) return base::fail(std::move(expression.error()));
    const bool has_sets = !expression->is_reboot() && expression->interval() == base::Duration{0};
    if (has_sets) {
      out.timing_ =
          cron::Timing{std::move(*expression), out.zone_, schedule.spec.dst, schedule.created_at};
    }
  }
  return std::make_shared<const FireLine>(std::move(out));
}

std::string FireLine::local(base::Instant at) const { return cron::format_local(at, zone_); }

std::optional<base::Instant> FireLine::next(const cron::Period& period) const {
  if (begin_ == kNoEnd) return std::nullopt;
  const cron::Period rest{std::max(period.after, begin_ - kTick), std::min(period.until, last_)};
  if (rest.after >= rest.until) return std::nullopt;
  return next_through(line_, gate_, rest);
}

AgendaPage list_fires(std::span<const std::shared_ptr<const FireLine>> lines,
                      const cron::Period& period, std::size_t limit) {
  using Next = std::pair<base::Instant, std::size_t>;  // and the line's place
  std::priority_queue<Next, std::vector<Next>, std::greater<>> heap;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (const auto at = lines[i]->next(period)) heap.emplace(*at, i);
  }
  AgendaPage page;
  while (!heap.empty() && page.fires.size() < limit) {
    const auto [at, i] = heap.top();
    heap.pop();
    page.fires.push_back({at, lines[i].get()});
    if (const auto next = lines[i]->next({at, period.until})) heap.emplace(*next, i);
  }
  page.is_complete = heap.empty();
  return page;
}

AgendaPage list_next_fires(std::span<const std::shared_ptr<const FireLine>> lines,
                           const cron::Period& period, std::size_t limit) {
  AgendaPage page;
  for (const auto& line : lines) {
    if (const auto at = line->next(period)) page.fires.push_back({*at, line.get()});
  }
  page.is_complete = page.fires.size() <= limit;
  const auto order = [](const AgendaFire& fire) { return std::tie(fire.at, fire.line->job()); };
  const auto shown =
      page.fires.begin() + static_cast<std::ptrdiff_t>(std::min(limit, page.fires.size()));
  std::ranges::partial_sort(page.fires, shown, {}, order);
  page.fires.erase(shown, page.fires.end());
  return page;
}

// Counts line by line into hours, [from, until).
class HourCounter {
 public:
  HourCounter(base::Instant from, std::size_t hours) {
    out_.from = chr::floor<chr::hours>(from);
    out_.counts.resize(hours);
    until_ = out_.from + static_cast<std::int64_t>(hours) * kHour;
  }

  void add(const FireLine& line) {
    cron::Period rest{out_.from - kTick, until_ - kTick};
    while (const auto at = line.next(rest)) {
      if (steps_++ == kCountedSteps) {
        out_.is_complete = false;
        return;
      }
      const auto day_end = add_day(line, *at);
      if (!day_end) add_fires(*at, 1);
      rest.after = day_end ? *day_end - kTick : *at;
    }
  }

  bool is_full() const { return !out_.is_complete; }
  HourlyFires take() { return std::move(out_); }

 private:
  void add_fires(base::Instant at, std::int64_t count) {
    const auto hour = (at - out_.from) / kHour;
    if (at >= out_.from && at < until_) out_.counts[static_cast<std::size_t>(hour)] += count;
  }

  // The rest of the local day of a fire, all at once; its end, or nothing where fires must be
  // taken one by one: the clock is set on that day, the zone's hours are not those of UTC, or
  // something else than the expression decides.
  std::optional<base::Instant> add_day(const FireLine& line, base::Instant at) {
    if (!line.timing_ || line.gate_.has_calendar()) return std::nullopt;
    const auto span = line.zone_.span_at(chr::floor<chr::seconds>(at));
    if (span.offset % chr::hours{1} != chr::seconds{0}) return std::nullopt;
    const auto local_day = chr::floor<chr::days>(line.zone_.to_local(at));
    const chr::sys_seconds begin{local_day.time_since_epoch() - span.offset};
    const chr::sys_seconds end = begin + chr::days{1};
    const bool is_plain = span.begin <= begin && end <= span.end && line.begin_ <= begin &&
                          base::Instant{end} <= line.last_ && line.line_.is_within(begin) &&
                          line.line_.is_within(end);
    if (!is_plain) return std::nullopt;
    const cron::Fields& fields = line.timing_->expression.fields();
    const std::int64_t per_hour = std::popcount(fields.minutes) * std::popcount(fields.seconds);
    for (auto hour = chr::floor<chr::hours>(at - base::Instant{begin}).count(); hour < 24; ++hour) {
      if ((fields.hours >> hour & 1) != 0) add_fires(begin + chr::hours{hour}, per_hour);
    }
    return end;
  }

  HourlyFires out_;
  base::Instant until_;
  std::int64_t steps_ = 0;
};

HourlyFires count_fires(std::span<const std::shared_ptr<const FireLine>> lines, base::Instant from,
                        std::size_t hours) {
  HourCounter counter(from, hours);
  for (const auto& line : lines) {
    if (counter.is_full()) break;
    counter.add(*line);
  }
  return counter.take();
}

}  // namespace mainspring::plan
