// Tables of the commands: what a log of commands, a quorum and a wire carry.

#include "json/codec.h"
#include "store/commands.h"

namespace mainspring::store {

using json::field;

const json::StructTable& JobDraft::described() {
  static const auto table = json::describe<JobDraft>(
      "JobDraft", "A job as it shall be.",
      field<&JobDraft::fresh_id>("fresh_id", "The id to use if the name is new.").required(),
      field<&JobDraft::fresh_schedule_ids>("fresh_schedule_ids",
                                           "Ids for new schedules, one per schedule."),
      field<&JobDraft::spec>("spec", "The definition.").required(),
      field<&JobDraft::if_version>("if_version",
                                   "Apply only to this version; 0: only if there is none."));
  return table;
}

const json::StructTable& ApplyJobs::described() {
  static const auto table =
      json::describe<ApplyJobs>("ApplyJobs", "Creates or updates jobs by name, all or none.",
                                field<&ApplyJobs::tenant>("tenant", "The tenant.").required(),
                                field<&ApplyJobs::jobs>("jobs", "The jobs.").required(),
                                field<&ApplyJobs::author>("author", "Who asks."),
                                field<&ApplyJobs::now>("now", "When.").required(),
                                field<&ApplyJobs::queues>("queues", "The queues."),
                                field<&ApplyJobs::calendars>("calendars", "The calendars."),
                                field<&ApplyJobs::prune>("prune", "Jobs to delete."),
                                field<&ApplyJobs::settle>("settle", "Plans up to now."),
                                field<&ApplyJobs::connections>("connections", "The connections."));
  return table;
}

const json::StructTable& PauseJob::described() {
  static const auto table = json::describe<PauseJob>(
      "PauseJob", "Holds back a job's schedules.",
      field<&PauseJob::tenant>("tenant", "The tenant.").required(),
      field<&PauseJob::job_id>("job_id", "The job.").required(),
      field<&PauseJob::note>("note", "Why, for those who find it paused."),
      field<&PauseJob::by>("by", "Who asks."), field<&PauseJob::now>("now", "When.").required(),
      field<&PauseJob::until>("until", "When it ends by itself."),
      field<&PauseJob::meanwhile>("meanwhile", "What becomes of fires that come due."),
      field<&PauseJob::settle>("settle", "Plans up to now."));
  return table;
}

const json::StructTable& ResumeJob::described() {
  static const auto table = json::describe<ResumeJob>(
      "ResumeJob", "Ends the pause of a job's schedules.",
      field<&ResumeJob::tenant>("tenant", "The tenant.").required(),
      field<&ResumeJob::job_id>("job_id", "The job.").required(),
      field<&ResumeJob::by>("by", "Who asks."), field<&ResumeJob::now>("now", "When.").required(),
      field<&ResumeJob::settle>("settle", "Plans up to now."));
  return table;
}

const json::StructTable& DeleteJob::described() {
  static const auto table = json::describe<DeleteJob>(
      "DeleteJob", "Removes a definition; its history stays.",
      field<&DeleteJob::tenant>("tenant", "The tenant.").required(),
      field<&DeleteJob::job_id>("job_id", "The job.").required(),
      field<&DeleteJob::if_version>("if_version", "Delete only this version."),
      field<&DeleteJob::by>("by", "Who asks."), field<&DeleteJob::now>("now", "When.").required(),
      field<&DeleteJob::settle>("settle", "Plans up to now."));
  return table;
}

const json::StructTable& NewRun::described() {
  static const auto table = json::describe<NewRun>(
      "NewRun", "A run to accept.", field<&NewRun::id>("id", "Its id.").required(),
      field<&NewRun::job_id>("job_id", "Its job.").required(),
      field<&NewRun::trigger>("trigger", "Why it exists.").required(),
      field<&NewRun::params>("params", "Its values, bound already."),
      field<&NewRun::due_at>("due_at", "When it may start.").required(),
      field<&NewRun::priority>("priority", "Instead of its job's."),
      field<&NewRun::parent_run>("parent_run", "The run that it is a part of."),
      field<&NewRun::rerun_of>("rerun_of", "The run that it repeats."),
      field<&NewRun::job_version>("job_version", "Instead of the newest."),
      field<&NewRun::operation_id>("operation_id", "The operation that asks."),
      field<&NewRun::overlap>("overlap", "Of a backfill: as for a run that time fired."),
      field<&NewRun::scheduled_at>("scheduled_at", "Of a backfill: the fire made up for."),
      field<&NewRun::trace>("trace", "The trace that it is a part of."));
  return table;
}

const json::StructTable& SubmitRuns::described() {
  static const auto table =
      json::describe<SubmitRuns>("SubmitRuns", "Accepts runs, all or none.",
                                 field<&SubmitRuns::tenant>("tenant", "The tenant.").required(),
                                 field<&SubmitRuns::runs>("runs", "The runs.").required(),
                                 field<&SubmitRuns::by>("by", "Who asks."),
                                 field<&SubmitRuns::now>("now", "When.").required());
  return table;
}

const json::StructTable& Materialise::described() {
  static const auto table = json::describe<Materialise>(
      "Materialise", "Writes fires ahead and records known endings.",
      field<&Materialise::plans>("plans", "The next piece of some schedules.").required(),
      field<&Materialise::now>("now", "When.").required());
  return table;
}

const json::StructTable& PromoteDue::described() {
  static const auto table =
      json::describe<PromoteDue>("PromoteDue", "Queues or skips what is due.",
                                 field<&PromoteDue::now>("now", "When.").required());
  return table;
}

const json::StructTable& ClaimRuns::described() {
  static const auto table = json::describe<ClaimRuns>(
      "ClaimRuns", "Leases queued runs to a worker.",
      field<&ClaimRuns::worker_id>("worker_id", "The worker.").required(),
      field<&ClaimRuns::limit>("limit", "How many at most.").required(),
      field<&ClaimRuns::lease>("lease", "How long the leases last.").required(),
      field<&ClaimRuns::now>("now", "When.").required(),
      field<&ClaimRuns::known>("known", "The leases that it knows of; absent: all."));
  return table;
}

const json::StructTable& LeaseRef::described() {
  static const auto table =
      json::describe<LeaseRef>("LeaseRef", "A lease, as its holder names it.",
                               field<&LeaseRef::run_id>("run_id", "The run.").required(),
                               field<&LeaseRef::epoch>("epoch", "The fencing number.").required());
  return table;
}

const json::StructTable& RenewLeases::described() {
  static const auto table = json::describe<RenewLeases>(
      "RenewLeases", "A worker's heartbeat.",
      field<&RenewLeases::worker_id>("worker_id", "The worker.").required(),
      field<&RenewLeases::leases>("leases", "What it holds.").required(),
      field<&RenewLeases::lease>("lease", "How long the leases last from now.").required(),
      field<&RenewLeases::now>("now", "When.").required());
  return table;
}

const json::StructTable& AppendLog::described() {
  static const auto table = json::describe<AppendLog>(
      "AppendLog", "Stores output of an attempt.",
      field<&AppendLog::lease>("lease", "The attempt's lease.").required(),
      field<&AppendLog::chunks>("chunks", "The output.").required(),
      field<&AppendLog::worker_id>("worker_id", "Whose lease it must be."),
      field<&AppendLog::is_late>("late", "Whether the lease may be over."));
  return table;
}

const json::StructTable& ReportProgress::described() {
  static const auto table = json::describe<ReportProgress>(
      "ReportProgress", "How far an attempt has come.",
      field<&ReportProgress::lease>("lease", "The attempt's lease.").required(),
      field<&ReportProgress::progress>("progress", "How far.").required(),
      field<&ReportProgress::worker_id>("worker_id", "Whose lease it must be."));
  return table;
}

const json::StructTable& FinishAttempt::described() {
  static const auto table = json::describe<FinishAttempt>(
      "FinishAttempt", "How an attempt ended.",
      field<&FinishAttempt::lease>("lease", "The attempt's lease.").required(),
      field<&FinishAttempt::outcome>("outcome", "How it ended.").required(),
      field<&FinishAttempt::entropy>("entropy", "Picks the point within a retry's jitter."),
      field<&FinishAttempt::now>("now", "When.").required(),
      field<&FinishAttempt::log>("log", "The rest of the output."),
      field<&FinishAttempt::worker_id>("worker_id", "Whose lease it must be."));
  return table;
}

const json::StructTable& ExpireLeases::described() {
  static const auto table = json::describe<ExpireLeases>(
      "ExpireLeases", "Ends attempts whose lease ran out.",
      field<&ExpireLeases::entropy>("entropy", "Picks the point within a retry's jitter."),
      field<&ExpireLeases::now>("now", "When.").required());
  return table;
}

const json::StructTable& CancelRun::described() {
  static const auto table = json::describe<CancelRun>(
      "CancelRun", "Asks a run to stop.",
      field<&CancelRun::tenant>("tenant", "The tenant.").required(),
      field<&CancelRun::run_id>("run_id", "The run.").required(),
      field<&CancelRun::by>("by", "Who asks."), field<&CancelRun::reason>("reason", "Why."),
      field<&CancelRun::now>("now", "When.").required(), field<&CancelRun::mode>("mode", "How."));
  return table;
}

const json::StructTable& ExtendRun::described() {
  static const auto table = json::describe<ExtendRun>(
      "ExtendRun", "Gives a run more time.",
      field<&ExtendRun::tenant>("tenant", "The tenant.").required(),
      field<&ExtendRun::run_id>("run_id", "The run.").required(),
      field<&ExtendRun::run>("run", "To run, from now."),
      field<&ExtendRun::queue>("queue", "To wait, from now."),
      field<&ExtendRun::by>("by", "Who asks."), field<&ExtendRun::now>("now", "When.").required());
  return table;
}

const json::StructTable& RegisterNode::described() {
  static const auto table =
      json::describe<RegisterNode>("RegisterNode", "A node joins, for the first time or again.",
                                   field<&RegisterNode::node>("node", "The node.").required(),
                                   field<&RegisterNode::now>("now", "When.").required());
  return table;
}

const json::StructTable& NodeHeartbeat::described() {
  static const auto table = json::describe<NodeHeartbeat>(
      "NodeHeartbeat", "A node lives, or says how it goes.",
      field<&NodeHeartbeat::node_id>("node_id", "The node.").required(),
      field<&NodeHeartbeat::state>("state", "How it is.").required(),
      field<&NodeHeartbeat::address>("address", "Where its API is reached."),
      field<&NodeHeartbeat::clock_offset_ms>("clock_offset_ms",
                                             "Of the store's clock less its own."),
      field<&NodeHeartbeat::liveness>("liveness", "Who is silent for longer is given up."),
      field<&NodeHeartbeat::now>("now", "When.").required());
  return table;
}

const json::StructTable& NodesKnown::described() {
  static const auto table = json::describe<NodesKnown>(
      "NodesKnown", "The nodes of the store.",
      field<&NodesKnown::nodes>("nodes", "Those that are there, and those that went.").required());
  return table;
}

const json::StructTable& RemoveNode::described() {
  static const auto table =
      json::describe<RemoveNode>("RemoveNode", "Forgets a node that went.",
                                 field<&RemoveNode::node_id>("node_id", "The node.").required(),
                                 field<&RemoveNode::by>("by", "Who asks."),
                                 field<&RemoveNode::now>("now", "When.").required());
  return table;
}

const json::StructTable& PutToken::described() {
  static const auto table = json::describe<PutToken>(
      "PutToken", "Stores the hash of a token.",
      field<&PutToken::id>("id", "The token's id.").required(),
      field<&PutToken::tenant>("tenant", "The tenant that it opens.").required(),
      field<&PutToken::name>("name", "Its name, unique in the tenant.").required(),
      field<&PutToken::sha256>("sha256", "Its hash; the token is never stored.").required(),
      field<&PutToken::permissions>("permissions", "What it allows."),
      field<&PutToken::now>("now", "When.").required(),
      field<&PutToken::expires_at>("expires_at", "It opens nothing from then on."),
      field<&PutToken::must_be_new>("must_be_new", "Refuse to replace one of the same name."),
      field<&PutToken::by>("by", "Who asks; empty: the node itself."));
  return table;
}

const json::StructTable& DeleteToken::described() {
  static const auto table = json::describe<DeleteToken>(
      "DeleteToken", "Forgets a token.",
      field<&DeleteToken::tenant>("tenant", "The tenant that it opens.").required(),
      field<&DeleteToken::name>("name", "The token.").required(),
      field<&DeleteToken::by>("by", "Who asks."),
      field<&DeleteToken::now>("now", "When.").required());
  return table;
}

const json::EnumTable& described(BackupFact) {
  static const auto table = json::enumeration<BackupFact>(
      "BackupFact", "What became of a backup.",
      {{BackupFact::completed, "completed", "It was made."},
       {BackupFact::failed, "failed", "It was not made, or cannot be restored."},
       {BackupFact::verified, "verified", "It was restored to the side, opened and read."}});
  return table;
}

const json::StructTable& RecordBackup::described() {
  static const auto table = json::describe<RecordBackup>(
      "RecordBackup", "Tells what became of a backup.",
      field<&RecordBackup::fact>("fact", "What became of it.").required(),
      field<&RecordBackup::name>("name", "The file's name.").required(),
      field<&RecordBackup::details>("details", "More about it."),
      field<&RecordBackup::now>("now", "When.").required());
  return table;
}

const json::StructTable& IdempotencyKey::described() {
  static const auto table = json::describe<IdempotencyKey>(
      "IdempotencyKey", "A client's promise that the same key means the same request.",
      field<&IdempotencyKey::tenant>("tenant", "The tenant.").required(),
      field<&IdempotencyKey::key>("key", "The key.").required().max_length(kIdempotencyKeyLimit),
      field<&IdempotencyKey::fingerprint>("fingerprint", "Of method, path and body.").required(),
      field<&IdempotencyKey::now>("now", "When.").required());
  return table;
}

}  // namespace mainspring::store
