// The preview of a schedule that is stored nowhere: what an editor shows while somebody types.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/messages.h"

namespace mainspring::api {

struct SchedulePreviewBody {
  json::Value schedule;  // as in a manifest: an expression, one schedule, or a list
  std::string timezone;  // of those that name none
  std::string job;       // its name decides the values of `H`
  std::optional<base::Instant> from;
  int limit = 5;

  static const json::StructTable& described();
};
struct PreviewedSchedule {
  std::string words;
  std::string timezone;
  std::vector<Fire> fires;
  std::vector<std::string> clock_changes;

  static const json::StructTable& described();
};
struct SchedulePreview {
  std::vector<PreviewedSchedule> items;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
