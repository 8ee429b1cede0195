#include "sqlite/core.h"

#include <fmt/core.h>

#include "base/check.h"
#include "sqlite/json_column.h"
#include "sqlite/migrations.h"
#include "sqlite/queue_row.h"

namespace mainspring::sqlite {
namespace {

constexpr std::size_t kCachedJobs = 65'536;  // some 20 MiB
constexpr std::size_t kCachedSpecs = 4'096;  // a spec takes 1 KiB to 10 KiB

// Larger logs make checkpoints rarer and longer; 16 MiB of pages keeps one under 100 ms on a disk
// that writes 200 MB/s.
constexpr const char* kSettings =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -65536;"
    "PRAGMA mmap_size = 0;"  // an unreadable page is an error, not a SIGBUS: decision 0010
    "PRAGMA temp_store = MEMORY;";

}  // namespace

void fail_unreadable(std::string_view text, const base::Error& error) {
  throw store::Unavailable(base::Code::unavailable,
                           fmt::format("the database holds a text that this version cannot read: "
                                       "{} (in {:.80})",
                                       base::to_text(error), text));
}

void prepare_writing(Database& database) {
  migrate(database);
  database.execute(kSettings);
}

namespace {

void load_queues(Database& database, LiveIndex& live) {
  Rows rows = database.query("SELECT tenant, name, spec, pause, tokens, tokens_at FROM queues");
  while (rows.next()) {
    const QueueRow row = read_queue(rows);
    live.put_gate(row.name, gate_of(row));
  }
}

void load_pauses(Database& database, LiveIndex& live) {
  Rows rows = database.query(
      "SELECT j.key, j.pause FROM tenants AS t CROSS JOIN jobs AS j ON j.tenant = t.key"
      " AND j.paused = 1 AND j.deleted_at IS NULL");
  while (rows.next()) {
    JobKey job = 0;
    std::string text;
    rows.read(job, text);
    const auto pause = from_column<model::Pause>(text);
    if (pause.until) live.put_pause_end(job, pause.until);
  }
}

void load_runs(Database& database, LiveIndex& live) {
  Rows rows = database.query(
      "SELECT id, tenant, job, version, coalesce(schedule, 0), overlap, state, hold, priority,"
      " attempts, CASE WHEN cancel IS NULL THEN NULL"
      " ELSE coalesce(json_extract(cancel, '$.mode') = 'kill', 0) END, queue, slots, placement, "
      "coalesce(key_text, ''), coalesce(key_limit, 0),"
      " coalesce(on_limit, 0), coalesce(debounce_key, ''), scheduled_at, due_at, queue_until,"
      " epoch, coalesce(worker, 0), coalesce(lease_until, 0), coalesce(attempt_started_at, 0)"
      " FROM runs_live AS every_run");
  while (rows.next()) {
    LiveRun run;
    std::optional<std::string> placement;
    rows.read(run.id, run.tenant, run.job, run.version, run.schedule, run.overlap, run.state,
              run.hold, run.priority, run.attempts, run.cancel, run.queue, run.needs.slots,
              placement, run.limit.text, run.limit.count, run.limit.then, run.debounce_key,
              run.scheduled_at, run.due_at, run.queue_until, run.epoch, run.worker, run.lease_until,
              run.attempt_started_at);
    if (placement) run.needs.labels = from_column<model::Labels>(*placement);
    live.put(run);
    live.keep();
  }
}

}  // namespace

void load_live(Database& database, LiveIndex& live) {
  live.clear();
  load_queues(database, live);
  load_pauses(database, live);
  load_runs(database, live);
  live.keep();
}

Core::Core(const std::string& path) : database_(path, Database::Access::write) {
  prepare_writing(database_);
  load_live();
}

void Core::load_live() {
  sqlite::load_live(database_, live_);
  told_due_ = live_.next_due();
}

std::optional<TenantKey> Core::find_tenant(std::string_view name) {
  if (const auto found = tenants_.find(name); found != tenants_.end()) return found->second;
  Rows rows = database_.query("SELECT key FROM tenants WHERE name = ?1", name);
  if (!rows.next()) return std::nullopt;
  TenantKey key = 0;
  rows.read(key);
  tenants_.emplace(name, key);
  return key;
}

TenantKey Core::ensure_tenant(std::string_view name) {
  if (const auto found = find_tenant(name)) return *found;
  database_.run("INSERT INTO tenants(name) VALUES (?1)", name);
  const TenantKey key = database_.last_key();
  forget_definitions();
  return key;
}

const JobRow* Core::remember_job(Rows rows) {
  if (!rows.next()) return nullptr;
  JobRow row;
  std::optional<std::string> pause;
  rows.read(row.key, row.id, row.tenant, row.tenant_name, row.name, row.version, pause);
  if (pause) row.pause = from_column<model::Pause>(*pause);
  if (jobs_.size() >= kCachedJobs) {
    jobs_.clear();
    job_keys_.clear();
  }
  return &jobs_.insert_or_assign(row.key, std::move(row)).first->second;
}

const JobRow* Core::find_job(TenantKey tenant, base::JobId id) {
  const auto known = job_keys_.find(id);
  const JobRow* row = nullptr;
  if (known != job_keys_.end()) {
    row = &jobs_.at(known->second);
  } else {
    row = remember_job(database_.query(
        "SELECT j.key, j.id, j.tenant, t.name, j.name, j.version, j.pause FROM jobs AS j"
        " JOIN tenants AS t ON t.key = j.tenant WHERE j.id = ?1 AND j.deleted_at IS NULL",
        id));
    if (row != nullptr) job_keys_.emplace(id, row->key);
  }
  return row != nullptr && row->tenant == tenant ? row : nullptr;
}

const JobRow* Core::find_job(std::string_view tenant, base::JobId id) {
  const auto key = find_tenant(tenant);
  return key ? find_job(*key, id) : nullptr;
}

const JobRow& Core::get_job(JobKey key) {
  if (const auto known = jobs_.find(key); known != jobs_.end()) return known->second;
  const JobRow* row = remember_job(database_.query(
      "SELECT j.key, j.id, j.tenant, t.name, j.name, j.version, j.pause FROM jobs AS j"
      " JOIN tenants AS t ON t.key = j.tenant WHERE j.key = ?1",
      key));
  CHECK(row != nullptr);
  return *row;
}

const WorkerRow* Core::remember_worker(Rows rows) {
  if (!rows.next()) return nullptr;
  WorkerRow row;
  std::string labels;
  rows.read(row.key, row.id, row.name, row.state, row.slots, labels, row.is_remote, row.is_cordoned,
            row.drain_until);
  row.labels = from_column<model::Labels>(labels);
  worker_keys_.insert_or_assign(row.id, row.key);
  return &workers_.insert_or_assign(row.key, std::move(row)).first->second;
}

const WorkerRow* Core::find_worker(base::WorkerId id) {
  if (const auto known = worker_keys_.find(id); known != worker_keys_.end()) {
    return &workers_.at(known->second);
  }
  return remember_worker(database_.query(
      "SELECT key, id, name, state, slots, labels, remote, cordoned, drain_until FROM workers"
      " WHERE id = ?1",
      id));
}

const WorkerRow& Core::get_worker(WorkerKey key) {
  if (const auto known = workers_.find(key); known != workers_.end()) return known->second;
  const WorkerRow* row = remember_worker(database_.query(
      "SELECT key, id, name, state, slots, labels, remote, cordoned, drain_until FROM workers"
      " WHERE key = ?1",
      key));
  CHECK(row != nullptr);
  return *row;
}

bool Core::has_version(JobKey job, std::int64_t version) {
  if (specs_.contains({job, version})) return true;
  return database_.query("SELECT 1 FROM job_versions WHERE job = ?1 AND version = ?2", job, version)
      .next();
}

std::shared_ptr<const model::JobSpec> Core::load_spec(JobKey job, std::int64_t version) {
  const std::pair place{job, version};
  if (const auto known = specs_.find(place); known != specs_.end()) return known->second;
  Rows rows = database_.query("SELECT spec FROM job_versions WHERE job = ?1 AND version = ?2", job,
                              version);
  CHECK(rows.next());
  std::string text;
  rows.read(text);
  auto spec = std::make_shared<const model::JobSpec>(from_column<model::JobSpec>(text));
  if (specs_.size() >= kCachedSpecs) specs_.clear();
  specs_.emplace(place, spec);
  return spec;
}

void Core::forget_definitions() {
  definitions_changed_ = true;
  jobs_.clear();
  job_keys_.clear();
  workers_.clear();
  worker_keys_.clear();
  tenants_.clear();
  specs_.clear();
}

void Core::add_event(const NewEvent& event) {
  database_.run(
      "INSERT INTO events(tenant, type, subject, time, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
      event.tenant, event.type, event.subject, event.time, json::write(event.payload));
  last_position_ = database_.last_key();
}

void Core::write_ended() {
  std::map<std::tuple<TenantKey, std::int64_t, model::RunState>, std::int64_t> counts;
  for (const EndedRun& run : ended_) {
    const auto minute = std::chrono::floor<std::chrono::minutes>(run.at);
    ++counts[{run.tenant, minute.time_since_epoch().count(), run.state}];
  }
  ended_.clear();
  kept_ended_ = 0;
  for (const auto& [place, count] : counts) {
    const auto& [tenant, minute, state] = place;
    database_.run(
        "INSERT INTO ended_per_minute(tenant, minute, state, count) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT(tenant, minute, state) DO UPDATE SET count = count + excluded.count",
        tenant, minute, state, count);
    database_.run("DELETE FROM ended_per_minute WHERE tenant = ?1 AND minute < ?2", tenant,
                  minute - std::chrono::floor<std::chrono::minutes>(store::kEndedKept).count());
  }
}

void Core::keep_command() {
  live_.keep();
  kept_position_ = last_position_;
  definitions_changed_ = false;
  refusals_.clear();
  kept_.insert(kept_.end(), std::make_move_iterator(notices_.begin()),
               std::make_move_iterator(notices_.end()));
  notices_.clear();
  kept_facts_ = facts_.size();
  kept_ended_ = ended_.size();
}

void Core::undo_command() {
  live_.undo();
  if (definitions_changed_) forget_definitions();
  definitions_changed_ = false;
  notices_.clear();
  facts_.resize(kept_facts_);
  ended_.resize(kept_ended_);
  last_position_ = kept_position_;
  for (const NewEvent& event : refusals_)
    add_event(event);
  kept_position_ = last_position_;
  refusals_.clear();
}

void Core::forget_everything() {
  live_.clear();
  forget_definitions();
  definitions_changed_ = false;
  refusals_.clear();
  notices_.clear();
  kept_.clear();
  facts_.clear();
  kept_facts_ = 0;
  ended_.clear();
  kept_ended_ = 0;
  last_position_ = kept_position_ = 0;
}

std::vector<store::Fact> Core::take_facts() {
  kept_facts_ = 0;
  return std::exchange(facts_, {});
}

std::vector<store::Notice> Core::take_notices() {
  std::vector<store::Notice> out;
  std::int64_t ready = 0;
  std::set<base::JobId> jobs;
  std::set<base::RunId> logs;
  for (store::Notice& notice : kept_) {
    if (const auto* more = std::get_if<store::RunsReady>(&notice)) {
      ready += more->count;
      continue;
    }
    const auto* job = std::get_if<store::JobChanged>(&notice);
    const auto* log = std::get_if<store::LogGrew>(&notice);
    if (job != nullptr && !jobs.insert(job->job_id).second) continue;
    if (log != nullptr && !logs.insert(log->run_id).second) continue;
    out.push_back(std::move(notice));
  }
  kept_.clear();
  if (ready > 0) out.emplace_back(store::RunsReady{ready});
  if (const auto due = live_.next_due(); due != told_due_) {
    told_due_ = due;
    out.emplace_back(store::DueChanged{due});
  }
  if (last_position_ > 0) out.emplace_back(store::EventsAdded{last_position_});
  last_position_ = kept_position_ = 0;
  return out;
}

}  // namespace mainspring::sqlite
