// RunSearch: the runs that an operation deals with, found stretch by stretch in the order of their
// ids: in the same way by the command that deals with them and by the question how many there are.
// Internal to this module; belongs to one thread.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/operation.h"
#include "model/selector.h"
#include "sql/database.h"
#include "sql/live_index.h"

namespace mainspring::sql {

// A selection with its names looked up and its texts read.
struct Quarry {
  TenantKey tenant = 0;
  std::optional<JobKey> job;  // absent: any
  model::OperationKind kind = model::OperationKind::cancel_runs;
  model::RunSelection wish;
  model::Selector labels;
};
// Errors: invalid_argument, not_found (job).
base::Result<Quarry> find_quarry(Database& database, TenantKey tenant,
                                 const model::OperationSpec& spec);
// Of a spec that find_quarry() has accepted before; `job` is what it found.
Quarry make_quarry(TenantKey tenant, const model::OperationSpec& spec, std::optional<JobKey> job);

// The key of a job by name, or by id even when it is deleted. Errors: not_found.
base::Result<JobKey> find_job_key(Database& database, TenantKey tenant,
                                  std::string_view name_or_id);

// Runs that were there when the operation was asked for; not those that it makes itself. Nothing
// set: all there are.
struct Horizon {
  std::optional<base::Instant> asked_at;
  std::optional<base::OperationId> own;
};

struct Stretch {
  std::vector<base::RunId> runs;  // that match
  base::RunId reached;            // every run up to here was looked at
  std::int64_t looked_at = 0;
  bool is_last = false;
};

class RunSearch {
 public:
  using LabelsOf = std::function<model::Labels(JobKey)>;

  RunSearch(Database& database, Quarry quarry, const Horizon& horizon, LabelsOf labels_of);

  // Looks at up to `limit` runs behind `after`.
  Stretch next(base::RunId after, std::int64_t limit);

 private:
  struct Row;
  Rows start(base::RunId after, std::int64_t limit);
  Rows start_live(base::RunId after, std::int64_t limit);
  Rows start_done(base::RunId after, std::int64_t limit);
  bool matches(const Row& row);
  bool has_labels(JobKey job);

  Database& database_;
  const Quarry quarry_;
  const Horizon horizon_;
  const LabelsOf labels_of_;
  const base::RunId last_;
  std::unordered_map<JobKey, bool> has_labels_;
};

}  // namespace mainspring::sql
