// The writes about workers themselves, as values: who is one, what it is told, how it joins from
// elsewhere. What it does for runs is in commands.h, which includes this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/blob.h"
#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"
#include "model/worker.h"

namespace mainspring::store {

// A worker (re)joins. Leases that an earlier life of the same id still holds end as `lost`: its
// caller guarantees that the earlier life is dead (a file lock). Reply: Done.
struct RegisterWorker {
  model::Worker worker;
  std::uint64_t entropy = 0;
  base::Instant now;

  static const json::StructTable& described();
};
struct SetWorkerState {
  base::WorkerId worker_id;
  model::WorkerState state = model::WorkerState::offline;
  base::Instant now;

  static const json::StructTable& described();
};

// What people tell a worker; it holds until they tell it something else, across its restarts. Tells
// the worker by a notice and by its next heartbeat. Errors: not_found (worker).
enum class WorkerOrder {
  cordon,    // nothing new is given to it
  drain,     // and what it still runs at `drain_until` is ended, and tried again elsewhere
  uncordon,  // neither of both
};
const json::EnumTable& described(WorkerOrder);
struct OrderWorker {
  base::WorkerId worker_id;
  WorkerOrder order = WorkerOrder::cordon;
  std::optional<base::Instant> drain_until;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
// Forgets a worker, and the credential of one that joined by token. What it holds stays with it
// until the leases run out: it may not know yet. Errors: not_found, conflict (a worker of a node
// that is there: it would come back).
struct RemoveWorker {
  base::WorkerId worker_id;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};

// A token with which workers join, `uses` times. Only its hash is stored. Errors: conflict
// (kTokensPerTenant of them).
struct PutJoinToken {
  base::TokenId id;
  std::string tenant;
  base::Blob sha256;
  std::int64_t uses = 1;
  std::map<std::string, std::string> labels;  // of whoever joins with it, whatever they say
  std::optional<int> slots_limit;
  std::string by;
  base::Instant now;
  base::Instant expires_at;

  static const json::StructTable& described();
};
// Who has joined with it stays. Errors: not_found.
struct DeleteJoinToken {
  std::string tenant;
  base::TokenId id;
  std::string by;
  base::Instant now;

  static const json::StructTable& described();
};
// Exchanges a join token for the credential of one worker, whose id and secret the worker has made:
// so a repeat after a lost answer is answered as the first was, and uses nothing up. Errors:
// unauthenticated (a token that is unknown, over or used up), conflict (the id is taken).
struct JoinWorker {
  base::Blob join_sha256;
  base::WorkerId worker_id;
  base::Blob sha256;  // of the worker's credential
  std::string name;
  base::Instant now;

  static const json::StructTable& described();
};
struct WorkerJoined {
  std::map<std::string, std::string> labels;  // those of the join token
  std::optional<int> slots_limit;

  static const json::StructTable& described();
};

}  // namespace mainspring::store
