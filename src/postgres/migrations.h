// The schema's history: numbered files in migrations/, forward only. Which ones were applied stands
// in the table schema_migrations; each runs in a transaction of its own, under a lock, so that of
// nodes which start together one applies it and the others find it done.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

namespace mainspring::postgres {

class PgDatabase;

struct Migration {
  std::string_view name;  // "0001_first": the number is its place in the list
  std::string_view sql;
};
std::span<const Migration> migrations();

// The database cannot be this program's memory; what() is the end of a sentence that says why.
class NotOurs : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Makes the schema where it is missing and brings it up to date. Throws NotOurs for a schema of
// another program, one that a newer Mainspring wrote, and a database that is not in UTF-8.
void migrate(PgDatabase& database);

// The number of the last one applied; 0 where there is none.
std::int64_t find_schema(PgDatabase& database);

}  // namespace mainspring::postgres
