// PgDatabase: one connection to PostgreSQL as src/sql sees it. Internal to this module.
//
// It connects when it is first needed, and again when the connection was lost: at once, then with
// pauses that grow. A statement that begins a transaction, or stands alone and only reads, is sent
// again by itself on the new connection; within a transaction the loss is thrown.
//
// Where there is no pooler, statements that come again are prepared under a name; behind one, each
// is sent whole, because the next transaction may be another session. Threads, errors: see
// sql/database.h.
#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "postgres/connection.h"
#include "sql/database.h"

namespace mainspring::postgres {

// When to try again to connect, after it failed.
class Backoff {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirst{100};
  static constexpr std::chrono::milliseconds kMost{5'000};

  bool may_try(Clock::time_point now) const { return now >= next_; }
  void fail(Clock::time_point now);
  void succeed();

 private:
  std::chrono::milliseconds pause_{0};
  Clock::time_point next_;
  std::minstd_rand random_{std::random_device{}()};  // so that nodes do not come back in step
};

class PgDatabase;

class PgStatement final : public sql::Statement {
 public:
  PgStatement(PgDatabase& database, const char* shared_text);

  void bind_integer(int place, std::int64_t value) override;
  void bind_real(int place, double value) override;
  void bind_text(int place, std::string_view text) override;
  void bind_blob(int place, std::string_view bytes) override;
  void bind_id(int place, const base::IdBytes& id) override;
  void bind_instant(int place, base::Instant instant) override;
  void bind_null(int place, sql::Kind kind) override;

  void run() override;
  std::int64_t change() override;
  void start(sql::Reach reach) override;

  bool next() override;
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view bytes(int column) const override;
  base::IdBytes id(int column) const override;
  base::Instant instant(int column) const override;

  void reset() noexcept override;

  const std::string& text() const { return text_; }
  // The server may not know it any more.
  void forget_preparation();

 private:
  friend class PgDatabase;
  struct Place {
    Type type = type::unknown;
    int format = 1;  // binary
    bool is_null = false;
    bool is_own = false;
    std::string own;            // keeps its room from one use to the next
    std::string_view borrowed;  // texts and blobs
  };

  Place& place_at(int place, Type type);
  void bind_fixed(int place, Type type, const void* bytes, std::size_t size);
  Outgoing outgoing();
  Type column_type(int column) const;
  void take(Answer answer);
  std::string next_fetch();

  PgDatabase& database_;
  const std::string text_;
  const bool is_write_;
  std::string name_;     // of the prepared statement and of the cursor
  std::string declare_;  // the statement that opens the cursor
  int uses_ = 0;
  bool is_prepared_ = false;
  std::vector<Type> prepared_types_;

  std::vector<Place> places_;
  std::vector<Type> types_;  // what outgoing() points to
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;

  Answer answer_;
  int row_ = -1;
  int rows_ = 0;
  bool has_cursor_ = false;
  int fetched_ = 0;  // rows that the last fetch asked for
};

// What the server is to refuse by itself, so that nobody waits for a node that stands still.
struct Limits {
  std::chrono::milliseconds lock{8'000};  // to wait for the turn
  std::chrono::milliseconds idle{3'000};  // between two statements of a transaction
  std::chrono::milliseconds statement{20'000};
};

class PgDatabase final : public sql::Database {
 public:
  explicit PgDatabase(Address address, Limits limits = {});
  ~PgDatabase() override;

  void execute(const std::string& sql) override;
  void begin(Purpose purpose) override;
  void commit() override;
  void roll_back() noexcept override;
  void save() override;
  void undo_to_save() override;
  void release_save() override;
  void sync() override;
  std::int64_t write_count() const override { return writes_; }

  // A connection that stands, made now where there is none. Throws ConnectionLost.
  Connection& connection();
  bool is_pooled() { return connection().is_pooled(); }
  // How often it has connected: another number is another session.
  std::int64_t session() const { return session_; }
  // What the last refusal to connect was; for who reports.
  const Address& address() const { return address_; }

 private:
  friend class PgStatement;
  enum class Stage {
    outside,  // of a transaction
    begun,    // BEGIN is queued and nothing was answered: it may be sent again elsewhere
    inside,
    failed,  // the server refuses everything until it is rolled back
  };

  sql::Statement& prepared(sql::Sql sql) override;
  void queue_begin();
  template <class Send>
  Answer ask(bool may_repeat, Send send);  // tidy: a fact about the statement, named at each call
  Answer ask_statement(PgStatement& statement);
  void run_statement(PgStatement& statement);
  Answer open_cursor(PgStatement& statement, const std::string& fetch);
  Answer fetch(const std::string& fetch);
  void close_cursor(const std::string& name) noexcept;
  Outgoing choose(PgStatement& statement);
  Connection& own_connection();
  void connect();
  void drop();
  template <class Work>
  auto guarded(Work work);

  const Address address_;
  const Limits limits_;
  std::unique_ptr<Connection> connection_;
  Backoff backoff_;
  std::string last_failure_;
  std::int64_t session_ = 0;
  Stage stage_ = Stage::outside;
  Purpose purpose_ = Purpose::write;
  std::int64_t writes_ = 0;
  std::int64_t names_ = 0;
  std::unordered_map<const char*, std::unique_ptr<PgStatement>> statements_;
  std::vector<PgStatement*> unconfirmed_;  // whose preparation is not answered yet
};

}  // namespace mainspring::postgres
