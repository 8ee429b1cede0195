// Engine: applies groups of commands, each group in one durable transaction. The writer's thread
// drives it; tests drive it directly.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "sql/core.h"
#include "sql/turns.h"
#include "store/store.h"

namespace mainspring::sql {

// What reads may know of the writer's memory: copied after each commit, before anybody is told of
// it, so that they never touch the writer's own. Any thread.
class LiveCounts {
 public:
  void publish(LiveIndex& live);
  void publish_token_changes(std::int64_t count) { token_changes_ = count; }
  LiveIndex::StateCounts of_tenant(TenantKey tenant) const;
  Use use_of(WorkerKey worker) const;
  std::map<std::string, ReadyRuns::QueueCounts> queues_of(TenantKey tenant) const;
  std::optional<ReadyRuns::QueueCounts> of_queue(const QueueName& name) const;
  // As long as it stays the same, no token was added or removed. Negative: not known, since others
  // write too.
  std::int64_t token_changes() const { return token_changes_; }

 private:
  std::atomic<std::int64_t> token_changes_ = -1;
  mutable std::mutex mutex_;
  std::map<TenantKey, LiveIndex::StateCounts> by_tenant_;
  std::map<WorkerKey, Use> by_worker_;
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
  // Both must outlive this, and are on the same connection. Reads every live run. Throws
  // Unavailable.
  Engine(Database& database, Turns& turns);

  // Each request succeeds or fails alone. Throws Unavailable when the transaction fails: then
  // nothing of the group happened, and the next group starts from the tables again.
  GroupResult apply(std::span<const store::Request> requests);

  // Learns what others have committed, if anything; what listeners are to be told. For when there
  // is nothing to apply. Throws Unavailable.
  std::vector<store::Notice> catch_up();

  Core& core() { return core_; }
  const LiveCounts& counts() const { return counts_; }

 private:
  enum class Savepoints { where_needed, everywhere };
  GroupResult apply_group(std::span<const store::Request> requests, Savepoints savepoints);
  base::Result<store::Reply> apply_one(const store::Request& request, Savepoints savepoints);
  base::Result<store::Reply> apply_idempotent(const store::Request& request);
  base::Result<store::Reply> apply_command(const store::Command& command);
  void begin(Database::Purpose purpose);
  void roll_back();
  std::vector<store::Notice> take_heard();
  void publish();

  Database& database_;
  Turns& turns_;
  Core core_;
  LiveCounts counts_;
  bool is_stale_ = true;              // the tables must be read again
  std::vector<store::Notice> heard_;  // of others, and not told yet
};

}  // namespace mainspring::sql
