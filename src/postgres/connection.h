// Connection: one session with a PostgreSQL server, over libpq in pipeline mode: statements are
// queued, go out together, and are answered together. Internal to this module.
//
// Belongs to one thread at a time. Errors: see failure.h. After a throw what was queued is settled;
// within a transaction the server then refuses everything until a rollback. Limits: a server that
// says nothing for kPatience counts as lost.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "postgres/address.h"
#include "postgres/encoding.h"
#include "postgres/failure.h"

struct pg_conn;
struct pg_result;

namespace mainspring::postgres {

// One statement on its way. Everything is copied when it is queued.
struct Outgoing {
  const char* text = nullptr;
  const char* name = nullptr;  // of the prepared statement that is meant; null: `text` is sent
  std::span<const Type> types = {};
  std::span<const char* const> values = {};  // null is NULL
  std::span<const int> lengths = {};
  std::span<const int> formats = {};  // 1: binary
};

struct FreeAnswer {
  void operator()(pg_result* result) const;
};
using Answer = std::unique_ptr<pg_result, FreeAnswer>;

struct Notification {
  std::string channel;
  std::string payload;
};

class Connection {
 public:
  // Longer than the server's own limits for a statement of ours (turns.h).
  static constexpr std::chrono::seconds kPatience{30};

  // Waits until the session stands. Throws ConnectionLost.
  explicit Connection(const Address& address);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Queues a statement whose answer nobody needs; when it fails, the next ask() or sync() throws.
  void queue(const Outgoing& statement);
  void queue(const char* text) { queue(Outgoing{.text = text}); }
  // Queues the preparation of a named statement.
  void queue_prepare(const Outgoing& statement);
  // Sends all that is queued and this, waits, and gives what this was answered.
  Answer ask(const Outgoing& statement);
  Answer ask(const char* text) { return ask(Outgoing{.text = text}); }
  // Sends all that is queued and waits until it is answered.
  void sync();
  // Sends all that is queued and then this, without waiting: nobody wants to know what becomes of
  // it. For ROLLBACK, which ends what went before however that ended.
  void part(const char* text);
  // Several statements without values; waits as long as they take.
  void execute(const std::string& script);

  bool is_lost() const { return is_lost_; }
  // Whether something stands between us and the server, such as PgBouncer: then two transactions
  // may be two sessions.
  bool is_pooled();
  int server_version() const;                   // 150018 is 15.18
  std::string setting(const char* name) const;  // as the server reported it: "server_encoding"
  const std::string& shown() const { return shown_; }

  // For LISTEN: waits until something arrives, `wake` is readable, or the time is up.
  std::vector<Notification> wait(int wake, std::chrono::milliseconds most);

 private:
  enum class Step { statement, sync };
  struct Pending {
    Step step = Step::statement;
    Answer* answer = nullptr;  // where it goes
    bool is_unwanted = false;  // and its refusal too
  };

  void send_statement(const Outgoing& statement, Answer* answer);
  void require_sent(int result);
  void send_sync();
  void settle();
  void take_answer();
  void push_out();
  void pull_in();
  void wait_for(short events);
  [[noreturn]] void lose();
  [[noreturn]] void lose(const std::string& text);

  pg_conn* handle_ = nullptr;
  std::string shown_;
  std::deque<Pending> pending_;
  std::size_t unsynced_ = 0;  // statements queued since the last sync was
  std::int64_t unsynced_bytes_ = 0;
  std::optional<Refusal> refusal_;  // the first since the last that was thrown
  std::optional<bool> is_pooled_;
  bool is_lost_ = false;
};

// Columns of an answer, without the checks of a statement: for the module's own questions.
bool has_row(const Answer& answer);
std::int64_t read_integer(const Answer& answer, int column);
std::string read_text(const Answer& answer, int column);

}  // namespace mainspring::postgres
