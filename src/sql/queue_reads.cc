// Questions about queues: what was put stands in the table, what waits and runs in the counts that
// follow each commit.
#include "sql/json_column.h"
#include "sql/queue_row.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

void add_counts(model::Queue& queue, const ReadyRuns::QueueCounts& counts) {
  queue.waiting = counts.waiting;
  queue.running = counts.running;
  queue.oldest_due_at = counts.oldest;
}

model::Queue queue_of(std::string_view tenant, const std::string& name) {
  model::Queue out;
  out.tenant = tenant;
  out.spec.name = name;
  return out;
}

}  // namespace

std::vector<model::Queue> SqlQueueReads::all(std::string_view tenant) {
  const auto key = find_tenant(database_, tenant);
  if (!key) return {};
  std::map<std::string, model::Queue> queues;
  Rows rows = database_.query(
      "SELECT tenant, name, spec, pause, tokens, tokens_at FROM queues WHERE tenant = ?1"
      " ORDER BY name",
      *key);
  while (rows.next()) {
    QueueRow row = read_queue(rows);
    model::Queue queue = queue_of(tenant, row.name.name);
    queue.spec = std::move(row.spec);
    queue.pause = std::move(row.pause);
    queues.emplace(row.name.name, std::move(queue));
  }
  for (const auto& [name, counts] : counts_.queues_of(*key))
    add_counts(queues.try_emplace(name, queue_of(tenant, name)).first->second, counts);
  std::vector<model::Queue> out;
  for (auto& [name, queue] : queues)
    out.push_back(std::move(queue));
  return out;
}

std::optional<model::Queue> SqlQueueReads::find(std::string_view tenant, std::string_view name) {
  const auto key = find_tenant(database_, tenant);
  if (!key) return std::nullopt;
  const QueueName full{*key, std::string(name)};
  const auto counts = counts_.of_queue(full);
  auto row = find_queue(database_, full);
  if (!row && !counts) return std::nullopt;
  model::Queue out = queue_of(tenant, full.name);
  if (row) {
    out.spec = std::move(row->spec);
    out.pause = std::move(row->pause);
  }
  if (counts) add_counts(out, *counts);
  return out;
}

}  // namespace mainspring::sql
