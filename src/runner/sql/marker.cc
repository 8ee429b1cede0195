#include "runner/sql/marker.h"

#include <fmt/core.h>

#include "json/codec.h"
#include "json/document.h"
#include "json/write.h"
#include "model/codecs.h"
#include "runner/sql/kept_rows.h"

namespace mainspring::runner {

// Times are milliseconds since 1970, the worker's: nothing but the cleaning reads them.
struct RunMarker::Texts {
  const char* find_table;
  const char* create;
  const char* insert;
  const char* finish;
  const char* read;
  const char* clean;
};

namespace {

constexpr const char* kInsert =
    "INSERT INTO mainspring_runs (run_id, attempt, epoch, finished_at, outcome) "
    "VALUES (?, ?, ?, ?, NULL)";
constexpr const char* kFinish =
    "UPDATE mainspring_runs SET finished_at = ?, outcome = ? WHERE run_id = ?";
constexpr const char* kRead = "SELECT outcome, attempt FROM mainspring_runs WHERE run_id = ?";

std::int64_t now_millis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

const RunMarker::Texts& RunMarker::texts_of(model::ConnectionType database) {
  // A run's id begins with its time, so old rows are found by the primary key.
  static constexpr Texts kPostgres = {
      "SELECT 1 WHERE to_regclass('mainspring_runs') IS NOT NULL",
      "CREATE TABLE mainspring_runs (run_id varchar(64) PRIMARY KEY, attempt integer NOT NULL, "
      "epoch bigint NOT NULL, finished_at bigint NOT NULL, outcome text)",
      "INSERT INTO mainspring_runs (run_id, attempt, epoch, finished_at, outcome) "
      "VALUES ($1, $2, $3, $4, NULL)",
      "UPDATE mainspring_runs SET finished_at = $1, outcome = $2 WHERE run_id = $3",
      "SELECT outcome, attempt FROM mainspring_runs WHERE run_id = $1",
      "DELETE FROM mainspring_runs WHERE run_id IN (SELECT run_id FROM mainspring_runs WHERE "
      "run_id < $1 AND finished_at < $2 ORDER BY run_id LIMIT 100 FOR UPDATE SKIP LOCKED)"};
  static constexpr Texts kMysql = {
      "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = "
      "'mainspring_runs'",
      "CREATE TABLE mainspring_runs (run_id varchar(64) CHARACTER SET ascii COLLATE ascii_bin "
      "PRIMARY KEY, attempt integer NOT NULL, epoch bigint NOT NULL, finished_at bigint NOT NULL, "
      "outcome longtext CHARACTER SET utf8mb4) ENGINE=InnoDB",
      kInsert,
      kFinish,
      kRead,
      "DELETE FROM mainspring_runs WHERE run_id < ? AND finished_at < ? ORDER BY run_id LIMIT 100"};
  static constexpr Texts kSqlite = {
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'mainspring_runs'",
      "CREATE TABLE mainspring_runs (run_id text PRIMARY KEY, attempt integer NOT NULL, "
      "epoch integer NOT NULL, finished_at integer NOT NULL, outcome text) WITHOUT ROWID",
      kInsert,
      kFinish,
      kRead,
      "DELETE FROM mainspring_runs WHERE run_id IN (SELECT run_id FROM mainspring_runs WHERE "
      "run_id < ? AND finished_at < ? ORDER BY run_id LIMIT 100)"};
  return database == model::ConnectionType::postgres ? kPostgres
         : database == model::ConnectionType::mysql  ? kMysql
                                                     : kSqlite;
}

RunMarker::RunMarker(model::ConnectionType database, const execution::Order& order,
                     SqlSession& session)
    : texts_(texts_of(database)), order_(order), session_(session) {}

SqlResult<std::vector<json::Array>> RunMarker::ask(std::string_view text,
                                                   std::span<const json::Value> values) {
  KeptRows sink;
  auto done = session_.execute({.text = text, .bind = values}, sink);
  if (!done) return std::unexpected(std::move(done.error()));
  return std::move(sink.rows);
}

// What a role needs, where it has not got it.
SqlFault RunMarker::explain(SqlFault fault) const {
  const bool is_ours = fault.type == sql_fault::kDenied || fault.type == sql_fault::kStatement;
  if (!is_ours) return fault;
  fault.type = sql_fault::kMarker;
  fault.message = fmt::format(
      "transaction: run needs the table mainspring_runs, with the rights to SELECT, INSERT, UPDATE "
      "and DELETE there, and {}; somebody who may can create it: {};",
      fault.message, texts_.create);
  return fault;
}

SqlResult<> RunMarker::prepare() {
  auto found = ask(texts_.find_table, {});
  if (!found) return std::unexpected(std::move(found.error()));
  if (!found->empty()) return {};
  auto created = ask(texts_.create, {});
  if (created) return {};
  // Another attempt may have been quicker, whatever the database calls that.
  found = ask(texts_.find_table, {});
  if (found && !found->empty()) return {};
  return std::unexpected(explain(std::move(created.error())));
}

SqlResult<> RunMarker::take() {
  const json::Value values[] = {json::Value(order_.run_id.text()), order_.attempt, order_.epoch,
                                now_millis()};
  auto inserted = ask(texts_.insert, values);
  if (inserted) return {};
  return std::unexpected(explain(std::move(inserted.error())));
}

SqlResult<> RunMarker::finish(const model::Outcome& outcome) {
  const json::Value values[] = {now_millis(),
                                json::Value(json::encode_text(outcome, json::Audience::self)),
                                json::Value(order_.run_id.text())};
  auto updated = ask(texts_.finish, values);
  if (updated) return {};
  return std::unexpected(explain(std::move(updated.error())));
}

SqlResult<model::Outcome> RunMarker::recorded() {
  const json::Value values[] = {json::Value(order_.run_id.text())};
  auto found = ask(texts_.read, values);
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->empty()) {
    SqlFault gone = make_fault(sql_fault::kSerialization,
                               "another attempt of this run held its marker and gave it up");
    return std::unexpected(std::move(gone));
  }
  const json::Value& text = found->front().front();
  const auto document =
      text.is_string() ? json::parse_json(text.get_string()) : json::parse_json("");
  auto outcome = document ? json::decode<model::Outcome>(*document, json::Audience::self)
                          : base::Result<model::Outcome>(std::unexpected(document.error()));
  if (!outcome)
    return std::unexpected(make_fault(
        sql_fault::kMarker,
        fmt::format("the row of this run in mainspring_runs holds no outcome: its transaction was "
                    "committed half-way, perhaps by a procedure of its own. See what was applied, "
                    "and delete the row where run_id is '{}' to run it again",
                    order_.run_id.text())));
  return std::move(*outcome);
}

void RunMarker::clean() {
  if (order_.run_id.bytes().back() % kCleanEvery != 0) return;
  const auto before = base::from_millis(now_millis()) - std::chrono::days{kMarkerDays};
  const json::Value values[] = {json::Value(base::RunId::make(before, {}).text()),
                                base::to_millis(before)};
  [[maybe_unused]] const auto cleaned = ask(texts_.clean, values);
}

}  // namespace mainspring::runner
