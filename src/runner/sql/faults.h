// SqlFault: why a database did not do what it was asked, in the words of the outcome: what it is
// called, whether another attempt may fare better, and what to do.
//
// Pure functions. Sources: appendix A of PostgreSQL's manual; MariaDB's and MySQL's lists of error
// codes; sqlite.org/rescode.html.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace mainspring::runner {

// The words of `error.type`; docs/guide/sql-jobs.md explains each.
namespace sql_fault {
inline constexpr const char* kConnection = "connection";
inline constexpr const char* kSerialization = "serialization";
inline constexpr const char* kDeadlock = "deadlock";
inline constexpr const char* kLockTimeout = "lock_timeout";
inline constexpr const char* kResources = "resources";
inline constexpr const char* kDenied = "denied";
inline constexpr const char* kNoDatabase = "no_database";
inline constexpr const char* kConstraint = "constraint";
inline constexpr const char* kStatement = "statement";
inline constexpr const char* kValue = "value";
inline constexpr const char* kTransaction = "transaction";
inline constexpr const char* kStoppedByServer = "stopped_by_server";
inline constexpr const char* kUnknownCommit = "unknown_commit";
inline constexpr const char* kMarker = "marker";
inline constexpr const char* kDatabase = "database";
}  // namespace sql_fault

struct SqlFault {
  std::string type;
  bool is_retryable = false;
  bool is_lost = false;       // the session is over: what was under way may have taken effect
  bool is_duplicate = false;  // a key that is there already
  std::string message;        // what was said and what to do; no address, no full stop
};

template <class T = void>
using SqlResult = std::expected<T, SqlFault>;

// `state` is a SQLSTATE; "" when the connection itself failed.
SqlFault make_postgres_fault(std::string_view state, std::string_view text);
// `state` may be "HY000", which says nothing.
SqlFault make_mysql_fault(unsigned number, std::string_view state, std::string_view text);
// `code` is an extended result code.
SqlFault make_sqlite_fault(int code, std::string_view text);

// A fault of our own finding.
SqlFault make_fault(const char* type, std::string message);
// The connection that broke, or that we gave up.
SqlFault make_lost(std::string message);

}  // namespace mainspring::runner
