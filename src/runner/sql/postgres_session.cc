// The driver of PostgreSQL, over libpq without blocking: everything waits in the SqlWatch, but for
// the look-up of the host's name.
//
// Rows come one at a time (single-row mode), so that memory does not grow with them. In a
// transaction a capped SELECT is read through a cursor: the rest is never computed, and nothing has
// to be cancelled, which would undo the transaction.
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <map>
#include <memory>
#include <thread>

#include <fmt/core.h>

#include "json/write.h"
#include "runner/sql/cells.h"
#include "runner/sql/database.h"
#include "runner/sql/postgres_types.h"
#include "runner/sql/script_text.h"

namespace mainspring::runner {
namespace {

using model::ConnectionType;
using model::SqlIsolation;
using model::TlsVerify;

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, FreeResult>;

constexpr int kFetch = 500;  // rows of a cursor at a time
// How long the server may take to hear of a cancel, before its connection is given up all the same.
constexpr std::chrono::seconds kCancelPatience{5};

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '\n' || c == '\t' ? ' ' : c;
  while (out.ends_with(' '))
    out.pop_back();
  return out.substr(0, 1000);
}

std::string field(const PGresult* result, int which) {
  const char* text = PQresultErrorField(result, which);
  return text == nullptr ? std::string{} : std::string{text};
}

// `prefix`: how many characters of ours stand before the job's SQL.
SqlFault read_fault(const PGresult* result, std::size_t prefix) {
  std::string text = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (text.empty()) text = one_line(PQresultErrorMessage(result));
  for (const int which : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT})
    if (const std::string more = field(result, which); !more.empty()) text += "; " + one_line(more);
  if (const std::string place = field(result, PG_DIAG_STATEMENT_POSITION); !place.empty())
    text += fmt::format("; at character {} of the SQL", std::stoul(place) - prefix);
  return make_postgres_fault(field(result, PG_DIAG_SQLSTATE), text);
}

// ---- connecting --------------------------------------------------------------------------------

using Keywords = std::map<std::string, std::string>;

// Where systems keep the authorities that they trust.
std::string system_authorities() {
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/cert.pem"})
    if (::access(path, R_OK) == 0) return path;
  return "";
}

// The address of a host in numbers, so that the name that the certificate must have is another.
std::string find_address(const std::string& host) {
  addrinfo* found = nullptr;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return "";
  std::array<char, NI_MAXHOST> text{};
  ::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0,
                NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return text.data();
}

void add_tls(const model::ConnectionSpec& connection, Keywords& keywords) {
  const model::TlsSpec& tls = *connection.tls;
  keywords["sslmode"] = tls.verify == TlsVerify::full ? "verify-full"
                        : tls.verify == TlsVerify::ca ? "verify-ca"
                                                      : "require";
  if (tls.verify != TlsVerify::none)
    keywords["sslrootcert"] = tls.ca.empty() ? system_authorities() : tls.ca;
  if (!tls.certificate.empty()) keywords["sslcert"] = tls.certificate;
  if (!tls.key.empty()) keywords["sslkey"] = tls.key;
  if (tls.server_name.empty() || tls.server_name == connection.host) return;
  if (const std::string address = find_address(connection.host); !address.empty()) {
    keywords["hostaddr"] = address;
    keywords["host"] = tls.server_name;
  }
}

// Said by keys of the connection's own, or dangerous from a definition.
constexpr std::string_view kReserved[] = {
    "host",        "hostaddr",        "port",           "dbname",    "user",        "password",
    "passfile",    "service",         "servicefile",    "sslmode",   "sslrootcert", "sslcert",
    "sslkey",      "sslpassword",     "sslcrl",         "sslcrldir", "sslsni",      "requiressl",
    "replication", "connect_timeout", "client_encoding"};

SqlResult<Keywords> make_keywords(const SqlAddress& address) {
  const model::ConnectionSpec& connection = address.connection;
  Keywords keywords{{"application_name", address.application},
                    {"sslmode", "prefer"},
                    {"gssencmode", "disable"},
                    // A connection that breaks without a word is noticed within half a minute.
                    {"keepalives", "1"},
                    {"keepalives_idle", "15"},
                    {"keepalives_interval", "5"},
                    {"keepalives_count", "3"},
                    {"tcp_user_timeout", "30000"},
                    // The password of a connection is a secret of the job's tenant, or there is
                    // none: not one that lies in the home of the node's user.
                    {"passfile", "/dev/null/none"}};
  for (const auto& [key, value] : connection.options) {
    if (std::ranges::find(kReserved, key) != std::end(kReserved))
      return std::unexpected(
          make_fault(sql_fault::kStatement,
                     fmt::format("the option '{}' cannot stand among the connection's options; the "
                                 "connection has a key of its own for it, or none",
                                 key)));
    keywords[key] = value;
  }
  keywords["host"] = connection.host;
  keywords["dbname"] = connection.database;
  keywords["client_encoding"] = "UTF8";
  if (connection.port) keywords["port"] = std::to_string(*connection.port);
  if (!connection.user.empty()) keywords["user"] = connection.user;
  if (!address.password.empty()) keywords["password"] = address.password;
  if (connection.tls) add_tls(connection, keywords);
  return keywords;
}

// ---- binding -----------------------------------------------------------------------------------

// Values as texts, each with the type that JSON gives it; what is left to the server to infer has
// type 0, as a text in quotes has.
struct Bound {
  std::vector<std::string> texts;
  std::vector<const char*> values;
  std::vector<Oid> types;
};

Oid type_of(const json::Value& value) {
  if (value.is_bool()) return postgres_type::kBool;
  if (value.is_double()) return postgres_type::kFloat8;
  if (value.is_uint64()) return postgres_type::kNumeric;
  if (!value.is_int64()) return 0;
  // The smallest that fits, as a literal has it: it becomes any larger one by itself.
  const std::int64_t number = value.get_int64();
  return number >= INT32_MIN && number <= INT32_MAX ? postgres_type::kInt4 : postgres_type::kInt8;
}

SqlResult<Bound> bind(std::span<const json::Value> values) {
  Bound bound;
  for (const json::Value& value : values) {
    bound.types.push_back(type_of(value));
    bound.texts.push_back(value.is_null() ? "" : write_bound(value));
    if (bound.texts.back().contains('\0'))
      return std::unexpected(make_fault(
          sql_fault::kValue, fmt::format("value {} of bind holds a zero byte, which a text of "
                                         "PostgreSQL cannot",
                                         bound.texts.size())));
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    bound.values.push_back(values[i].is_null() ? nullptr : bound.texts[i].c_str());
  return bound;
}

// ---- the session -------------------------------------------------------------------------------

// Takes nothing: for statements of our own.
class NoRows final : public RowSink {
 public:
  void begin_rows(std::vector<SqlColumn>) override {}
  Take take_row(json::Array) override { return Take::more; }
  void end_statement(std::string_view, std::optional<std::int64_t>) override {}
  void notice(std::string_view) override {}
  void name_type(std::size_t, std::string) override {}
  bool is_capped() const override { return false; }
};

class PostgresSession final : public SqlSession {
 public:
  PostgresSession(const SqlOpening& opening, PGconn* handle)
      : handle_(handle), watch_(opening.watch), notices_(opening.notices) {
    PQsetNoticeReceiver(handle_, take_notice, this);
  }
  ~PostgresSession() override { PQfinish(handle_); }

  SqlResult<> connect();
  SqlResult<> begin(std::optional<SqlIsolation> isolation, const SqlWork& work) override;
  SqlResult<> execute(const SqlWork& work, RowSink& sink) override;
  SqlResult<> commit() override;
  void rollback() override;
  bool is_in_transaction() const override {
    return PQtransactionStatus(handle_) == PQTRANS_INTRANS ||
           PQtransactionStatus(handle_) == PQTRANS_INERROR;
  }

 private:
  // What to do about a stop while waiting.
  enum class OnStop { cancel, give_up, go_on };
  // One string of SQL on its way.
  struct Reading {
    RowSink& sink;
    bool is_cursor = false;   // FETCH after FETCH: one statement to the sink
    bool can_cancel = false;  // the rest of its rows may be cancelled
    std::int64_t rows = 0;    // of this string
    bool is_enough = false;
    bool has_cancelled = false;  // by ourselves: the refusal that follows is none
    bool is_in_rows = false;
    std::size_t prefix = 0;
    std::vector<CellKind> kinds = {};
    std::vector<std::pair<std::size_t, Oid>> unnamed = {};
  };

  static void take_notice(void* self, const PGresult* result);
  SqlResult<> wait(short events);
  SqlResult<> pull();
  SqlResult<> ask(const std::string& text);
  SqlResult<> send(const std::string& text);
  SqlResult<> send(const std::string& text, const Bound& bound);
  SqlResult<> read(Reading& reading);
  SqlResult<> take(const PGresult* result, Reading& reading);
  void begin_rows(const PGresult* result, Reading& reading);
  void take_row(const PGresult* result, Reading& reading);
  static void end_statement(PGresult* result, Reading& reading);
  SqlResult<> refuse_copy();
  SqlResult<> run_cursor(const SqlWork& work, RowSink& sink);
  SqlResult<> run_one(const SqlWork& work, RowSink& sink);
  SqlResult<> run_script(const SqlWork& work, RowSink& sink);
  SqlResult<> name_types(const Reading& reading);
  void send_cancel();
  std::unexpected<SqlFault> lose(std::string_view text);

  PGconn* handle_;
  SqlWatch& watch_;
  RowSink& notices_;
  OnStop on_stop_ = OnStop::give_up;
  bool is_lost_ = false;
};

void PostgresSession::take_notice(void* self, const PGresult* result) {
  auto& session = *static_cast<PostgresSession*>(self);
  std::string text = fmt::format("{}: {}", field(result, PG_DIAG_SEVERITY),
                                 one_line(field(result, PG_DIAG_MESSAGE_PRIMARY)));
  if (const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty())
    text += "; " + one_line(detail);
  session.notices_.notice(text);
}

std::unexpected<SqlFault> PostgresSession::lose(std::string_view text) {
  is_lost_ = true;
  return std::unexpected(make_lost(one_line(text)));
}

// Blocks until its own connection is answered. A server that takes it and says nothing, as one that
// was stopped does, would hold us for ever: then the thread is left to itself, with a ticket for a
// session that is no more.
void PostgresSession::send_cancel() {
  const std::shared_ptr<PGcancel> ticket(PQgetCancel(handle_), PQfreeCancel);
  if (!ticket) return;
  std::packaged_task<void()> task([ticket] {
    std::array<char, 256> error{};
    PQcancel(ticket.get(), error.data(), error.size());
  });
  const std::future<void> done = task.get_future();
  std::thread thread(std::move(task));
  const bool is_done = done.wait_for(watch_.patience(kCancelPatience)) == std::future_status::ready;
  if (is_done) return thread.join();
  thread.detach();
}

SqlResult<> PostgresSession::wait(short events) {
  Awaited awaited{.fd = PQsocket(handle_), .events = events};
  while (true) {
    switch (watch_.wait(awaited)) {
      case Wake::ready:
        return {};
      case Wake::late:
        break;
      case Wake::stop:
        if (on_stop_ == OnStop::give_up) return lose("given up, for the attempt is to end");
        if (on_stop_ == OnStop::cancel) send_cancel();
        break;
      case Wake::overdue:
        return lose("the server did not end the statement within the grace");
    }
  }
}

SqlResult<> PostgresSession::connect() {
  const SteadyTime until = std::chrono::steady_clock::now() + kConnectTimeout;
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
       state = PQconnectPoll(handle_)) {
    if (state == PGRES_POLLING_FAILED || PQstatus(handle_) == CONNECTION_BAD) {
      // The words tell a wrong password, a missing database and a server that starts apart; libpq
      // has no SQLSTATE of an attempt to connect.
      return std::unexpected(classify_refusal(one_line(PQerrorMessage(handle_))));
    }
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    Awaited awaited{.fd = PQsocket(handle_), .events = events, .until = until};
    const Wake wake = watch_.wait(awaited);
    if (wake == Wake::late)
      return lose(fmt::format("the server did not answer within {} s", kConnectTimeout.count()));
    if (wake != Wake::ready) return lose("given up, for the attempt is to end");
  }
  if (PQsetnonblocking(handle_, 1) != 0) return lose(PQerrorMessage(handle_));
  on_stop_ = OnStop::cancel;
  std::string settings;
  const char* dates = PQparameterStatus(handle_, "DateStyle");
  if (dates != nullptr && !std::string_view{dates}.starts_with("ISO"))
    settings = "SET datestyle = ISO; ";
  // When the worker is killed while a statement runs, the server notices, and ends it.
  if (PQserverVersion(handle_) >= 140000) settings += "SET client_connection_check_interval = 5000";
  if (settings.empty()) return {};
  const SqlResult<> done = ask(settings);
  return !done && done.error().is_lost ? done : SqlResult<>{};
}

SqlResult<> PostgresSession::pull() {
  while (PQisBusy(handle_) == 1) {
    int left = 0;
    while ((left = PQflush(handle_)) > 0) {
      if (auto ready = wait(POLLIN | POLLOUT); !ready) return ready;
      if (PQconsumeInput(handle_) != 1) return lose(PQerrorMessage(handle_));
    }
    if (left < 0) return lose(PQerrorMessage(handle_));
    if (PQisBusy(handle_) == 0) return {};
    if (auto ready = wait(POLLIN); !ready) return ready;
    if (PQconsumeInput(handle_) != 1) return {};  // PQgetResult() tells the server's last words
  }
  return {};
}

SqlResult<> PostgresSession::send(const std::string& text) {
  if (PQsendQuery(handle_, text.c_str()) != 1) return lose(PQerrorMessage(handle_));
  if (PQsetSingleRowMode(handle_) != 1) return lose("no single-row mode");
  return {};
}

SqlResult<> PostgresSession::send(const std::string& text, const Bound& bound) {
  const int sent = PQsendQueryParams(handle_, text.c_str(), static_cast<int>(bound.values.size()),
                                     bound.types.data(), bound.values.data(), nullptr, nullptr, 0);
  if (sent != 1) return lose(PQerrorMessage(handle_));
  if (PQsetSingleRowMode(handle_) != 1) return lose("no single-row mode");
  return {};
}

SqlResult<> PostgresSession::ask(const std::string& text) {
  NoRows none;
  Reading reading{none};
  if (auto sent = send(text); !sent) return sent;
  return read(reading);
}

// Reads all that one string is answered; the first refusal is kept.
SqlResult<> PostgresSession::read(Reading& reading) {
  SqlResult<> out;
  while (true) {
    if (auto pulled = pull(); !pulled) return pulled;
    const Answer result(PQgetResult(handle_));
    if (!result) break;
    auto taken = take(result.get(), reading);
    const bool is_ours =
        reading.has_cancelled && !taken && taken.error().type == sql_fault::kStoppedByServer;
    if (!taken && out && !is_ours) out = std::move(taken);
    if (is_lost_) return out;
  }
  if (PQstatus(handle_) != CONNECTION_OK) {
    is_lost_ = true;
    if (out) return lose(PQerrorMessage(handle_));
    out.error().is_lost = true;
  }
  return out;
}

SqlResult<> PostgresSession::take(const PGresult* result, Reading& reading) {
  switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
      if (!reading.is_in_rows) begin_rows(result, reading);
      take_row(result, reading);
      return {};
    case PGRES_TUPLES_OK:
      if (!reading.is_in_rows) begin_rows(result, reading);
      [[fallthrough]];
    case PGRES_COMMAND_OK:
      if (!reading.is_cursor) end_statement(const_cast<PGresult*>(result), reading);
      reading.is_in_rows = reading.is_cursor;
      return {};
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      return refuse_copy();
    case PGRES_EMPTY_QUERY:
      return {};
    default: {
      SqlFault fault = read_fault(result, reading.prefix);
      if (PQstatus(handle_) != CONNECTION_OK) {
        fault.is_lost = true;
        is_lost_ = true;
      }
      return std::unexpected(std::move(fault));
    }
  }
}

SqlResult<> PostgresSession::refuse_copy() {
  is_lost_ = true;
  SqlFault fault = make_fault(sql_fault::kStatement,
                              "COPY from or to the client is not offered here; run psql in a job "
                              "of type command for it");
  fault.is_lost = true;
  return std::unexpected(std::move(fault));
}

void PostgresSession::begin_rows(const PGresult* result, Reading& reading) {
  std::vector<SqlColumn> columns;
  reading.kinds.clear();
  reading.unnamed.clear();
  for (int i = 0; i < PQnfields(result); ++i) {
    const PostgresType type = find_postgres_type(PQftype(result, i));
    reading.kinds.push_back(type.kind);
    if (type.name.empty())
      reading.unnamed.emplace_back(static_cast<std::size_t>(i), PQftype(result, i));
    columns.push_back({PQfname(result, i), std::string{type.name}});
  }
  reading.is_in_rows = true;
  reading.sink.begin_rows(std::move(columns));
}

void PostgresSession::take_row(const PGresult* result, Reading& reading) {
  ++reading.rows;
  if (reading.is_enough) return;
  json::Array cells;
  for (int i = 0; i < PQnfields(result); ++i) {
    if (PQgetisnull(result, 0, i) == 1) {
      cells.emplace_back(nullptr);
      continue;
    }
    const std::string_view text{PQgetvalue(result, 0, i),
                                static_cast<std::size_t>(PQgetlength(result, 0, i))};
    cells.push_back(read_postgres(reading.kinds[static_cast<std::size_t>(i)], text));
  }
  if (reading.sink.take_row(std::move(cells)) == Take::more) return;
  reading.is_enough = true;
  if (!reading.can_cancel) return;
  reading.has_cancelled = true;
  send_cancel();
}

void PostgresSession::end_statement(PGresult* result, Reading& reading) {
  const std::string tag = PQcmdStatus(result);
  const std::string count = PQcmdTuples(result);
  const std::string word = tag.substr(0, tag.find(' '));
  const bool is_change =
      word == "INSERT" || word == "UPDATE" || word == "DELETE" || word == "MERGE" || word == "COPY";
  if (is_change && !count.empty()) return reading.sink.end_statement(word, std::stoll(count));
  reading.sink.end_statement(tag, std::nullopt);
}

SqlResult<> PostgresSession::begin(std::optional<SqlIsolation> isolation, const SqlWork&) {
  std::string text = "BEGIN";
  if (isolation)
    text += *isolation == SqlIsolation::serializable      ? " ISOLATION LEVEL SERIALIZABLE"
            : *isolation == SqlIsolation::repeatable_read ? " ISOLATION LEVEL REPEATABLE READ"
                                                          : " ISOLATION LEVEL READ COMMITTED";
  // Most results that are read through a cursor are read to their end.
  return ask(text + "; SET LOCAL cursor_tuple_fraction = 1");
}

SqlResult<> PostgresSession::execute(const SqlWork& work, RowSink& sink) {
  if (work.form == SqlForm::script) return run_script(work, sink);
  const bool is_cursor =
      sink.is_capped() && is_in_transaction() && is_reader(work.text, ConnectionType::postgres);
  return is_cursor ? run_cursor(work, sink) : run_one(work, sink);
}

SqlResult<> PostgresSession::run_one(const SqlWork& work, RowSink& sink) {
  const auto bound = bind(work.bind);
  if (!bound) return std::unexpected(bound.error());
  Reading reading{sink};
  reading.can_cancel = !is_in_transaction() && is_reader(work.text, ConnectionType::postgres);
  if (auto sent = send(std::string{work.text}, *bound); !sent) return sent;
  if (auto done = read(reading); !done) return done;
  return name_types(reading);
}

SqlResult<> PostgresSession::run_cursor(const SqlWork& work, RowSink& sink) {
  const auto bound = bind(work.bind);
  if (!bound) return std::unexpected(bound.error());
  const std::string_view prefix = "DECLARE mainspring_rows NO SCROLL CURSOR FOR\n";
  NoRows none;
  Reading declaring{none};
  declaring.prefix = prefix.size();
  if (auto sent = send(fmt::format("{}{}", prefix, work.text), *bound); !sent) return sent;
  if (auto declared = read(declaring); !declared) return declared;
  Reading reading{sink, true};
  std::int64_t rows = 0;
  do {
    reading.rows = 0;
    if (auto sent = send(fmt::format("FETCH {} FROM mainspring_rows", kFetch)); !sent) return sent;
    if (auto read_some = read(reading); !read_some) return read_some;
    rows += reading.rows;
  } while (reading.rows == kFetch && !reading.is_enough);
  if (auto closed = ask("CLOSE mainspring_rows"); !closed) return closed;
  sink.end_statement(
      reading.is_enough ? std::string{"SELECT, cut"} : fmt::format("SELECT {}", rows),
      std::nullopt);
  return name_types(reading);
}

// In a transaction as one string. Without one each statement by itself: a string of several would
// be a transaction.
SqlResult<> PostgresSession::run_script(const SqlWork& work, RowSink& sink) {
  std::vector<std::string_view> parts{work.text};
  if (!is_in_transaction()) parts = split_script(work.text, ConnectionType::postgres);
  for (const std::string_view part : parts) {
    Reading reading{sink};
    reading.can_cancel = !is_in_transaction() && is_reader(part, ConnectionType::postgres);
    if (auto sent = send(std::string{part}); !sent) return sent;
    if (auto done = read(reading); !done) return done;
    if (auto named = name_types(reading); !named) return named;
  }
  return {};
}

// Keeps the texts of a few rows.
class NameRows final : public RowSink {
 public:
  void begin_rows(std::vector<SqlColumn>) override {}
  Take take_row(json::Array cells) override {
    if (cells.size() == 2 && cells[0].is_string() && cells[1].is_string())
      names[std::string{cells[0].get_string()}] = cells[1].get_string();
    return Take::more;
  }
  void end_statement(std::string_view, std::optional<std::int64_t>) override {}
  void notice(std::string_view) override {}
  void name_type(std::size_t, std::string) override {}
  bool is_capped() const override { return false; }

  std::map<std::string, std::string> names;
};

// What the database's own types, such as enumerations, are called.
SqlResult<> PostgresSession::name_types(const Reading& reading) {
  if (reading.unnamed.empty() || !reading.sink.is_capped() || is_lost_) return {};
  std::string oids;
  for (const auto& [column, oid] : reading.unnamed)
    oids += fmt::format("{}{}", oids.empty() ? "" : ", ", oid);
  NameRows found;
  Reading asking{found};
  if (auto sent = send(fmt::format("SELECT oid::text, pg_catalog.format_type(oid, NULL) FROM "
                                   "pg_catalog.pg_type WHERE oid IN ({})",
                                   oids));
      !sent)
    return sent;
  if (auto done = read(asking); !done) return done;
  for (const auto& [column, oid] : reading.unnamed)
    reading.sink.name_type(column, found.names[fmt::format("{}", oid)]);
  return {};
}

SqlResult<> PostgresSession::commit() {
  on_stop_ = OnStop::go_on;  // what is being committed is not cancelled any more
  return ask("COMMIT");
}

void PostgresSession::rollback() {
  if (is_lost_ || PQtransactionStatus(handle_) == PQTRANS_IDLE) return;
  on_stop_ = OnStop::go_on;
  [[maybe_unused]] const auto done = ask("ROLLBACK");  // else the server does when we hang up
}

}  // namespace

OpenedSession open_postgres(const SqlOpening& opening) {
  const auto keywords = make_keywords(opening.address);
  if (!keywords) return std::unexpected(keywords.error());
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : *keywords) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* handle = PQconnectStartParams(keys.data(), values.data(), 0);
  if (handle == nullptr) throw std::bad_alloc{};
  auto session = std::make_unique<PostgresSession>(opening, handle);
  if (auto connected = session->connect(); !connected) return std::unexpected(connected.error());
  return session;
}

}  // namespace mainspring::runner
