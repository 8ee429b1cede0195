#include "postgres/engine.h"

#include "postgres/migrations.h"

namespace mainspring::postgres {

SharedDatabase::SharedDatabase(const Address& address)
    : connection(address), turns(connection, last) {
  migrate(connection);
}

}  // namespace mainspring::postgres
