// SqlRunner: jobs of type `sql`: a statement with bound values, or a script, on a connection of
// type postgres, mysql or sqlite. What it promises: docs/guide/sql-jobs.md.
//
// Threads: run() from many slots at once; each has a session of its own, which is over when run()
// comes back. Errors: all in the Outcome. Throws only when the node is out of descriptors.
#pragma once

#include "execution/runner.h"
#include "execution/secrets.h"

namespace mainspring::runner {

class SqlRunner final : public execution::Runner {
 public:
  // Borrowed; null: a connection with a secret cannot be used.
  explicit SqlRunner(execution::Secrets* secrets) : secrets_(secrets) {}

  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override;

 private:
  execution::Secrets* const secrets_;
};

}  // namespace mainspring::runner
