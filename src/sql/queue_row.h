// A queue that was put: its row, and the gate that stands for it in the live index. Internal to
// this module.
#pragma once

#include <optional>

#include "model/queue.h"
#include "sql/core.h"

namespace mainspring::sql {

struct QueueRow {
  QueueName name;
  model::QueueSpec spec;
  std::optional<model::Pause> pause;
  double tokens = 0;  // of the rate, as they were at tokens_at
  base::Instant tokens_at;
};

// Columns: tenant, name, spec, pause, tokens, tokens_at.
QueueRow read_queue(const Rows& rows);
std::optional<QueueRow> find_queue(Database& database, const QueueName& name);

QueueGate gate_of(const QueueRow& row);

// Time's part: pauses that end, buckets that fill.
void refresh_queues(Core& core, base::Instant now);
// A start from the queue takes a token of its rate.
void take_token(Core& core, const QueueName& name, base::Instant now);
// And a part of the queue's share, where its tenant's queues share.
void take_share(Core& core, const QueueName& name, int slots);
QueueShare load_share(Database& database, const QueueName& name);

}  // namespace mainspring::sql
