#include "sqlite/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/core.h>

#include "sqlite/failure.h"
#include "store/store.h"

namespace mainspring::sqlite {
namespace {

constexpr int kBusyMillis = 10'000;  // a checkpoint of a large log on a slow disk takes seconds

// What SQLite and the operating system said of one call.
struct Refusal {
  int kind = SQLITE_OK;  // the primary code
  int reason = 0;        // errno, where the operating system was asked
  std::string path;
  std::string text;
};

store::Unavailable unavailable(std::string what) {
  return {base::Code::unavailable, std::move(what)};
}

// The message says what to do; each of these is met by somebody at three in the morning.
store::Unavailable make_unavailable(const Refusal& refusal) {
  const auto& [kind, reason, path, text] = refusal;
  if (kind == SQLITE_FULL || reason == ENOSPC || reason == EDQUOT) {
    return {
        base::Code::storage_full,
        fmt::format("the disk under {} is full; free some space, nothing else is needed", path)};
  }
  if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) {
    return unavailable(
        fmt::format("the database {} is damaged: {}; stop the node, keep a copy of the file and of "
                    "those beside it, and restore a backup",
                    path, text));
  }
  if (kind == SQLITE_READONLY || reason == EROFS) {
    return unavailable(
        fmt::format("the database {} cannot be written: its file system is mounted read-only, or "
                    "the file is not writable; make it writable, nothing else is needed ({})",
                    path, text));
  }
  if (kind == SQLITE_IOERR) {
    return unavailable(
        fmt::format("the disk under {} failed: {}; the kernel's log (dmesg) says more", path,
                    reason != 0 ? std::generic_category().message(reason) : text));
  }
  return unavailable(fmt::format("the database {} cannot be used: {}", path, text));
}

// The operating system's number for the last failure. SQLite does not hand it on when a commit
// fails; the files themselves know.
int reason_of(sqlite3* handle) {
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle, "main", which, static_cast<void*>(&file));
    if (file == nullptr || file->pMethods == nullptr) continue;
    int reason = 0;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
    if (reason != 0) return reason;
  }
  return sqlite3_system_errno(handle);
}

// Nobody asks SQLite how much memory it holds, and counting takes a lock for each piece. Too late,
// which does no harm, where another part of the process has used SQLite before.
void count_no_memory() {
  [[maybe_unused]] static const int status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

void fail(sqlite3* handle, int status) {
  const int kind = status & 0xff;
  const std::string text = sqlite3_errmsg(handle);
  if (kind == SQLITE_CONSTRAINT || kind == SQLITE_MISUSE || kind == SQLITE_RANGE ||
      kind == SQLITE_MISMATCH) {
    throw sql::BrokenConstraint(fmt::format("the database refused a write: {}", text));
  }
  // SQLite keeps the number of the last failure; only for these two kinds is it this one's.
  const bool has_reason = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
  throw make_unavailable(
      {kind, has_reason ? reason_of(handle) : 0, sqlite3_db_filename(handle, nullptr), text});
}

// The statement as SQLite keeps it.
class Prepared final : public sql::Statement {
 public:
  Prepared(sqlite3* handle, const char* text) : handle_(handle) {
    require_ok(
        sqlite3_prepare_v3(handle_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
  }
  ~Prepared() override { sqlite3_finalize(statement_); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  void bind_integer(int place, std::int64_t value) override {
    require_ok(sqlite3_bind_int64(statement_, place, value));
  }
  void bind_real(int place, double value) override {
    require_ok(sqlite3_bind_double(statement_, place, value));
  }
  void bind_text(int place, std::string_view text) override {
    const char* start = text.data() != nullptr ? text.data() : "";
    require_ok(
        sqlite3_bind_text64(statement_, place, start, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind_blob(int place, std::string_view bytes) override {
    const char* start = bytes.data() != nullptr ? bytes.data() : "";
    require_ok(sqlite3_bind_blob64(statement_, place, start, bytes.size(), SQLITE_STATIC));
  }
  void bind_id(int place, const base::IdBytes& id) override {
    require_ok(sqlite3_bind_blob64(statement_, place, id.data(), id.size(), SQLITE_TRANSIENT));
  }
  void bind_instant(int place, base::Instant instant) override {
    bind_integer(place, base::to_millis(instant));
  }
  void bind_null(int place, sql::Kind) override {
    require_ok(sqlite3_bind_null(statement_, place));
  }

  void run() override { next(); }
  std::int64_t change() override {
    next();
    return sqlite3_changes64(handle_);
  }
  void start(sql::Reach) override {}  // each row is made when it is asked for

  bool next() override {
    const int status = sqlite3_step(statement_);
    if (status == SQLITE_ROW) return true;
    if (status != SQLITE_DONE) fail(handle_, status);
    return false;
  }
  bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view bytes(int column) const override {
    const void* start = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(start), start != nullptr ? static_cast<std::size_t>(size) : 0};
  }
  base::IdBytes id(int column) const override {
    base::IdBytes out{};
    const std::string_view stored = bytes(column);
    if (stored.size() == out.size()) std::memcpy(out.data(), stored.data(), out.size());
    return out;
  }
  base::Instant instant(int column) const override { return base::from_millis(integer(column)); }

  void reset() noexcept override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  void require_ok(int status) const {
    if (status != SQLITE_OK) fail(handle_, status);
  }

  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
};

Database::Database(const std::string& path, Access access) {
  count_no_memory();
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  const int status = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (status != SQLITE_OK) {
    Refusal refusal{status & 0xff, 0, path, "out of memory"};
    if (handle_ != nullptr) {
      refusal.reason = sqlite3_system_errno(handle_);
      refusal.text = sqlite3_errmsg(handle_);
    }
    sqlite3_close(handle_);
    throw make_unavailable(refusal);
  }
  sqlite3_busy_timeout(handle_, kBusyMillis);
}

Database::~Database() {
  statements_.clear();
  sqlite3_close(handle_);
}

void Database::execute(const std::string& sql) {
  const int status = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) fail(handle_, status);
}

void Database::begin(Purpose purpose) {
  if (purpose == Purpose::write) return run("BEGIN IMMEDIATE");
  run("BEGIN");
}

void Database::commit() { run("COMMIT"); }

void Database::roll_back() noexcept {
  try {
    if (is_in_transaction()) run("ROLLBACK");
  } catch (const std::exception&) {
    // SQLite has rolled back by itself, or the next BEGIN says what is wrong.
  }
}

void Database::save() { run("SAVEPOINT command"); }

void Database::undo_to_save() {
  run("ROLLBACK TO command");
  run("RELEASE command");
}

void Database::release_save() { run("RELEASE command"); }

sql::Statement& Database::prepared(sql::Sql sql) {
  std::unique_ptr<Prepared>& statement = statements_[sql.text()];
  if (statement == nullptr) statement = std::make_unique<Prepared>(handle_, sql.text());
  return *statement;
}

std::int64_t Database::write_count() const { return sqlite3_total_changes64(handle_); }
bool Database::is_in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::vector<std::string> Database::prepared_texts() const {
  std::vector<std::string> out;
  for (const auto& [text, statement] : statements_)
    out.emplace_back(text);
  return out;
}

}  // namespace mainspring::sqlite
