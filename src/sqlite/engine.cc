#include "sqlite/engine.h"

#include <fmt/core.h>

#include "sqlite/admission.h"
#include "sqlite/apply.h"
#include "sqlite/json_column.h"

namespace mainspring::sqlite {
namespace {

std::optional<base::Result<store::Reply>> find_answered(Core& core, TenantKey tenant,
                                                        const store::IdempotencyKey& key) {
  Rows rows = core.database().query(
      "SELECT fingerprint, reply FROM idempotency"
      " WHERE tenant = ?1 AND key = ?2 AND expires_at > ?3",
      tenant, key.key, key.now);
  if (!rows.next()) return std::nullopt;
  std::string fingerprint;
  std::string reply;
  rows.read(fingerprint, reply);
  if (fingerprint == key.fingerprint) return from_column<store::Reply>(reply);
  return base::fail(base::Code::idempotency_mismatch,
                    fmt::format("the idempotency key '{}' was used for another request; use a "
                                "new key for a new request",
                                key.key));
}

void remember_answer(Core& core, TenantKey tenant, const store::IdempotencyKey& key,
                     const store::Reply& reply) {
  // A few per insertion keep the table from growing, and no command pays for a long clean-up.
  core.database().run(
      "DELETE FROM idempotency WHERE (tenant, key) IN (SELECT tenant, key FROM idempotency"
      " WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 10)",
      key.now);
  core.database().run(
      "INSERT OR REPLACE INTO idempotency(tenant, key, fingerprint, reply, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5)",
      tenant, key.key, key.fingerprint, to_column(reply), key.now + store::kIdempotencyKept);
}

// A command without a savepoint failed although it had written: a mistake of ours. The transaction
// is taken back and applied again with a savepoint for each, so that only that command fails.
struct HalfWritten {};

// The commands that every run needs, where they refuse before their first write. SQLite copies each
// page that a savepoint sees changed for the first time, which is a sixth of what they cost.
bool fails_before_it_writes(const store::Request& request) {
  if (request.idempotency) return false;
  const store::Command& command = request.command;
  const auto* submission = std::get_if<store::SubmitRuns>(&command);
  if (submission != nullptr) return submission->runs.size() == 1;
  return std::holds_alternative<store::ClaimRuns>(command) ||
         std::holds_alternative<store::RenewLeases>(command) ||
         std::holds_alternative<store::AppendLog>(command) ||
         std::holds_alternative<store::FinishAttempt>(command);
}

}  // namespace

void LiveCounts::publish(LiveIndex& live) {
  const std::lock_guard lock(mutex_);
  by_tenant_ = live.counts();
  by_worker_ = live.busy_slots();
  for (const QueueName& name : live.take_changed_queues()) {
    const ReadyRuns::QueueCounts counts = live.ready().counts(name);
    if (counts == ReadyRuns::QueueCounts{}) {
      by_queue_.erase(name);
    } else {
      by_queue_.insert_or_assign(name, counts);
    }
  }
}

std::map<std::string, ReadyRuns::QueueCounts> LiveCounts::queues_of(TenantKey tenant) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, ReadyRuns::QueueCounts> out;
  for (auto at = by_queue_.lower_bound({tenant, ""});
       at != by_queue_.end() && at->first.tenant == tenant; ++at)
    out.emplace(at->first.name, at->second);
  return out;
}

LiveIndex::StateCounts LiveCounts::of_tenant(TenantKey tenant) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_tenant_.find(tenant);
  return found == by_tenant_.end() ? LiveIndex::StateCounts{} : found->second;
}

std::int64_t LiveCounts::busy(WorkerKey worker) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_worker_.find(worker);
  return found == by_worker_.end() ? 0 : found->second;
}

std::optional<ReadyRuns::QueueCounts> LiveCounts::of_queue(const QueueName& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_queue_.find(name);
  return found == by_queue_.end() ? std::nullopt : std::optional{found->second};
}

Engine::Engine(const std::string& path) : core_(path) { counts_.publish(core_.live()); }

GroupResult Engine::apply(std::span<const store::Request> requests) {
  try {
    return apply_group(requests, Savepoints::where_needed);
  } catch (const HalfWritten&) {
    return apply_group(requests, Savepoints::everywhere);
  }
}

GroupResult Engine::apply_group(std::span<const store::Request> requests, Savepoints savepoints) {
  GroupResult result;
  try {
    if (is_stale_) core_.load_live();
    is_stale_ = false;
    const std::int64_t changes = core_.database().all_changes();
    core_.database().run("BEGIN IMMEDIATE");
    for (const store::Request& request : requests)
      result.replies.push_back(apply_one(request, savepoints));
    core_.write_ended();
    core_.database().run("COMMIT");
    result.has_written = core_.database().all_changes() != changes;
  } catch (...) {
    roll_back();
    throw;
  }
  result.notices = core_.take_notices();
  result.facts = core_.take_facts();
  counts_.publish(core_.live());
  return result;
}

void Engine::roll_back() {
  is_stale_ = true;
  core_.forget_everything();
  try {
    if (core_.database().is_in_transaction()) core_.database().execute("ROLLBACK");
  } catch (const std::exception&) {
    // SQLite has rolled back by itself, or the next BEGIN says what is wrong.
  }
}

base::Result<store::Reply> Engine::apply_one(const store::Request& request, Savepoints savepoints) {
  Database& database = core_.database();
  const bool is_saved = savepoints == Savepoints::everywhere || !fails_before_it_writes(request);
  const std::int64_t changes = database.all_changes();
  if (is_saved) database.run("SAVEPOINT command");
  base::Result<store::Reply> reply = base::fail(base::Code::internal, "");
  try {
    reply = request.idempotency ? apply_idempotent(request) : apply_command(request.command);
  } catch (const store::Unavailable&) {
    throw;
  } catch (const std::exception& problem) {
    reply = base::fail(base::Code::internal, problem.what());
  }
  if (!reply && !is_saved && database.all_changes() != changes) throw HalfWritten{};
  if (!reply && is_saved) database.run("ROLLBACK TO command");
  if (is_saved) database.run("RELEASE command");
  if (reply) {
    core_.keep_command();
  } else {
    core_.undo_command();
  }
  return reply;
}

base::Result<store::Reply> Engine::apply_idempotent(const store::Request& request) {
  const store::IdempotencyKey& key = *request.idempotency;
  if (key.key.size() > store::kIdempotencyKeyLimit) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("an idempotency key has at most {} bytes, this one has {}",
                                  store::kIdempotencyKeyLimit, key.key.size()));
  }
  const TenantKey tenant = core_.ensure_tenant(key.tenant);
  if (auto answered = find_answered(core_, tenant, key)) return *answered;
  auto reply = apply_command(request.command);
  if (reply) remember_answer(core_, tenant, key, *reply);
  return reply;
}

base::Result<store::Reply> Engine::apply_command(const store::Command& command) {
  return std::visit(
      [this](const auto& each) -> base::Result<store::Reply> {
        auto reply = sqlite::apply(core_, each);
        if (!reply) return base::fail(std::move(reply.error()));
        if constexpr (requires { each.now; }) settle(core_, each.now);
        return store::Reply{std::move(*reply)};
      },
      command);
}

}  // namespace mainspring::sqlite
