#include "sql/engine.h"

#include <fmt/core.h>

#include "sql/admission.h"
#include "sql/apply.h"
#include "sql/json_column.h"

namespace mainspring::sql {
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
      "INSERT INTO idempotency(tenant, key, fingerprint, reply, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT(tenant, key) DO UPDATE SET"
      " fingerprint = excluded.fingerprint, reply = excluded.reply,"
      " expires_at = excluded.expires_at",
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
  by_worker_ = live.uses();
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

Use LiveCounts::use_of(WorkerKey worker) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_worker_.find(worker);
  return found == by_worker_.end() ? Use{} : found->second;
}

std::optional<ReadyRuns::QueueCounts> LiveCounts::of_queue(const QueueName& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_queue_.find(name);
  return found == by_queue_.end() ? std::nullopt : std::optional{found->second};
}

Engine::Engine(Database& database, Turns& turns)
    : database_(database), turns_(turns), core_(database) {
  if (turns_.is_shared()) core_.live().collect_touched();
  catch_up();
  heard_.clear();
}

GroupResult Engine::apply(std::span<const store::Request> requests) {
  try {
    return apply_group(requests, Savepoints::where_needed);
  } catch (const HalfWritten&) {
    return apply_group(requests, Savepoints::everywhere);
  } catch (const BrokenConstraint&) {  // of which command, is not known: statements need not wait
    return apply_group(requests, Savepoints::everywhere);
  }
}

GroupResult Engine::apply_group(std::span<const store::Request> requests, Savepoints savepoints) {
  GroupResult result;
  Changes own;
  try {
    begin(Database::Purpose::write);
    const std::int64_t writes = database_.write_count();
    for (const store::Request& request : requests)
      result.replies.push_back(apply_one(request, savepoints));
    core_.write_ended();
    own = core_.take_changes();
    result.has_written = database_.write_count() != writes;
    if (result.has_written) {
      turns_.commit(own);
    } else {
      turns_.roll_back();
    }
  } catch (...) {
    roll_back();
    throw;
  }
  result.notices = take_heard();
  result.notices.insert(result.notices.end(), std::make_move_iterator(own.notices.begin()),
                        std::make_move_iterator(own.notices.end()));
  result.facts = core_.take_facts();
  publish();
  return result;
}

std::vector<store::Notice> Engine::catch_up() {
  if (!is_stale_ && !turns_.has_news()) return {};
  try {
    begin(Database::Purpose::read);
    turns_.roll_back();
  } catch (...) {
    roll_back();
    throw;
  }
  publish();
  return take_heard();
}

// Starts a transaction in which memory and tables agree.
void Engine::begin(Database::Purpose purpose) {
  Changes others = turns_.begin(purpose);
  heard_.insert(heard_.end(), std::make_move_iterator(others.notices.begin()),
                std::make_move_iterator(others.notices.end()));
  if (others.is_everything) {
    heard_.emplace_back(store::NoticesLost{});
    heard_.emplace_back(store::EventsAdded{core_.last_position()});
  }
  others.is_everything = others.is_everything || is_stale_;
  core_.catch_up(others);
  is_stale_ = false;
}

void Engine::roll_back() {
  is_stale_ = true;
  core_.forget_everything();
  turns_.roll_back();
}

std::vector<store::Notice> Engine::take_heard() {
  auto out = std::exchange(heard_, {});
  if (auto due = core_.take_due()) out.push_back(std::move(*due));
  return out;
}

void Engine::publish() {
  counts_.publish(core_.live());
  if (!turns_.is_shared()) counts_.publish_token_changes(core_.token_changes());
}

base::Result<store::Reply> Engine::apply_one(const store::Request& request, Savepoints savepoints) {
  const bool is_saved = savepoints == Savepoints::everywhere || !fails_before_it_writes(request);
  const std::int64_t writes = database_.write_count();
  if (is_saved) database_.save();
  base::Result<store::Reply> reply = base::fail(base::Code::internal, "");
  try {
    reply = request.idempotency ? apply_idempotent(request) : apply_command(request.command);
    if (savepoints == Savepoints::everywhere) database_.sync();
  } catch (const store::Unavailable&) {
    throw;
  } catch (const BrokenConstraint& problem) {
    if (savepoints == Savepoints::where_needed) throw;
    reply = base::fail(base::Code::internal, problem.what());
  } catch (const std::exception& problem) {
    reply = base::fail(base::Code::internal, problem.what());
  }
  if (!reply && !is_saved && database_.write_count() != writes) throw HalfWritten{};
  if (is_saved) reply ? database_.release_save() : database_.undo_to_save();
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
        auto reply = sql::apply(core_, each);
        if (!reply) return base::fail(std::move(reply.error()));
        if constexpr (requires { each.now; }) settle(core_, each.now);
        return store::Reply{std::move(*reply)};
      },
      command);
}

}  // namespace mainspring::sql
