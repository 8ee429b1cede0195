#include "runner/sql/script_text.h"

#include <doctest/doctest.h>

namespace mainspring::runner {
namespace {

using model::ConnectionType;
using Parts = std::vector<std::string_view>;

TEST_CASE("a script is split at the semicolons that end statements") {
  const Parts expected{"SELECT 1", "SELECT 2"};
  for (const auto database :
       {ConnectionType::postgres, ConnectionType::mysql, ConnectionType::sqlite})
    CHECK(split_script(" SELECT 1 ; ;\n-- last; one\nSELECT 2 /* ; */ ", database) == expected);
  CHECK(split_script(" ; -- nothing", ConnectionType::sqlite).empty());
}

TEST_CASE("quotes hide semicolons, each as its database writes them") {
  const auto count = [](std::string_view script, ConnectionType database) {
    return split_script(script, database).size();
  };
  CHECK_EQ(count("SELECT 'a;''b', \"c;\"; SELECT 2", ConnectionType::postgres), 2);
  CHECK_EQ(count("SELECT $x$ ; $$ ; $x$, $$;$$, E'\\';'; SELECT $1", ConnectionType::postgres), 2);
  CHECK_EQ(count("SELECT '\\'; SELECT 2", ConnectionType::postgres), 2);
  CHECK_EQ(count("SELECT '\\';', `a;`; SELECT 2 # ; none", ConnectionType::mysql), 2);
  CHECK_EQ(count("SELECT 1--1; SELECT 2", ConnectionType::mysql), 2);
  CHECK_EQ(count("SELECT [a;b]; SELECT 2", ConnectionType::sqlite), 2);
  CHECK_EQ(count("SELECT 1 /* a /* b; */ ; */; SELECT 2", ConnectionType::postgres), 2);
  CHECK_EQ(count("SELECT 'never ends; SELECT 2", ConnectionType::postgres), 1);
}

TEST_CASE("the body of a routine is part of the statement that creates it") {
  CHECK_EQ(split_script("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 "
                        "END; SELECT 2; END; SELECT f()",
                        ConnectionType::postgres)
               .size(),
           2);
  CHECK_EQ(split_script("CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; SELECT 1; END; "
                        "SELECT 2",
                        ConnectionType::sqlite)
               .size(),
           2);
  CHECK_EQ(split_script("CREATE RULE r AS ON INSERT TO a DO (DELETE FROM b; SELECT 1); SELECT 2",
                        ConnectionType::postgres)
               .size(),
           2);
}

TEST_CASE("a reader changes nothing that its text shows") {
  const auto reads = [](std::string_view text) {
    return is_reader(text, ConnectionType::postgres);
  };
  CHECK(reads("/* why */ select 'insert' as \"update\" from t"));
  CHECK(reads("WITH a AS (SELECT 1) SELECT * FROM a"));
  CHECK(reads("(VALUES (1))"));
  CHECK_FALSE(reads("WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a"));
  CHECK_FALSE(reads("SELECT 1 INTO t"));
  CHECK_FALSE(reads("INSERT INTO t VALUES (1) RETURNING 1"));
  CHECK_FALSE(reads("EXPLAIN ANALYZE DELETE FROM t"));
  CHECK_FALSE(reads(""));
}

TEST_CASE("what begins or ends a transaction is found by its first words") {
  const auto find = [](std::string_view script, ConnectionType database) {
    return find_transaction_breaker(script, database).value_or("");
  };
  CHECK_EQ(find("DELETE FROM t; commit", ConnectionType::postgres), "COMMIT");
  CHECK_EQ(find("START TRANSACTION", ConnectionType::mysql), "START TRANSACTION");
  CHECK_EQ(find("ROLLBACK", ConnectionType::sqlite), "ROLLBACK");
  CHECK_EQ(
      find("SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO a; RELEASE a", ConnectionType::postgres),
      "");
  CHECK_EQ(find("SELECT 'COMMIT'; -- COMMIT", ConnectionType::postgres), "");
  CHECK_EQ(find("PREPARE s AS SELECT 1", ConnectionType::postgres), "");
  CHECK_EQ(find("CREATE TABLE t (a int)", ConnectionType::postgres), "");
  CHECK_EQ(find("CREATE TABLE t (a int)", ConnectionType::mysql), "CREATE TABLE");
  CHECK_EQ(find("CREATE TEMPORARY TABLE t (a int)", ConnectionType::mysql), "");
  CHECK_EQ(find("SET @a = 1", ConnectionType::mysql), "");
  CHECK_EQ(find("SET autocommit = 1", ConnectionType::mysql), "SET AUTOCOMMIT");
}

}  // namespace
}  // namespace mainspring::runner
