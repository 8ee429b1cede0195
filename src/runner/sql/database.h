// SqlSession: one session with a database, as the runner of SQL jobs sees it, whichever database it
// is. A driver below this face knows the protocol; what a job means is above it.
//
// Threads: that of the attempt, which waits in the SqlWatch. When that says stop, a session asks
// its server to end the statement that runs; where the grace runs out it gives up the connection.
// Either way the call comes back with a fault, and the caller asks the watch for the reason.
// After a fault with is_lost, only the destructor may be called; it leaves no transaction open.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/connection.h"
#include "model/work.h"
#include "runner/sql/faults.h"
#include "runner/sql/sql_watch.h"

namespace mainspring::runner {

struct SqlColumn {
  std::string name;
  std::string type;  // as the database calls it: "int4", "DECIMAL", "TEXT"
};

// Whether a row was the last that is wanted.
enum class Take { more, enough };

// What a statement gives, as it comes.
class RowSink {
 public:
  virtual ~RowSink();
  // A statement gives rows; what an earlier one of a script gave is void.
  virtual void begin_rows(std::vector<SqlColumn> columns) = 0;
  // One value per column.
  virtual Take take_row(json::Array cells) = 0;
  // `tag` is what was done, "INSERT"; `affected` is absent where nothing can be changed by it.
  virtual void end_statement(std::string_view tag, std::optional<std::int64_t> affected) = 0;
  // What the database says besides: "NOTICE: table does not exist, skipping".
  virtual void notice(std::string_view text) = 0;
  // The name of a type that was not known when the rows began.
  virtual void name_type(std::size_t column, std::string name) = 0;
  // Whether take_row() may say `enough`.
  virtual bool is_capped() const = 0;
};

enum class SqlForm {
  statement,  // one, with values in its places
  script,     // several
};

struct SqlWork {
  std::string_view text;
  SqlForm form = SqlForm::statement;
  std::span<const json::Value> bind = {};
};

class SqlSession {
 public:
  virtual ~SqlSession();

  // `work` is what the transaction is for.
  virtual SqlResult<> begin(std::optional<model::SqlIsolation> isolation, const SqlWork& work) = 0;
  virtual SqlResult<> execute(const SqlWork& work, RowSink& sink) = 0;
  // A fault with is_lost: nobody knows how it ended.
  virtual SqlResult<> commit() = 0;
  // Leaves no transaction, or gives up the connection.
  virtual void rollback() = 0;
  // As the server says; false when a script ended the one that was begun.
  virtual bool is_in_transaction() const = 0;
};

// Where to, and as whom.
struct SqlAddress {
  const model::ConnectionSpec& connection;
  std::string password;
  std::string application;  // what the server calls the session: "mainspring/nightly run_0190..."
  SqlForm form = SqlForm::statement;
};

inline constexpr std::chrono::seconds kConnectTimeout{10};

// Everything is borrowed and outlives the session; `notices` hears what is said between statements.
struct SqlOpening {
  const SqlAddress& address;
  SqlWatch& watch;
  RowSink& notices;
};

using OpenedSession = SqlResult<std::unique_ptr<SqlSession>>;
OpenedSession open_session(const SqlOpening& opening);  // of the connection's type
OpenedSession open_postgres(const SqlOpening& opening);
OpenedSession open_mysql(const SqlOpening& opening);
OpenedSession open_sqlite(const SqlOpening& opening);

}  // namespace mainspring::runner
