#include "sqlite/database.h"

#include <sqlite3.h>

#include <cstring>

#include <fmt/core.h>

#include "store/store.h"

namespace mainspring::sqlite {
namespace {

constexpr int kBusyMillis = 10'000;  // a checkpoint of a large log on a slow disk takes seconds

[[noreturn]] void fail(sqlite3* handle, int status) {
  const char* text = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(status);
  const char* path = handle != nullptr ? sqlite3_db_filename(handle, nullptr) : "";
  const int kind = status & 0xff;
  if (kind == SQLITE_CONSTRAINT || kind == SQLITE_MISUSE || kind == SQLITE_RANGE ||
      kind == SQLITE_MISMATCH) {
    throw BrokenConstraint(fmt::format("the database refused a write: {}", text));
  }
  if (kind == SQLITE_FULL) {
    throw store::Unavailable(base::Code::storage_full,
                             fmt::format("the disk under {} is full; free some space, nothing "
                                         "else is needed",
                                         path));
  }
  throw store::Unavailable(base::Code::unavailable,
                           fmt::format("the database {} cannot be used: {} ({})", path, text,
                                       sqlite3_errstr(sqlite3_extended_errcode(handle))));
}

void require_ok(sqlite3_stmt* statement, int status) {
  if (status != SQLITE_OK) fail(sqlite3_db_handle(statement), status);
}

}  // namespace

Rows::~Rows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status != SQLITE_DONE) fail(sqlite3_db_handle(statement_), status);
  return false;
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Rows::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Rows::bytes(int column) const {
  const void* start = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const char*>(start), start != nullptr ? static_cast<std::size_t>(size) : 0};
}

base::IdBytes Rows::id_bytes(int column) const {
  base::IdBytes out{};
  const std::string_view stored = bytes(column);
  if (stored.size() == out.size()) std::memcpy(out.data(), stored.data(), out.size());
  return out;
}

void Binder::bind_integer(int place, std::int64_t value) {
  require_ok(statement_, sqlite3_bind_int64(statement_, place, value));
}

void Binder::bind_real(int place, double value) {
  require_ok(statement_, sqlite3_bind_double(statement_, place, value));
}

void Binder::bind_text(int place, std::string_view text) {
  const char* start = text.data() != nullptr ? text.data() : "";
  require_ok(statement_, sqlite3_bind_text64(statement_, place, start, text.size(), SQLITE_STATIC,
                                             SQLITE_UTF8));
}

void Binder::bind_id(int place, const base::IdBytes& id) {
  require_ok(statement_,
             sqlite3_bind_blob64(statement_, place, id.data(), id.size(), SQLITE_TRANSIENT));
}

void Binder::bind_blob(int place, std::string_view bytes) {
  const char* start = bytes.data() != nullptr ? bytes.data() : "";
  require_ok(statement_,
             sqlite3_bind_blob64(statement_, place, start, bytes.size(), SQLITE_STATIC));
}

void Binder::bind_null(int place) { require_ok(statement_, sqlite3_bind_null(statement_, place)); }

Database::Database(const std::string& path, Access access) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  const int status = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (status != SQLITE_OK) {
    const std::string text = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw store::Unavailable(base::Code::unavailable,
                             fmt::format("cannot open the database {}: {}", path, text));
  }
  sqlite3_busy_timeout(handle_, kBusyMillis);
}

Database::~Database() {
  for (const auto& [text, statement] : statements_)
    sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

void Database::execute(const std::string& sql) {
  const int status = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) fail(handle_, status);
}

sqlite3_stmt* Database::prepared(Sql sql) {
  sqlite3_stmt*& statement = statements_[sql.text()];
  if (statement == nullptr) {
    const int status =
        sqlite3_prepare_v3(handle_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (status != SQLITE_OK) fail(handle_, status);
  }
  return statement;
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }
std::int64_t Database::last_key() const { return sqlite3_last_insert_rowid(handle_); }
bool Database::is_in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::vector<std::string> Database::prepared_texts() const {
  std::vector<std::string> out;
  for (const auto& [text, statement] : statements_)
    out.emplace_back(text);
  return out;
}

Snapshot::~Snapshot() {
  try {
    database_.run("COMMIT");
  } catch (const store::Unavailable&) {
    // The connection is broken; the next question says so.
  }
}

}  // namespace mainspring::sqlite
