// CheckExpectations: tells which runs are late, or will be, and which jobs are silent.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "json/codec.h"
#include "sql/apply.h"
#include "sql/expectations.h"
#include "sql/timings.h"

namespace mainspring::sql {
namespace {

using base::format_duration;
using base::format_instant;
using model::RunState;

// Runs, and jobs, that one command looks at; the next one goes on. Each may ask for the history of
// its job, some 20 rows.
constexpr std::int64_t kCheckBatch = 200;

struct ExpectedRun {
  base::RunId run;
  Expectation kind = Expectation::start;
  base::Instant due_at;
  base::Instant deadline;
};

struct SilentJob {
  JobKey job = 0;
  std::int64_t every = 0;  // milliseconds
  base::Instant since;
};

class Check {
 public:
  Check(Core& core, base::Instant now) : core_(core), now_(now) {}

  store::ExpectationsChecked run() {
    for (const ExpectedRun& expected : load_expected())
      look_at(expected);
    for (const SilentJob& silent : load_silent())
      tell_silent(silent);
    find_next(
        database().query("SELECT at FROM expectations WHERE at IS NOT NULL ORDER BY at LIMIT 1"));
    find_next(database().query("SELECT at FROM silences WHERE at IS NOT NULL ORDER BY at LIMIT 1"));
    return out_;
  }

 private:
  Database& database() { return core_.database(); }

  // ---- runs

  std::vector<ExpectedRun> load_expected() {
    std::vector<ExpectedRun> out;
    Rows rows = database().query(
        "SELECT run, kind, due_at, deadline FROM expectations WHERE at <= ?1 ORDER BY at LIMIT ?2",
        now_, kCheckBatch);
    while (rows.next()) {
      ExpectedRun& expected = out.emplace_back();
      rows.read(expected.run, expected.kind, expected.due_at, expected.deadline);
    }
    return out;
  }

  void look_at(const ExpectedRun& expected) {
    const LiveRun* run = core_.live().find(expected.run);
    if (run == nullptr) return forget_expectations(core_, expected.run);
    if (expected.kind == Expectation::predicted) return foresee(expected, *run);
    const std::string_view what =
        expected.kind == Expectation::start ? "has not started" : "has not finished";
    tell_late(
        core_, *run,
        {expected.kind, expected.due_at, expected.deadline, now_,
         fmt::format("it {} {} after it was due{}", what,
                     format_duration(expected.deadline - expected.due_at), what_keeps_it(*run))});
    mark_told(expected);
  }

  // ": waits until run_0190... has finished", where the run has a reason for its state.
  std::string what_keeps_it(const LiveRun& run) {
    Rows rows = database().query("SELECT reason FROM runs_live WHERE tenant = ?1 AND id = ?2",
                                 run.tenant, run.id);
    std::string reason;
    if (rows.next()) rows.read(reason);
    return reason.empty() ? "" : ": " + reason;
  }

  void mark_told(const ExpectedRun& expected) {
    ++out_.told;
    database().run("UPDATE expectations SET at = NULL, told = 1 WHERE run = ?1 AND kind = ?2",
                   expected.run, expected.kind);
  }

  void look_again(const ExpectedRun& expected, std::optional<base::Instant> at) {
    database().run("UPDATE expectations SET at = ?3 WHERE run = ?1 AND kind = ?2", expected.run,
                   expected.kind, at);
  }

  // Whether the run will be late, if it takes as long as such runs do. It is looked at when it is
  // due, at the last moment at which it could start in time, and after each retry.
  void foresee(const ExpectedRun& expected, const LiveRun& run) {
    const auto typical = typical_of(run.job);
    if (!typical || expected.deadline <= now_) return look_again(expected, std::nullopt);
    const base::Instant latest = std::max(expected.due_at, expected.deadline - typical->duration);
    if (latest > now_) return look_again(expected, latest);
    const bool is_under_way = run.state == RunState::running || run.state == RunState::waiting;
    const base::Instant began = is_under_way ? run.attempt_started_at : std::max(now_, run.due_at);
    if (is_under_way && !model::is_predicted_late(began, expected.deadline, *typical))
      return look_again(expected, std::nullopt);
    tell_predicted(expected, run, {began, *typical});
    mark_told(expected);
  }

  struct Forecast {
    base::Instant began;  // or will at the earliest
    model::TypicalRun typical;
  };

  void tell_predicted(const ExpectedRun& expected, const LiveRun& run, const Forecast& forecast) {
    const std::string typical = format_duration(forecast.typical.duration);
    json::Object payload;
    payload["job"] = core_.get_job(run.job)->name;
    payload["run"] = run.id.text();
    payload["expectation"] = "finish_within";
    payload["due_at"] = format_instant(expected.due_at);
    payload["limit"] = format_duration(expected.deadline - expected.due_at);
    payload["deadline"] = format_instant(expected.deadline);
    payload["expected_at"] = format_instant(forecast.began + forecast.typical.duration);
    payload["typical"] = typical;
    payload["samples"] = forecast.typical.samples;
    payload["state"] = json::to_text(run.state);
    payload["attempt"] = run.attempts;
    payload["reason"] =
        run.state == RunState::running
            ? fmt::format("its attempt began at {}, and its runs take {}",
                          format_instant(forecast.began), typical)
            : fmt::format("it is not running, and its runs take {}{}", typical, what_keeps_it(run));
    core_.add_event({run.tenant, "run.predicted_late", run.id.text(), now_, std::move(payload)});
  }

  std::optional<model::TypicalRun> typical_of(JobKey job) {
    const auto known = typical_.find(job);
    if (known != typical_.end()) return known->second;
    const auto typical = model::find_typical(load_timings(database(), job, model::kTypicalReach));
    typical_.emplace(job, typical);
    return typical;
  }

  // ---- jobs

  std::vector<SilentJob> load_silent() {
    std::vector<SilentJob> out;
    Rows rows = database().query(
        "SELECT job, every, since FROM silences WHERE at <= ?1 ORDER BY at LIMIT ?2", now_,
        kCheckBatch);
    while (rows.next()) {
      SilentJob& silent = out.emplace_back();
      rows.read(silent.job, silent.every, silent.since);
    }
    return out;
  }

  void tell_silent(const SilentJob& silent) {
    const base::Duration every{silent.every};
    const JobRowPtr job = core_.get_job(silent.job);
    json::Object payload;
    payload["job"] = job->name;
    payload["since"] = format_instant(silent.since);
    payload["every"] = format_duration(every);
    payload["deadline"] = format_instant(silent.since + every);
    payload["reason"] = fmt::format("no success within {}", format_duration(every));
    add_last_run(silent.job, payload);
    core_.add_event({job->tenant, "job.silent", job->id.text(), now_, std::move(payload)});
    ++out_.told;
    database().run("UPDATE silences SET at = NULL WHERE job = ?1", silent.job);
  }

  // The run of the job that ended last.
  void add_last_run(JobKey job, json::Object& payload) {
    Rows rows = database().query(
        "SELECT id, state, finished_at FROM runs_done INDEXED BY runs_done_by_finish"
        " WHERE job = ?1 ORDER BY finished_at DESC, id DESC LIMIT 1",
        job);
    if (!rows.next()) return;
    base::RunId id;
    RunState state{};
    base::Instant finished_at;
    rows.read(id, state, finished_at);
    payload["last_run"] = id.text();
    payload["last_state"] = json::to_text(state);
    payload["last_finished_at"] = format_instant(finished_at);
  }

  void find_next(Rows rows) {
    if (!rows.next()) return;
    base::Instant at;
    rows.read(at);
    out_.next_due = std::min(out_.next_due.value_or(at), at);
  }

  Core& core_;
  const base::Instant now_;
  store::ExpectationsChecked out_;
  std::map<JobKey, std::optional<model::TypicalRun>> typical_;
};

}  // namespace

base::Result<store::ExpectationsChecked> apply(Core& core,
                                               const store::CheckExpectations& command) {
  return Check(core, command.now).run();
}

}  // namespace mainspring::sql
