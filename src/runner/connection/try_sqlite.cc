#include <sqlite3.h>

#include <memory>

#include <fmt/core.h>

#include "runner/connection/tries.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

std::unexpected<base::Error> refuse(sqlite3* handle, const std::string& path) {
  const int code = handle != nullptr ? sqlite3_errcode(handle) : SQLITE_NOMEM;
  const char* said = handle != nullptr ? sqlite3_errmsg(handle) : "no memory";
  const Code what = code == SQLITE_CANTOPEN ? Code::not_found
                    : code == SQLITE_BUSY   ? Code::timed_out
                                            : Code::unavailable;
  return base::fail(what, fmt::format("'{}': {}", path, one_line(said)));
}

}  // namespace

// Read-only: a file that is not there stays away.
Result<std::string> try_sqlite(const Try& attempt) {
  const std::string& path = attempt.spec.path;
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, Close> handle(opened);
  if (code != SQLITE_OK) return refuse(handle.get(), path);
  sqlite3_busy_timeout(opened, static_cast<int>(attempt.deadline.left().count()));
  sqlite3_stmt* prepared = nullptr;
  // Reads the header and the schema: a file of another kind is found out here.
  if (sqlite3_prepare_v2(opened, "SELECT count(*) FROM sqlite_schema", -1, &prepared, nullptr) !=
      SQLITE_OK)
    return refuse(opened, path);
  const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
  if (sqlite3_step(prepared) != SQLITE_ROW) return refuse(opened, path);
  return fmt::format("SQLite {}, {} tables, indexes, views and triggers", sqlite3_libversion(),
                     sqlite3_column_int64(prepared, 0));
}

}  // namespace mainspring::runner
