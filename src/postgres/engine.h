// Engine and Reads: those of src/sql on connections to a PostgreSQL database that other nodes may
// write to as well. Internal to this module, its tests and those of the whole program.
#pragma once

#include "postgres/clock_offset.h"
#include "postgres/database.h"
#include "postgres/turns.h"
#include "sql/engine.h"
#include "sql/reads.h"

namespace mainspring::postgres {

// What the engine works on; a base, so that it stands before the engine does.
struct SharedDatabase {
  // With the newest schema. Throws Unavailable, NotOurs.
  SharedDatabase(const Address& address, ClockOffset::Wall wall, ClockOffset::Correction by);

  PgDatabase connection;
  LastTurn last;
  ClockOffset clock;
  PgTurns turns;
};

class Engine : private SharedDatabase, public sql::Engine {
 public:
  // Throws Unavailable, NotOurs.
  explicit Engine(const Address& address, ClockOffset::Wall wall = std::chrono::system_clock::now,
                  ClockOffset::Correction by = {})
      : SharedDatabase(address, std::move(wall), std::move(by)),
        sql::Engine(SharedDatabase::connection, SharedDatabase::turns) {}

  PgDatabase& database() { return connection; }
  LastTurn& last_turn() { return last; }
  ClockOffset& clock_offset() { return clock; }
};

struct ReadableDatabase {
  explicit ReadableDatabase(const Address& address) : connection(address) {
    connection.connection();  // so that who asks for one learns at once that there is none
  }

  PgDatabase connection;
};

class Reads final : private ReadableDatabase, public sql::Reads {
 public:
  // `counts` must outlive this. Throws Unavailable.
  Reads(const Address& address, const sql::LiveCounts& counts)
      : ReadableDatabase(address), sql::Reads(ReadableDatabase::connection, counts) {}

  PgDatabase& database() { return connection; }
};

}  // namespace mainspring::postgres
