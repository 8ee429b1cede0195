#include "metrics/store_metrics.h"

#include <doctest/doctest.h>

namespace mainspring::metrics {
namespace {

using namespace std::chrono_literals;

bool has_line(const StoreMetrics& metrics, std::string_view line) {
  Page page;
  metrics.write(page);
  return page.text().contains(std::string{line} + "\n");
}

store::Tally tally_of(std::vector<store::Fact> facts) {
  store::Tally tally;
  tally.commands = std::ssize(facts);
  tally.facts = std::move(facts);
  tally.took = 3ms;
  return tally;
}

TEST_CASE("each fact of a group counts once under its own label") {
  StoreMetrics metrics;
  metrics.count(tally_of(
      {store::RunAccepted{model::Trigger::cron}, store::RunStarted{model::Trigger::cron, 20ms},
       store::AttemptEnded{model::OutcomeStatus::failed, 2s}, store::RunRetried{},
       store::RunEnded{model::RunState::failed}, store::RunEnded{model::RunState::timed_out},
       store::OccurrencesEnded{model::Ending::missed_expired, 12}}));
  for (const std::string_view line : {
           "mainspring_jobs_scheduled_total{trigger=\"cron\"} 1",
           "mainspring_jobs_scheduled_total{trigger=\"api\"} 0",
           "mainspring_runs_started_total{trigger=\"cron\"} 1",
           "mainspring_schedule_delay_seconds_bucket{trigger=\"cron\",le=\"0.01\"} 0",
           "mainspring_schedule_delay_seconds_bucket{trigger=\"cron\",le=\"0.025\"} 1",
           "mainspring_attempts_total{outcome=\"failed\"} 1",
           "mainspring_job_duration_seconds_sum{outcome=\"failed\"} 2",
           "mainspring_retries_total 1",
           "mainspring_jobs_completed_total{state=\"failed\"} 1",
           "mainspring_jobs_failed_total 2",
           "mainspring_leases_lost_total 0",
           "mainspring_occurrences_total{ending=\"missed_expired\"} 12",
           "mainspring_writer_commands_total 7",
           "mainspring_writer_commit_seconds_bucket{le=\"0.005\"} 1",
       }) {
    CAPTURE(line);
    CHECK(has_line(metrics, line));
  }
}

TEST_CASE("a group that failed counts its commands and nothing of what they wanted") {
  StoreMetrics metrics;
  store::Tally tally;
  tally.commands = 5;
  tally.is_durable = false;
  metrics.count(tally);
  CHECK(has_line(metrics, "mainspring_writer_failed_groups_total 1"));
  CHECK(has_line(metrics, "mainspring_writer_commands_total 5"));
}

TEST_CASE("a clock that went back does not make a sum smaller") {
  StoreMetrics metrics;
  metrics.count(tally_of({store::AttemptEnded{model::OutcomeStatus::success, -5s}}));
  CHECK(has_line(metrics, "mainspring_job_duration_seconds_sum{outcome=\"success\"} 0"));
}

}  // namespace
}  // namespace mainspring::metrics
