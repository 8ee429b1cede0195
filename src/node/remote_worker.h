// RemoteWorker: the worker role alone, in a process of its own, for a node that is somewhere else.
//
// Threads: one owner calls everything here; on_rejected is called on another.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "node/config.h"
#include "remote/identity.h"

namespace mainspring::node {

struct RemoteWorkerSettings {
  std::string data_dir;
  std::vector<std::string> servers;  // empty: those of the identity
  std::string join_token;            // "": it has joined already
  std::string name;                  // "": the host's
  int slots = 0;                     // 0: two per core, at least 4
  std::map<std::string, std::string> labels;
  ResourceConfig resources;
  std::int64_t spool_bytes = std::int64_t{1} << 30;
  remote::Approach approach;
  // Called on the writer's thread, once, when the node does not know this worker any more.
  std::function<void(const base::Error&)> on_rejected;
};

class RemoteWorker {
 public:
  // Takes the data directory and reads the identity, or makes one. Errors: conflict (another worker
  // has the directory), invalid_argument (it has not joined, and there is no token).
  static base::Result<std::unique_ptr<RemoteWorker>> open(RemoteWorkerSettings settings,
                                                          base::Log log);
  ~RemoteWorker();  // stop(0)

  // Joins, if it has not yet, asks the node how it keeps leases, and begins to work. After
  // unavailable it may be called again. Errors: unauthenticated, unsupported, conflict,
  // unavailable.
  base::Result<void> start();

  const std::string& name() const;
  base::WorkerId id() const;
  int slots() const;
  const std::vector<std::string>& servers() const;

  // Takes nothing more, lets running work go on for `drain`, then ends it; what the node has not
  // been told yet is on disk then.
  void stop(base::Duration drain);

 private:
  struct Parts;
  explicit RemoteWorker(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace mainspring::node
