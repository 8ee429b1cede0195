// The two ends of a copy of a whole store from one database to another, as the drivers offer them.
//
// Belong to one thread. Errors: throw store::Unavailable.
#pragma once

#include <cstdint>

#include "sql/database.h"

namespace mainspring::sql {

// A store of the newest schema that nobody writes to as long as this stands.
class TransferSource {
 public:
  virtual ~TransferSource() = default;
  // In a transaction that sees one state.
  virtual Database& database() = 0;
  // The highest position that an event was ever given, be it removed since.
  virtual std::int64_t last_position() = 0;
};

// An empty store of the newest schema that is none before finish(): without it nothing is left.
class TransferTarget {
 public:
  virtual ~TransferTarget() = default;
  // In a transaction. No row of any table of sql/tables.h is there.
  virtual Database& database() = 0;
  // Now and then while rows are added: where a long transaction is a burden it begins another.
  virtual void relieve() = 0;
  // What was added is complete, and now the store is one.
  virtual void finish(std::int64_t last_position) = 0;
};

}  // namespace mainspring::sql
