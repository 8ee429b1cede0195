#include "sql/core.h"

#include <fmt/core.h>

#include "base/check.h"
#include "sql/json_column.h"
#include "sql/live_rows.h"

namespace mainspring::sql {
namespace {

constexpr std::size_t kCachedJobs = 65'536;  // some 20 MiB
constexpr std::size_t kCachedSpecs = 4'096;  // a spec takes 1 KiB to 10 KiB

}  // namespace

void fail_unreadable(std::string_view text, const base::Error& error) {
  throw store::Unavailable(base::Code::unavailable,
                           fmt::format("the database holds a text that this version cannot read: "
                                       "{} (in {:.80})",
                                       base::to_text(error), text));
}

Core::Core(Database& database) : database_(database) {}
Core::~Core() = default;

WorkerRow read_worker(const Rows& rows) {
  WorkerRow row;
  std::string labels;
  std::string resources;
  rows.read(row.key, row.id, row.name, row.state, row.slots, labels, resources, row.is_remote,
            row.is_cordoned, row.drain_until);
  row.labels = from_column<model::Labels>(labels);
  row.has = take_of(from_column<model::WorkerResources>(resources));
  return row;
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
  TenantKey key = 0;
  {
    Rows rows = database_.query("INSERT INTO tenants(name) VALUES (?1) RETURNING key", name);
    CHECK(rows.next());
    rows.read(key);
  }
  forget_definitions();
  return key;
}

JobRowPtr Core::remember_job(Rows rows) {
  if (!rows.next()) return nullptr;
  JobRow row;
  std::optional<std::string> pause;
  rows.read(row.key, row.id, row.tenant, row.tenant_name, row.name, row.version, pause);
  if (pause) row.pause = from_column<model::Pause>(*pause);
  if (jobs_.size() >= kCachedJobs) {
    jobs_.clear();
    job_keys_.clear();
  }
  return jobs_[row.key] = std::make_shared<const JobRow>(std::move(row));
}

JobRowPtr Core::find_job(TenantKey tenant, base::JobId id) {
  const auto known = job_keys_.find(id);
  JobRowPtr row;
  if (known != job_keys_.end()) {
    row = jobs_.at(known->second);
  } else {
    row = remember_job(database_.query(
        "SELECT j.key, j.id, j.tenant, t.name, j.name, j.version, j.pause FROM jobs AS j"
        " JOIN tenants AS t ON t.key = j.tenant WHERE j.id = ?1 AND j.deleted_at IS NULL",
        id));
    if (row != nullptr) job_keys_.emplace(id, row->key);
  }
  return row != nullptr && row->tenant == tenant ? row : nullptr;
}

JobRowPtr Core::find_job(std::string_view tenant, base::JobId id) {
  const auto key = find_tenant(tenant);
  return key ? find_job(*key, id) : nullptr;
}

JobRowPtr Core::get_job(JobKey key) {
  if (const auto known = jobs_.find(key); known != jobs_.end()) return known->second;
  JobRowPtr row = remember_job(database_.query(
      "SELECT j.key, j.id, j.tenant, t.name, j.name, j.version, j.pause FROM jobs AS j"
      " JOIN tenants AS t ON t.key = j.tenant WHERE j.key = ?1",
      key));
  CHECK(row != nullptr);
  return row;
}

const WorkerRow* Core::remember_worker(Rows rows) {
  if (!rows.next()) return nullptr;
  WorkerRow row = read_worker(rows);
  worker_keys_.insert_or_assign(row.id, row.key);
  return &workers_.insert_or_assign(row.key, std::move(row)).first->second;
}

const WorkerRow* Core::find_worker(base::WorkerId id) {
  if (const auto known = worker_keys_.find(id); known != worker_keys_.end()) {
    return &workers_.at(known->second);
  }
  return remember_worker(database_.query(
      "SELECT key, id, name, state, slots, labels, resources, remote, cordoned, drain_until"
      " FROM workers WHERE id = ?1",
      id));
}

const WorkerRow& Core::get_worker(WorkerKey key) {
  if (const auto known = workers_.find(key); known != workers_.end()) return known->second;
  const WorkerRow* row = remember_worker(database_.query(
      "SELECT key, id, name, state, slots, labels, resources, remote, cordoned, drain_until"
      " FROM workers WHERE key = ?1",
      key));
  CHECK(row != nullptr);
  return *row;
}

const Workers& Core::present_workers() {
  if (present_workers_) return *present_workers_;
  Workers& out = present_workers_.emplace();
  Rows rows = database_.query(
      "SELECT key, id, name, state, slots, labels, resources, remote, cordoned, drain_until"
      " FROM workers WHERE state != 2");
  while (rows.next()) {
    WorkerRow row = read_worker(rows);
    out.emplace(row.key, std::move(row));
  }
  return out;
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
  drop_definitions();
}

void Core::forget_workers() {
  definitions_changed_ = true;
  drop_workers();
}

void Core::drop_workers() {
  workers_.clear();
  worker_keys_.clear();
  present_workers_.reset();
}

void Core::drop_all() {
  drop_workers();
  drop_definitions();
}

void Core::drop_definitions() {
  jobs_.clear();
  job_keys_.clear();
  tenants_.clear();
  specs_.clear();
}

void Core::add_refusal(NewEvent event) { refusals_.push_back(std::move(event)); }

void Core::notify(store::Notice notice) { notices_.push_back(std::move(notice)); }

void Core::count(store::Fact fact) { facts_.push_back(fact); }

void Core::count_ended(const EndedRun& run) { ended_.push_back(run); }

void Core::add_event(const NewEvent& event) {
  database_.run(
      "INSERT INTO events(tenant, type, subject, time, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
      event.tenant, event.type, event.subject, event.time, json::write(event.payload));
  ++events_;
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
        " ON CONFLICT(tenant, minute, state)"
        " DO UPDATE SET count = ended_per_minute.count + excluded.count",
        tenant, minute, state, count);
    database_.run("DELETE FROM ended_per_minute WHERE tenant = ?1 AND minute < ?2", tenant,
                  minute - std::chrono::floor<std::chrono::minutes>(store::kEndedKept).count());
  }
}

void Core::keep_command() {
  live_.keep();
  kept_events_ = events_;
  kept_definitions_ = kept_definitions_ || definitions_changed_;
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
  if (definitions_changed_) drop_all();
  definitions_changed_ = false;
  notices_.clear();
  facts_.resize(kept_facts_);
  ended_.resize(kept_ended_);
  events_ = kept_events_;
  for (const NewEvent& event : refusals_)
    add_event(event);
  kept_events_ = events_;
  refusals_.clear();
}

void Core::forget_everything() {
  live_.clear();
  drop_all();
  definitions_changed_ = kept_definitions_ = false;
  refusals_.clear();
  notices_.clear();
  kept_.clear();
  facts_.clear();
  kept_facts_ = 0;
  ended_.clear();
  kept_ended_ = 0;
  events_ = kept_events_ = 0;
}

void Core::catch_up(const Changes& others) {
  if (others.is_everything || others.has_definitions) drop_all();
  if (others.is_everything) return load_live(database_, live_);
  refresh_live(database_, others, live_);
}

std::vector<store::Fact> Core::take_facts() {
  kept_facts_ = 0;
  return std::exchange(facts_, {});
}

Changes Core::take_changes() {
  Changes out;
  out.has_definitions = std::exchange(kept_definitions_, false);
  put_touched(out);
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
    out.notices.push_back(std::move(notice));
  }
  kept_.clear();
  if (ready > 0) out.notices.emplace_back(store::RunsReady{ready});
  if (events_ > 0) out.notices.emplace_back(store::EventsAdded{last_position()});
  events_ = kept_events_ = 0;
  return out;
}

void Core::put_touched(Changes& changes) {
  LiveIndex::Touched touched = live_.take_touched();
  for (const auto& [tenant, runs] : touched.runs)
    changes.runs.push_back({tenant, {runs.begin(), runs.end()}});
  changes.queues.assign(touched.queues.begin(), touched.queues.end());
  changes.pauses.assign(touched.pauses.begin(), touched.pauses.end());
}

std::int64_t Core::last_position() {
  Rows rows = database_.query("SELECT max(position) FROM events");
  std::int64_t position = 0;
  if (rows.next()) rows.read(position);
  return position;
}

std::optional<store::Notice> Core::take_due() {
  const auto due = live_.next_due();
  if (due == told_due_) return std::nullopt;
  told_due_ = due;
  return store::DueChanged{due};
}

}  // namespace mainspring::sql
