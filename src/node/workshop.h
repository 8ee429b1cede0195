// Workshop: what a worker needs of its machine to run programs, whoever its node is: the data
// directory with its lock, control groups, the ledger of processes, scratch, the watchdog, runners.
//
// Threads: one owner; the runner from the worker's slots. Destroyed after the worker has stopped.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "execution/runner.h"
#include "model/worker.h"
#include "node/config.h"
#include "node/identity.h"
#include "runner/attempt/program.h"
#include "runner/attempt/secret_files.h"
#include "runner/process/cgroup_root.h"
#include "runner/process/ledger.h"
#include "runner/process/watchdog.h"
#include "runner/script/package_cache.h"
#include "runner/script/warm_pool.h"
#include "system/file_lock.h"

namespace mainspring::node {

// Makes the directory with what stands in it, and takes its lock. What an earlier life left running
// is ended. Errors: conflict (another process has it), and those of system/files.h.
base::Result<std::unique_ptr<system::FileLock>> take_data_directory(const Layout& layout,
                                                                    const base::Log& log);

struct WorkshopSettings {
  Layout layout;
  base::WorkerId worker_id;
  base::Log log;
  int lock = -1;                 // the descriptor of the data directory's lock
  std::uint64_t open_files = 0;  // that a program may have
};

class Workshop {
 public:
  // Errors: unavailable (something of an earlier life does not die; no watchdog).
  static base::Result<std::unique_ptr<Workshop>> open(WorkshopSettings settings);
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  // For worker::Parts; they live as long as this.
  std::map<model::JobType, execution::Runner*> runners() const;
  runner::Watchdog& watchdog() { return *watchdog_; }

  // With those that say which limits this machine keeps, so that jobs can be placed where their
  // limits hold, and `jobctl doctor` can tell.
  std::map<std::string, std::string> with_limits(std::map<std::string, std::string> labels) const;

 private:
  explicit Workshop(WorkshopSettings settings) : settings_(std::move(settings)) {}
  base::Result<void> make_scratch_root();
  base::Result<void> take_groups();
  base::Result<void> start_watchdog();
  void make_runners();

  const WorkshopSettings settings_;
  std::string scratch_root_;
  std::unique_ptr<runner::CgroupRoot> groups_;
  std::unique_ptr<runner::ProcessLedger> ledger_;
  std::unique_ptr<runner::Watchdog> watchdog_;
  std::unique_ptr<runner::SecretFiles> secrets_;
  std::unique_ptr<runner::ProgramRunner> programs_;
  std::unique_ptr<runner::PackageCache> packages_;
  std::unique_ptr<runner::WarmPool> warm_;
  std::map<model::JobType, std::unique_ptr<execution::Runner>> runners_;
};

// Descriptors that `slots` runs at once and the rest of a process need, without connections.
std::uint64_t descriptors_for(int slots);

// What this machine has, but for what the configuration says: cores and memory that this process
// may use, and the GPUs that nvidia-smi lists. Starts that program where there is one, unless the
// number of GPUs is said, and waits for it, some seconds at most.
model::WorkerResources load_resources(const ResourceConfig& said);
// A line of it per GPU: "NVIDIA H100 80GB HBM3, 81559", the memory in MiB.
void add_gpus(model::WorkerResources& resources, std::string_view text);

}  // namespace mainspring::node
