// The schema's history: numbered files in migrations/, forward only. Which ones were applied stands
// in the table schema_migrations; each runs in a transaction of its own, under a lock, so that of
// nodes which start together one applies it and the others find it done.
//
// Nodes are upgraded one after another, so a migration meets programs of the release before, which
// run or start again. It either leaves them able to go on (it adds tables, views, indexes, columns
// that may be null or have a default), or says that it does not, by `UPDATE writer_turn SET needs =
// its number`: from then on they write nothing, say why, and do not start.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
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
// another program, one that needs a newer Mainspring, and a database that is not in UTF-8.
void migrate(PgDatabase& database);

// The end of a sentence about a schema that needs a newer program than this.
std::string describe_need(std::int64_t needs);

// The number of the last one applied; 0 where there is none.
std::int64_t find_schema(PgDatabase& database);

}  // namespace mainspring::postgres
