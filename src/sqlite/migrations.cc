#include "sqlite/migrations.h"

#include <fmt/core.h>

#include "sqlite/database.h"

namespace mainspring::sqlite {
namespace {

int read_number(Database& database, sql::Sql text) {
  sql::Rows rows = database.query(text);
  int number = 0;
  if (rows.next()) rows.read(number);
  return number;
}

void apply(Database& database, int number) {
  const Migration& migration = migrations()[static_cast<std::size_t>(number) - 1];
  database.execute("BEGIN IMMEDIATE");
  try {
    database.execute(std::string{migration.sql});
    database.execute(fmt::format("PRAGMA user_version = {}", number));
    database.execute("COMMIT");
  } catch (...) {
    if (database.is_in_transaction()) database.execute("ROLLBACK");
    throw;
  }
}

}  // namespace

void migrate(Database& database) {
  const int newest = static_cast<int>(migrations().size());
  const int version = read_number(database, "PRAGMA user_version");
  const int application = read_number(database, "PRAGMA application_id");
  const int tables = read_number(database, "SELECT count(*) FROM sqlite_schema");
  if (application != kApplicationId && (application != 0 || version != 0 || tables != 0)) {
    throw NotOurs("it is an SQLite database of another program");
  }
  if (version > newest) {
    throw NotOurs(
        fmt::format("a newer Mainspring wrote it (schema {}, this program knows up to {}); "
                    "start that version, or restore a backup made before the upgrade",
                    version, newest));
  }
  if (application == 0) {
    database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
  }
  for (int number = version + 1; number <= newest; ++number)
    apply(database, number);
}

}  // namespace mainspring::sqlite
