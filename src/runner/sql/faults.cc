#include "runner/sql/faults.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/core.h>
#include <sqlite3.h>

namespace mainspring::runner {
namespace {

using namespace sql_fault;

// What each word means for the attempt, and for who reads it.
struct Meaning {
  const char* type;
  enum : char { failed, retryable } status;
  std::string_view advice;
};

constexpr Meaning kMeanings[] = {
    {kConnection, Meaning::retryable, "the server may be down, restarting or full"},
    {kSerialization, Meaning::retryable, "the database asks to try the transaction again"},
    {kDeadlock, Meaning::retryable, "the database chose this transaction to break a deadlock"},
    {kLockTimeout, Meaning::retryable, "another session holds a lock that is needed"},
    {kResources, Meaning::retryable, "the server is short of memory, disk or something else"},
    {kDenied, Meaning::failed, "look at the user, the password and the rights of the user"},
    {kNoDatabase, Meaning::failed, "look at the database or path of the connection"},
    {kConstraint, Meaning::failed, "a rule of the database's own tables forbids it"},
    {kStatement, Meaning::failed, "look at the SQL of the job"},
    {kValue, Meaning::failed, "look at the values that the statement is given or reads"},
    {kStoppedByServer, Meaning::failed, "an administrator or a time limit of the server ended it"},
};

SqlFault mean(const char* type, std::string_view text) {
  SqlFault fault{.type = type, .message = std::string{text}};
  while (fault.message.ends_with('.') || fault.message.ends_with('\n') ||
         fault.message.ends_with(' '))
    fault.message.pop_back();
  const auto* const found = std::ranges::find(kMeanings, std::string_view{type}, &Meaning::type);
  if (found == std::end(kMeanings)) return fault;
  fault.is_retryable = found->status == Meaning::retryable;
  fault.message += fmt::format(" ({})", found->advice);
  return fault;
}

// What a SQLSTATE means, or a class of them; the first row that fits.
struct State {
  std::string_view prefix;
  const char* type;
};

constexpr State kPostgresStates[] = {
    {"08P01", kStatement},  // such as a wrong number of values
    {"08007", kUnknownCommit},
    {"40003", kUnknownCommit},
    {"08", kConnection},
    {"40P01", kDeadlock},
    {"40", kSerialization},
    {"53300", kConnection},
    {"53", kResources},
    {"55P03", kLockTimeout},
    {"57014", kStoppedByServer},
    {"57P04", kNoDatabase},
    {"57P0", kConnection},
    {"25P03", kConnection},  // a transaction that stood still
    {"25P04", kStoppedByServer},
    {"3D", kNoDatabase},
    {"28", kDenied},
    {"42501", kDenied},
    {"25006", kDenied},
    {"42", kStatement},
    {"26", kStatement},
    {"0A", kStatement},
    {"25", kTransaction},
    {"2D", kTransaction},
    {"23", kConstraint},
    {"44", kConstraint},
    {"27", kConstraint},
    {"22", kValue},
    {"21", kValue},
};

constexpr State kMysqlStates[] = {
    {"08", kConnection}, {"40", kSerialization}, {"28", kDenied}, {"42", kStatement},
    {"23", kConstraint}, {"22", kValue},         {"21", kValue},  {"25", kTransaction},
};

struct Numbers {
  const char* type;
  std::span<const unsigned> numbers;
};

constexpr unsigned kMysqlConnection[] = {1040, 1041, 1053, 1077, 1079, 1080, 1129, 1152, 1153,
                                         1156, 1157, 1158, 1159, 1160, 1161, 1184, 1203, 1927};
constexpr unsigned kMysqlSerialization[] = {1020, 1637};
constexpr unsigned kMysqlDeadlock[] = {1213, 1614};
constexpr unsigned kMysqlLock[] = {1205, 3572};
constexpr unsigned kMysqlResources[] = {1021, 1037, 1038, 1114, 1135, 1206, 1226};
constexpr unsigned kMysqlDenied[] = {1044, 1045, 1142, 1143, 1227, 1290,
                                     1370, 1410, 1698, 1792, 1836, 3118};
constexpr unsigned kMysqlNoDatabase[] = {1049};
constexpr unsigned kMysqlConstraint[] = {1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451,
                                         1452, 1557, 1586, 1761, 1762, 3819, 4025};
constexpr unsigned kMysqlValue[] = {1264, 1265, 1292, 1365, 1366, 1367, 1406, 1411, 1690};
constexpr unsigned kMysqlStopped[] = {1317, 1969, 3024};
constexpr unsigned kMysqlStatement[] = {1295, 1210, 2031, 2030};

constexpr Numbers kMysqlNumbers[] = {
    {kConnection, kMysqlConnection}, {kSerialization, kMysqlSerialization},
    {kDeadlock, kMysqlDeadlock},     {kLockTimeout, kMysqlLock},
    {kResources, kMysqlResources},   {kDenied, kMysqlDenied},
    {kNoDatabase, kMysqlNoDatabase}, {kConstraint, kMysqlConstraint},
    {kValue, kMysqlValue},           {kStoppedByServer, kMysqlStopped},
    {kStatement, kMysqlStatement},
};

const char* find_state(std::span<const State> states, std::string_view state) {
  for (const State& each : states)
    if (state.starts_with(each.prefix)) return each.type;
  return kDatabase;
}

const char* find_mysql_type(unsigned number, std::string_view state) {
  for (const Numbers& each : kMysqlNumbers)
    if (std::ranges::find(each.numbers, number) != each.numbers.end()) return each.type;
  if (number >= 2000 && number < 3000) return kConnection;  // of the client's library
  return find_state(kMysqlStates, state);
}

const char* find_sqlite_type(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return kLockTimeout;
    case SQLITE_CONSTRAINT:
      return kConstraint;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return kDenied;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
      return kNoDatabase;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return kResources;
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return kValue;
    case SQLITE_ERROR:
      return kStatement;
    default:
      return kDatabase;
  }
}

}  // namespace

SqlFault make_fault(const char* type, std::string message) { return mean(type, message); }

SqlFault make_lost(std::string message) {
  SqlFault fault = mean(kConnection, message);
  fault.is_lost = true;
  return fault;
}

SqlFault make_postgres_fault(std::string_view state, std::string_view text) {
  if (state.empty()) return mean(kConnection, text);
  SqlFault fault =
      mean(find_state(kPostgresStates, state), fmt::format("{}, SQLSTATE {}", text, state));
  fault.is_duplicate = state == "23505";
  return fault;
}

SqlFault make_mysql_fault(unsigned number, std::string_view state, std::string_view text) {
  SqlFault fault = mean(find_mysql_type(number, state), fmt::format("{}, error {}", text, number));
  fault.is_duplicate = number == 1062 || number == 1586;
  return fault;
}

SqlFault make_sqlite_fault(int code, std::string_view text) {
  SqlFault fault = mean(find_sqlite_type(code), fmt::format("{}, result code {}", text, code));
  fault.is_duplicate = code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE;
  return fault;
}

}  // namespace mainspring::runner
