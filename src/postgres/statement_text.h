// The statements that both stores share, in PostgreSQL's spelling. Internal to this module; pure.
//
// What differs and is rewritten: the places of values (?1 -> $1), the names of our tables, which
// get their schema (so that no connection depends on its search_path, and a pooler may hand out
// any), CROSS JOIN ... ON, which is SQLite's way to fix an order of joins, INDEXED BY, and the
// unary plus that keeps SQLite from using an index. Literals and everything else pass as they are.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mainspring::postgres {

// The schema that holds all of our tables.
inline constexpr std::string_view kSchema = "mainspring";

std::string to_postgres(std::string_view shared);

// The tables whose names are qualified; a test compares them with the schema.
std::span<const std::string_view> table_names();

}  // namespace mainspring::postgres
