// Requests and replies about definitions: applying and exporting manifests, versions of a job.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/messages.h"
#include "model/diff.h"
#include "store/commands.h"

namespace mainspring::api {

enum class DefinitionKind { job, queue, calendar, connection };
const json::EnumTable& described(DefinitionKind);

// See plan::Forecast.
struct FireChangesView {
  std::int64_t count = 0;
  std::vector<Fire> first;

  static const json::StructTable& described();
};
struct ClockView {
  std::string schedule;
  base::Instant at;
  bool surprise = false;
  std::string text;

  static const json::StructTable& described();
};
struct ForecastView {
  FireChangesView added;
  FireChangesView removed;
  base::Instant until;
  std::vector<ClockView> clock;

  static const json::StructTable& described();
};

struct AppliedItem {
  DefinitionKind kind = DefinitionKind::job;
  std::string name;
  std::optional<base::JobId> id;        // of a job; absent in a plan that creates it
  std::optional<std::int64_t> version;  // of a job
  store::ApplyEffect effect = store::ApplyEffect::unchanged;
  std::vector<ScheduleView> schedules;
  std::vector<model::Change> changes;    // of what is updated
  std::optional<ForecastView> forecast;  // in a plan: of a job whose fires may change

  static const json::StructTable& described();
};
struct AppliedList {
  bool dry_run = false;
  std::vector<AppliedItem> items;

  static const json::StructTable& described();
};

// A page of an export; its items are a manifest again.
struct ExportPage {
  std::vector<json::Value> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};

struct JobVersionView {
  std::int64_t version = 1;
  std::string author;
  base::Instant created_at;
  std::vector<std::string> changed;  // pointers of what differs from the version before
  std::optional<json::Value> spec;   // absent in lists

  static const json::StructTable& described();
};
struct JobVersionList {
  std::vector<JobVersionView> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};
struct JobDiff {
  std::string job;
  std::int64_t from = 1;
  std::int64_t to = 1;
  std::vector<model::Change> changes;

  static const json::StructTable& described();
};
struct RevertBody {
  std::int64_t version = 1;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
