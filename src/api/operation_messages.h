// Bodies of the noun operation: what is asked for, and what a dry run answers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/operation.h"

namespace mainspring::api {

// As model::BackfillSpec, with the job by name.
struct BackfillBody {
  std::string job;
  std::optional<base::ScheduleId> schedule;
  base::Instant from;
  base::Instant until;
  model::Overlap overlap = model::Overlap::buffer_all;
  std::map<std::string, json::Value> params;

  static const json::StructTable& described();
};

struct OperationBody {
  model::OperationKind kind = model::OperationKind::cancel_runs;
  std::optional<model::RunSelection> selection;
  std::optional<std::string> query;  // instead of the selection
  std::optional<BackfillBody> backfill;
  std::string reason;

  static const json::StructTable& described();
};

struct OperationPreview {
  model::OperationKind kind = model::OperationKind::cancel_runs;
  std::int64_t runs = 0;
  bool is_complete = true;

  static const json::StructTable& described();
};

struct OperationList {
  std::vector<model::Operation> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
