#include "postgres/engine.h"

#include "postgres/migrations.h"

namespace mainspring::postgres {

SharedDatabase::SharedDatabase(const Address& address, ClockOffset::Wall wall,
                               ClockOffset::Correction by)
    : connection(address), clock(std::move(wall), std::move(by)), turns(connection, {last, clock}) {
  migrate(connection);
  // Of three round trips one is quick, and whoever opens the store can count with what it tells.
  for (int i = 0; i < 3; ++i)
    clock.measure([this] { return read_integer(connection.connection().ask(kAskClock), 0); });
}

}  // namespace mainspring::postgres
