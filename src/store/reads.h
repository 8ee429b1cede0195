// Questions to the store, by noun. Each Reads object belongs to one thread and owns its connection;
// it sees everything committed before the call. Every question is bounded and backed by an index.
// Errors: what a caller can act on is a Result or an empty optional; a store that cannot answer
// throws store::Unavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "model/event.h"
#include "model/job.h"
#include "model/occurrence.h"
#include "model/run.h"
#include "model/worker.h"

namespace mainspring::store {

inline constexpr std::int64_t kPageLimit = 500;

// A slice of a list: up to `limit` items after `after`, an opaque cursor that the previous page
// gave ("" for the first). A page may be shorter than its limit, even empty, and not be the last:
// a filter that lets little through is answered in pieces.
struct Page {
  std::int64_t limit = 50;
  std::string after;
};
template <class T>
struct Listed {
  std::vector<T> items;
  std::string next;  // "" when this was the last page
};

struct JobFilter {
  std::string tenant = {};
  std::string name_prefix = {};
  std::string label = {};  // "team=platform", or ""
  std::optional<bool> paused = {};
};
class JobReads {
 public:
  virtual ~JobReads() = default;
  virtual std::optional<model::Job> find_by_id(std::string_view tenant, base::JobId id) = 0;
  virtual std::optional<model::Job> find_by_name(std::string_view tenant,
                                                 std::string_view name) = 0;
  // By name. Errors: invalid_argument (a cursor that is not ours).
  virtual base::Result<Listed<model::Job>> list(const JobFilter& filter, const Page& page) = 0;
  virtual std::optional<model::JobSpec> find_version(base::JobId id, std::int64_t version) = 0;
};

struct RunFilter {
  std::string tenant = {};
  std::optional<base::JobId> job_id = {};
  std::vector<model::RunState> states = {};  // empty: any
  std::optional<model::Trigger> trigger = {};
  std::optional<base::Instant> created_from = {};
  std::optional<base::Instant> created_until = {};
};
// Whole lines are the reader's business: chunks come back as they were written.
struct LogQuery {
  base::RunId run_id = {};
  std::optional<int> attempt = {};  // absent: all, in order
  int after_attempt = 0;            // resume after this place
  std::int64_t after_seq = 0;
  std::int64_t limit_bytes = 1 << 20;
};
struct StoredLogChunk {
  int attempt = 1;
  model::LogChunk chunk;
};
class RunReads {
 public:
  virtual ~RunReads() = default;
  virtual std::optional<model::Run> find(std::string_view tenant, base::RunId id) = 0;
  // Newest first. Errors: invalid_argument (cursor).
  virtual base::Result<Listed<model::RunSummary>> list(const RunFilter& filter,
                                                       const Page& page) = 0;
  virtual std::vector<model::Attempt> attempts(base::RunId id) = 0;
  virtual std::vector<StoredLogChunk> log(const LogQuery& query) = 0;
  // How many of the tenant's runs are in each state now (live), for screens and readiness.
  virtual std::vector<std::pair<model::RunState, std::int64_t>> count_live(
      std::string_view tenant) = 0;
};

struct OccurrenceFilter {
  std::string tenant = {};
  std::optional<base::JobId> job_id = {};
  std::optional<base::Instant> from = {};   // inclusive
  std::optional<base::Instant> until = {};  // exclusive
  std::optional<model::Ending> ending = {};
};
class ScheduleReads {
 public:
  virtual ~ScheduleReads() = default;
  // Schedules of all tenants that may still fire, by id, for the scheduler's heap.
  virtual std::vector<model::Schedule> active(base::ScheduleId after, std::int64_t limit) = 0;
  virtual std::vector<model::Schedule> of_job(base::JobId id) = 0;
  // Newest first. Errors: invalid_argument (cursor).
  virtual base::Result<Listed<model::Occurrence>> occurrences(const OccurrenceFilter& filter,
                                                              const Page& page) = 0;
  // Every ledger row that covers this instant (range rows included).
  virtual std::vector<model::Occurrence> occurrences_at(base::JobId id, base::Instant at) = 0;
};

struct EventFilter {
  std::string tenant;       // "" is every tenant, for the node itself
  std::string type_prefix;  // "run." or "run.succeeded" or ""
  std::string subject;
};
class EventReads {
 public:
  virtual ~EventReads() = default;
  // Oldest first, positions above `after`; at most kPageLimit.
  virtual std::vector<model::Event> after(const EventFilter& filter, std::int64_t after,
                                          std::int64_t limit) = 0;
  virtual std::int64_t last_position() = 0;
};

class WorkerReads {
 public:
  virtual ~WorkerReads() = default;
  virtual std::vector<model::Worker> all() = 0;  // few: one per node
};

struct TokenGrant {
  base::TokenId id;
  std::string tenant;
  std::string name;
  std::vector<std::string> permissions;
};
class TokenReads {
 public:
  virtual ~TokenReads() = default;
  virtual std::optional<TokenGrant> find(const base::Blob& sha256) = 0;
};

class Reads {
 public:
  virtual ~Reads() = default;
  virtual JobReads& jobs() = 0;
  virtual RunReads& runs() = 0;
  virtual ScheduleReads& schedules() = 0;
  virtual EventReads& events() = 0;
  virtual WorkerReads& workers() = 0;
  virtual TokenReads& tokens() = 0;
};

}  // namespace mainspring::store
