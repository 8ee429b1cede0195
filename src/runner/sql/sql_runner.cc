#include "runner/sql/sql_runner.h"

#include <fmt/core.h>

#include "json/codec.h"
#include "json/write.h"
#include "runner/attempt/masked_report.h"
#include "runner/attempt/outcomes.h"
#include "runner/attempt/values.h"
#include "runner/sql/database.h"
#include "runner/sql/marker.h"
#include "runner/sql/row_collector.h"
#include "runner/sql/script_text.h"
#include "runner/sql/sql_watch.h"

namespace mainspring::runner {
namespace {

using execution::Order;
using model::ConnectionSpec;
using model::ConnectionType;
using model::Outcome;
using model::OutcomeStatus;
using model::SqlTransaction;

bool is_database(const ConnectionSpec& connection) {
  return connection.type == ConnectionType::postgres || connection.type == ConnectionType::mysql ||
         connection.type == ConnectionType::sqlite;
}

// "the connection 'warehouse' (postgres, db.example:5432)"
std::string describe(const ConnectionSpec& connection) {
  std::string where = connection.path;
  if (connection.type != ConnectionType::sqlite)
    where = connection.host + (connection.port ? fmt::format(":{}", *connection.port) : "");
  return fmt::format("the connection '{}' ({}, {})", connection.name,
                     json::to_text(connection.type), where);
}

// One attempt, from the session to the outcome.
class SqlAttempt {
 public:
  struct Parts {
    const Order& order;
    const SqlAddress& address;
    SqlWatch& watch;
    MaskedReport& report;
  };
  explicit SqlAttempt(const Parts& parts)
      : parts_(parts),
        spec_(*parts.order.spec->sql),
        sink_(spec_, parts.report, parts.watch),
        work_{spec_.statement.empty() ? spec_.script : spec_.statement, parts.address.form,
              spec_.bind} {}

  Outcome run();

 private:
  // How far it has come, when the connection breaks.
  enum class Phase { connecting, working, committing };

  SqlResult<Outcome> run_once();
  SqlResult<Outcome> run_transaction();
  SqlResult<Outcome> run_marked();
  SqlResult<> check_script() const;
  SqlResult<> work_in_transaction();
  SqlResult<> commit();
  SqlResult<Outcome> report_recorded(RunMarker& marker);
  Outcome make_success();
  Outcome fail(const SqlFault& fault);
  Outcome fail_unknown(const SqlFault& fault);
  Outcome fail_stopped(const SqlFault& fault);

  const Parts parts_;
  const model::SqlSpec& spec_;
  RowCollector sink_;
  const SqlWork work_;
  std::unique_ptr<SqlSession> session_;
  Phase phase_ = Phase::connecting;
};

Outcome SqlAttempt::run() {
  if (auto checked = check_script(); !checked) return fail(checked.error());
  auto session = open_session({parts_.address, parts_.watch, sink_});
  if (!session) return fail(session.error());
  session_ = std::move(*session);
  phase_ = Phase::working;
  auto outcome = spec_.transaction == SqlTransaction::none      ? run_once()
                 : spec_.transaction == SqlTransaction::attempt ? run_transaction()
                                                                : run_marked();
  if (outcome) return std::move(*outcome);
  Outcome failed = fail(outcome.error());
  session_->rollback();
  return failed;
}

SqlResult<> SqlAttempt::check_script() const {
  if (spec_.transaction == SqlTransaction::none) return {};
  const auto breaker = find_transaction_breaker(work_.text, parts_.address.connection.type);
  if (!breaker) return {};
  return std::unexpected(make_fault(
      sql_fault::kTransaction,
      fmt::format("{} would begin or end a transaction, and the one around this job's SQL is the "
                  "runner's; take it out, or say transaction: none",
                  *breaker)));
}

Outcome SqlAttempt::make_success() {
  Outcome outcome;
  outcome.result = sink_.take_result();
  outcome.result_media_type = "application/json";
  return outcome;
}

SqlResult<Outcome> SqlAttempt::run_once() {
  if (auto done = session_->execute(work_, sink_); !done)
    return std::unexpected(std::move(done.error()));
  return make_success();
}

SqlResult<> SqlAttempt::work_in_transaction() {
  if (auto done = session_->execute(work_, sink_); !done) return done;
  if (session_->is_in_transaction()) return {};
  return std::unexpected(make_fault(
      sql_fault::kTransaction,
      "the SQL ended the transaction that the runner had begun, perhaps in a procedure, so part of "
      "it is committed; take that out, or say transaction: none"));
}

SqlResult<> SqlAttempt::commit() {
  if (parts_.watch.look())
    return std::unexpected(make_fault(sql_fault::kStoppedByServer, "not committed"));
  phase_ = Phase::committing;
  auto done = session_->commit();
  if (!done && !done.error().is_lost && done.error().type != sql_fault::kUnknownCommit)
    phase_ = Phase::working;  // refused: it took no effect
  return done;
}

SqlResult<Outcome> SqlAttempt::run_transaction() {
  if (auto begun = session_->begin(spec_.isolation, work_); !begun)
    return std::unexpected(std::move(begun.error()));
  if (auto done = work_in_transaction(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = commit(); !done) return std::unexpected(std::move(done.error()));
  return make_success();
}

SqlResult<Outcome> SqlAttempt::run_marked() {
  RunMarker marker(parts_.address.connection.type, parts_.order, *session_);
  if (auto ready = marker.prepare(); !ready) return std::unexpected(std::move(ready.error()));
  const SqlWork all{work_.text, SqlForm::script, {}};  // the marker is written whatever the work is
  if (auto begun = session_->begin(spec_.isolation, all); !begun)
    return std::unexpected(std::move(begun.error()));
  if (auto taken = marker.take(); !taken) {
    if (!taken.error().is_duplicate) return std::unexpected(std::move(taken.error()));
    session_->rollback();
    return report_recorded(marker);
  }
  if (auto done = work_in_transaction(); !done) return std::unexpected(std::move(done.error()));
  Outcome outcome = make_success();
  if (auto done = marker.finish(outcome); !done) return std::unexpected(std::move(done.error()));
  if (auto done = commit(); !done) return std::unexpected(std::move(done.error()));
  marker.clean();
  return outcome;
}

SqlResult<Outcome> SqlAttempt::report_recorded(RunMarker& marker) {
  auto outcome = marker.recorded();
  if (!outcome) return outcome;
  parts_.report.note(
      "an earlier attempt of this run has committed; nothing is applied again, and its outcome is "
      "reported");
  return outcome;
}

Outcome SqlAttempt::fail(const SqlFault& fault) {
  if (parts_.watch.look()) return fail_stopped(fault);
  const bool is_unknown =
      fault.type == sql_fault::kUnknownCommit ||
      (fault.is_lost && (phase_ == Phase::committing ||
                         (phase_ == Phase::working && spec_.transaction == SqlTransaction::none)));
  if (is_unknown) return fail_unknown(fault);
  return make_failure(fault.is_retryable ? OutcomeStatus::retryable : OutcomeStatus::failed,
                      fault.type,
                      fmt::format("{}: {}", describe(parts_.address.connection), fault.message));
}

Outcome SqlAttempt::fail_unknown(const SqlFault& fault) {
  const std::string where = describe(parts_.address.connection);
  switch (spec_.transaction) {
    case SqlTransaction::run:
      return make_failure(
          OutcomeStatus::retryable, sql_fault::kUnknownCommit,
          fmt::format("{}: the connection broke during COMMIT: {}; the next attempt looks whether "
                      "it took effect, and applies it once",
                      where, fault.message));
    case SqlTransaction::attempt:
      return make_failure(
          OutcomeStatus::failed, sql_fault::kUnknownCommit,
          fmt::format("{}: the connection broke during COMMIT: {}; it may have been applied, so it "
                      "is not tried again. transaction: run would find out",
                      where, fault.message));
    case SqlTransaction::none:
      break;
  }
  return make_failure(
      OutcomeStatus::failed, sql_fault::kUnknownCommit,
      fmt::format("{}: the connection broke while a statement ran outside of a transaction: {}; it "
                  "may have been applied, so it is not tried again",
                  where, fault.message));
}

Outcome SqlAttempt::fail_stopped(const SqlFault& fault) {
  if (phase_ == Phase::connecting) return parts_.watch.make_outcome("nothing was begun");
  if (phase_ == Phase::committing)
    return parts_.watch.make_outcome(
        "the connection was given up during COMMIT, so it may have "
        "been applied");
  if (spec_.transaction == SqlTransaction::none)
    return parts_.watch.make_outcome(
        fault.is_lost ? "the connection was given up; outside of a transaction, the statement that "
                        "ran may go on in the server"
                      : "the statement that ran was ended; what ran before it stays");
  return parts_.watch.make_outcome(fault.is_lost ? "the connection was given up, and with it the "
                                                   "transaction"
                                                 : "the transaction was rolled back");
}

}  // namespace

Outcome SqlRunner::run(const Order& order, const execution::StopSignal& stop,
                       execution::Report& report) {
  SqlWatch watch(order.spec->timeout, stop);
  const model::SqlSpec& spec = *order.spec->sql;
  const ConnectionSpec* connection = order.find_connection(spec.connection);
  if (connection == nullptr)
    return make_failure(OutcomeStatus::failed, "start",
                        fmt::format("there is no connection '{}'; jobctl connection list shows "
                                    "those that there are",
                                    spec.connection));
  if (!is_database(*connection))
    return make_failure(
        OutcomeStatus::failed, "start",
        fmt::format("the connection '{}' is of type {}; a job of type sql needs one of type "
                    "postgres, mysql or sqlite",
                    connection->name, json::to_text(connection->type)));
  Values values{order.tenant, secrets_};
  auto password = load_password(*connection, values);
  if (!password) return make_start_failure(password.error());
  SqlAddress address{*connection, std::move(*password),
                     fmt::format("mainspring/{} {}", order.spec->name, order.run_id.text()),
                     spec.statement.empty() ? SqlForm::script : SqlForm::statement};
  MaskedReport masked{report, values.secret()};
  for (const std::string& note : values.notes())
    masked.note(note);
  Outcome outcome = SqlAttempt({order, address, watch, masked}).run();
  masked.finish();
  outcome.usage = {};
  outcome.usage.wall = watch.elapsed();
  return masked.mask(std::move(outcome));
}

}  // namespace mainspring::runner
