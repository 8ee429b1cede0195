// Requests and replies about queues.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/describe.h"
#include "model/queue.h"

namespace mainspring::api {

// A QueueSpec whose name stands in the path.
struct QueueBody {
  std::string description;
  std::optional<std::int64_t> limit;
  std::optional<model::RateSpec> rate;
  std::optional<std::int64_t> depth;
  std::optional<int> weight;

  static const json::StructTable& described();
};
struct QueueList {
  std::vector<model::Queue> items;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
