#include "metrics/store_metrics.h"

#include <array>

#include "json/codec.h"

namespace mainspring::metrics {
namespace {

using model::Ending;
using model::OutcomeStatus;
using model::RunState;
using model::Trigger;

// Programs take from milliseconds to a day.
constexpr std::array kDurationBounds{0.01, 0.05, 0.1,  0.25, 0.5,   1.0,   2.5,    5.0,   10.0,
                                     30.0, 60.0, 300., 900., 3600., 7200., 21600., 86400.};
// On time is milliseconds; a minute is a misfire.
constexpr std::array kDelayBounds{0.005, 0.01, 0.025, 0.05, 0.1,  0.25,  0.5,
                                  1.0,   2.5,  5.0,   10.0, 60.0, 300.0, 3600.0};
constexpr std::array kGroupBounds{1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1000.0, 4096.0};
// An fsync takes 0.1 ms on a good disk and a second on one in trouble.
constexpr std::array kCommitBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                   0.05,   0.1,   0.25,   0.5,   1.0,  5.0};

template <class E>
std::size_t count_of() {
  return described(E{}).rows.size();
}

template <class E>
std::size_t index_of(E value) {
  return static_cast<std::size_t>(value);
}

std::deque<Histogram> make_histograms(std::size_t count, std::span<const double> bounds) {
  std::deque<Histogram> out;
  for (std::size_t i = 0; i < count; ++i)
    out.emplace_back(bounds);
  return out;
}

double to_seconds(base::Duration span) { return std::chrono::duration<double>(span).count(); }

// Every value of the enumeration is a series, those that stand at 0 included.
template <class E>
void write_by(Page& page, const std::vector<Counter>& counters) {
  for (const auto& row : described(E{}).rows)
    page.add(counters[static_cast<std::size_t>(row.value)], {row.name});
}

// Histograms are long: those that saw nothing stay away.
template <class E>
void write_by(Page& page, const std::deque<Histogram>& histograms) {
  for (const auto& row : described(E{}).rows) {
    const Histogram& histogram = histograms[static_cast<std::size_t>(row.value)];
    if (std::ranges::any_of(histogram.counts(), [](auto count) { return count > 0; }))
      page.add(histogram, {row.name});
  }
}

}  // namespace

StoreMetrics::StoreMetrics()
    : accepted_(count_of<Trigger>()),
      started_(count_of<Trigger>()),
      ended_(count_of<RunState>()),
      attempts_(count_of<OutcomeStatus>()),
      occurrences_(count_of<Ending>()),
      durations_(make_histograms(count_of<OutcomeStatus>(), kDurationBounds)),
      delays_(make_histograms(count_of<Trigger>(), kDelayBounds)),
      group_commands_(kGroupBounds),
      commit_seconds_(kCommitBounds) {}

void StoreMetrics::count(const store::Tally& tally) {
  for (const store::Fact& fact : tally.facts)
    std::visit([this](const auto& each) { count_fact(each); }, fact);
  commands_.add(static_cast<std::uint64_t>(tally.commands));
  group_commands_.observe(static_cast<double>(tally.commands));
  commit_seconds_.observe(std::chrono::duration<double>(tally.took).count());
  if (!tally.is_durable) failed_groups_.add();
}

void StoreMetrics::count_fact(const store::RunAccepted& fact) {
  accepted_[index_of(fact.trigger)].add();
}

void StoreMetrics::count_fact(const store::RunStarted& fact) {
  started_[index_of(fact.trigger)].add();
  // A clock that was set back must not make the sum shrink.
  delays_[index_of(fact.trigger)].observe(std::max(0.0, to_seconds(fact.delay)));
}

void StoreMetrics::count_fact(const store::AttemptEnded& fact) {
  attempts_[index_of(fact.status)].add();
  durations_[index_of(fact.status)].observe(std::max(0.0, to_seconds(fact.took)));
}

void StoreMetrics::count_fact(const store::RunRetried&) { retries_.add(); }

void StoreMetrics::count_fact(const store::RunEnded& fact) { ended_[index_of(fact.state)].add(); }

void StoreMetrics::count_fact(const store::OccurrencesEnded& fact) {
  occurrences_[index_of(fact.ending)].add(static_cast<std::uint64_t>(fact.count));
}

void StoreMetrics::write(Page& page) const {
  write_runs(page);
  write_spans(page);
  write_writer(page);
}

void StoreMetrics::write_runs(Page& page) const {
  page.begin("mainspring_jobs_scheduled_total");
  write_by<Trigger>(page, accepted_);
  page.begin("mainspring_runs_started_total");
  write_by<Trigger>(page, started_);
  page.begin("mainspring_jobs_completed_total");
  for (const auto& row : described(RunState{}).rows) {
    const auto state = static_cast<RunState>(row.value);
    if (model::is_final(state)) page.add(ended_[index_of(state)], {row.name});
  }
  page.begin("mainspring_jobs_failed_total");
  page.add(static_cast<std::int64_t>(ended_[index_of(RunState::failed)].value() +
                                     ended_[index_of(RunState::timed_out)].value()));
  page.begin("mainspring_attempts_total");
  write_by<OutcomeStatus>(page, attempts_);
  page.begin("mainspring_retries_total");
  page.add(retries_);
  page.begin("mainspring_leases_lost_total");
  page.add(attempts_[index_of(OutcomeStatus::lost)]);
  page.begin("mainspring_occurrences_total");
  write_by<Ending>(page, occurrences_);
}

void StoreMetrics::write_spans(Page& page) const {
  page.begin("mainspring_job_duration_seconds");
  write_by<OutcomeStatus>(page, durations_);
  page.begin("mainspring_schedule_delay_seconds");
  write_by<Trigger>(page, delays_);
}

void StoreMetrics::write_writer(Page& page) const {
  page.begin("mainspring_writer_commands_total");
  page.add(commands_);
  page.begin("mainspring_writer_failed_groups_total");
  page.add(failed_groups_);
  page.begin("mainspring_writer_group_commands");
  page.add(group_commands_);
  page.begin("mainspring_writer_commit_seconds");
  page.add(commit_seconds_);
}

}  // namespace mainspring::metrics
