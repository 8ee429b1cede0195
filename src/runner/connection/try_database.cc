// Tries of databases: the session that a job would have, and one question.
#include <fmt/core.h>

#include "json/write.h"
#include "runner/connection/tries.h"
#include "runner/connection/try_connection.h"
#include "runner/sql/database.h"
#include "runner/sql/kept_rows.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;
using model::ConnectionType;

Code code_of(std::string_view type) {
  if (type == sql_fault::kDenied) return Code::permission_denied;
  if (type == sql_fault::kNoDatabase) return Code::not_found;
  if (type == sql_fault::kStatement) return Code::invalid_argument;  // an option, a key of `tls`
  return Code::unavailable;
}

// The server of a try says all this in two cells at the most.
std::string cell(const KeptRows& rows, std::size_t column) {
  if (rows.rows.empty() || column >= rows.rows[0].size()) return {};
  const json::Value& value = rows.rows[0][column];
  return value.is_string() ? one_line(value.get_string()) : json::write(value);
}

std::string describe(ConnectionType type, const KeptRows& rows) {
  const std::string version = cell(rows, 0);
  if (type == ConnectionType::sqlite)
    return fmt::format("SQLite {}, {} tables, indexes, views and triggers", version, cell(rows, 1));
  if (type == ConnectionType::postgres) return version;
  return fmt::format("{} {}", version.contains("MariaDB") ? "MariaDB" : "MySQL", version);
}

// Reads the schema of a file: one of another kind is found out so.
SqlResult<> ask(const SqlOpening& opening, KeptRows& rows) {
  auto session = open_session(opening);
  if (!session) return std::unexpected(std::move(session.error()));
  const bool is_file = opening.address.connection.type == ConnectionType::sqlite;
  return (*session)->execute(
      {is_file ? "SELECT sqlite_version(), count(*) FROM sqlite_schema" : "SELECT version()"},
      rows);
}

}  // namespace

Result<std::string> try_database(const Try& attempt) {
  auto password = load_password(attempt.spec, attempt.values);
  if (!password) return password;
  const SqlAddress address{attempt.spec, std::move(*password), "mainspring connection test"};
  const model::TimeoutSpec timeout{.run = kTryTime, .grace = {}};
  const execution::StopSignal stop;
  SqlWatch watch(timeout, stop);
  KeptRows rows;
  const auto asked = ask({address, watch, rows}, rows);
  if (asked) return describe(attempt.spec.type, rows);
  const SqlFault& fault = asked.error();
  if (watch.look() && fault.type != sql_fault::kLockTimeout)
    return base::fail(Code::timed_out, "the server did not answer in time");
  return base::fail(code_of(fault.type), one_line(fault.message));
}

}  // namespace mainspring::runner
