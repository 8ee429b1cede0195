// The driver of SQLite: a file of the worker's machine, which must be there. A statement sees that
// file alone: ATTACH, and VACUUM INTO, of another are refused.
//
// Nobody else wakes it: SQLite asks every few thousand steps of a statement whether it is to go on,
// and where it waits for a lock, the SqlWatch waits.
#include <sqlite3.h>

#include <fmt/core.h>

#include "json/write.h"
#include "runner/sql/cells.h"
#include "runner/sql/database.h"

namespace mainspring::runner {
namespace {

using model::SqlIsolation;

constexpr int kSteps = 10'000;  // of its machine, about a millisecond
// For another's lock; then the attempt is retryable.
constexpr std::chrono::seconds kBusyPatience{10};
constexpr std::chrono::milliseconds kBusyPause{10};

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

CellKind kind_of(int type) { return type == SQLITE_BLOB ? CellKind::bytes : CellKind::text; }

class SqliteSession final : public SqlSession {
 public:
  SqliteSession(const SqlOpening& opening, sqlite3* handle)
      : handle_(handle), watch_(opening.watch) {}
  ~SqliteSession() override { sqlite3_close(handle_); }

  void prepare_handle();
  SqlResult<> begin(std::optional<SqlIsolation> isolation, const SqlWork& work) override;
  SqlResult<> execute(const SqlWork& work, RowSink& sink) override;
  SqlResult<> commit() override;
  void rollback() override;
  bool is_in_transaction() const override { return sqlite3_get_autocommit(handle_) == 0; }
  SqlFault fault() const;

 private:
  static int on_steps(void* self);
  static int on_busy(void* self, int count);
  static int authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger);

  SqlResult<Statement> prepare(std::string_view& text);
  bool is_last(std::string_view rest);
  SqlResult<> bind(sqlite3_stmt* statement, std::span<const json::Value> values);
  SqlResult<> step_all(sqlite3_stmt* statement, RowSink& sink);
  SqlResult<> ask(const char* text);
  static json::Value read(sqlite3_stmt* statement, int column);

  sqlite3* handle_;
  SqlWatch& watch_;
  SteadyTime busy_until_{};
  bool is_guarded_ = false;  // a transaction of ours is open: only we end it
  bool is_deaf_ = false;     // a stop ends nothing any more
};

SqlFault SqliteSession::fault() const {
  return make_sqlite_fault(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
}

int SqliteSession::on_steps(void* self) {
  auto& session = *static_cast<SqliteSession*>(self);
  return !session.is_deaf_ && session.watch_.look() ? 1 : 0;
}

int SqliteSession::on_busy(void* self, int count) {
  auto& session = *static_cast<SqliteSession*>(self);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (count == 0) session.busy_until_ = now + kBusyPatience;
  if (now >= session.busy_until_) return 0;
  if (!session.is_deaf_ && session.watch_.look()) return 0;
  Awaited pause{.until = now + kBusyPause};
  session.watch_.wait(pause);
  return 1;
}

// VACUUM attaches a file without a name for itself.
int SqliteSession::authorize(void* self, int action, const char* first, const char* /*second*/,
                             const char* /*database*/, const char* /*trigger*/) {
  const auto& session = *static_cast<SqliteSession*>(self);
  if (action == SQLITE_ATTACH && (first == nullptr || *first != '\0')) return SQLITE_DENY;
  if (action == SQLITE_TRANSACTION && session.is_guarded_) return SQLITE_DENY;
  return SQLITE_OK;
}

void SqliteSession::prepare_handle() {
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_progress_handler(handle_, kSteps, on_steps, this);
  sqlite3_busy_handler(handle_, on_busy, this);
  sqlite3_set_authorizer(handle_, authorize, this);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
}

// Takes the first statement off the text; null: nothing is left but comments.
SqlResult<Statement> SqliteSession::prepare(std::string_view& text) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(handle_, text.data(), static_cast<int>(text.size()), &raw, &rest);
  if (code != SQLITE_OK) return std::unexpected(fault());
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return Statement(raw);
}

bool SqliteSession::is_last(std::string_view rest) {
  const auto next = prepare(rest);
  return next && !*next;
}

SqlResult<> SqliteSession::ask(const char* text) {
  if (sqlite3_exec(handle_, text, nullptr, nullptr, nullptr) != SQLITE_OK)
    return std::unexpected(fault());
  return {};
}

// SQLite is serializable always. What only reads does not keep others from writing.
SqlResult<> SqliteSession::begin(std::optional<SqlIsolation>, const SqlWork& work) {
  bool is_reading = false;
  if (work.form == SqlForm::statement) {
    std::string_view text = work.text;
    const auto statement = prepare(text);
    if (!statement) return std::unexpected(statement.error());
    is_reading = *statement && sqlite3_stmt_readonly(statement->get()) != 0;
  }
  auto begun = ask(is_reading ? "BEGIN" : "BEGIN IMMEDIATE");
  is_guarded_ = begun.has_value();
  return begun;
}

SqlResult<> SqliteSession::execute(const SqlWork& work, RowSink& sink) {
  std::string_view rest = work.text;
  while (!rest.empty()) {
    auto statement = prepare(rest);
    if (!statement) return std::unexpected(statement.error());
    if (!*statement) return {};
    if (work.form == SqlForm::statement && !is_last(rest))
      return std::unexpected(make_fault(sql_fault::kStatement,
                                        "there is more than one statement; several are a script"));
    if (auto bound = bind(statement->get(), work.bind); !bound) return bound;
    if (auto done = step_all(statement->get(), sink); !done) return done;
  }
  return {};
}

SqlResult<> SqliteSession::bind(sqlite3_stmt* statement, std::span<const json::Value> values) {
  const auto places = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
  if (places != values.size())
    return std::unexpected(make_fault(
        sql_fault::kStatement,
        fmt::format("the statement has {} places and bind has {} values", places, values.size())));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const json::Value& value = values[i];
    const int at = static_cast<int>(i) + 1;
    int code = SQLITE_OK;
    if (value.is_null()) {
      code = sqlite3_bind_null(statement, at);
    } else if (value.is_bool()) {
      code = sqlite3_bind_int(statement, at, value.get_bool() ? 1 : 0);
    } else if (value.is_int64()) {
      code = sqlite3_bind_int64(statement, at, value.get_int64());
    } else if (value.is_double()) {
      code = sqlite3_bind_double(statement, at, value.get_double());
    } else {
      const std::string text = write_bound(value);
      code = sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_TRANSIENT,
                                 SQLITE_UTF8);
    }
    if (code != SQLITE_OK) return std::unexpected(fault());
  }
  return {};
}

json::Value SqliteSession::read(sqlite3_stmt* statement, int column) {
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_NULL) return nullptr;
  if (type == SQLITE_INTEGER) return read_integer(sqlite3_column_int64(statement, column));
  if (type == SQLITE_FLOAT) return read_real(sqlite3_column_double(statement, column));
  const void* bytes = type == SQLITE_BLOB ? sqlite3_column_blob(statement, column)
                                          : sqlite3_column_text(statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return read_cell(kind_of(type), {static_cast<const char*>(bytes), size});
}

std::string type_name(sqlite3_stmt* statement, int column) {
  const char* declared = sqlite3_column_decltype(statement, column);
  return declared == nullptr ? "" : declared;  // an expression has none
}

std::string first_word(sqlite3_stmt* statement) {
  const std::string_view text = sqlite3_sql(statement);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "statement";
  std::string word;
  for (const char c : text.substr(begin)) {
    if (!std::isalpha(static_cast<unsigned char>(c))) break;
    word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return word.empty() ? "statement" : word;
}

SqlResult<> SqliteSession::step_all(sqlite3_stmt* statement, RowSink& sink) {
  const bool is_reader = sqlite3_stmt_readonly(statement) != 0;
  const int columns = sqlite3_column_count(statement);
  const std::int64_t changes_before = sqlite3_total_changes64(handle_);
  std::vector<SqlColumn> names;
  for (int i = 0; i < columns; ++i)
    names.push_back({sqlite3_column_name(statement, i), type_name(statement, i)});
  if (columns > 0) sink.begin_rows(std::move(names));
  std::int64_t rows = 0;
  bool is_enough = false;
  int code = SQLITE_ROW;
  // A statement that changes something is stepped to its end; its rows are made already.
  while (!(is_enough && is_reader) && (code = sqlite3_step(statement)) == SQLITE_ROW) {
    ++rows;
    if (is_enough) continue;
    json::Array cells;
    for (int i = 0; i < columns; ++i)
      cells.push_back(read(statement, i));
    is_enough = sink.take_row(std::move(cells)) == Take::enough;
    // Where rows come slowly to their reader, the machine takes few steps.
    if (!is_deaf_ && watch_.look())
      return std::unexpected(make_sqlite_fault(SQLITE_INTERRUPT, "interrupted"));
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) return std::unexpected(fault());
  if (columns > 0)
    sink.end_statement(is_enough ? first_word(statement) + ", cut"
                                 : fmt::format("{} {}", first_word(statement), rows),
                       std::nullopt);
  const bool has_changed = sqlite3_total_changes64(handle_) != changes_before;
  const std::int64_t changed = has_changed ? sqlite3_changes64(handle_) : 0;
  if (columns == 0 || has_changed) sink.end_statement(first_word(statement), changed);
  return {};
}

SqlResult<> SqliteSession::commit() {
  is_guarded_ = false;
  is_deaf_ = true;  // what is being committed is not interrupted any more
  return ask("COMMIT");
}

void SqliteSession::rollback() {
  is_guarded_ = false;
  is_deaf_ = true;
  if (is_in_transaction()) [[maybe_unused]]
    const auto done = ask("ROLLBACK");
}

}  // namespace

OpenedSession open_sqlite(const SqlOpening& opening) {
  const std::string& path = opening.address.connection.path;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (handle == nullptr) throw std::bad_alloc{};
  auto session = std::make_unique<SqliteSession>(opening, handle);
  if (code != SQLITE_OK)
    return std::unexpected(make_sqlite_fault(
        code, fmt::format("the file '{}' cannot be opened, and none is created: {}", path,
                          sqlite3_errmsg(handle))));
  session->prepare_handle();
  return session;
}

}  // namespace mainspring::runner
