// Engine: applies groups of commands, each group in one durable transaction. The writer's thread
// drives it; tests drive it directly. Internal to this module.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "sqlite/core.h"
#include "store/store.h"

namespace mainspring::sqlite {

// What reads may know of the live index: copied after each commit that changed it, so that they
// never touch the writer's own. Any thread.
class LiveCounts {
 public:
  void publish(LiveIndex& live);
  LiveIndex::StateCounts of_tenant(TenantKey tenant) const;
  std::int64_t busy(WorkerKey worker) const;  // slots
  std::map<std::string, ReadyRuns::QueueCounts> queues_of(TenantKey tenant) const;
  std::optional<ReadyRuns::QueueCounts> of_queue(const QueueName& name) const;

 private:
  mutable std::mutex mutex_;
  std::map<TenantKey, LiveIndex::StateCounts> by_tenant_;
  std::map<WorkerKey, std::int64_t> by_worker_;
  std::map<QueueName, ReadyRuns::QueueCounts> by_queue_;
};

struct GroupResult {
  std::vector<base::Result<store::Reply>> replies;  // one per request, in order
  std::vector<store::Notice> notices;
  std::vector<store::Fact> facts;
  bool has_written = false;  // there was something to put on disk
  bool has_failed = false;   // the transaction did: nothing of the group happened
};

class Engine {
 public:
  // Throws Unavailable, NotOurs.
  explicit Engine(const std::string& path);

  // Each request succeeds or fails alone. Throws Unavailable when the transaction fails: then
  // nothing of the group happened, and the next group starts from the tables again.
  GroupResult apply(std::span<const store::Request> requests);

  Core& core() { return core_; }
  const LiveCounts& counts() const { return counts_; }

 private:
  enum class Savepoints { where_needed, everywhere };
  GroupResult apply_group(std::span<const store::Request> requests, Savepoints savepoints);
  base::Result<store::Reply> apply_one(const store::Request& request, Savepoints savepoints);
  base::Result<store::Reply> apply_idempotent(const store::Request& request);
  base::Result<store::Reply> apply_command(const store::Command& command);
  void roll_back();

  Core core_;
  LiveCounts counts_;
  bool is_stale_ = false;  // the live index must be read again
};

}  // namespace mainspring::sqlite
