// The store in a PostgreSQL database that several nodes share.
//
// Threads: see store/store.h. The Store owns the writer's thread and one that watches what other
// nodes write; destroying it finishes what waits and joins. Every Reads must be gone before.
// Limits: store/commands.h names them. Errors: while the server is away commands fail with
// `unavailable` and questions throw store::Unavailable; both work again by themselves.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "store/store.h"
#include "store/tally.h"

namespace mainspring::postgres {

struct Settings {
  // "postgresql://mainspring@db.example/mainspring?sslmode=verify-full": what libpq understands.
  // PGPASSFILE and the other variables of libpq count where the address says nothing.
  std::string url;
  // Holds the password and nothing else; empty: the address or PGPASSFILE does. Read at each
  // open().
  std::string password_file = {};
  // Told, on the writer's thread, when writing begins to fail and when it works again.
  base::Log log = {};
  store::Observer observe = {};
  // This machine's clock, and what the times of commands are corrected by where it is off: nothing,
  // or what was last told by Store::clock_offset(). Commands by a clock that is off by more than a
  // second, and not corrected, are refused. Any thread.
  std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
  std::function<std::chrono::milliseconds()> correction = {};
};

// What is there, for who looks at a database from outside. Changes nothing.
struct Inspection {
  std::string shown;
  std::string server;  // "15.18"
  std::int64_t schema = 0;
  std::int64_t newest = 0;  // that this program knows
  store::ClockDifference clock;
  bool is_pooled = false;
  bool is_durable = true;  // the server waits for its disk
};
// Errors: as open().
base::Result<Inspection> inspect(const Settings& settings);

class Store : public store::Store {
 public:
  // Any thread. "mainspring at db.example:5432".
  virtual const std::string& shown() const = 0;
};

// Connects and brings the schema up to date. Errors: invalid_argument (the address, the password's
// file), unsupported (not our schema, a newer program's, a server too old), storage_full,
// unavailable.
base::Result<std::unique_ptr<Store>> open(const Settings& settings);

// Whether a setting names a PostgreSQL database: "postgresql://..." or "postgres://...".
bool is_url(std::string_view text);
// The address as it may be shown to anybody: without its password.
std::string hide_password(std::string_view url);

}  // namespace mainspring::postgres
