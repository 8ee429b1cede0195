// What screens about everything show: the overview, the agenda, and what a job's charts need.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/messages.h"
#include "model/durations.h"

namespace mainspring::api {

struct FailingView {
  base::JobId job_id;
  std::string job;
  base::Instant since;
  std::int64_t streak = 0;
  base::RunId run_id;
  base::Instant failed_at;

  static const json::StructTable& described();
};
struct AgendaFireView {
  base::Instant at;
  std::string local;
  std::string job;
  std::string schedule;  // in words

  static const json::StructTable& described();
};
// One number for each minute, oldest first.
struct MinuteCounts {
  base::Instant from;
  std::map<std::string, std::vector<std::int64_t>> ended;  // by final state, those that occurred

  static const json::StructTable& described();
};
struct QueueGlance {
  std::string name;
  std::int64_t waiting = 0;
  std::int64_t running = 0;
  std::optional<base::Instant> oldest_due_at;
  bool paused = false;

  static const json::StructTable& described();
};
struct WorkerCounts {
  std::int64_t online = 0;
  std::int64_t slots = 0;  // of those online
  std::int64_t busy = 0;

  static const json::StructTable& described();
};
struct BackupGlance {
  std::optional<base::Duration> every;
  std::optional<base::Instant> last_made_at;
  std::optional<base::Instant> last_proven_at;
  std::string problem;

  static const json::StructTable& described();
};
enum class HealthStatus { ok, attention, failing };
const json::EnumTable& described(HealthStatus);

struct HealthView {
  HealthStatus status = HealthStatus::ok;
  std::vector<std::string> reasons;  // sentences; none when all is well

  static const json::StructTable& described();
};

struct Overview {
  base::Instant at;
  HealthView health;
  std::map<std::string, std::int64_t> live;  // runs that have not ended, by state
  std::vector<FailingView> failing;
  std::int64_t failing_count = 0;
  std::vector<AgendaFireView> next;
  std::int64_t schedule_count = 0;
  bool next_truncated = false;
  MinuteCounts minutes;
  std::vector<QueueGlance> queues;
  std::int64_t queue_count = 0;
  WorkerCounts workers;
  std::optional<BackupGlance> backups;

  static const json::StructTable& described();
};

struct HourCounts {
  base::Instant from;
  std::vector<std::int64_t> fires;
  bool truncated = false;

  static const json::StructTable& described();
};
struct Agenda {
  base::Instant from;
  base::Instant until;
  std::vector<AgendaFireView> items;
  bool truncated = false;
  std::optional<std::string> next_cursor;
  std::optional<HourCounts> hours;

  static const json::StructTable& described();
};

// Columns, so that 500 runs stay small.
struct DurationChart {
  std::vector<base::RunId> runs;
  std::vector<model::RunState> states;
  std::vector<base::Instant> finished_at;
  std::vector<std::optional<std::int64_t>> duration_ms;  // null: it never started
  std::vector<std::optional<std::int64_t>> wait_ms;      // null: that, or not known any more
  model::JobStats stats;

  static const json::StructTable& described();
};

struct DayEndings {
  std::string day;  // "2026-03-29"
  std::map<std::string, std::int64_t> endings;

  static const json::StructTable& described();
};
struct EndingCalendar {
  std::string timezone;
  std::vector<DayEndings> items;
  std::optional<base::Instant> complete_from;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
