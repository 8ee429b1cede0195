// Changes: what transactions did to the tables, as far as another engine's memory is concerned. It
// names what to read again; what became of it, the tables say.
//
// A described value, so that a store may keep it: json_column.h writes and reads its text.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/id.h"
#include "json/describe.h"
#include "sql/ready_runs.h"
#include "store/store.h"

namespace mainspring::sql {

struct TenantRuns {
  TenantKey tenant = 0;
  std::vector<base::RunId> runs;

  static const json::StructTable& described();
};

struct Changes {
  bool is_everything = false;  // what was changed is not known: all of it is read anew
  // A tenant, a job, a version of one or a worker: caches of them are dropped.
  bool has_definitions = false;
  std::vector<TenantRuns> runs;  // that began, moved or ended; one entry per tenant
  std::vector<QueueName> queues;
  std::vector<JobKey> pauses;  // jobs whose pause has another end
  // For the listeners of every node. DueChanged is not among them: each engine tells its own.
  std::vector<store::Notice> notices;

  // What came after; an entry may stand twice then.
  void add(Changes later);

  static const json::StructTable& described();
};

}  // namespace mainspring::sql
