// Tables of the commands about workers themselves, and of their reply.

#include "json/codec.h"
#include "store/worker_commands.h"

namespace mainspring::store {

using json::field;

const json::StructTable& RegisterWorker::described() {
  static const auto table = json::describe<RegisterWorker>(
      "RegisterWorker", "A worker joins, for the first time or again.",
      field<&RegisterWorker::worker>("worker", "The worker.").required(),
      field<&RegisterWorker::entropy>("entropy", "Picks the point within a retry's jitter."),
      field<&RegisterWorker::now>("now", "When.").required());
  return table;
}

const json::StructTable& SetWorkerState::described() {
  static const auto table = json::describe<SetWorkerState>(
      "SetWorkerState", "Says whether a worker takes runs.",
      field<&SetWorkerState::worker_id>("worker_id", "The worker.").required(),
      field<&SetWorkerState::state>("state", "Its new state.").required(),
      field<&SetWorkerState::now>("now", "When.").required());
  return table;
}

const json::EnumTable& described(WorkerOrder) {
  static const auto table = json::enumeration<WorkerOrder>(
      "WorkerOrder", "What people tell a worker.",
      {{WorkerOrder::cordon, "cordon", "Nothing new is given to it."},
       {WorkerOrder::drain, "drain", "And what it still runs after a while is ended."},
       {WorkerOrder::uncordon, "uncordon", "It is given runs again."}});
  return table;
}

const json::StructTable& OrderWorker::described() {
  static const auto table = json::describe<OrderWorker>(
      "OrderWorker", "Tells a worker whether it is given runs.",
      field<&OrderWorker::worker_id>("worker_id", "The worker.").required(),
      field<&OrderWorker::order>("order", "What it is told.").required(),
      field<&OrderWorker::drain_until>("drain_until", "What it still runs then is ended."),
      field<&OrderWorker::by>("by", "Who tells it."),
      field<&OrderWorker::now>("now", "When.").required());
  return table;
}

const json::StructTable& RemoveWorker::described() {
  static const auto table = json::describe<RemoveWorker>(
      "RemoveWorker", "Forgets a worker and its credential.",
      field<&RemoveWorker::worker_id>("worker_id", "The worker.").required(),
      field<&RemoveWorker::by>("by", "Who wants it."),
      field<&RemoveWorker::now>("now", "When.").required());
  return table;
}

const json::StructTable& PutJoinToken::described() {
  static const auto table = json::describe<PutJoinToken>(
      "PutJoinToken", "Stores the hash of a token with which workers join.",
      field<&PutJoinToken::id>("id", "The token's id.").required(),
      field<&PutJoinToken::tenant>("tenant", "The tenant that it belongs to.").required(),
      field<&PutJoinToken::sha256>("sha256", "Its hash; the token is never stored.").required(),
      field<&PutJoinToken::uses>("uses", "How many workers may join with it.").min(1),
      field<&PutJoinToken::labels>("labels", "Of whoever joins with it."),
      field<&PutJoinToken::slots_limit>("slots_limit", "The most slots of such a worker."),
      field<&PutJoinToken::by>("by", "Who made it."),
      field<&PutJoinToken::now>("now", "When.").required(),
      field<&PutJoinToken::expires_at>("expires_at", "It opens nothing from then on.").required());
  return table;
}

const json::StructTable& DeleteJoinToken::described() {
  static const auto table = json::describe<DeleteJoinToken>(
      "DeleteJoinToken", "Forgets a token with which workers join.",
      field<&DeleteJoinToken::tenant>("tenant", "The tenant that it belongs to.").required(),
      field<&DeleteJoinToken::id>("id", "The token.").required(),
      field<&DeleteJoinToken::by>("by", "Who wants it."),
      field<&DeleteJoinToken::now>("now", "When.").required());
  return table;
}

const json::StructTable& JoinWorker::described() {
  static const auto table = json::describe<JoinWorker>(
      "JoinWorker", "Exchanges a join token for the credential of one worker.",
      field<&JoinWorker::join_sha256>("join_sha256", "The hash of the join token.").required(),
      field<&JoinWorker::worker_id>("worker_id", "The worker.").required(),
      field<&JoinWorker::sha256>("sha256", "The hash of its credential.").required(),
      field<&JoinWorker::name>("name", "The worker's name."),
      field<&JoinWorker::now>("now", "When.").required());
  return table;
}

const json::StructTable& WorkerJoined::described() {
  static const auto table = json::describe<WorkerJoined>(
      "WorkerJoined", "What a worker that has joined is bound to.",
      field<&WorkerJoined::labels>("labels", "Labels that it has, whatever it says."),
      field<&WorkerJoined::slots_limit>("slots_limit", "The most slots that it may have."));
  return table;
}

}  // namespace mainspring::store
