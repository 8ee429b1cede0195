// Questions about jobs.
#include <algorithm>
#include <charconv>
#include <limits>

#include "sql/cursor.h"
#include "sql/json_column.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

constexpr char kList = 'j';
constexpr char kVersions = 'v';

// Looked at for one page. A filter that lets few through gives a short page with a cursor rather
// than a long wait.
constexpr std::int64_t kNamesPerPage = 20'000;
constexpr std::int64_t kSpecsPerPage = 1'000;

std::string to_lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

model::Job read_job(const Rows& rows) {
  model::Job job;
  std::string spec;
  std::optional<std::string> pause;
  rows.read(job.id, job.version, pause, job.created_at, job.updated_at, job.author, spec);
  if (pause) job.pause = from_column<model::Pause>(*pause);
  job.spec = from_column<model::JobSpec>(spec);
  return job;
}

std::optional<model::Job> first_job(Rows rows, std::string_view tenant) {
  if (!rows.next()) return std::nullopt;
  model::Job job = read_job(rows);
  job.tenant = tenant;
  return job;
}

// The version below which a page of versions begins.
std::optional<std::int64_t> find_version_place(const std::optional<std::string>& place) {
  if (!place) return std::numeric_limits<std::int64_t>::max();
  std::int64_t version = 0;
  const char* end = place->data() + place->size();
  const auto [stopped, error] = std::from_chars(place->data(), end, version);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return version;
}

// The first term that the index of labels can answer; "" when there is none.
std::string find_indexed(const model::Selector& selector) {
  for (const model::LabelTerm& term : selector)
    if (term.test == model::LabelTerm::Test::equals) return term.key + "=" + term.values.front();
  return {};
}

}  // namespace

std::optional<model::Job> SqlJobReads::find_by_id(std::string_view tenant, base::JobId id) {
  const auto key = find_tenant(database_, tenant);
  if (!key) return std::nullopt;
  return first_job(
      database_.query("SELECT j.id, j.version, j.pause, j.created_at, j.updated_at, v.author,"
                      " v.spec FROM jobs AS j CROSS JOIN job_versions AS v"
                      " ON v.job = j.key AND v.version = j.version"
                      " WHERE j.id = ?1 AND j.tenant = ?2 AND j.deleted_at IS NULL",
                      id, *key),
      tenant);
}

std::optional<model::Job> SqlJobReads::find_by_name(std::string_view tenant,
                                                    std::string_view name) {
  const auto key = find_tenant(database_, tenant);
  if (!key) return std::nullopt;
  return first_job(
      database_.query("SELECT j.id, j.version, j.pause, j.created_at, j.updated_at, v.author,"
                      " v.spec FROM jobs AS j CROSS JOIN job_versions AS v"
                      " ON v.job = j.key AND v.version = j.version"
                      " WHERE j.tenant = ?1 AND j.name = ?2 AND j.deleted_at IS NULL",
                      *key, name),
      tenant);
}

// Keys and names of jobs by name, after `after`; by the index that the filter fits best.
Rows SqlJobReads::start_list(const store::JobFilter& filter, TenantKey tenant,
                             const std::string& after, const std::string& label) {
  if (!label.empty()) {
    return database_.walk(
        "SELECT l.job, l.name FROM job_labels AS l"
        " WHERE l.tenant = ?1 AND l.label = ?4 AND l.name > ?2 AND l.name >= ?3"
        " ORDER BY l.name",
        tenant, after, filter.name_prefix, label);
  }
  if (filter.paused) {
    return database_.walk(
        "SELECT j.key, j.name FROM jobs AS j"
        " WHERE j.tenant = ?1 AND j.paused = ?4 AND j.name > ?2 AND j.name >= ?3"
        " AND j.deleted_at IS NULL ORDER BY j.name",
        tenant, after, filter.name_prefix, *filter.paused);
  }
  return database_.walk(
      "SELECT j.key, j.name FROM jobs AS j"
      " WHERE j.tenant = ?1 AND j.name > ?2 AND j.name >= ?3 AND j.deleted_at IS NULL"
      " ORDER BY j.name",
      tenant, after, filter.name_prefix);
}

bool SqlJobReads::has_ended_so(JobKey key, const std::vector<model::RunState>& states) {
  if (states.empty()) return true;
  Rows rows = database_.query(
      "SELECT state FROM runs_done INDEXED BY runs_done_by_finish WHERE job = ?1"
      " ORDER BY finished_at DESC, id DESC LIMIT 1",
      key);
  auto state = model::RunState::scheduled;
  if (rows.next()) rows.read(state);
  return std::ranges::find(states, state) != states.end();
}

std::optional<model::Job> SqlJobReads::load_match(const store::JobFilter& filter, JobKey key) {
  auto job =
      first_job(database_.query("SELECT j.id, j.version, j.pause, j.created_at, j.updated_at,"
                                " v.author, v.spec FROM jobs AS j CROSS JOIN job_versions AS v"
                                " ON v.job = j.key AND v.version = j.version WHERE j.key = ?1",
                                key),
                filter.tenant);
  if (!job || (filter.paused && job->pause.has_value() != *filter.paused)) return std::nullopt;
  if (filter.type && job->spec.type != *filter.type) return std::nullopt;
  return model::matches(filter.selector, job->spec.labels) ? std::move(job) : std::nullopt;
}

// The cheap questions first: a page may look at many names, but reads few definitions.
base::Result<store::Listed<model::Job>> SqlJobReads::list(const store::JobFilter& filter,
                                                          const store::Page& page) {
  const auto place = parse_cursor(kList, page.after);
  if (!place) return base::fail(place.error());
  store::Listed<model::Job> out;
  const Snapshot snapshot(database_);
  const auto tenant = find_tenant(database_, filter.tenant);
  if (!tenant) return out;
  const std::string part = to_lower(filter.name_part);
  const auto limit = page_size(page.limit);
  Rows rows = start_list(filter, *tenant, place->value_or(""), find_indexed(filter.selector));
  std::string last;
  std::int64_t names = 0;
  std::int64_t loaded = 0;
  while (rows.next()) {
    JobKey key = 0;
    std::string name;
    rows.read(key, name);
    if (!name.starts_with(filter.name_prefix)) break;  // by name: none can follow
    const bool is_full = std::ssize(out.items) == limit;
    if (is_full || names++ == kNamesPerPage || loaded == kSpecsPerPage) {
      out.next = make_cursor(kList, is_full ? out.items.back().spec.name : last);
      break;
    }
    last = name;
    if (!part.empty() && !to_lower(name).contains(part)) continue;
    if (!has_ended_so(key, filter.ended)) continue;
    ++loaded;
    if (auto job = load_match(filter, key)) out.items.push_back(std::move(*job));
  }
  return out;
}

std::string SqlJobReads::cursor_after(const model::Job& job) {
  return make_cursor(kList, job.spec.name);
}

store::FailingJobs SqlJobReads::failing(std::string_view tenant, std::int64_t limit) {
  store::FailingJobs out;
  const Snapshot snapshot(database_);
  const auto key = find_tenant(database_, tenant);
  if (!key) return out;
  Rows rows = database_.query(
      "SELECT j.id, j.name, f.since, f.streak, f.run, f.failed_at FROM failing AS f"
      " CROSS JOIN jobs AS j ON j.key = f.job WHERE f.tenant = ?1"
      " ORDER BY f.failed_at DESC, f.job DESC LIMIT ?2",
      *key, page_size(limit));
  while (rows.next()) {
    store::FailingJob& job = out.items.emplace_back();
    rows.read(job.job_id, job.job, job.since, job.streak, job.run_id, job.failed_at);
  }
  Rows all = database_.query("SELECT 1 FROM failing WHERE tenant = ?1 LIMIT ?2", *key,
                             store::kFailingCount);
  while (all.next())
    ++out.count;
  return out;
}

std::optional<model::JobVersion> SqlJobReads::find_version(base::JobId id, std::int64_t version) {
  Rows rows = database_.query(
      "SELECT v.spec, v.author, v.created_at FROM jobs AS j CROSS JOIN job_versions AS v"
      " ON v.job = j.key AND v.version = ?2 WHERE j.id = ?1",
      id, version);
  if (!rows.next()) return std::nullopt;
  model::JobVersion out{.version = version, .spec = {}, .author = {}, .created_at = {}};
  std::string spec;
  rows.read(spec, out.author, out.created_at);
  out.spec = from_column<model::JobSpec>(spec);
  return out;
}

base::Result<store::Listed<model::JobVersion>> SqlJobReads::versions(base::JobId id,
                                                                     const store::Page& page) {
  const auto text = parse_cursor(kVersions, page.after);
  if (!text) return base::fail(text.error());
  const auto below = find_version_place(*text);
  if (!below) return bad_cursor();
  store::Listed<model::JobVersion> out;
  const auto limit = page_size(page.limit);
  Rows rows = database_.query(
      "SELECT v.version, v.spec, v.author, v.created_at FROM jobs AS j"
      " CROSS JOIN job_versions AS v ON v.job = j.key"
      " WHERE j.id = ?1 AND v.version < ?2 ORDER BY v.version DESC LIMIT ?3",
      id, *below, limit + 1);
  while (rows.next()) {
    if (std::ssize(out.items) == limit) {
      out.next = make_cursor(kVersions, std::to_string(out.items.back().version));
      break;
    }
    model::JobVersion& version = out.items.emplace_back();
    std::string spec;
    rows.read(version.version, spec, version.author, version.created_at);
    version.spec = from_column<model::JobSpec>(spec);
  }
  return out;
}

std::optional<model::SuccessWatch> SqlJobReads::find_watch(base::JobId id) {
  Rows rows = database_.query(
      "SELECT s.every, s.since FROM jobs AS j CROSS JOIN silences AS s ON s.job = j.key"
      " WHERE j.id = ?1",
      id);
  if (!rows.next()) return std::nullopt;
  std::int64_t every = 0;
  model::SuccessWatch watch;
  rows.read(every, watch.since);
  watch.every = base::Duration{every};
  return watch;
}

}  // namespace mainspring::sql
