// The driver of MySQL and MariaDB. Texts without values go as they are; a statement with values is
// prepared. Rows are fetched one at a time and never gathered. A stop, and rows that are not wanted
// any more, are told to the server on a second connection: KILL QUERY.
#include <poll.h>

#include <memory>

#include <fmt/core.h>

#include "runner/sql/cells.h"
#include "runner/sql/database.h"
#include "runner/sql/kept_rows.h"
#include "runner/sql/mysql_link.h"
#include "runner/sql/mysql_types.h"
#include "runner/sql/script_text.h"

namespace mainspring::runner {
namespace {

using model::ConnectionType;
using model::SqlIsolation;
using std::chrono::steady_clock;

// The second connection, from its first byte to the answer.
constexpr std::chrono::seconds kKillTime{5};
constexpr int kWarningLimit = 20;  // of one statement, in the log

short to_poll(int wanted) {
  short events = 0;
  if ((wanted & MYSQL_WAIT_READ) != 0) events |= POLLIN;
  if ((wanted & MYSQL_WAIT_WRITE) != 0) events |= POLLOUT;
  if ((wanted & MYSQL_WAIT_EXCEPT) != 0) events |= POLLPRI;
  return events;
}

// An end of the connection is something to read.
int from_poll(int wanted, short happened) {
  int out = 0;
  if ((happened & POLLIN) != 0) out |= MYSQL_WAIT_READ;
  if ((happened & POLLOUT) != 0) out |= MYSQL_WAIT_WRITE;
  if ((happened & POLLPRI) != 0) out |= MYSQL_WAIT_EXCEPT;
  out &= wanted;
  return out != 0 ? out : wanted & ~MYSQL_WAIT_TIMEOUT;
}

struct CloseStatement {
  void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};
using Prepared = std::unique_ptr<MYSQL_STMT, CloseStatement>;

struct FreeRows {
  void operator()(MYSQL_RES* rows) const { mysql_free_result(rows); }
};
using Rows = std::unique_ptr<MYSQL_RES, FreeRows>;

// Values in the shape that the library wants; the texts lie in `texts`.
struct Bound {
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<MYSQL_BIND> binds;
};

Bound bind(std::span<const json::Value> values) {
  Bound bound;
  bound.texts.resize(values.size());
  bound.integers.resize(values.size());
  bound.reals.resize(values.size());
  bound.binds.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const json::Value& value = values[i];
    MYSQL_BIND& to = bound.binds[i];
    if (value.is_null()) {
      to.buffer_type = MYSQL_TYPE_NULL;
    } else if (value.is_bool() || value.is_int64()) {
      bound.integers[i] = value.is_bool() ? (value.get_bool() ? 1 : 0) : value.get_int64();
      to.buffer_type = value.is_bool() ? MYSQL_TYPE_TINY : MYSQL_TYPE_LONGLONG;
      to.buffer = &bound.integers[i];
    } else if (value.is_double()) {
      bound.reals[i] = value.get_double();
      to.buffer_type = MYSQL_TYPE_DOUBLE;
      to.buffer = &bound.reals[i];
    } else {
      bound.texts[i] = write_bound(value);
      to.buffer_type = MYSQL_TYPE_STRING;
      to.buffer = bound.texts[i].data();
      to.buffer_length = bound.texts[i].size();
    }
  }
  return bound;
}

class MysqlSession final : public SqlSession {
 public:
  explicit MysqlSession(const SqlOpening& opening)
      : address_(opening.address),
        watch_(opening.watch),
        notices_(opening.notices),
        link_(opening.address) {
    link_.wait_with([this](int wanted) { return wait(wanted); });
  }

  SqlResult<> connect();
  SqlResult<> begin(std::optional<SqlIsolation> isolation, const SqlWork& work) override;
  SqlResult<> execute(const SqlWork& work, RowSink& sink) override;
  SqlResult<> commit() override;
  void rollback() override;
  bool is_in_transaction() const override { return is_in_transaction_; }

 private:
  enum class OnStop { kill, give_up, go_on };
  // The rows of one statement on their way.
  struct Reading {
    RowSink& sink;
    bool can_kill = false;
    std::vector<MysqlColumn> columns = {};
    std::int64_t rows = 0;
    bool is_enough = false;
    bool has_killed = false;  // by ourselves: the refusal that follows is none
  };

  int wait(int wanted);
  void look_for_stop();
  void kill_query();
  SqlResult<> absorb_kill();
  SqlResult<> ask(std::string_view text);
  SqlResult<> run_text(const SqlWork& work, RowSink& sink);
  SqlResult<> read_result(Reading& reading, std::string_view tag);
  SqlResult<> read_rows(Reading& reading);
  SqlResult<> run_prepared(const SqlWork& work, RowSink& sink);
  SqlResult<> prepare(MYSQL_STMT* statement, const SqlWork& work);
  SqlResult<> read_prepared(MYSQL_STMT* statement, Reading& reading, std::string_view tag);
  SqlResult<> fetch_all(MYSQL_STMT* statement, Reading& reading);
  void take_row(Reading& reading, json::Array cells);
  static void begin_rows(Reading& reading, MYSQL_RES* rows);
  static void end_rows(const Reading& reading, std::string_view tag);
  SqlResult<> finish(SqlResult<> done, Reading& reading);
  SqlResult<> tell_warnings();
  std::unexpected<SqlFault> lose(SqlFault fault);
  void look_at_transaction() { is_in_transaction_ = link_.is_in_transaction(); }

  const SqlAddress& address_;
  SqlWatch& watch_;
  RowSink& notices_;
  MysqlLink link_;
  OnStop on_stop_ = OnStop::give_up;
  bool is_lost_ = false;
  bool is_in_transaction_ = false;
};

int MysqlSession::wait(int wanted) {
  Awaited awaited{.fd = link_.socket(), .events = to_poll(wanted)};
  if ((wanted & MYSQL_WAIT_TIMEOUT) != 0)
    awaited.until = steady_clock::now() + std::chrono::milliseconds{link_.timeout_milliseconds()};
  while (true) {
    switch (watch_.wait(awaited)) {
      case Wake::ready:
        return from_poll(wanted, awaited.happened);
      case Wake::late:
        return MYSQL_WAIT_TIMEOUT;
      case Wake::stop:
        if (on_stop_ == OnStop::kill) kill_query();
        if (on_stop_ != OnStop::give_up) break;
        [[fallthrough]];
      case Wake::overdue:
        link_.sever();
        return MYSQL_WAIT_TIMEOUT;
    }
  }
}

// Where the server is quicker than we are, the library never waits.
void MysqlSession::look_for_stop() {
  if (!watch_.look()) return;
  Awaited now{.until = steady_clock::now()};
  const Wake wake = watch_.wait(now);
  if (wake == Wake::stop) kill_query();
  if (wake == Wake::overdue) link_.sever();
}

// Best effort: where the server cannot be reached, the grace ends it.
void MysqlSession::kill_query() {
  const unsigned long id = mysql_thread_id(link_.handle());
  const auto until = steady_clock::now() + watch_.patience(kKillTime);
  const SqlAddress address{address_.connection, address_.password, address_.application,
                           SqlForm::statement};
  MysqlLink killer(address);
  killer.wait_with([&](int wanted) {
    pollfd awaited{killer.socket(), to_poll(wanted), 0};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
    const int found = left <= 0 ? 0 : ::poll(&awaited, 1, static_cast<int>(left));
    if (found > 0) return from_poll(wanted, awaited.revents);
    killer.sever();
    return MYSQL_WAIT_TIMEOUT;
  });
  if (!killer.connect()) return;
  [[maybe_unused]] const auto killed = killer.query(fmt::format("KILL QUERY {}", id));
}

std::unexpected<SqlFault> MysqlSession::lose(SqlFault fault) {
  if (fault.is_lost) is_lost_ = true;
  return std::unexpected(std::move(fault));
}

SqlResult<> MysqlSession::connect() {
  if (auto connected = link_.connect(); !connected) return lose(connected.error());
  on_stop_ = OnStop::kill;
  return {};
}

SqlResult<> MysqlSession::ask(std::string_view text) {
  KeptRows ignored;
  Reading reading{ignored};
  if (auto asked = link_.query(text); !asked) return lose(asked.error());
  auto read = read_result(reading, "");
  look_at_transaction();
  return read;
}

SqlResult<> MysqlSession::begin(std::optional<SqlIsolation> isolation, const SqlWork&) {
  if (isolation) {
    const std::string_view level = *isolation == SqlIsolation::serializable      ? "SERIALIZABLE"
                                   : *isolation == SqlIsolation::repeatable_read ? "REPEATABLE READ"
                                                                                 : "READ COMMITTED";
    if (auto set = ask(fmt::format("SET TRANSACTION ISOLATION LEVEL {}", level)); !set) return set;
  }
  return ask("START TRANSACTION");
}

SqlResult<> MysqlSession::execute(const SqlWork& work, RowSink& sink) {
  auto done = work.bind.empty() ? run_text(work, sink) : run_prepared(work, sink);
  if (!done) return done;
  look_at_transaction();
  return tell_warnings();
}

void MysqlSession::begin_rows(Reading& reading, MYSQL_RES* rows) {
  std::vector<SqlColumn> columns;
  reading.columns.clear();
  for (unsigned i = 0; i < mysql_num_fields(rows); ++i) {
    const MYSQL_FIELD* field = mysql_fetch_field_direct(rows, i);
    reading.columns.push_back(find_mysql_column(*field));
    columns.push_back({field->name, reading.columns.back().type});
  }
  reading.rows = 0;
  reading.is_enough = false;
  reading.sink.begin_rows(std::move(columns));
}

void MysqlSession::end_rows(const Reading& reading, std::string_view tag) {
  reading.sink.end_statement(
      reading.is_enough ? fmt::format("{}, cut", tag) : fmt::format("{} {}", tag, reading.rows),
      std::nullopt);
}

void MysqlSession::take_row(Reading& reading, json::Array cells) {
  ++reading.rows;
  look_for_stop();
  if (reading.is_enough || reading.sink.take_row(std::move(cells)) == Take::more) return;
  reading.is_enough = true;
  if (!reading.can_kill) return;
  reading.has_killed = true;
  kill_query();
}

// The server may have been told to end a statement that had ended by itself: then the next one
// would be hit, which must be one that nobody needs.
SqlResult<> MysqlSession::absorb_kill() {
  auto done = link_.query("DO 0");
  if (!done && done.error().is_lost) return lose(done.error());
  return {};
}

SqlResult<> MysqlSession::finish(SqlResult<> done, Reading& reading) {
  if (!reading.has_killed) return done;
  const bool is_ours = !done && done.error().type == sql_fault::kStoppedByServer;
  if (!done && !is_ours) return done;
  return absorb_kill();
}

SqlResult<> MysqlSession::run_text(const SqlWork& work, RowSink& sink) {
  std::vector<std::string_view> parts{work.text};
  if (work.form == SqlForm::script) parts = split_script(work.text, ConnectionType::mysql);
  Reading reading{sink};
  reading.can_kill = work.form == SqlForm::statement && is_reader(work.text, ConnectionType::mysql);
  if (auto asked = link_.query(work.text); !asked) return lose(asked.error());
  for (std::size_t i = 0;; ++i) {
    const auto words = i < parts.size() ? first_words(parts[i], ConnectionType::mysql, 1)
                                        : std::vector<std::string>{};
    const std::string tag = words.empty() ? "statement" : words[0];
    auto done = finish(read_result(reading, tag), reading);
    if (!done) return lose(done.error());
    if (reading.has_killed || !mysql_more_results(link_.handle())) return {};
    const int next = link_.drive<int>(
        [&](int* result) { return mysql_next_result_start(result, link_.handle()); },
        [&](int* result, int happened) {
          return mysql_next_result_cont(result, link_.handle(), happened);
        });
    if (next > 0) return lose(link_.fault());
    if (next < 0) return {};
  }
}

SqlResult<> MysqlSession::read_result(Reading& reading, std::string_view tag) {
  if (mysql_field_count(link_.handle()) > 0) {
    auto read = read_rows(reading);
    if (read || reading.has_killed) end_rows(reading, tag);
    return read;
  }
  reading.sink.end_statement(tag, static_cast<std::int64_t>(mysql_affected_rows(link_.handle())));
  return {};
}

SqlResult<> MysqlSession::read_rows(Reading& reading) {
  const Rows rows(mysql_use_result(link_.handle()));
  if (!rows) return lose(link_.fault());
  begin_rows(reading, rows.get());
  while (true) {
    const MYSQL_ROW row = link_.drive<MYSQL_ROW>(
        [&](MYSQL_ROW* result) { return mysql_fetch_row_start(result, rows.get()); },
        [&](MYSQL_ROW* result, int happened) {
          return mysql_fetch_row_cont(result, rows.get(), happened);
        });
    if (row == nullptr) break;
    if (reading.is_enough) {
      look_for_stop();
      continue;
    }
    const unsigned long* lengths = mysql_fetch_lengths(rows.get());
    json::Array cells;
    for (std::size_t i = 0; i < reading.columns.size(); ++i)
      cells.push_back(row[i] == nullptr
                          ? json::Value{}
                          : read_mysql(reading.columns[i], std::string_view{row[i], lengths[i]}));
    take_row(reading, std::move(cells));
  }
  if (mysql_errno(link_.handle()) != 0) return lose(link_.fault());
  return {};
}

SqlResult<> MysqlSession::prepare(MYSQL_STMT* statement, const SqlWork& work) {
  const int failed = link_.drive<int>(
      [&](int* result) {
        return mysql_stmt_prepare_start(result, statement, work.text.data(), work.text.size());
      },
      [&](int* result, int happened) {
        return mysql_stmt_prepare_cont(result, statement, happened);
      });
  if (failed != 0) return lose(link_.fault(statement));
  const unsigned long places = mysql_stmt_param_count(statement);
  if (places == work.bind.size()) return {};
  return std::unexpected(make_fault(
      sql_fault::kStatement,
      fmt::format("the statement has {} places and bind has {} values", places, work.bind.size())));
}

SqlResult<> MysqlSession::run_prepared(const SqlWork& work, RowSink& sink) {
  const Prepared statement(mysql_stmt_init(link_.handle()));
  if (!statement) throw std::bad_alloc{};
  if (auto prepared = prepare(statement.get(), work); !prepared) return prepared;
  Bound bound = bind(work.bind);
  if (mysql_stmt_bind_param(statement.get(), bound.binds.data()) != 0)
    return lose(link_.fault(statement.get()));
  const int failed = link_.drive<int>(
      [&](int* result) { return mysql_stmt_execute_start(result, statement.get()); },
      [&](int* result, int happened) {
        return mysql_stmt_execute_cont(result, statement.get(), happened);
      });
  if (failed != 0) return lose(link_.fault(statement.get()));
  Reading reading{sink};
  reading.can_kill = is_reader(work.text, ConnectionType::mysql);
  const auto words = first_words(work.text, ConnectionType::mysql, 1);
  while (true) {
    auto read = read_prepared(statement.get(), reading, words.empty() ? "statement" : words[0]);
    auto done = finish(std::move(read), reading);
    if (!done) return lose(done.error());
    if (reading.has_killed || !mysql_stmt_more_results(statement.get())) return {};
    const int next = link_.drive<int>(
        [&](int* result) { return mysql_stmt_next_result_start(result, statement.get()); },
        [&](int* result, int happened) {
          return mysql_stmt_next_result_cont(result, statement.get(), happened);
        });
    if (next > 0) return lose(link_.fault(statement.get()));
    if (next < 0) return {};
  }
}

SqlResult<> MysqlSession::read_prepared(MYSQL_STMT* statement, Reading& reading,
                                        std::string_view tag) {
  if (mysql_stmt_field_count(statement) == 0) {
    reading.sink.end_statement(tag, static_cast<std::int64_t>(mysql_stmt_affected_rows(statement)));
    return {};
  }
  auto read = fetch_all(statement, reading);
  if (read || reading.has_killed) end_rows(reading, tag);
  return read;
}

SqlResult<> MysqlSession::fetch_all(MYSQL_STMT* statement, Reading& reading) {
  const Rows meaning(mysql_stmt_result_metadata(statement));
  if (!meaning) return lose(link_.fault(statement));
  begin_rows(reading, meaning.get());
  MysqlRow row(reading.columns);
  if (mysql_stmt_bind_result(statement, row.binds()) != 0) return lose(link_.fault(statement));
  while (true) {
    const int fetched =
        link_.drive<int>([&](int* result) { return mysql_stmt_fetch_start(result, statement); },
                         [&](int* result, int happened) {
                           return mysql_stmt_fetch_cont(result, statement, happened);
                         });
    if (fetched == MYSQL_NO_DATA) return {};
    if (fetched != 0 && fetched != MYSQL_DATA_TRUNCATED) return lose(link_.fault(statement));
    if (reading.is_enough) {
      look_for_stop();
    } else {
      take_row(reading, row.read(statement));
    }
  }
}

// Of the last statement: the server forgets those of the others.
SqlResult<> MysqlSession::tell_warnings() {
  if (mysql_warning_count(link_.handle()) == 0) return {};
  KeptRows found;
  Reading reading{found};
  if (auto asked = link_.query(fmt::format("SHOW WARNINGS LIMIT {}", kWarningLimit)); !asked)
    return lose(asked.error());
  if (auto read = read_result(reading, ""); !read) return read;
  for (const json::Array& row : found.rows)
    if (row.size() == 3 && row[0].is_string() && row[2].is_string())
      notices_.notice(fmt::format("{}: {}", std::string_view{row[0].get_string()},
                                  std::string_view{row[2].get_string()}));
  return {};
}

SqlResult<> MysqlSession::commit() {
  on_stop_ = OnStop::go_on;  // what is being committed is not ended any more
  return ask("COMMIT");
}

void MysqlSession::rollback() {
  if (is_lost_) return;
  on_stop_ = OnStop::go_on;
  if (auto absorbed = absorb_kill(); !absorbed) return;
  [[maybe_unused]] const auto done = ask("ROLLBACK");  // else the server does when we hang up
}

}  // namespace

OpenedSession open_mysql(const SqlOpening& opening) {
  auto session = std::make_unique<MysqlSession>(opening);
  if (auto connected = session->connect(); !connected) return std::unexpected(connected.error());
  return session;
}

}  // namespace mainspring::runner
