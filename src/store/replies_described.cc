// Tables of the replies. They are stored beside idempotency keys, so their names stay as they are.

#include "json/codec.h"
#include "store/commands.h"

namespace mainspring::store {

using json::field;

const json::EnumTable& described(ApplyEffect) {
  static const auto table = json::enumeration<ApplyEffect>(
      "ApplyEffect", "What applying a definition did.",
      {{ApplyEffect::created, "created", "There was none of that name."},
       {ApplyEffect::updated, "updated", "It was there, and is different now."},
       {ApplyEffect::unchanged, "unchanged", "It was like that already."},
       {ApplyEffect::deleted, "deleted", "It was pruned."}});
  return table;
}

const json::StructTable& AppliedJob::described() {
  static const auto table = json::describe<AppliedJob>(
      "AppliedJob", "What became of one job that was applied.",
      field<&AppliedJob::id>("id", "The job's id.").required(),
      field<&AppliedJob::name>("name", "The job's name.").required(),
      field<&AppliedJob::version>("version", "The version that is in force now.").required(),
      field<&AppliedJob::effect>("effect", "What happened.").required());
  return table;
}

const json::StructTable& JobsApplied::described() {
  static const auto table = json::describe<JobsApplied>(
      "JobsApplied", "What became of the jobs that were applied.",
      field<&JobsApplied::jobs>("jobs", "One entry per job, in order.").required());
  return table;
}

const json::StructTable& RunsSubmitted::described() {
  static const auto table = json::describe<RunsSubmitted>(
      "RunsSubmitted", "The runs that were accepted.",
      field<&RunsSubmitted::runs>("runs", "One entry per run, in order.").required(),
      field<&RunsSubmitted::duplicates>("duplicates", "Those of them that were there already."));
  return table;
}

const json::StructTable& Materialised::described() {
  static const auto table = json::describe<Materialised>(
      "Materialised", "How much was written ahead.",
      field<&Materialised::fires>("fires", "Runs written ahead.").required(),
      field<&Materialised::plans_applied>("plans_applied", "Plans that were not out of date.")
          .required());
  return table;
}

const json::StructTable& DueState::described() {
  static const auto table = json::describe<DueState>(
      "DueState", "What time has done, and when it will do more.",
      field<&DueState::promoted>("promoted", "Runs queued.").required(),
      field<&DueState::skipped>("skipped", "Runs skipped.").required(),
      field<&DueState::next_due>("next_due", "When the next scheduled run is due."),
      field<&DueState::next_expiry>("next_expiry", "When the next lease runs out."));
  return table;
}

const json::StructTable& ClaimedRun::described() {
  static const auto table = json::describe<ClaimedRun>(
      "ClaimedRun", "A run that a worker now holds.",
      field<&ClaimedRun::run>("run", "The run.").required(),
      field<&ClaimedRun::epoch>("epoch", "The lease's fencing number.").required(),
      field<&ClaimedRun::attempt>("attempt", "Which attempt this is.").required(),
      field<&ClaimedRun::lease_until>("lease_until", "When the lease runs out.").required(),
      field<&ClaimedRun::params>("params", "The run's values."),
      field<&ClaimedRun::spec>("spec", "The definition that it runs.").required(),
      field<&ClaimedRun::trace>("trace", "The trace that it is a part of."),
      field<&ClaimedRun::connections>("connections", "The connections that it uses."));
  return table;
}

const json::StructTable& RunsClaimed::described() {
  static const auto table = json::describe<RunsClaimed>(
      "RunsClaimed", "The runs that a worker now holds.",
      field<&RunsClaimed::runs>("runs", "The runs.").required(),
      field<&RunsClaimed::next_due>("next_due", "When the next scheduled run is due."));
  return table;
}

const json::StructTable& RenewedLease::described() {
  static const auto table = json::describe<RenewedLease>(
      "RenewedLease", "What a heartbeat did for one lease.",
      field<&RenewedLease::run_id>("run_id", "The run.").required(),
      field<&RenewedLease::until>("until", "When the lease runs out; absent: it is lost."),
      field<&RenewedLease::cancel>("cancel", "Who asked the run to stop, if somebody did."),
      field<&RenewedLease::extended_until>("extended_until",
                                           "Its timeout does not end it before."));
  return table;
}

const json::StructTable& LeasesRenewed::described() {
  static const auto table = json::describe<LeasesRenewed>(
      "LeasesRenewed", "What a heartbeat did.",
      field<&LeasesRenewed::leases>("leases", "One entry per lease, in order.").required(),
      field<&LeasesRenewed::drain_until>("drain_until",
                                         "What the worker still runs then, it ends."));
  return table;
}

const json::StructTable& AttemptFinished::described() {
  static const auto table = json::describe<AttemptFinished>(
      "AttemptFinished", "What became of the run when its attempt ended.",
      field<&AttemptFinished::state>("state", "The run's state.").required(),
      field<&AttemptFinished::retry_at>("retry_at", "When it is tried again, if it is."));
  return table;
}

const json::StructTable& RunCancelled::described() {
  static const auto table = json::describe<RunCancelled>(
      "RunCancelled", "What became of a run that was asked to stop.",
      field<&RunCancelled::state>("state", "`running`: the request is on its way to the worker.")
          .required());
  return table;
}

const json::StructTable& Done::described() {
  static const auto table = json::describe<Done>("Done", "It is done; there is nothing to say.");
  return table;
}

}  // namespace mainspring::store
