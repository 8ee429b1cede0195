// Database: one connection to a database that understands our SQL, and its prepared statements.
// SQLite and PostgreSQL are drivers below this face; what they must translate says README.md.
//
// Belongs to one thread at a time. Errors: a statement that the disk, the file or the connection
// failed throws store::Unavailable (storage_full when there is no room); one that breaks a
// constraint of the schema throws BrokenConstraint, which is a mistake of ours. Both may come later
// than the statement: from any call up to sync() or commit(). After a throw nothing but
// undo_to_save() and roll_back() is meaningful.
#pragma once

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/blob.h"
#include "sql/statement.h"

namespace mainspring::sql {

class BrokenConstraint : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// SQL that lives as long as the program, so that its address can stand for it.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT: literals convert
  const char* text() const { return text_; }

 private:
  const char* text_;
};

// The rows of a running statement; going out of scope resets it. One per statement at a time.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(&statement) {}
  ~Rows() {
    if (statement_ != nullptr) statement_->reset();
  }
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
  }

  bool next() { return statement_->next(); }
  // Reads the first columns, in order, by the types of the variables. What is no std::optional is
  // zero, empty or nil where the column is NULL.
  template <class... T>
  void read(T&... out) const {
    int column = 0;
    (read_column(column++, out), ...);
  }

 private:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void read_column(int column, T& out) const {
    out = static_cast<T>(statement_->integer(column));
  }
  template <class Tag>
  void read_column(int column, base::Id<Tag>& out) const {
    out = base::Id<Tag>{statement_->id(column)};
  }
  template <class T>
  void read_column(int column, std::optional<T>& out) const {
    if (statement_->is_null(column)) return out.reset();
    read_column(column, out.emplace());
  }
  void read_column(int column, base::Instant& out) const { out = statement_->instant(column); }
  void read_column(int column, double& out) const { out = statement_->real(column); }
  void read_column(int column, std::string& out) const { out = statement_->bytes(column); }
  void read_column(int column, base::Blob& out) const { out.bytes = statement_->bytes(column); }

  Statement* statement_;
};

// Puts values into the places ?1, ?2 ...
class Binder {
 public:
  explicit Binder(Statement& statement) : statement_(statement) {}
  template <class T>
  void add(const T& value) {
    bind(++place_, value);
  }
  // As many places as it holds.
  template <class T, std::size_t N>
  void add(const std::array<T, N>& values) {
    for (const T& value : values)
      add(value);
  }

 private:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void bind(int place, T value) {
    statement_.bind_integer(place, static_cast<std::int64_t>(value));
  }
  template <class Tag>
  void bind(int place, const base::Id<Tag>& id) {
    statement_.bind_id(place, id.bytes());
  }
  template <class T>
  void bind(int place, const std::optional<T>& value) {
    if (value) return bind(place, *value);
    statement_.bind_null(place, kind_of<T>());
  }
  void bind(int place, base::Instant instant) { statement_.bind_instant(place, instant); }
  void bind(int place, double value) { statement_.bind_real(place, value); }
  void bind(int place, std::string_view text) { statement_.bind_text(place, text); }
  void bind(int place, const std::string& text) { statement_.bind_text(place, text); }
  void bind(int place, const base::Blob& blob) { statement_.bind_blob(place, blob.bytes); }

  template <class T>
  static constexpr Kind kind_of() {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) return Kind::integer;
    if constexpr (std::is_same_v<T, base::Instant>) return Kind::instant;
    if constexpr (std::is_same_v<T, double>) return Kind::real;
    if constexpr (std::is_same_v<T, base::Blob>) return Kind::blob;
    if constexpr (requires(T id) { id.bytes().size(); }) return Kind::id;
    return Kind::text;
  }

  Statement& statement_;
  int place_ = 0;
};

class Database {
 public:
  Database() = default;
  virtual ~Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // ---- statements. Texts and blobs among the values are not copied: they must live until run() or
  // change() returns, or until the Rows of query() and walk() are gone.

  // A statement that answers nothing; it may be sent without waiting for what becomes of it.
  template <class... T>
  void run(Sql sql, const T&... values) {
    Statement& statement = prepared(sql);
    const Rows resets(statement);  // first: also when a value cannot be bound
    bind_all(statement, values...);
    statement.run();
  }
  // The same, where it matters how many rows it changed: waits for the answer.
  template <class... T>
  std::int64_t change(Sql sql, const T&... values) {
    Statement& statement = prepared(sql);
    const Rows resets(statement);
    bind_all(statement, values...);
    return statement.change();
  }
  // A statement that answers rows, all of which are wanted. The key that the database gives a new
  // row is asked for by INSERT ... RETURNING key.
  template <class... T>
  Rows query(Sql sql, T&&... values) {
    return start(Reach::all, sql, std::forward<T>(values)...);
  }
  // A SELECT whose reader stops when it has enough. In a transaction only, such as a Snapshot.
  template <class... T>
  Rows walk(Sql sql, T&&... values) {
    return start(Reach::while_read, sql, std::forward<T>(values)...);
  }
  // The statements of a text that take no values and answer nothing. Waits.
  virtual void execute(const std::string& sql) = 0;

  // ---- transactions. Outside of them each statement is one of its own.
  enum class Purpose { write, read };  // what reads sees one state from its first statement on
  virtual void begin(Purpose purpose) = 0;
  virtual void commit() = 0;              // durable when it returns
  virtual void roll_back() noexcept = 0;  // nothing where there is no transaction
  // A point to go back to, one at a time, inside a transaction that writes.
  virtual void save() = 0;
  virtual void undo_to_save() = 0;  // and forgets the point
  virtual void release_save() = 0;
  // Waits until all that was sent is answered; throws what any of it failed with.
  virtual void sync() = 0;
  // Grows whenever something is written on this connection; by how much means nothing, and what
  // turns out to have changed no row may count.
  virtual std::int64_t write_count() const = 0;

 private:
  virtual Statement& prepared(Sql sql) = 0;  // with nothing bound

  template <class... T>
  static void bind_all(Statement& statement, const T&... values) {
    Binder binder(statement);
    (binder.add(values), ...);
  }
  template <class... T>
  Rows start(Reach reach, Sql sql, T&&... values) {
    static_assert(((!std::is_same_v<T, std::string> && !std::is_same_v<T, base::Blob>) && ...),
                  "a temporary would be gone before the rows are read");
    Statement& statement = prepared(sql);
    Rows rows(statement);
    bind_all(statement, values...);
    statement.start(reach);
    return rows;
  }
};

// Several reads that must agree: a transaction that ends when this goes out of scope.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database) {
    database_.begin(Database::Purpose::read);
  }
  ~Snapshot() { database_.roll_back(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
};

}  // namespace mainspring::sql
