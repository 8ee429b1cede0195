#include "postgres/transfer_ends.h"

#include <array>

#include <fmt/core.h>

#include "postgres/engine.h"
#include "postgres/migrations.h"
#include "postgres/open.h"
#include "sql/tables.h"

namespace mainspring::postgres {
namespace {

using base::Code;
using Purpose = sql::Database::Purpose;

constexpr const char* kOwnName = "mainspring migrate-store";

// The other end may take its time with a row.
constexpr Limits kPatient{.lock = std::chrono::milliseconds{8'000},
                          .idle = std::chrono::milliseconds{0},
                          .statement = std::chrono::milliseconds{0}};

// A reason that whoever began the copy can act on.
struct Refused {
  base::Error error;
};

Address under_own_name(Address address) {
  for (auto& [key, value] : address.parameters)
    if (key == "application_name") value = kOwnName;
  return address;
}

std::int64_t ask_number(PgDatabase& database, const std::string& sql) {
  return read_integer(database.connection().ask(sql.c_str()), 0);
}

// Sessions that a pooler keeps say nothing of who uses them; the turn keeps those out.
void require_no_node(PgDatabase& database) {
  const std::int64_t nodes =
      ask_number(database,
                 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND pid <> pg_backend_pid() AND application_name = 'mainspring'");
  if (nodes == 0) return;
  throw Refused{{Code::conflict,
                 fmt::format("a node uses the database {} ({} sessions); stop every node that does",
                             database.address().shown, nodes),
                 {}}};
}

// Begins a transaction and waits for the turn, so that nobody writes before it ends.
void take_turn(PgDatabase& database) {
  database.begin(Purpose::write);
  sql::Rows rows = database.query(
      "UPDATE writer_turn SET seq = seq + 1, before = turn, turn = gen_random_uuid()"
      " WHERE one = 1 RETURNING seq");
  if (!rows.next()) {
    throw store::Unavailable(Code::unavailable, "the row of mainspring.writer_turn is missing");
  }
}

class SharedSource final : public sql::TransferSource {
 public:
  explicit SharedSource(Address address)
      : connection_(under_own_name(std::move(address)), kPatient) {
    const auto newest = std::ssize(migrations());
    const std::int64_t schema = find_schema(connection_);
    if (schema != newest) {
      throw Refused{
          {Code::unsupported,
           fmt::format("the database {} has the schema {}, and only {} can be copied; start "
                       "a node of this version on it once",
                       connection_.address().shown, schema, newest),
           {}}};
    }
    require_no_node(connection_);
    take_turn(connection_);
  }
  ~SharedSource() override { connection_.roll_back(); }

  sql::Database& database() override { return connection_; }
  std::int64_t last_position() override {
    return ask_number(connection_,
                      "SELECT CASE WHEN is_called THEN last_value ELSE 0 END"
                      " FROM mainspring.events_position_seq");
  }

 private:
  PgDatabase connection_;
};

class SharedTarget final : public sql::TransferTarget {
 public:
  explicit SharedTarget(Address address)
      : connection_(under_own_name(std::move(address)), kPatient) {
    require_no_node(connection_);
    migrate(connection_);
    take_turn(connection_);
    sql::for_each_table([this](auto table) { require_empty(table); });
    connection_.run("DELETE FROM tenants");
  }
  ~SharedTarget() override { connection_.roll_back(); }

  sql::Database& database() override { return connection_; }
  void relieve() override {}
  void finish(std::int64_t last_position) override {
    set_sequences(last_position);
    connection_.commit();
  }

 private:
  template <class Table>
  void require_empty(Table) {
    // A new schema has a tenant.
    if (Table::name == "tenants" || Table::count(connection_) == 0) return;
    throw Refused{{Code::conflict,
                   fmt::format("the database {} holds a store already (there are rows in {}); give "
                               "another, or remove that one: DROP SCHEMA mainspring CASCADE",
                               connection_.address().shown, Table::name),
                   {}}};
  }

  // Keys and positions go on after the last.
  void set_sequences(std::int64_t last_position) {
    for (const char* table : {"tenants", "jobs", "schedules", "workers", "queues", "calendars",
                              "connections", "operations"}) {
      const std::int64_t last = ask_number(
          connection_, fmt::format("SELECT coalesce(max(key), 0) FROM mainspring.{}", table));
      set_sequence(fmt::format("{}_key_seq", table), last);
    }
    set_sequence("events_position_seq", last_position);
  }
  void set_sequence(const std::string& name, std::int64_t last) {
    if (last > 0)
      ask_number(connection_, fmt::format("SELECT setval('mainspring.{}', {})", name, last));
  }

  PgDatabase connection_;
};

template <class End, class Face>
base::Result<std::unique_ptr<Face>> make(const Settings& settings) {
  const auto address = find_address(settings);
  if (!address) return base::fail(address.error());
  try {
    return caught(*address,
                  [&]() -> std::unique_ptr<Face> { return std::make_unique<End>(*address); });
  } catch (Refused& refused) {
    return base::fail(std::move(refused.error));
  }
}

}  // namespace

base::Result<std::unique_ptr<sql::TransferSource>> open_source(const Settings& settings) {
  return make<SharedSource, sql::TransferSource>(settings);
}

base::Result<std::unique_ptr<sql::TransferTarget>> make_target(const Settings& settings) {
  return make<SharedTarget, sql::TransferTarget>(settings);
}

}  // namespace mainspring::postgres
