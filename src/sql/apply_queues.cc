// PutQueue, DeleteQueue, PauseQueue, and what time does to queues.
#include <fmt/core.h>

#include "model/names.h"
#include "sql/apply.h"
#include "sql/json_column.h"
#include "sql/pauses.h"
#include "sql/queue_row.h"

namespace mainspring::sql {
namespace {

struct QueueFact {
  std::string_view type;
  std::string_view by;
  base::Instant now;
};

void tell(Core& core, const QueueName& name, const QueueFact& fact, json::Object payload = {}) {
  payload["queue"] = name.name;
  if (!fact.by.empty()) payload["by"] = fact.by;
  core.add_event({name.tenant, fact.type, name.name, fact.now, std::move(payload)});
}

// The row and the gate change together.
void write_queue(Core& core, const QueueRow& row) {
  const auto pause = row.pause ? std::optional{to_column(*row.pause)} : std::nullopt;
  core.database().run(
      "INSERT INTO queues(tenant, name, spec, pause, tokens, tokens_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(tenant, name) DO UPDATE SET"
      " spec = excluded.spec, pause = excluded.pause, tokens = excluded.tokens,"
      " tokens_at = excluded.tokens_at",
      row.name.tenant, row.name.name, to_column(row.spec), pause, row.tokens, row.tokens_at);
  core.live().put_gate(row.name, gate_of(row));
  if (!core.live().ready().empty()) core.notify(store::RunsReady{1});
}

void write_tokens(Core& core, const QueueName& name, const QueueGate& gate) {
  core.database().run(
      "UPDATE queues SET tokens = ?3, tokens_at = ?4 WHERE tenant = ?1 AND name = ?2", name.tenant,
      name.name, gate.tokens, gate.tokens_at);
  core.live().put_gate(name, gate);
}

// A bucket starts full; one whose rate did not change keeps what it holds.
void set_spec(QueueRow& row, const model::QueueSpec& spec, base::Instant now) {
  const bool is_same_rate = row.spec.rate == spec.rate;
  row.spec = spec;
  if (is_same_rate || !spec.rate) return;
  row.tokens = static_cast<double>(spec.rate->burst > 0 ? spec.rate->burst : spec.rate->count);
  row.tokens_at = now;
}

base::Result<void> check(const model::QueueSpec& spec) {
  const auto refuse = [&](std::string_view what) {
    return base::fail(base::Code::invalid_argument, fmt::format("queue '{}': {}", spec.name, what));
  };
  if (!model::kNameRule.accepts(spec.name)) return refuse(model::kNameRule.sentence);
  if (spec.limit && *spec.limit < 0) return refuse("limit cannot be negative");
  if (spec.depth && *spec.depth < 0) return refuse("depth cannot be negative");
  if (spec.rate && (spec.rate->count < 1 || spec.rate->per < base::Duration{1})) {
    return refuse("rate needs a count of at least 1 and a span of at least 1ms");
  }
  if (spec.rate && spec.rate->burst < 0) return refuse("rate.burst cannot be negative");
  if (spec.weight && *spec.weight < 1) return refuse("weight is at least 1");
  return {};
}

void end_pause(Core& core, QueueRow row, const QueueFact& fact) {
  row.pause.reset();
  write_queue(core, row);
  tell(core, row.name, fact);
}

}  // namespace

QueueRow read_queue(const Rows& rows) {
  QueueRow row;
  std::string spec;
  std::optional<std::string> pause;
  rows.read(row.name.tenant, row.name.name, spec, pause, row.tokens, row.tokens_at);
  row.spec = from_column<model::QueueSpec>(spec);
  if (pause) row.pause = from_column<model::Pause>(*pause);
  return row;
}

std::optional<QueueRow> find_queue(Database& database, const QueueName& name) {
  Rows rows = database.query(
      "SELECT tenant, name, spec, pause, tokens, tokens_at FROM queues"
      " WHERE tenant = ?1 AND name = ?2",
      name.tenant, name.name);
  if (!rows.next()) return std::nullopt;
  return read_queue(rows);
}

QueueGate gate_of(const QueueRow& row) {
  QueueGate gate;
  gate.limit = row.spec.limit;
  gate.depth = row.spec.depth;
  gate.rate = row.spec.rate;
  gate.weight = row.spec.weight;
  gate.tokens = row.tokens;
  gate.tokens_at = row.tokens_at;
  gate.is_paused = row.pause.has_value();
  if (row.pause) gate.paused_until = row.pause->until;
  return gate;
}

void refresh_queues(Core& core, base::Instant now) {
  for (const QueueName& name : core.live().ready().due(now)) {
    const QueueGate gate = *core.live().ready().find_gate(name);
    if (gate.is_paused) {
      end_pause(core, *find_queue(core.database(), name), {"queue.resumed", kOurselves, now});
    } else {
      write_tokens(core, name, refilled(gate, now));
      if (!core.live().ready().empty()) core.notify(store::RunsReady{1});
    }
  }
}

void take_token(Core& core, const QueueName& name, base::Instant now) {
  const QueueGate* found = core.live().ready().find_gate(name);
  if (found == nullptr || !found->rate) return;
  QueueGate gate = refilled(*found, now);
  gate.tokens -= 1;
  write_tokens(core, name, gate);
}

void take_share(Core& core, const QueueName& name, int slots) {
  const auto share = core.live().ready().next_share(name, slots);
  if (!share) return;
  core.database().run(
      "INSERT INTO queue_shares(tenant, name, tag, work) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT(tenant, name) DO UPDATE SET tag = excluded.tag, work = excluded.work",
      name.tenant, name.name, share->tag, share->work);
  core.live().put_share(name, *share);
}

QueueShare load_share(Database& database, const QueueName& name) {
  Rows rows = database.query("SELECT tag, work FROM queue_shares WHERE tenant = ?1 AND name = ?2",
                             name.tenant, name.name);
  QueueShare out;
  if (rows.next()) rows.read(out.tag, out.work);
  return out;
}

base::Result<store::Done> apply(Core& core, const store::PutQueue& command) {
  if (auto fit = check(command.spec); !fit) return base::fail(std::move(fit.error()));
  const QueueName name{core.ensure_tenant(command.tenant), command.spec.name};
  auto row = find_queue(core.database(), name);
  if (row && row->spec == command.spec) return store::Done{};
  if (!row) row = QueueRow{.name = name, .spec = {}, .pause = {}, .tokens = 0, .tokens_at = {}};
  set_spec(*row, command.spec, command.now);
  write_queue(core, *row);
  tell(core, name, {"queue.updated", command.by, command.now});
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::DeleteQueue& command) {
  const auto tenant = core.find_tenant(command.tenant);
  const QueueName name{tenant.value_or(0), command.name};
  const auto deleted = core.database().change("DELETE FROM queues WHERE tenant = ?1 AND name = ?2",
                                              name.tenant, name.name);
  if (deleted == 0) {
    return base::fail(base::Code::not_found,
                      fmt::format("queue '{}' has no limits and no pause to forget", command.name));
  }
  core.database().run("DELETE FROM queue_shares WHERE tenant = ?1 AND name = ?2", name.tenant,
                      name.name);
  core.live().put_gate(name, std::nullopt);
  core.live().put_share(name, {});
  if (!core.live().ready().empty()) core.notify(store::RunsReady{1});
  tell(core, name, {"queue.deleted", command.by, command.now});
  return store::Done{};
}

base::Result<store::Done> apply(Core& core, const store::PauseQueue& command) {
  model::QueueSpec plain;
  plain.name = command.name;
  if (auto fit = check(plain); !fit) return base::fail(std::move(fit.error()));
  if (command.pause && command.pause->until && *command.pause->until <= command.now) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("the pause would end at {}, which is past; give a later time, "
                                  "or none",
                                  base::format_instant(*command.pause->until)));
  }
  const QueueName name{core.ensure_tenant(command.tenant), command.name};
  auto row = find_queue(core.database(), name);
  const bool was_paused = row && row->pause;
  if (!command.pause) {
    if (was_paused) end_pause(core, *row, {"queue.resumed", command.by, command.now});
    return store::Done{};
  }
  if (!row) {
    row = QueueRow{.name = name, .spec = plain, .pause = {}, .tokens = 0, .tokens_at = command.now};
  }
  const base::Instant since = was_paused ? row->pause->at : command.now;
  row->pause = command.pause;
  row->pause->at = since;
  row->pause->by = command.by;
  write_queue(core, *row);
  if (was_paused) return store::Done{};
  json::Object payload;
  if (!row->pause->note.empty()) payload["note"] = row->pause->note;
  tell(core, name, {"queue.paused", command.by, command.now}, std::move(payload));
  return store::Done{};
}

}  // namespace mainspring::sql
