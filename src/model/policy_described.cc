// Tables of the parts of a JobSpec that decide when and how often: schedule, timeout, retry.

#include "model/codecs.h"
#include "model/job.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(Overlap) {
  static const auto table = json::enumeration<Overlap>(
      "Overlap", "What happens to a fire while an earlier run of the job is not finished.",
      {{Overlap::skip, "skip", "The fire is skipped, and the ledger says so."},
       {Overlap::buffer_one, "buffer_one", "One fire waits for the earlier run; more are skipped."},
       {Overlap::buffer_all, "buffer_all", "Every fire waits its turn."},
       {Overlap::cancel_other, "cancel_other", "The earlier run is asked to stop, then this runs."},
       {Overlap::terminate_other, "terminate_other", "The earlier run is killed, then this runs."},
       {Overlap::allow, "allow", "Both run."}});
  return table;
}

const json::EnumTable& described(Misfire) {
  static const auto table = json::enumeration<Misfire>(
      "Misfire", "What happens to fires that came due while no scheduler was running.",
      {{Misfire::skip, "skip", "They are skipped, and the ledger says so."},
       {Misfire::run_once, "run_once", "One run stands for all of them."},
       {Misfire::run_all, "run_all", "Every one runs that is not older than catch_up."},
       {Misfire::run_latest, "run_latest", "Only the latest runs."}});
  return table;
}

const json::EnumTable& described(BackoffType) {
  static const auto table = json::enumeration<BackoffType>(
      "BackoffType", "How the pause grows from retry to retry.",
      {{BackoffType::fixed, "fixed", "Always `initial`."},
       {BackoffType::linear, "linear", "`initial` times the number of the retry."},
       {BackoffType::exponential, "exponential", "`initial`, then `factor` times the one before."},
       {BackoffType::list, "list", "The pauses in `delays`; the last repeats."}});
  return table;
}

const json::EnumTable& described(Jitter) {
  static const auto table = json::enumeration<Jitter>(
      "Jitter", "How a pause is spread, so that many runs do not retry in step.",
      {{Jitter::none, "none", "The pause as computed."},
       {Jitter::full, "full", "A random pause from nothing up to the computed one."}});
  return table;
}

const json::EnumTable& described(OutcomeStatus) {
  static const auto table = json::enumeration<OutcomeStatus>(
      "OutcomeStatus", "How an attempt ended.",
      {{OutcomeStatus::success, "success", "The work is done."},
       {OutcomeStatus::failed, "failed", "The work failed."},
       {OutcomeStatus::retryable, "retryable",
        "The work failed for now and says that trying again may help (exit code 75)."},
       {OutcomeStatus::lost, "lost", "The worker vanished."},
       {OutcomeStatus::timed_out, "timed_out", "It took longer than its timeout allows."},
       {OutcomeStatus::cancelled, "cancelled", "Somebody stopped it."}});
  return table;
}

const json::StructTable& ScheduleSpec::described() {
  static const auto table = json::describe<ScheduleSpec>(
      "ScheduleSpec", "When time starts a run: exactly one of cron, every, at and delay.",
      field<&ScheduleSpec::cron>("cron",
                                 "A cron expression of five, six or seven fields, or @daily etc.")
          .example("\"30 2 * * 1-5\""),
      field<&ScheduleSpec::every>("every",
                                  "A fixed interval, counted from when the job was stored.")
          .min(base::Duration{1000})
          .example("\"15m\""),
      field<&ScheduleSpec::at>("at", "One instant.")
          .alias("scheduled")
          .example("\"2030-01-01T00:00:00Z\""),
      field<&ScheduleSpec::delay>("delay", "Once, this long after the job was stored.")
          .alias("delayed")
          .example("\"10m\""),
      field<&ScheduleSpec::timezone>("timezone", "The IANA time zone that cron fields are read in.")
          .example("\"Europe/Berlin\""),
      field<&ScheduleSpec::overlap>("overlap", "What to do while an earlier run is not finished."),
      field<&ScheduleSpec::misfire>("misfire", "What to do with fires missed during downtime."),
      field<&ScheduleSpec::catch_up>(
          "catch_up",
          "Missed fires older than this expire; left out: 1h for run_all, else no limit."),
      field<&ScheduleSpec::jitter>("jitter", "Each fire moves later by up to this much."),
      field<&ScheduleSpec::dst>("dst", "What to do when the time zone's clocks change."),
      field<&ScheduleSpec::start>("start", "No fire before this instant."),
      field<&ScheduleSpec::end>("end", "No fire after this instant."),
      field<&ScheduleSpec::calendar>("calendar", "The calendar that leaves days or times out.")
          .example("\"business-days\""),
      field<&ScheduleSpec::params>("params", "Values for the runs that this schedule starts.")
          .example(R"({"region": "eu"})")
          .max_items(200),
      field<&ScheduleSpec::max_runs>("max_runs", "The schedule ends after so many runs.").min(1));
  return table;
}

const json::StructTable& TimeoutSpec::described() {
  static const auto table = json::describe<TimeoutSpec>(
      "Timeout", "How long the parts of a run may take. A plain duration means `run`.",
      field<&TimeoutSpec::run>("run", "From the start of an attempt to its end.")
          .min(base::Duration{1}),
      field<&TimeoutSpec::queue>("queue", "From due to started.").min(base::Duration{1}),
      field<&TimeoutSpec::idle>("idle", "Without output or progress.").min(base::Duration{1}),
      field<&TimeoutSpec::grace>("grace", "Between asking a run to stop and killing it.")
          .max(base::Duration{std::chrono::hours{1}}));
  return table;
}

const json::StructTable& BackoffSpec::described() {
  static const auto table = json::describe<BackoffSpec>(
      "Backoff", "How long to wait before each retry.",
      field<&BackoffSpec::type>("type", "How the pause grows from retry to retry."),
      field<&BackoffSpec::initial>("initial", "The pause before the first retry."),
      field<&BackoffSpec::factor>("factor", "How much an exponential pause grows each time.")
          .min(1.0)
          .max(100.0),
      field<&BackoffSpec::max>("max",
                               "The longest pause of the growing kinds, linear and exponential."),
      field<&BackoffSpec::delays>("delays", "For `list`: the pause before each retry in turn.")
          .max_items(100)
          .example(R"(["1s", "10s", "1m"])"),
      field<&BackoffSpec::jitter>("jitter", "How a pause is spread."));
  return table;
}

const json::StructTable& RetryOnly::described() {
  static const auto table = json::describe<RetryOnly>(
      "RetryOnly", "Which attempts are retried: those that either list names; none given: any.",
      field<&RetryOnly::exit_codes>("exit_codes", "Exit codes that are retried.")
          .min(0)
          .max(255)
          .max_items(256)
          .example("[75]"),
      field<&RetryOnly::outcomes>("outcomes", "Endings that are retried.")
          .max_items(6)
          .example(R"(["retryable", "lost"])"));
  return table;
}

const json::StructTable& RetrySpec::described() {
  static const auto table = json::describe<RetrySpec>(
      "Retry", "When and how a failed attempt is repeated.",
      field<&RetrySpec::max_attempts>("max_attempts", "Attempts in all, the first included.")
          .min(1)
          .max(1000),
      field<&RetrySpec::backoff>("backoff", "How long to wait before each retry."),
      field<&RetrySpec::only>("only", "Which attempts are retried."));
  return table;
}

}  // namespace mainspring::model
