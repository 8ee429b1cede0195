// Operation: work on many runs that is done little by little, with progress, and can be cancelled:
// bulk cancel, re-run and delete by filter, and backfill of a past range of a schedule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/job.h"
#include "model/run.h"

namespace mainspring::model {

enum class OperationKind { cancel_runs, rerun_runs, delete_runs, backfill };
const json::EnumTable& described(OperationKind);

enum class OperationState { running, completed, cancelled, failed };
const json::EnumTable& described(OperationState);

// Which runs; every part that is given must hold.
struct RunSelection {
  std::string job;  // a name or an id; "": any
  std::vector<RunState> states;
  std::optional<Trigger> trigger;
  std::string queue;     // "": any
  std::string selector;  // labels of the job, "team=platform,tier!=test"
  std::optional<base::Instant> created_from;
  std::optional<base::Instant> created_until;

  static const json::StructTable& described();
  friend bool operator==(const RunSelection&, const RunSelection&) = default;
};

// Fires of the past, made up for. The ledger of the range stays as it is: these runs were asked
// for.
struct BackfillSpec {
  base::JobId job_id;
  std::optional<base::ScheduleId> schedule_id;  // absent: every schedule of the job
  base::Instant from;                           // inclusive
  base::Instant until;                          // exclusive
  Overlap overlap = Overlap::buffer_all;
  std::map<std::string, json::Value> params;

  static const json::StructTable& described();
  friend bool operator==(const BackfillSpec&, const BackfillSpec&) = default;
};

struct OperationSpec {
  OperationKind kind = OperationKind::cancel_runs;
  std::optional<RunSelection> selection;  // of all kinds but backfill
  std::optional<BackfillSpec> backfill;
  std::string reason;

  static const json::StructTable& described();
};

struct Operation {
  base::OperationId id;
  std::string tenant;
  OperationSpec spec;
  OperationState state = OperationState::running;
  std::string by;
  std::int64_t total = 0;    // found so far
  std::int64_t done = 0;     // cancelled, submitted, deleted
  std::int64_t skipped = 0;  // had ended already, were under way, ...
  std::string detail;        // what it does, or why it stopped, a sentence
  base::Instant created_at;
  std::optional<base::Instant> finished_at;

  static const json::StructTable& described();
};

}  // namespace mainspring::model
