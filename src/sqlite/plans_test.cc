// Asks SQLite how it would run every statement that the questions and the commands prepare: none
// may walk a table that grows, on a database analysed while empty and on a filled one.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>

#include "sql/live_rows.h"
#include "sqlite/engine.h"
#include "sqlite/reads.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

using namespace std::chrono_literals;

const base::Instant kNow = base::from_millis(1'767'225'600'000);

template <class Id>
Id id_of(int number) {
  base::IdEntropy entropy{};
  entropy[8] = static_cast<std::uint8_t>(number >> 8);
  entropy[9] = static_cast<std::uint8_t>(number);
  return Id::make(kNow, entropy);
}

void apply(Engine& engine, store::Command command) {
  static int number = 0;
  const store::Request request{
      std::move(command),
      store::IdempotencyKey{"default", fmt::format("key {}", ++number), "print", kNow}};
  REQUIRE(engine.apply({&request, 1}).replies.at(0).has_value());
}

// Every kind of operation, and a look at history that finds something to remove.
void operate(Engine& engine) {
  int number = 0;
  for (const bool is_named : {false, true}) {
    for (const auto kind : {model::OperationKind::cancel_runs, model::OperationKind::rerun_runs,
                            model::OperationKind::delete_runs}) {
      model::OperationSpec spec;
      spec.kind = kind;
      spec.selection = model::RunSelection{};
      spec.selection->selector = "team=none";
      if (is_named) spec.selection->job = "job-40";
      if (!is_named && kind == model::OperationKind::rerun_runs) {
        spec.selection = model::RunSelection{.job = "", .states = {model::RunState::failed}};
      }
      const auto id = id_of<base::OperationId>(++number);
      apply(engine, store::StartOperation{id, "default", spec, "ada", kNow});
      store::AdvanceOperation piece{.id = id, .now = kNow};
      for (int i = 0; i < 100; ++i)
        piece.ids.push_back(id_of<base::RunId>(10'000 + 200 * number + i));
      apply(engine, piece);
    }
  }
  model::OperationSpec spec;
  spec.kind = model::OperationKind::backfill;
  spec.backfill =
      model::BackfillSpec{.job_id = id_of<base::JobId>(1), .from = kNow - 60s, .until = kNow};
  const auto id = id_of<base::OperationId>(++number);
  apply(engine, store::StartOperation{id, "default", spec, "ada", kNow});
  apply(engine, store::AdvanceOperation{.id = id, .now = kNow});
  apply(engine, store::CancelOperation{"default", id, "ada", kNow});
  apply(engine, store::AdvanceOperation{.id = id, .now = kNow});
  model::RetentionSpec keep{.runs = 0, .age = 1s, .log_age = 1s, .log_bytes = 1, .ledger_age = 1s};
  apply(engine, store::TrimHistory{keep, 50, kNow + 10s, 1h});
  keep.age.reset();
  apply(engine, store::TrimHistory{keep, 50, kNow + 2h, 1s});
}

void check_expectations(Engine& engine) {
  for (const auto later : {0s, 15s, 30s, 90s})
    apply(engine, store::CheckExpectations{kNow + later});
}

void ping(Engine& engine) {
  for (int i = 0; i < 60; ++i) {
    apply(engine, store::RecordPing{"default", id_of<base::JobId>(i), kNow - 1min, kNow, 0,
                                    fmt::format("host-{}", i % 3), kNow});
  }
}

void put_calendars(Engine& engine, model::CalendarSpec calendar) {
  for (int i = 0; i < 30; ++i) {
    calendar.name = fmt::format("calendar-{}", i);
    apply(engine, store::PutCalendar{"default", calendar, "ada", kNow});
  }
  apply(engine, store::DeleteCalendar{"default", "calendar-0", "ada", kNow});
}

void put_connections(Engine& engine) {
  model::ConnectionSpec connection;
  connection.type = model::ConnectionType::sqlite;
  connection.path = "/var/lib/app.db";
  for (int i = 0; i < 30; ++i) {
    connection.name = fmt::format("connection-{}", i);
    apply(engine, store::PutConnection{"default", connection, "ada", kNow});
  }
  connection.description = "changed";
  apply(engine, store::PutConnection{"default", connection, "ada", kNow});
  apply(engine, store::DeleteConnection{"default", "connection-0", "ada", kNow});
}

// What an engine asks that shares its database.
void refresh(Engine& engine) {
  sql::Changes changes;
  changes.runs = {{sql::kDefaultTenant, {id_of<base::RunId>(50)}}};
  changes.queues = {{sql::kDefaultTenant, "default"}};
  changes.pauses = {1};
  sql::LiveIndex live = engine.core().live();
  sql::refresh_live(engine.database(), changes, live);
}

// Some of everything, so that every command prepares its statements.
void fill(Engine& engine) {
  model::Worker worker;
  worker.id = id_of<base::WorkerId>(1);
  apply(engine, store::RegisterWorker{worker, 1, kNow});
  model::CalendarSpec calendar;
  calendar.name = "holidays";
  apply(engine, store::PutCalendar{"default", calendar, "ada", kNow});
  put_calendars(engine, calendar);
  put_connections(engine);
  for (int i = 0; i < 60; ++i) {
    store::JobDraft draft;
    draft.fresh_id = id_of<base::JobId>(i);
    draft.fresh_schedule_ids = {id_of<base::ScheduleId>(i)};
    draft.spec.name = fmt::format("job-{}", i);
    draft.spec.labels["team"] = "data";
    draft.spec.retry.max_attempts = 2;
    if (i % 3 == 0) draft.spec.expect = model::ExpectSpec{10s, 20s, 60s};
    model::ScheduleSpec schedule;
    schedule.every = 60s;
    if (i % 2 == 0) schedule.calendar = "holidays";
    if (i % 4 == 0) draft.spec.sql.emplace().connection = fmt::format("connection-{}", 1 + i % 20);
    draft.spec.schedule = {schedule};
    apply(engine, store::ApplyJobs{"default", {draft}, "ada", kNow});
    store::NewRun run;
    run.id = id_of<base::RunId>(i);
    run.job_id = draft.fresh_id;
    run.due_at = kNow;
    run.params["n"] = json::Value(i);
    apply(engine, store::SubmitRuns{"default", {run}, "ada", kNow});
    model::SchedulePlan plan;
    plan.schedule_id = draft.fresh_schedule_ids[0];
    plan.from = kNow;
    plan.until = kNow + 60s;
    plan.fires.push_back({kNow + 60s, id_of<base::RunId>(1'000 + i), "local", ""});
    plan.endings.push_back({kNow + 10s, kNow + 20s, 3, model::Ending::missed_expired, {}, "", ""});
    apply(engine, store::Materialise{{plan}, kNow});
  }
  apply(engine, store::ClaimRuns{worker.id, 40, 10s, kNow});
  for (int i = 0; i < 20; ++i) {
    const store::LeaseRef lease{id_of<base::RunId>(i), 1};
    apply(engine, store::AppendLog{lease, {{1, model::LogStream::out, kNow, {"x"}}}});
    apply(engine, store::ReportProgress{lease, {0.5, "half", kNow}});
    model::Outcome outcome;
    if (i % 2 == 0) outcome.status = model::OutcomeStatus::failed;
    apply(engine, store::FinishAttempt{lease, outcome, 1, kNow});
    apply(engine, store::FinishAttempt{lease, outcome, 1, kNow});
  }
  apply(engine, store::RenewLeases{worker.id, {{id_of<base::RunId>(30), 1}}, 10s, kNow});
  apply(engine, store::CancelRun{"default", id_of<base::RunId>(31), "ada", "", kNow});
  apply(engine, store::CancelRun{"default", id_of<base::RunId>(55), "ada", "", kNow});
  apply(engine, store::PauseJob{"default", id_of<base::JobId>(3), "", "ada", kNow});
  ping(engine);
  apply(engine, store::DeleteJob{"default", id_of<base::JobId>(4), {}, "ada", kNow});
  for (int i = 0; i < 30; ++i) {
    apply(engine, store::PutToken{id_of<base::TokenId>(i),
                                  "default",
                                  fmt::format("ci-{}", i),
                                  {fmt::format("hash {}", i)},
                                  {"a"},
                                  kNow});
  }
  calendar.name = "holidays";
  calendar.description = "changed";
  apply(engine, store::PutCalendar{"default", calendar, "ada", kNow});
  operate(engine);
  check_expectations(engine);
  apply(engine, store::PromoteDue{kNow + 60s});
  apply(engine, store::ExpireLeases{1, kNow + 60s});
  refresh(engine);
}

void ask(Reads& reads) {
  const auto job = id_of<base::JobId>(1);
  const auto run = id_of<base::RunId>(1);
  reads.jobs().find_by_id("default", job);
  reads.jobs().find_by_name("default", "job-1");
  reads.jobs().find_version(job, 1);
  (void)reads.jobs().versions(job, {});
  (void)reads.jobs().list({.tenant = "default"}, {});
  (void)reads.jobs().list({.tenant = "default", .selector = *model::parse_selector("team=data")},
                          {});
  (void)reads.jobs().list({.tenant = "default", .paused = true}, {});
  reads.runs().find("default", run);
  reads.runs().attempts(run);
  reads.runs().timings(job, 200);
  reads.runs().recent(job, 14);
  reads.runs().finished(job, 500);
  reads.runs().ended_per_minute("default", kNow - 1h);
  reads.jobs().find_watch(job);
  reads.jobs().failing("default", 10);
  (void)reads.jobs().list({.tenant = "default", .ended = {model::RunState::failed}}, {});
  reads.runs().log({.run_id = run});
  reads.runs().log({.run_id = run, .attempt = 1});
  using model::RunState;
  (void)reads.runs().list({.tenant = "default"}, {});
  (void)reads.runs().list({.tenant = "default", .job_id = job}, {});
  (void)reads.runs().list({.tenant = "default", .states = {RunState::running, RunState::failed}},
                          {});
  reads.schedules().active({}, 10);
  reads.schedules().of_job(job);
  (void)reads.schedules().occurrences({.tenant = "default"}, {});
  (void)reads.schedules().occurrences({.tenant = "default", .job_id = job}, {});
  (void)reads.schedules().occurrences(
      {.tenant = "default", .ending = model::Ending::missed_expired}, {});
  (void)reads.schedules().occurrences(
      {.tenant = "default", .selector = *model::parse_selector("team=data")}, {});
  reads.schedules().occurrences_at(job, kNow);
  reads.schedules().endings(job, kNow - 1h, kNow + 1h);
  reads.calendars().all("default");
  reads.calendars().find("default", "holidays");
  reads.connections().all("default");
  reads.connections().find("default", "connection-1");
  reads.pings().of_job(job, kNow - 1h, kNow);
  reads.events().after({"default", "run.", ""}, 0, 10);
  reads.events().after({"default", "", run.text()}, 0, 10);
  reads.events().before({"default", "run.", ""}, 1'000, 10);
  reads.events().before({"default", "", run.text()}, 1'000, 10);
  reads.events().last_position();
  reads.events().first_position();
  reads.operations().find("default", id_of<base::OperationId>(1));
  (void)reads.operations().list("default", {});
  reads.operations().open();
  for (const auto kind : {model::OperationKind::cancel_runs, model::OperationKind::delete_runs}) {
    model::OperationSpec spec;
    spec.kind = kind;
    spec.selection = model::RunSelection{};
    (void)reads.operations().count("default", spec);
    spec.selection->job = "job-1";
    spec.selection->selector = "team=data";
    (void)reads.operations().count("default", spec);
    spec.selection->job = job.text();
    (void)reads.operations().count("default", spec);
  }
  reads.workers().all();
  reads.tokens().find({"h"});
  reads.tokens().all("default");
}

// Tables with one row per tenant or node, and the one walk at start.
bool may_scan(const std::string& sql, const std::string& step) {
  return step.starts_with("SCAN t ") || step == "SCAN t" || step.starts_with("SCAN tenants") ||
         step.starts_with("SCAN workers") || step == "SCAN w" || step.starts_with("SCAN queues") ||
         step.starts_with("SCAN queue_shares") || step.starts_with("SCAN CONSTANT ROW") ||
         sql.find("FROM runs_live AS every_run") != std::string::npos ||
         sql.find("sqlite_schema") != std::string::npos;
}

void check_plans(Database& database, const std::string& path) {
  Database connection(path, Database::Access::read);
  for (const std::string& sql : database.prepared_texts()) {
    if (!sql.starts_with("SELECT") && !sql.starts_with("UPDATE") && !sql.starts_with("DELETE") &&
        !sql.starts_with("INSERT")) {
      continue;
    }
    sqlite3_stmt* statement = nullptr;
    const std::string question = "EXPLAIN QUERY PLAN " + sql;
    REQUIRE(sqlite3_prepare_v2(connection.handle(), question.c_str(), -1, &statement, nullptr) ==
            SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const std::string step = reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
      INFO(sql << "\n  " << step);
      CHECK((!step.starts_with("SCAN") || may_scan(sql, step)));
      CHECK(step.find("TEMP B-TREE") == std::string::npos);
    }
    sqlite3_finalize(statement);
  }
}

TEST_CASE("no statement walks a table that grows or sorts what it reads") {
  TestDirectory directory;
  const std::string path = directory.path() + "/m.db";
  Engine engine(path);
  Reads reads(path, engine.counts());
  SUBCASE("analysed while empty") { engine.database().execute("ANALYZE"); }
  SUBCASE("never analysed") {}
  SUBCASE("analysed when filled") {
    fill(engine);
    engine.database().execute("ANALYZE");
    ask(reads);
    check_plans(reads.database(), path);
    check_plans(engine.database(), path);
    return;
  }
  ask(reads);
  check_plans(reads.database(), path);
  fill(engine);
  check_plans(reads.database(), path);
  check_plans(engine.database(), path);
}

}  // namespace
}  // namespace mainspring::sqlite
