// sql/tables.h beside SQLite's schema.
#include <doctest/doctest.h>

#include <set>

#include "sql/tables.h"
#include "sqlite/engine.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

std::set<std::string> split(std::string_view list) {
  std::set<std::string> out;
  std::string name;
  for (const char c : std::string{list} + ",") {
    if (c == ' ') continue;
    if (c != ',') name += c;
    if (c == ',') out.insert(std::exchange(name, {}));
  }
  return out;
}

TEST_CASE("every table is copied with all of its columns when a store moves") {
  TestDirectory directory;
  WritableFile file(directory.path() + "/m.db");
  std::set<std::string> copied{"enum_names"};
  sql::for_each_table([&](auto table) {
    CAPTURE(table.name);
    copied.emplace(table.name);
    sql::Rows rows = file.connection.query("SELECT name FROM pragma_table_info(?1)", table.name);
    std::set<std::string> found;
    std::string name;
    while (rows.next()) {
      rows.read(name);
      found.insert(name);
    }
    CHECK(found == split(table.columns));
  });
  sql::Rows rows = file.connection.query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  std::set<std::string> found;
  std::string name;
  while (rows.next()) {
    rows.read(name);
    found.insert(name);
  }
  CHECK(found == copied);
}

}  // namespace
}  // namespace mainspring::sqlite
