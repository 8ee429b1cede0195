// Core: what every command works with: the connection, the live index, what is known of jobs and
// workers, and the events and notices of the command under way. Internal to this module.
//
// Belongs to the writer's thread. A command that fails is taken back with undo_command(), which
// leaves index and caches as they were; a transaction that fails, with forget_everything().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/selector.h"
#include "model/worker.h"
#include "sql/changes.h"
#include "sql/database.h"
#include "sql/live_index.h"
#include "sql/placing.h"
#include "store/store.h"
#include "store/tally.h"

namespace mainspring::sql {

struct JobRow {
  JobKey key = 0;
  base::JobId id;
  TenantKey tenant = 0;
  std::string tenant_name;
  std::string name;
  std::int64_t version = 1;
  std::optional<model::Pause> pause;
};
using JobRowPtr = std::shared_ptr<const JobRow>;

struct NewEvent {
  TenantKey tenant = 0;
  std::string_view type;
  std::string subject;
  base::Instant time;
  json::Object payload;
};

// Columns: key, id, name, state, slots, labels, resources, remote, cordoned, drain_until.
WorkerRow read_worker(const Rows& rows);

struct EndedRun {
  TenantKey tenant = 0;
  base::Instant at;
  model::RunState state = model::RunState::succeeded;
};

// Workers belong to no tenant; what happens to them is told under the first one.
inline constexpr TenantKey kDefaultTenant = 1;

class Core {
 public:
  // Knows nothing before the first catch_up() with everything. `database` must outlive this.
  explicit Core(Database& database);
  ~Core();  // here and not in the class: each file would compile all that is in one

  Database& database() { return database_; }
  LiveIndex& live() { return live_; }

  std::optional<TenantKey> find_tenant(std::string_view name);
  TenantKey ensure_tenant(std::string_view name);
  // A job as it is now: ask again after what may change it, such as a run that ended.
  JobRowPtr find_job(TenantKey tenant, base::JobId id);  // null: there is none
  JobRowPtr find_job(std::string_view tenant, base::JobId id);
  JobRowPtr get_job(JobKey key);  // deleted ones too
  // Pointers and references are good until the next change of a worker.
  const WorkerRow* find_worker(base::WorkerId id);
  const WorkerRow& get_worker(WorkerKey key);  // those that went away or were removed too
  const Workers& present_workers();            // those that are not offline
  LeftSince& left() { return left_; }
  bool has_version(JobKey job, std::int64_t version);
  std::shared_ptr<const model::JobSpec> load_spec(JobKey job, std::int64_t version);
  // After every write to tenants, jobs or job_versions.
  void forget_definitions();
  // After every write to workers, but for their heartbeats.
  void forget_workers();
  // At every write to tokens; one that is taken back may count.
  void count_token_change() { ++token_changes_; }
  std::int64_t token_changes() const { return token_changes_; }

  void add_event(const NewEvent& event);
  // An event that stays although its command fails.
  void add_refusal(NewEvent event);
  void notify(store::Notice notice);
  void count(store::Fact fact);
  // A run that ended, for the counts by the minute; see write_ended().
  void count_ended(const EndedRun& run);

  // Adds what the commands kept have counted to the table, once per transaction.
  void write_ended();

  void keep_command();
  void undo_command();
  // After a failed transaction: the tables decide again.
  void forget_everything();

  // What others have committed, at the beginning of a transaction.
  void catch_up(const Changes& others);
  // What the commands kept since the last call did, for others and for listeners; at the end of the
  // transaction.
  Changes take_changes();
  // That time has something to do at another instant than was told last; for listeners here.
  std::optional<store::Notice> take_due();
  std::vector<store::Fact> take_facts();
  std::int64_t last_position();  // of events, so far

 private:
  JobRowPtr remember_job(Rows rows);
  const WorkerRow* remember_worker(Rows rows);
  void drop_workers();
  void drop_definitions();
  void drop_all();
  void put_touched(Changes& changes);

  Database& database_;
  LiveIndex live_;
  std::unordered_map<JobKey, JobRowPtr> jobs_;
  std::unordered_map<base::JobId, JobKey> job_keys_;
  Workers workers_;  // that were asked for
  std::map<base::WorkerId, WorkerKey> worker_keys_;
  std::optional<Workers> present_workers_;  // once they are read
  LeftSince left_;
  std::map<std::string, TenantKey, std::less<>> tenants_;
  std::map<std::pair<JobKey, std::int64_t>, std::shared_ptr<const model::JobSpec>> specs_;
  std::int64_t token_changes_ = 0;
  bool definitions_changed_ = false;  // by the command under way
  bool kept_definitions_ = false;     // by the commands before it

  std::vector<NewEvent> refusals_;
  std::vector<store::Notice> notices_;  // of the command under way
  std::vector<store::Notice> kept_;     // of the commands before it
  std::vector<store::Fact> facts_;      // of both
  std::size_t kept_facts_ = 0;          // of the commands before
  std::vector<EndedRun> ended_;         // of both
  std::size_t kept_ended_ = 0;          // of the commands before
  std::int64_t events_ = 0;             // added by both
  std::int64_t kept_events_ = 0;        // by the commands before
  std::optional<base::Instant> told_due_;
};

}  // namespace mainspring::sql
