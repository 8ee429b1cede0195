// The occurrence ledger: every instant at which a schedule should have fired, and its one ending.
// Also the plan a scheduler makes from it: which fires to write ahead, which instants ended how.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/calendar.h"
#include "model/job.h"

namespace mainspring::model {

enum class Ending {
  ran,
  skipped_overlap,
  skipped_calendar,
  skipped_paused,
  coalesced_into,
  missed_expired,
  deduplicated,
  dst_skipped,
  superseded,
  cancelled,
  skipped_limit,  // its concurrency limit or a full queue left no room
  shadowed        // the job only shadows another scheduler
};
const json::EnumTable& described(Ending);

struct Occurrence {
  base::JobId job_id;
  std::string job;
  base::ScheduleId schedule_id;
  base::Instant at;
  std::string local;                     // as the schedule's zone reads it, "2026-03-29T02:30:00"
  std::optional<base::Instant> through;  // a row that stands for `count` occurrences up to here
  std::int64_t count = 1;
  std::optional<Ending> ending;       // absent: written ahead, not yet due or not yet claimed
  std::optional<base::RunId> run_id;  // the run it became, or was coalesced into
  std::string detail;                 // one sentence: why it ended so
  std::optional<base::Instant> decided_at;

  static const json::StructTable& described();
};

// A schedule as the scheduler sees it: one ScheduleSpec of one job version, and how far it is
// planned. A changed ScheduleSpec is a new schedule; the old one is retired and plans no more.
struct Schedule {
  base::ScheduleId id;
  std::string tenant;
  base::JobId job_id;
  std::string job;
  std::int64_t job_version = 1;
  std::optional<Pause> pause;              // of its job, while it lasts
  std::optional<base::Instant> paused_at;  // the last pause that drops: (paused_at, resumed_at]
  std::optional<base::Instant> resumed_at;
  bool shadow = false;                   // its job's
  std::optional<CalendarSpec> calendar;  // the one that spec.calendar names
  std::int64_t runs = 0;                 // fires that became runs, those written ahead included
  ScheduleSpec spec;
  base::Instant created_at;  // @every counts from here; `delay` too
  base::Instant
      planned_until;       // every occurrence up to and including this instant is in the ledger
  bool exhausted = false;  // no occurrence will ever follow

  static const json::StructTable& described();
};

// A fire to write ahead: becomes an occurrence without an ending and a run in state `scheduled`.
struct PlannedFire {
  base::Instant at;
  base::RunId run_id;  // made at `at`, or when the plan was made if that is later
  std::string local;
  std::string detail;  // "also stands for 3 missed fires since ..."; usually empty
  std::optional<base::Instant> due_at = {};  // with jitter; absent: at `at`

  static const json::StructTable& described();
};

// Instants whose ending is known already (missed, paused, removed by a clock change).
struct PlannedEnding {
  base::Instant at;
  std::optional<base::Instant> through;
  std::int64_t count = 1;
  Ending ending = Ending::missed_expired;
  std::optional<base::RunId> run_id;
  std::string local;
  std::string detail;

  static const json::StructTable& described();
};

// A fire that is due no longer ago than this is late; an older one is missed, and its schedule's
// misfire policy decides, also where the fire was written ahead. (Quartz has the same default.)
inline constexpr base::Duration kMisfireThreshold{60'000};

// The next piece of one schedule: applies only if the schedule is still planned up to `from`, so
// that two schedulers, or a repeated one, write it once.
struct SchedulePlan {
  base::ScheduleId schedule_id;
  base::Instant from;
  base::Instant until;
  bool exhausted = false;
  std::vector<PlannedFire> fires;
  std::vector<PlannedEnding> endings;

  static const json::StructTable& described();
};

}  // namespace mainspring::model
