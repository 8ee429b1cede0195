// Database: one SQLite connection and its prepared statements. Internal to this module.
//
// Belongs to one thread at a time. Errors: a statement that the disk, the file or the connection
// failed throws store::Unavailable (storage_full when there is no room); one that breaks a
// constraint of the schema throws BrokenConstraint, which is a mistake of ours.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "base/blob.h"
#include "base/id.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace mainspring::sqlite {

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
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  ~Rows();
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
  }

  bool next();
  // Reads the first columns, in order, by the types of the variables.
  template <class... T>
  void read(T&... out) const {
    int column = 0;
    (read_column(column++, out), ...);
  }

 private:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void read_column(int column, T& out) const {
    out = static_cast<T>(integer(column));
  }
  template <class Tag>
  void read_column(int column, base::Id<Tag>& out) const {
    out = base::Id<Tag>{id_bytes(column)};
  }
  template <class T>
  void read_column(int column, std::optional<T>& out) const {
    if (is_null(column)) return out.reset();
    read_column(column, out.emplace());
  }
  void read_column(int column, base::Instant& out) const {
    out = base::from_millis(integer(column));
  }
  void read_column(int column, double& out) const { out = real(column); }
  void read_column(int column, std::string& out) const { out = bytes(column); }
  void read_column(int column, base::Blob& out) const { out.bytes = bytes(column); }

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view bytes(int column) const;
  base::IdBytes id_bytes(int column) const;

  sqlite3_stmt* statement_;
};

// Puts values into the places ?1, ?2 ... The values must live until the statement is reset.
class Binder {
 public:
  explicit Binder(sqlite3_stmt* statement) : statement_(statement) {}
  template <class T>
  void add(const T& value) {
    bind(++place_, value);
  }

 private:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void bind(int place, T value) {
    bind_integer(place, static_cast<std::int64_t>(value));
  }
  template <class Tag>
  void bind(int place, const base::Id<Tag>& id) {
    bind_id(place, id.bytes());
  }
  template <class T>
  void bind(int place, const std::optional<T>& value) {
    if (value) return bind(place, *value);
    bind_null(place);
  }
  void bind(int place, base::Instant instant) { bind_integer(place, base::to_millis(instant)); }
  void bind(int place, double value) { bind_real(place, value); }
  void bind(int place, std::string_view text) { bind_text(place, text); }
  void bind(int place, const std::string& text) { bind_text(place, text); }
  void bind(int place, const base::Blob& blob) { bind_blob(place, blob.bytes); }
  void bind(int place, std::nullopt_t) { bind_null(place); }

  void bind_integer(int place, std::int64_t value);
  void bind_real(int place, double value);
  void bind_text(int place, std::string_view text);
  void bind_blob(int place, std::string_view bytes);
  void bind_id(int place, const base::IdBytes& id);  // copied
  void bind_null(int place);

  sqlite3_stmt* statement_;
  int place_ = 0;
};

class Database {
 public:
  enum class Access { write, read };

  Database(const std::string& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs the statements of a text that take no values.
  void execute(const std::string& sql);

  // Runs a statement that answers nothing. Returns how many rows it changed.
  template <class... T>
  std::int64_t run(Sql sql, const T&... values) {
    Rows rows = query(sql, values...);
    rows.next();
    return changes();
  }

  // The values must outlive the rows: texts and blobs are not copied.
  template <class... T>
  Rows query(Sql sql, T&&... values) {
    static_assert(((!std::is_same_v<T, std::string> && !std::is_same_v<T, base::Blob>) && ...),
                  "a temporary would be gone before the rows are read");
    sqlite3_stmt* statement = prepared(sql);
    Rows rows(statement);  // first: resets the statement if a value cannot be bound
    Binder binder(statement);
    (binder.add(values), ...);
    return rows;
  }

  std::int64_t last_key() const;     // of the last row inserted
  std::int64_t all_changes() const;  // rows changed since it was opened
  bool is_in_transaction() const;
  std::vector<std::string> prepared_texts() const;  // for the test of query plans
  sqlite3* handle() { return handle_; }

 private:
  sqlite3_stmt* prepared(Sql sql);
  std::int64_t changes() const;

  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

// A transaction for several reads that must agree. Ends when it goes out of scope.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database) { database_.run("BEGIN"); }
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
};

}  // namespace mainspring::sqlite
