// RunMarker: what makes `transaction: run` take effect once. A row of the table mainspring_runs,
// in the job's own database, is inserted first in the transaction, given the outcome last, and
// committed with the work. Whoever finds it does nothing again, and reports that outcome. Two
// attempts cannot interleave: the second waits at the insert for the first to end.
//
// The table is made where it is missing. Rows older than 30 days are removed, at most
// kCleanedAtOnce of them by every kCleanEvery'th run.
//
// Threads: that of the attempt.
#pragma once

#include "execution/runner.h"
#include "runner/sql/database.h"

namespace mainspring::runner {

inline constexpr int kMarkerDays = 30;
inline constexpr int kCleanedAtOnce = 100;
inline constexpr int kCleanEvery = 16;

class RunMarker {
 public:
  // All are borrowed.
  RunMarker(model::ConnectionType database, const execution::Order& order, SqlSession& session);

  // Outside of a transaction: the table is there.
  SqlResult<> prepare();
  // In the transaction. A fault with is_duplicate: another attempt has committed; roll back, and
  // ask for recorded().
  SqlResult<> take();
  // In the transaction, at its end.
  SqlResult<> finish(const model::Outcome& outcome);
  // What the attempt that committed had to report.
  SqlResult<model::Outcome> recorded();
  // After the commit. Whatever comes of it changes nothing.
  void clean();

 private:
  struct Texts;
  static const Texts& texts_of(model::ConnectionType database);

  SqlResult<std::vector<json::Array>> ask(std::string_view text,
                                          std::span<const json::Value> values);
  SqlFault explain(SqlFault fault) const;

  const Texts& texts_;
  const execution::Order& order_;
  SqlSession& session_;
};

}  // namespace mainspring::runner
