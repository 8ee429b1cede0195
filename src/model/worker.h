// Worker: the role of a node that executes runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::model {

enum class WorkerState { online, draining, offline };
const json::EnumTable& described(WorkerState);

// What a worker has for its runs, or what runs take of it.
struct WorkerResources {
  double cpu = 0;                     // cores; 0 of a worker: not known, and not counted
  std::int64_t memory_bytes = 0;      // as cpu
  int gpus = 0;                       // 0 of a worker: it has none
  std::int64_t gpu_memory_bytes = 0;  // of each of them; not used up, only compared

  static const json::StructTable& described();
  friend bool operator==(const WorkerResources&, const WorkerResources&) = default;
};

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
  WorkerResources resources = {};
  WorkerResources used = {};  // by its runs

  static const json::StructTable& described();
};

}  // namespace mainspring::model
