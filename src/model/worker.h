// Worker: the role of a node that executes runs.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::model {

enum class WorkerState { online, draining, offline };
const json::EnumTable& described(WorkerState);

struct Worker {
  base::WorkerId id;
  std::string name;  // the host's name unless configured
  WorkerState state = WorkerState::online;
  int slots = 1;
  int busy = 0;
  std::map<std::string, std::string> labels;
  std::string version;  // of the program
  base::Instant started_at;
  base::Instant heartbeat_at;

  static const json::StructTable& described();
};

}  // namespace mainspring::model
