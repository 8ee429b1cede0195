// ContainerRecords: which containers this node has, as small files that outlive a kill -9 of the
// node, so that its watchdog, and its next life, can end them before anything is tried again: what
// the process ledger is for processes. Besides, a node's containers carry its label, by which those
// are found that no record tells of.
//
// A record is there before the container is made, and goes after it was removed. No fsync: what a
// crash of the machine would lose, it has also ended.
//
// Threads: write() and erase() from any, each name by one; the rest from one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "runner/container/endpoint.h"

namespace mainspring::runner {

struct ContainerRecord {
  std::string name;
  std::string id = {};   // "": not made yet, as far as is known
  std::int64_t pid = 0;  // of its first process, where the engine is on this machine; 0: none yet
  Endpoint endpoint = {};

  static const json::StructTable& described();
};

class Engine;

class ContainerRecords {
 public:
  // `directory` exists and belongs to this node alone.
  explicit ContainerRecords(std::string directory) : directory_(std::move(directory)) {}

  // Errors: unavailable, storage_full.
  base::Result<void> write(const ContainerRecord& record) const;
  void erase(const std::string& name) const;
  bool has(const std::string& name) const;
  std::vector<ContainerRecord> load() const;  // what is no record is left out

 private:
  std::string path_of(const std::string& name) const;
  const std::string directory_;
};

// With its volumes, running or not; where somebody else is at it, waits for them. Whether it is not
// there any more.
bool remove_container(Engine& engine, const std::string& name, std::chrono::milliseconds limit);

// SIGKILL to the first process of every container of the records in `directory` that is on this
// machine. Waits for nobody. "": there are none.
void kill_recorded_containers(const std::string& directory);

// Asks the engine of each of them to remove it, and waits at most kEndLimit for each engine. The
// records stay. False when a container may be left.
bool end_recorded_containers(const std::string& directory);
inline constexpr std::chrono::seconds kEndLimit{4};

// What an earlier life of the node left: the containers of its records, and those of `own` that
// have its label. A record whose engine cannot be asked stays, after its process was killed. Says
// in the log what it did. To be called before the first container is made; takes some seconds at
// most.
struct Leftovers {
  const ContainerRecords& records;
  const Endpoint& own;
  const std::string& node;
  const base::Log& log;
};
void remove_leftovers(const Leftovers& leftovers);

}  // namespace mainspring::runner
