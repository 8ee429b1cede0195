#include "postgres/database.h"

#include <fmt/core.h>

#include <algorithm>

#include "postgres/statement_text.h"

namespace mainspring::postgres {
namespace {

// A statement is prepared when it comes for the second time: many come once.
constexpr int kUsesBeforePreparing = 1;

}  // namespace

void Backoff::fail(Clock::time_point now) {
  pause_ = std::clamp(2 * pause_, kFirst, kMost);
  std::uniform_int_distribution<std::int64_t> part{pause_.count() / 2, pause_.count()};
  next_ = now + std::chrono::milliseconds{part(random_)};
}

void Backoff::succeed() {
  pause_ = {};
  next_ = {};
}

PgDatabase::PgDatabase(Address address, Limits limits)
    : address_(std::move(address)), limits_(limits) {}

PgDatabase::~PgDatabase() = default;

// ---- the connection

Connection& PgDatabase::connection() {
  if (connection_ && connection_->is_lost()) drop();
  if (!connection_) connect();
  return *connection_;
}

// Of the transaction under way: never a new one.
Connection& PgDatabase::own_connection() {
  if (connection_) return *connection_;
  throw ConnectionLost(last_failure_.empty() ? "the connection to PostgreSQL was lost"
                                             : last_failure_);
}

void PgDatabase::connect() {
  // Whoever asks in between hears the same again, and the server is left in peace.
  if (!backoff_.may_try(Backoff::Clock::now())) throw ConnectionLost(last_failure_);
  try {
    auto made = std::make_unique<Connection>(address_);
    made->is_pooled();
    connection_ = std::move(made);
  } catch (const store::Unavailable& problem) {
    last_failure_ = problem.what();
    backoff_.fail(Backoff::Clock::now());
    throw;
  }
  backoff_.succeed();
  ++session_;
}

void PgDatabase::drop() {
  connection_.reset();
  unconfirmed_.clear();
  for (const auto& [text, statement] : statements_)
    statement->forget_preparation();
}

// Everything that talks to the server inside a transaction passes through here.
template <class Work>
auto PgDatabase::guarded(Work work) {
  try {
    return work();
  } catch (...) {
    if (stage_ != Stage::outside) stage_ = Stage::failed;
    for (PgStatement* statement : std::exchange(unconfirmed_, {}))
      statement->forget_preparation();
    throw;
  }
}

void PgDatabase::execute(const std::string& sql) {
  guarded([&] { connection().execute(sql); });
}

// ---- transactions

void PgDatabase::begin(Purpose purpose) {
  connection();
  purpose_ = purpose;
  stage_ = Stage::begun;
  queue_begin();
}

void PgDatabase::queue_begin() {
  if (purpose_ == Purpose::read) {
    connection_->queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return;
  }
  // READ COMMITTED: what is read after the turn was waited for is as the one before left it.
  connection_->queue("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  // Local to the transaction, for behind a pooler the session is shared.
  const std::string settings = fmt::format(
      "SELECT set_config('lock_timeout', '{}', true),"
      " set_config('idle_in_transaction_session_timeout', '{}', true),"
      " set_config('statement_timeout', '{}', true),"
      " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
      " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)",
      limits_.lock.count(), limits_.idle.count(), limits_.statement.count());
  connection_->queue(settings.c_str());
}

void PgDatabase::commit() {
  guarded([&] {
    own_connection().queue("COMMIT");
    connection_->sync();
  });
  stage_ = Stage::outside;
  unconfirmed_.clear();
}

void PgDatabase::roll_back() noexcept {
  if (stage_ == Stage::outside) return;
  stage_ = Stage::outside;
  try {
    if (!connection_) return;
    if (connection_->is_lost()) return drop();
    connection_->part("ROLLBACK");
  } catch (const std::exception&) {
    drop();
  }
}

void PgDatabase::save() {
  guarded([&] { own_connection().queue("SAVEPOINT command"); });
}

void PgDatabase::undo_to_save() {
  guarded([&] {
    try {
      own_connection().sync();
    } catch (const ConnectionLost&) {
      throw;
    } catch (const std::exception&) {
      // It fails to be undone.
    }
    connection_->queue("ROLLBACK TO SAVEPOINT command");
    connection_->queue("RELEASE SAVEPOINT command");
    connection_->sync();
  });
  stage_ = Stage::inside;
}

void PgDatabase::release_save() {
  guarded([&] { own_connection().queue("RELEASE SAVEPOINT command"); });
}

void PgDatabase::sync() {
  if (!connection_) return;
  guarded([&] { connection_->sync(); });
  unconfirmed_.clear();
}

// ---- statements

sql::Statement& PgDatabase::prepared(sql::Sql sql) {
  auto& statement = statements_[sql.text()];
  if (!statement) statement = std::make_unique<PgStatement>(*this, sql.text());
  return *statement;
}

// The statement as it is sent: whole, or as the name that the server knows.
Outgoing PgDatabase::choose(PgStatement& statement) {
  Outgoing out = statement.outgoing();
  if (connection_->is_pooled() || statement.uses_++ < kUsesBeforePreparing) return out;
  Outgoing named = out;
  named.name = statement.name_.c_str();
  if (!statement.is_prepared_) {
    connection_->queue_prepare(named);
    statement.is_prepared_ = true;
    statement.prepared_types_.assign(out.types.begin(), out.types.end());
    unconfirmed_.push_back(&statement);
    return named;
  }
  // Where a value is of another type this time, the prepared one does not fit.
  return std::ranges::equal(statement.prepared_types_, out.types) ? named : out;
}

// Sends with `send` and waits. Where nothing would be done twice, a connection that turns out to be
// gone is replaced, once.
template <class Send>
Answer PgDatabase::ask(bool may_repeat, Send send) {
  const auto once = [&] {
    Answer answer = send(stage_ == Stage::outside ? connection() : own_connection());
    unconfirmed_.clear();
    if (stage_ == Stage::begun) stage_ = Stage::inside;
    return answer;
  };
  return guarded([&] {
    if (!may_repeat) return once();
    try {
      return once();
    } catch (const ConnectionLost&) {
      connection();  // anew
      if (stage_ == Stage::begun) queue_begin();
      return once();
    }
  });
}

void PgDatabase::run_statement(PgStatement& statement) {
  ++writes_;
  if (stage_ == Stage::outside) {
    ask(false, [&](Connection& connection) { return connection.ask(choose(statement)); });
    return;
  }
  guarded([&] { own_connection().queue(choose(statement)); });
  // Whoever asks next must not begin again on another connection: this would be missing there.
  if (stage_ == Stage::begun) stage_ = Stage::inside;
}

Answer PgDatabase::ask_statement(PgStatement& statement) {
  const bool may_repeat =
      stage_ == Stage::begun || (stage_ == Stage::outside && !statement.is_write_);
  return ask(may_repeat, [&](Connection& connection) { return connection.ask(choose(statement)); });
}

Answer PgDatabase::open_cursor(PgStatement& statement, const std::string& fetch) {
  return ask(stage_ == Stage::begun, [&](Connection& connection) {
    Outgoing opening = statement.outgoing();
    opening.text = statement.declare_.c_str();
    connection.queue(opening);
    return connection.ask(fetch.c_str());
  });
}

Answer PgDatabase::fetch(const std::string& fetch) {
  return ask(false, [&](Connection& connection) { return connection.ask(fetch.c_str()); });
}

void PgDatabase::close_cursor(const std::string& name) noexcept {
  if (stage_ != Stage::inside) return;
  try {
    guarded([&] { own_connection().queue(("CLOSE " + name).c_str()); });
  } catch (const std::exception&) {
    // The transaction has failed, and says so to the next who asks.
  }
}

}  // namespace mainspring::postgres
