// Questions about events, and what all questions share.
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
      connections_(database),
      operations_(database),
      pings_(database),
      events_(database),
      workers_(database, counts),
      nodes_(database),
      tokens_(database, counts) {}

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

namespace {

std::vector<model::Event> read_events(Rows rows, const std::string& tenant) {
  std::vector<model::Event> out;
  while (rows.next()) {
    model::Event event;
    std::string payload;
    rows.read(event.position, event.type, event.subject, event.time, payload);
    event.tenant = tenant;
    event.payload = from_column<json::Value>(payload);
    out.push_back(std::move(event));
  }
  return out;
}

}  // namespace

std::vector<model::Event> SqlEventReads::after(const store::EventFilter& filter, std::int64_t after,
                                               std::int64_t limit) {
  if (filter.tenant.empty()) return after_of_all(filter, after, limit);
  const auto tenant = find_tenant(database_, filter.tenant);
  if (!tenant) return {};
  // Rows of other types are skipped inside the statement; `substr` compares whole prefixes.
  const auto prefix = static_cast<std::int64_t>(filter.type_prefix.size());
  const std::int64_t count = page_size(limit);
  Rows rows = filter.subject.empty()
                  ? database_.query(
                        "SELECT position, type, subject, time, payload FROM events"
                        " WHERE tenant = ?1 AND position > ?2"
                        " AND substr(type, 1, CAST(?3 AS INTEGER)) = ?4 ORDER BY position LIMIT ?5",
                        *tenant, after, prefix, filter.type_prefix, count)
                  : database_.query(
                        "SELECT position, type, subject, time, payload FROM events"
                        " WHERE +tenant = ?1 AND subject = ?6 AND position > ?2"
                        " AND substr(type, 1, CAST(?3 AS INTEGER)) = ?4 ORDER BY position LIMIT ?5",
                        *tenant, after, prefix, filter.type_prefix, count, filter.subject);
  return read_events(std::move(rows), filter.tenant);
}

std::vector<model::Event> SqlEventReads::before(const store::EventFilter& filter,
                                                std::int64_t before, std::int64_t limit) {
  const auto tenant = find_tenant(database_, filter.tenant);
  if (!tenant) return {};
  const auto prefix = static_cast<std::int64_t>(filter.type_prefix.size());
  const std::int64_t count = page_size(limit);
  Rows rows =
      filter.subject.empty()
          ? database_.query(
                "SELECT position, type, subject, time, payload FROM events"
                " WHERE tenant = ?1 AND position < ?2"
                " AND substr(type, 1, CAST(?3 AS INTEGER)) = ?4 ORDER BY position DESC"
                " LIMIT ?5",
                *tenant, before, prefix, filter.type_prefix, count)
          : database_.query(
                "SELECT position, type, subject, time, payload FROM events"
                " WHERE +tenant = ?1 AND subject = ?6 AND position < ?2"
                " AND substr(type, 1, CAST(?3 AS INTEGER)) = ?4 ORDER BY position DESC LIMIT ?5",
                *tenant, before, prefix, filter.type_prefix, count, filter.subject);
  return read_events(std::move(rows), filter.tenant);
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

std::vector<model::Node> SqlNodeReads::all() { return read_nodes(database_); }

std::vector<model::Node> read_nodes(Database& database) {
  std::vector<model::Node> out;
  Rows rows = database.query(
      "SELECT id, name, state, roles, version, protocol, address, started_at, heartbeat_at,"
      " clock_offset_ms FROM nodes ORDER BY id");
  while (rows.next()) {
    model::Node node;
    std::string roles;
    rows.read(node.id, node.name, node.state, roles, node.version, node.protocol, node.address,
              node.started_at, node.heartbeat_at, node.clock_offset_ms);
    node.roles = from_column<std::vector<model::NodeRole>>(roles);
    out.push_back(std::move(node));
  }
  return out;
}

}  // namespace mainspring::sql
