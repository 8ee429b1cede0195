#include "runner/sql/faults.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "runner/sql/postgres_types.h"

namespace mainspring::runner {
namespace {

TEST_CASE("what may go better another time is retryable, in the words of each database") {
  for (const char* state : {"40001", "40P01", "55P03", "57P01", "57P03", "08006", "53300", "53200"})
    CHECK_MESSAGE(make_postgres_fault(state, "x").is_retryable, state);
  for (const unsigned number : {1213U, 1205U, 1040U, 2002U, 2013U, 1053U})
    CHECK_MESSAGE(make_mysql_fault(number, "HY000", "x").is_retryable, number);
  for (const int code : {SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED, SQLITE_FULL})
    CHECK_MESSAGE(make_sqlite_fault(code, "x").is_retryable, code);
}

TEST_CASE("what would fail again is not") {
  for (const char* state : {"42601", "42P01", "42501", "23505", "22P02", "28P01", "3D000", "08P01",
                            "25006", "57014", "57P04", "XX000"})
    CHECK_MESSAGE(!make_postgres_fault(state, "x").is_retryable, state);
  for (const unsigned number : {1064U, 1146U, 1142U, 1062U, 1406U, 1045U, 1049U, 1317U})
    CHECK_MESSAGE(!make_mysql_fault(number, "HY000", "x").is_retryable, number);
  for (const int code :
       {SQLITE_ERROR, SQLITE_CONSTRAINT_UNIQUE, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_CORRUPT})
    CHECK_MESSAGE(!make_sqlite_fault(code, "x").is_retryable, code);
}

TEST_CASE("a number that says nothing leaves it to the SQLSTATE") {
  CHECK_EQ(make_mysql_fault(1064, "42000", "x").type, "statement");
  CHECK_EQ(make_mysql_fault(9999, "23000", "x").type, "constraint");
  CHECK_EQ(make_mysql_fault(9999, "HY000", "x").type, "database");
}

TEST_CASE("a key that is there already is told from other constraints") {
  CHECK(make_postgres_fault("23505", "x").is_duplicate);
  CHECK_FALSE(make_postgres_fault("23503", "x").is_duplicate);
  CHECK(make_mysql_fault(1062, "23000", "x").is_duplicate);
  CHECK(make_sqlite_fault(SQLITE_CONSTRAINT_PRIMARYKEY, "x").is_duplicate);
  CHECK_FALSE(make_sqlite_fault(SQLITE_CONSTRAINT_CHECK, "x").is_duplicate);
}

TEST_CASE("a server that does not let us in says why in words alone") {
  CHECK_EQ(classify_refusal("FATAL:  password authentication failed for user \"a\"").type,
           "denied");
  CHECK_EQ(classify_refusal("FATAL:  database \"x\" does not exist").type, "no_database");
  CHECK(classify_refusal("FATAL:  the database system is starting up").is_retryable);
  CHECK(classify_refusal("FATAL:  sorry, too many clients already").is_retryable);
  CHECK(classify_refusal("connection to server at \"x\" failed: Connection refused").is_retryable);
}

TEST_CASE("the types of PostgreSQL are found by their numbers, which stand in order") {
  CHECK_EQ(find_postgres_type(16).name, "bool");
  CHECK_EQ(find_postgres_type(3912).name, "daterange");
  CHECK_EQ(find_postgres_type(3802).name, "jsonb");
  CHECK_EQ(find_postgres_type(16'400).name, "");
}

}  // namespace
}  // namespace mainspring::runner
