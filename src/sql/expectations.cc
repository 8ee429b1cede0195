#include "sql/expectations.h"

#include <fmt/core.h>

#include <vector>

#include "json/codec.h"

namespace mainspring::sql {
namespace {

using base::format_duration;
using model::ExpectSpec;
using model::RunState;

std::optional<ExpectSpec> expectation_of(Core& core, const LiveRun& run) {
  return core.load_spec(run.job, run.version)->expect;
}

struct Deadline {
  Expectation kind = Expectation::start;
  base::Instant at;  // when it is looked at first
  base::Duration limit{0};
};

void put_deadline(Core& core, const LiveRun& run, const Deadline& deadline) {
  core.database().run(
      "INSERT INTO expectations(run, kind, due_at, deadline, at) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT(run, kind) DO NOTHING",
      run.id, deadline.kind, run.due_at, run.due_at + deadline.limit, deadline.at);
}

// How often a success of the job is expected: what its row in `silences` says too.
std::optional<base::Duration> awaited_of(Core& core, JobKey job) {
  const auto spec = core.load_spec(job, core.get_job(job)->version);
  return spec->expect ? spec->expect->every : std::nullopt;
}

// Deadlines of the run that have passed by `now` and that nobody was told of.
std::vector<Lateness> find_passed(Core& core, const LiveRun& run, base::Instant now) {
  std::vector<Lateness> out;
  Rows rows = core.database().query(
      "SELECT kind, due_at, deadline FROM expectations"
      " WHERE run = ?1 AND kind IN (0, 1) AND at <= ?2",
      run.id, now);
  while (rows.next()) {
    Lateness& passed = out.emplace_back();
    rows.read(passed.kind, passed.due_at, passed.deadline);
    passed.now = now;
  }
  return out;
}

}  // namespace

void expect_run(Core& core, const LiveRun& run) {
  const auto expect = expectation_of(core, run);
  if (!expect) return;
  if (expect->start_within) {
    const base::Duration limit = *expect->start_within;
    put_deadline(core, run, {Expectation::start, run.due_at + limit, limit});
  }
  if (!expect->finish_within) return;
  const base::Duration limit = *expect->finish_within;
  put_deadline(core, run, {Expectation::finish, run.due_at + limit, limit});
  // What is typical by then is asked when the run is due.
  put_deadline(core, run, {Expectation::predicted, run.due_at, limit});
}

void expect_run_anew(Core& core, const LiveRun& run) {
  const auto expect = expectation_of(core, run).value_or(ExpectSpec{});
  core.database().run(
      "DELETE FROM expectations WHERE run = ?1"
      " AND (told = 0 OR (kind = 0 AND ?2 = 0) OR (kind != 0 AND ?3 = 0))",
      run.id, expect.start_within.has_value(), expect.finish_within.has_value());
  expect_run(core, run);
}

void note_start(Core& core, const LiveRun& run, base::Instant now) {
  const auto expect = expectation_of(core, run);
  if (!expect || !expect->start_within) return;
  for (Lateness& passed : find_passed(core, run, now)) {
    if (passed.kind != Expectation::start) continue;
    passed.reason =
        fmt::format("it started {} after it was due", format_duration(now - passed.due_at));
    tell_late(core, run, passed);
  }
  core.database().run("DELETE FROM expectations WHERE run = ?1 AND kind = ?2", run.id,
                      Expectation::start);
}

void note_retry(Core& core, const LiveRun& run, base::Instant now) {
  const auto expect = expectation_of(core, run);
  if (!expect || !expect->finish_within) return;
  core.database().run("UPDATE expectations SET at = ?3 WHERE run = ?1 AND kind = ?2 AND told = 0",
                      run.id, Expectation::predicted, now);
}

void note_finish(Core& core, const LiveRun& run, const Finish& finish) {
  if (finish.state == RunState::succeeded) note_success(core, run.job, finish.now);
  if (!expectation_of(core, run)) return;
  const bool was_to_start = run.attempts > 0 || finish.state == RunState::timed_out;
  if (was_to_start) {
    for (Lateness& passed : find_passed(core, run, finish.now)) {
      passed.reason =
          fmt::format("it {} {} after it was due",
                      passed.kind == Expectation::start ? "ended without a start" : "ended",
                      format_duration(finish.now - passed.due_at));
      tell_late(core, run, passed);
    }
  }
  forget_expectations(core, run.id);
}

void forget_expectations(Core& core, base::RunId run) {
  core.database().run("DELETE FROM expectations WHERE run = ?1", run);
}

void tell_late(Core& core, const LiveRun& run, const Lateness& lateness) {
  json::Object payload;
  payload["job"] = core.get_job(run.job)->name;
  payload["run"] = run.id.text();
  payload["expectation"] = lateness.kind == Expectation::start ? "start_within" : "finish_within";
  payload["due_at"] = base::format_instant(lateness.due_at);
  payload["limit"] = format_duration(lateness.deadline - lateness.due_at);
  payload["deadline"] = base::format_instant(lateness.deadline);
  payload["state"] = json::to_text(run.state);
  payload["attempt"] = run.attempts;
  payload["reason"] = lateness.reason;
  core.add_event({run.tenant, "run.late", run.id.text(), lateness.now, std::move(payload)});
}

void watch_job(Core& core, JobKey job, base::Duration every, base::Instant now) {
  std::optional<base::Instant> at;
  if (!core.get_job(job)->pause) at = now + every;
  core.database().run(
      "INSERT INTO silences(job, every, since, at) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT(job) DO UPDATE SET every = excluded.every, since = excluded.since,"
      " at = excluded.at WHERE silences.every != excluded.every",
      job, every.count(), now, at);
}

void unwatch_job(Core& core, JobKey job) {
  core.database().run("DELETE FROM silences WHERE job = ?1", job);
}

void pause_watch(Core& core, JobKey job) {
  core.database().run("UPDATE silences SET at = NULL WHERE job = ?1", job);
}

void resume_watch(Core& core, JobKey job, base::Instant at) {
  const auto every = awaited_of(core, job);
  if (!every) return;
  core.database().run("UPDATE silences SET since = ?2, at = ?3 WHERE job = ?1", job, at,
                      at + *every);
}

void note_success(Core& core, JobKey job, base::Instant ended_at) {
  const auto every = awaited_of(core, job);
  if (!every) return;
  std::optional<base::Instant> at;
  if (!core.get_job(job)->pause) at = ended_at + *every;
  core.database().run("UPDATE silences SET since = ?2, at = ?3 WHERE job = ?1 AND since <= ?2", job,
                      ended_at, at);
}

}  // namespace mainspring::sql
