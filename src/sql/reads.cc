// Questions about events and workers, and what all questions share.
#include "sql/reads.h"

#include <algorithm>

#include "sql/json_column.h"

namespace mainspring::sql {

Reads::Reads(Database& database, const LiveCounts& counts)
    : jobs_(database),
      runs_(database, counts),
      schedules_(database),
      queues_(database, counts),
      calendars_(database),
      operations_(database),
      pings_(database),
      events_(database),
      workers_(database, counts),
      tokens_(database) {}

std::optional<TenantKey> find_tenant(Database& database, std::string_view name) {
  Rows rows = database.query("SELECT key FROM tenants WHERE name = ?1", name);
  if (!rows.next()) return std::nullopt;
  TenantKey key = 0;
  rows.read(key);
  return key;
}

std::int64_t page_size(std::int64_t asked) {
  return std::clamp<std::int64_t>(asked, 1, store::kPageLimit);
}

std::vector<model::Event> SqlEventReads::after(const store::EventFilter& filter, std::int64_t after,
                                               std::int64_t limit) {
  if (filter.tenant.empty()) return after_of_all(filter, after, limit);
  std::vector<model::Event> out;
  const auto tenant = find_tenant(database_, filter.tenant);
  if (!tenant) return out;
  // Rows of other types are skipped inside the statement; `substr` compares whole prefixes.
  const auto prefix = static_cast<std::int64_t>(filter.type_prefix.size());
  const std::int64_t count = page_size(limit);
  Rows rows =
      filter.subject.empty()
          ? database_.query(
                "SELECT position, type, subject, time, payload FROM events"
                " WHERE tenant = ?1 AND position > ?2 AND substr(type, 1, CAST(?3 AS INTEGER)) = ?4"
                " ORDER BY position LIMIT ?5",
                *tenant, after, prefix, filter.type_prefix, count)
          : database_.query(
                "SELECT position, type, subject, time, payload FROM events"
                " WHERE +tenant = ?1 AND subject = ?6 AND position > ?2"
                " AND substr(type, 1, CAST(?3 AS INTEGER)) = ?4 ORDER BY position LIMIT ?5",
                *tenant, after, prefix, filter.type_prefix, count, filter.subject);
  while (rows.next()) {
    model::Event event;
    std::string payload;
    rows.read(event.position, event.type, event.subject, event.time, payload);
    event.tenant = filter.tenant;
    event.payload = from_column<json::Value>(payload);
    out.push_back(std::move(event));
  }
  return out;
}

std::vector<model::Event> SqlEventReads::after_of_all(const store::EventFilter& filter,
                                                      std::int64_t after, std::int64_t limit) {
  const auto prefix = static_cast<std::int64_t>(filter.type_prefix.size());
  Rows rows = database_.query(
      "SELECT position, name, type, subject, time, payload FROM events"
      " JOIN tenants ON tenants.key = events.tenant"
      " WHERE position > ?1 AND substr(type, 1, CAST(?2 AS INTEGER)) = ?3"
      " AND (?4 = '' OR subject = ?4) ORDER BY position LIMIT ?5",
      after, prefix, filter.type_prefix, filter.subject, page_size(limit));
  std::vector<model::Event> out;
  while (rows.next()) {
    model::Event event;
    std::string payload;
    rows.read(event.position, event.tenant, event.type, event.subject, event.time, payload);
    event.payload = from_column<json::Value>(payload);
    out.push_back(std::move(event));
  }
  return out;
}

std::int64_t SqlEventReads::last_position() {
  Rows rows = database_.query("SELECT max(position) FROM events");
  std::optional<std::int64_t> position;
  if (rows.next()) rows.read(position);
  return position.value_or(0);
}

std::int64_t SqlEventReads::first_position() {
  Rows rows = database_.query("SELECT min(position) FROM events");
  std::optional<std::int64_t> position;
  if (rows.next()) rows.read(position);
  return position.value_or(0);
}

std::vector<model::Worker> SqlWorkerReads::all() {
  std::vector<model::Worker> out;
  Rows rows = database_.query(
      "SELECT key, id, name, state, slots, labels, version, started_at, heartbeat_at, resources"
      " FROM workers ORDER BY id");
  while (rows.next()) {
    WorkerKey key = 0;
    model::Worker worker;
    std::string labels;
    std::string resources;
    rows.read(key, worker.id, worker.name, worker.state, worker.slots, labels, worker.version,
              worker.started_at, worker.heartbeat_at, resources);
    worker.labels = from_column<std::map<std::string, std::string>>(labels);
    worker.resources = from_column<model::WorkerResources>(resources);
    const Use use = counts_.use_of(key);
    worker.busy = static_cast<int>(use.slots);
    worker.used = resources_of({use.cpu_millis, use.memory_bytes, static_cast<int>(use.gpus), 0});
    out.push_back(std::move(worker));
  }
  return out;
}

}  // namespace mainspring::sql
