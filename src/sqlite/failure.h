// What a call of SQLite's that did not answer SQLITE_OK means. Internal to this module.
#pragma once

struct sqlite3;

namespace mainspring::sqlite {

// Throws store::Unavailable, or sql::BrokenConstraint for a mistake of ours: see sql/database.h.
// `handle` is the connection that the call was made on, right after it.
[[noreturn]] void fail(sqlite3* handle, int status);

}  // namespace mainspring::sqlite
