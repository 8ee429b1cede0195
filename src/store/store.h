// Store: what a database must offer to be Mainspring's memory. Two will exist, SQLite and
// PostgreSQL; conformance.h is the suite both must pass, and it, not the SQL, says what each
// command means.
//
//   any thread --submit(Request, Completion)--> Writer --one transaction--> durable
//                                                  |--> Completion(Result<Reply>)
//                                                  '--> Notices to listeners
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "store/commands.h"
#include "store/reads.h"

namespace mainspring::store {

// Thrown when the store cannot work at all: disk gone, full, corrupt, connection down. What was not
// acknowledged did not happen. `code` is storage_full or unavailable.
class Unavailable : public std::runtime_error {
 public:
  Unavailable(base::Code code, const std::string& what) : std::runtime_error(what), code_(code) {}
  base::Code code() const { return code_; }

 private:
  base::Code code_;
};

// What a commit changed, for those who wait: the scheduler, workers, SSE. Notices may be merged and
// are never durable: who misses one finds the same facts by reading. Where several nodes share a
// store, those of one reach the listeners of all, described so that the store can hand them on.
struct JobChanged {
  std::string tenant;
  base::JobId job_id;

  static const json::StructTable& described();
};  // definition, pause, deletion
struct RunsReady {
  std::int64_t count = 0;

  static const json::StructTable& described();
};  // runs became `queued`
struct DueChanged {
  std::optional<base::Instant> next_due;

  static const json::StructTable& described();
};  // the earliest `scheduled` moved
struct CancelAsked {
  base::RunId run_id;
  base::WorkerId worker_id;
  model::CancelMode mode = model::CancelMode::ask;

  static const json::StructTable& described();
};
struct ExtensionGiven {
  base::RunId run_id;
  base::WorkerId worker_id;
  base::Instant extended_until;

  static const json::StructTable& described();
};
struct WorkerOrdered {
  base::WorkerId worker_id;

  static const json::StructTable& described();
};  // people told it something, or removed it
struct OperationChanged {
  base::OperationId id;

  static const json::StructTable& described();
};
struct LogGrew {
  base::RunId run_id;

  static const json::StructTable& described();
};
struct EventsAdded {
  std::int64_t last_position = 0;

  static const json::StructTable& described();
};
// Others wrote, and what they told is not known any more: whoever keeps what it has read reads it
// again.
struct NoticesLost {
  static const json::StructTable& described();
};
using Notice = std::variant<JobChanged, RunsReady, DueChanged, CancelAsked, ExtensionGiven,
                            OperationChanged, LogGrew, EventsAdded, WorkerOrdered, NoticesLost>;

// Called after the commit, on a thread of the writer's, one commit after another: hand over and
// return, never block.
using Listener = std::function<void(const std::vector<Notice>&)>;
// Called once, on a thread of the writer's, after the listeners were told and in the order of the
// commits. Storage failures arrive as an Error (unavailable, storage_full), so that a caller has
// one path.
using Completion = std::function<void(base::Result<Reply>)>;

class Writer {
 public:
  virtual ~Writer() = default;
  // Any thread. Never blocks: a full queue (kWriterQueue) completes with `overloaded` at once, on
  // the calling thread. Commands of one thread are applied in the order submitted.
  virtual void submit(Request request, Completion completion) = 0;
  // Submits and waits for the completion. Any thread but the writer's own: not from a listener or a
  // completion.
  virtual base::Result<Reply> submit_and_wait(Request request) = 0;
  // Any thread. Listeners stay until the writer is destroyed.
  virtual void add_listener(Listener listener) = 0;
  // Any thread. Why the last transaction that had something to write failed; nothing when it
  // succeeded. Without writes it tells nothing new: a worker's heartbeats are some.
  virtual std::optional<base::Error> trouble() const { return std::nullopt; }
  // Any thread. Commands that nobody has begun to write.
  virtual std::size_t waiting() const { return 0; }
};

// submit_and_wait() with the reply's own type.
template <class C>
base::Result<ReplyOf<C>> apply(Writer& writer, C command) {
  auto reply = writer.submit_and_wait(Request{Command{std::move(command)}, std::nullopt});
  if (!reply) return base::fail(std::move(reply.error()));
  return std::get<ReplyOf<C>>(std::move(*reply));
}

inline constexpr std::size_t kWriterQueue = 65'536;  // waiting commands; beyond it callers back off

// How far the store's clock is ahead of this machine's (negative: behind), and what that may be
// wrong by.
struct ClockDifference {
  std::chrono::microseconds offset{};
  std::chrono::microseconds uncertainty{};
};

// One opened database.
class Store {
 public:
  virtual ~Store() = default;
  virtual Writer& writer() = 0;
  // A connection for one thread. Throws Unavailable.
  virtual std::unique_ptr<Reads> open_reads() = 0;
  // Any thread. Nothing where the store goes by this machine's clock, or has not measured yet.
  virtual std::optional<ClockDifference> clock_offset() const { return std::nullopt; }
};

}  // namespace mainspring::store
