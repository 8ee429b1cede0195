#include "postgres/engine.h"

#include "postgres/migrations.h"

namespace mainspring::postgres {

SharedDatabase::SharedDatabase(const Address& address, ClockOffset::Wall wall)
    : connection(address), clock(std::move(wall)), turns(connection, {last, clock}) {
  migrate(connection);
}

}  // namespace mainspring::postgres
