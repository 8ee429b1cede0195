// Event: an immutable fact with a position. The API shows it as a CloudEvent.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "json/describe.h"

namespace mainspring::model {

struct Event {
  std::int64_t position = 0;  // grows by one per event; 0 before the store has placed it
  std::string tenant;
  std::string type;     // "run.succeeded"; docs/reference/events.md lists them
  std::string subject;  // the id of the run or job, or the node's name
  base::Instant time;
  json::Value payload;  // key `data` in CloudEvents

  static const json::StructTable& described();
};

}  // namespace mainspring::model
