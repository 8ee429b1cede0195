// ContainerRunner: jobs of type `container`, by the Docker Engine API. dockerd is the reference;
// Podman's service works where it agrees (docs/guide/container-jobs.md).
//
// An attempt's container is never used by another attempt: after a crash of the node the old one is
// ended, by the watchdog or by the node's next life, before the run is tried again. Taking it up
// again would need its lease, which is lost by then.
//
// Threads: run() from many slots at once. Errors: all in the Outcome.
// Source: Docker Engine API 1.41.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "execution/runner.h"
#include "execution/secrets.h"
#include "runner/container/endpoint.h"
#include "runner/container/engine.h"
#include "runner/container/records.h"

namespace mainspring::runner {

struct ContainerSettings {
  std::string scratch_root;               // as ProgramSettings has it
  std::string records;                    // a directory that is this node's own
  std::string node;                       // the worker's id, which its containers are labelled with
  Endpoint own = {};                      // of jobs that name no engine
  execution::Secrets* secrets = nullptr;  // null: a job that names a secret fails
  base::Log log = {};
};

class ContainerRunner final : public execution::Runner {
 public:
  // Ends what an earlier life of the node left, which takes some seconds at most.
  explicit ContainerRunner(ContainerSettings settings);

  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override;

 private:
  void remove_left(Engine& engine);

  const ContainerSettings settings_;
  const ContainerRecords records_;
  std::mutex mutex_;
  std::vector<ContainerRecord> left_;  // what could not be removed; guarded by mutex_
};

}  // namespace mainspring::runner
