// PgTurns: the writers of all nodes take turns by a row lock. Internal to this module.
//
// A transaction that writes begins by changing the one row of `writer_turn`, which waits until the
// one before has ended; its last act is a row of `turns` that says what it changed. The row names
// the turn before, so who has missed nothing learns that from the same answer, and who finds that
// the history is another (a failover that lost something, a restore) reads everything.
//
// A lock on a row needs no election and no session: it ends with its transaction, passes through
// any pooler, and the server ends the transaction of a node that stands still (Limits::idle).
//
// With the turn comes what the database's clock says; a node whose commands go by another gets no
// further.
//
// When the connection is lost while COMMIT is under way, its outcome is found out: under the lock,
// which waits for a transaction that has not ended, by its row in `turns`. Threads, errors: see
// sql/turns.h. Limits: rows of `turns` are kept for kKept; who has not looked for longer reads
// everything.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>

#include "base/id.h"
#include "postgres/clock_offset.h"
#include "postgres/database.h"
#include "sql/turns.h"

namespace mainspring::postgres {

// Nobody outside ever sees one.
struct TurnTag {
  static constexpr std::string_view prefix = "turn";
};
using TurnId = base::Id<TurnTag>;

// The last turn that is known to have been committed, by whoever learnt of it: the watch and the
// writer. Any thread.
class LastTurn {
 public:
  void learn(std::int64_t seq) { seq_.store(seq, std::memory_order_release); }
  std::int64_t seq() const { return seq_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::int64_t> seq_{0};
};

class PgTurns final : public sql::Turns {
 public:
  static constexpr std::chrono::minutes kKept{5};

  // Both must outlive this.
  struct Parts {
    LastTurn& last;
    ClockOffset& clock;
  };
  PgTurns(PgDatabase& database, Parts parts) : database_(database), parts_(parts) {}

  sql::Changes begin(sql::Database::Purpose purpose) override;
  void commit(const sql::Changes& own) override;
  void roll_back() noexcept override { database_.roll_back(); }
  bool has_news() override { return parts_.last.seq() != seen_.seq; }
  bool is_shared() const override { return true; }

 private:
  struct Turn {
    std::int64_t seq = -1;  // of none
    TurnId id;
  };

  sql::Changes read_since(const Turn& newest);
  Turn take();
  Turn look();
  void require_known(std::int64_t needs) const;
  void check_clock(std::int64_t theirs);
  void trim();
  std::optional<bool> find_outcome();
  void settle_doubt(const store::Unavailable& problem);

  PgDatabase& database_;
  const Parts parts_;
  Turn seen_;  // everything up to it is known
  Turn own_;   // the one under way
  struct Mark {
    std::chrono::steady_clock::time_point at;
    std::int64_t seq = 0;
  };
  std::deque<Mark> marks_;  // for trim()
};

}  // namespace mainspring::postgres
