// What PostgreSQL's own types are called, how their texts become JSON, and what it means when it
// does not let us in. Types that a database adds, such as enumerations, are texts.
//
// Pure functions. Sources: pg_type.dat; chapter 8 of PostgreSQL's manual.
#pragma once

#include <string>
#include <string_view>

#include "runner/sql/cells.h"
#include "runner/sql/faults.h"

namespace mainspring::runner {

namespace postgres_type {  // object ids, which never change
inline constexpr unsigned kBool = 16;
inline constexpr unsigned kInt8 = 20;
inline constexpr unsigned kInt4 = 23;
inline constexpr unsigned kFloat8 = 701;
inline constexpr unsigned kNumeric = 1700;
}  // namespace postgres_type

struct PostgresType {
  std::string_view name;  // "": one of the database's own
  CellKind kind = CellKind::text;
};
PostgresType find_postgres_type(unsigned oid);

json::Value read_postgres(CellKind kind, std::string_view text);

// libpq gives the words of the server, and no SQLSTATE.
SqlFault classify_refusal(std::string_view text);

}  // namespace mainspring::runner
