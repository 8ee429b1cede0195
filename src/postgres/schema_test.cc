// The schema beside what the code believes of it.
#include <doctest/doctest.h>

#include <set>

#include "postgres/database.h"
#include "postgres/statement_text.h"
#include "postgres/store.h"
#include "postgres/test_database.h"
#include "sql/tables.h"

namespace mainspring::postgres {
namespace {

std::set<std::string> ask_names(const std::string& sql) {
  REQUIRE(open({.url = test_server().url()}).has_value());
  Connection connection(test_address(test_server().url()));
  const Answer answer = connection.ask(
      ("SELECT coalesce(string_agg(found, ' '), '') FROM (" + sql + ") AS names(found)").c_str());
  std::set<std::string> out;
  std::string name;
  for (const char c : read_text(answer, 0) + " ") {
    if (c != ' ') {
      name += c;
    } else if (!name.empty()) {
      out.insert(std::exchange(name, {}));
    }
  }
  return out;
}

std::set<std::string> ask_columns(std::string_view table) {
  return ask_names(
      fmt::format("SELECT column_name::text FROM information_schema.columns"
                  " WHERE table_schema = 'mainspring' AND table_name = '{}'",
                  table));
}

TEST_CASE("every table is qualified with its schema, and is copied or known not to be") {
  const auto found =
      ask_names("SELECT tablename::text FROM pg_tables WHERE schemaname = 'mainspring'");
  const auto names = table_names();
  CHECK(found == std::set<std::string>(names.begin(), names.end()));
  std::set<std::string> copied{"enum_names", "schema_migrations", "turns", "writer_turn"};
  sql::for_each_table([&](auto table) { copied.emplace(table.name); });
  CHECK(found == copied);
}

TEST_CASE("a table is copied with all of its columns") {
  sql::for_each_table([](auto table) {
    CAPTURE(table.name);
    std::set<std::string> listed;
    std::string name;
    for (const char c : std::string{table.columns} + ",") {
      if (c == ' ') continue;
      if (c != ',') name += c;
      if (c == ',') listed.insert(std::exchange(name, {}));
    }
    CHECK(ask_columns(table.name) == listed);
  });
}

TEST_CASE("texts that are sorted or compared sort by their bytes, whatever the database does") {
  const auto found = ask_names(
      "SELECT c.relname || '.' || a.attname FROM pg_index AS i"
      " JOIN pg_class AS c ON c.oid = i.indrelid"
      " JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'mainspring'"
      " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)"
      " JOIN pg_collation AS l ON l.oid = a.attcollation WHERE l.collname <> 'C'");
  CHECK(found.empty());
}

TEST_CASE("every view can be asked, and says what it is") {
  const auto views =
      ask_names("SELECT viewname::text FROM pg_views WHERE schemaname = 'mainspring'");
  CHECK(views.size() >= 10);
  for (const std::string& view : views) {
    CAPTURE(view);
    CHECK(ask_number(test_server().url(), "SELECT count(*) FROM mainspring." + view) >= 0);
    CHECK(
        ask_number(test_server().url(),
                   fmt::format("SELECT length(obj_description('mainspring.{}'::regclass))::bigint",
                               view)) > 0);
  }
}

}  // namespace
}  // namespace mainspring::postgres
