// Worker: the role of a node that executes runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::model {

enum class WorkerState { online, draining, offline };
const json::EnumTable& described(WorkerState);

// What a worker has for its runs, or what its runs take of that. 0 of a worker: nobody could tell,
// and cpu and memory are not counted then, or there is none.
struct WorkerResources {
  double cpu = 0;  // cores
  std::int64_t memory_bytes = 0;
  int gpus = 0;
  std::int64_t gpu_memory_bytes = 0;   // of the GPU that has the least; compared, not used up
  std::vector<std::string> gpu_names;  // one per GPU: "NVIDIA H100 80GB HBM3"

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
  WorkerResources used = {};  // of them, by its runs
  bool is_remote = false;    // key `remote`: it joined with a token and has a credential of its own
  bool is_cordoned = false;  // key `cordoned`: nothing new is given to it
  std::optional<base::Instant> drain_until = {};  // what it still runs then is ended

  static const json::StructTable& described();
};

}  // namespace mainspring::model
