#include "postgres/migrations.h"

#include <fmt/core.h>

#include "postgres/database.h"
#include "postgres/statement_text.h"

namespace mainspring::postgres {
namespace {

constexpr int kLeastServer = 130'000;  // 13: the oldest that PostgreSQL still mends is newer

// "MSPR": no other program's advisory lock, as far as anybody can know.
constexpr std::int64_t kLock = 0x4D535052;

std::int64_t ask_number(Connection& connection, const std::string& sql) {
  const Answer answer = connection.ask(sql.c_str());
  return has_row(answer) ? read_integer(answer, 0) : 0;
}

void require_server(Connection& connection) {
  if (connection.server_version() < kLeastServer) {
    throw NotOurs(fmt::format("the server is PostgreSQL {}, and 13 or newer is needed",
                              connection.server_version() / 10'000));
  }
  const std::string encoding = connection.setting("server_encoding");
  if (!encoding.empty() && encoding != "UTF8") {
    throw NotOurs(
        fmt::format("its encoding is {}; create a database with ENCODING 'UTF8'", encoding));
  }
}

bool has_schema(Connection& connection) {
  return ask_number(connection,
                    fmt::format("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '{}'",
                                kSchema)) > 0;
}

bool has_history(Connection& connection) {
  return ask_number(connection,
                    fmt::format("SELECT CASE WHEN to_regclass('{}.schema_migrations') IS"
                                " NULL THEN 0 ELSE 1 END",
                                kSchema)) > 0;
}

void make_history(Connection& connection) {
  if (!has_schema(connection)) connection.queue(fmt::format("CREATE SCHEMA {}", kSchema).c_str());
  const std::int64_t tables = ask_number(
      connection, fmt::format("SELECT count(*) FROM pg_catalog.pg_class AS c"
                              " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
                              " WHERE n.nspname = '{}' AND c.relkind IN ('r', 'v', 'p')",
                              kSchema));
  if (has_history(connection)) return;
  if (tables > 0) throw NotOurs("its schema mainspring holds tables of another program");
  connection.queue(fmt::format("CREATE TABLE {}.schema_migrations(number integer PRIMARY KEY,"
                               " name text NOT NULL,"
                               " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
                               kSchema)
                       .c_str());
  connection.sync();
}

std::int64_t applied(Connection& connection) {
  return ask_number(
      connection,
      fmt::format("SELECT coalesce(max(number), 0) FROM {}.schema_migrations", kSchema));
}

// One transaction under the lock. Answers whether there may be more to do.
bool apply_next(Connection& connection) {
  const auto newest = static_cast<std::int64_t>(migrations().size());
  connection.queue("BEGIN");
  connection.ask(fmt::format("SELECT pg_advisory_xact_lock({})", kLock).c_str());
  make_history(connection);
  const std::int64_t version = applied(connection);
  if (version > newest) {
    const std::int64_t needs = ask_number(
        connection, fmt::format("SELECT needs FROM {}.writer_turn WHERE one = 1", kSchema));
    if (needs > newest) throw NotOurs(describe_need(needs));
  }
  if (version < newest) {
    const Migration& next = migrations()[static_cast<std::size_t>(version)];
    connection.execute(fmt::format("SET LOCAL search_path = {};\n{}", kSchema, next.sql));
    connection.queue(fmt::format("INSERT INTO {}.schema_migrations(number, name) VALUES ({}, '{}')",
                                 kSchema, version + 1, next.name)
                         .c_str());
  }
  connection.queue("COMMIT");
  connection.sync();
  return version + 1 < newest;
}

}  // namespace

std::string describe_need(std::int64_t needs) {
  return fmt::format(
      "a newer Mainspring wrote it, and it needs a program that knows the schema {}; this one "
      "knows "
      "up to {}. Start that version, or restore a backup made before the upgrade",
      needs, std::ssize(migrations()));
}

std::int64_t find_schema(PgDatabase& database) {
  Connection& connection = database.connection();
  return has_history(connection) ? applied(connection) : 0;
}

void migrate(PgDatabase& database) {
  Connection& connection = database.connection();
  require_server(connection);
  try {
    while (apply_next(connection)) {
    }
  } catch (...) {
    if (!connection.is_lost()) connection.part("ROLLBACK");
    throw;
  }
}

}  // namespace mainspring::postgres
