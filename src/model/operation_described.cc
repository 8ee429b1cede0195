#include "json/codec.h"
#include "model/operation.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(OperationKind) {
  static const auto table = json::enumeration<OperationKind>(
      "OperationKind", "What an operation does to many runs.",
      {{OperationKind::cancel_runs, "cancel_runs", "Cancels them."},
       {OperationKind::rerun_runs, "rerun_runs", "Submits each again, with the same input."},
       {OperationKind::delete_runs, "delete_runs", "Removes finished ones with their logs."},
       {OperationKind::backfill, "backfill", "Runs the fires of a past range of a schedule."}});
  return table;
}

const json::EnumTable& described(OperationState) {
  static const auto table = json::enumeration<OperationState>(
      "OperationState", "Where an operation stands.",
      {{OperationState::running, "running", "It is being done, little by little."},
       {OperationState::completed, "completed", "Everything is done."},
       {OperationState::cancelled, "cancelled", "Somebody stopped it."},
       {OperationState::failed, "failed", "It cannot go on; `detail` says why."}});
  return table;
}

const json::StructTable& RunSelection::described() {
  static const auto table = json::describe<RunSelection>(
      "RunSelection", "Which runs: every part that is given must hold.",
      field<&RunSelection::job>("job", "Of this job, by name or id."),
      field<&RunSelection::states>("states", "In one of these states.").max_items(9),
      field<&RunSelection::trigger>("trigger", "Started by this trigger."),
      field<&RunSelection::queue>("queue", "In this queue."),
      field<&RunSelection::selector>("selector", "Of jobs with these labels.")
          .example("\"team=platform,tier!=test\""),
      field<&RunSelection::created_from>("created_from", "Created at or after this instant."),
      field<&RunSelection::created_until>("created_until", "Created before this instant."));
  return table;
}

const json::StructTable& BackfillSpec::described() {
  static const auto table = json::describe<BackfillSpec>(
      "Backfill", "The fires of a past range, to be made up for.",
      field<&BackfillSpec::job_id>("job_id", "The job.").required(),
      field<&BackfillSpec::schedule_id>("schedule_id", "Only this schedule of it."),
      field<&BackfillSpec::from>("from", "The first instant.").required(),
      field<&BackfillSpec::until>("until", "The end, itself not included.").required(),
      field<&BackfillSpec::overlap>("overlap", "What to do while an earlier run is not finished."),
      field<&BackfillSpec::params>("params", "Values for its runs."));
  return table;
}

const json::StructTable& OperationSpec::described() {
  static const auto table = json::describe<OperationSpec>(
      "OperationSpec", "Work on many runs, to be done little by little.",
      field<&OperationSpec::kind>("kind", "What to do.").required(),
      field<&OperationSpec::selection>("selection", "To which runs."),
      field<&OperationSpec::backfill>("backfill", "Which fires, for a backfill."),
      field<&OperationSpec::reason>("reason", "Why, for those who find it.").max_length(4096));
  return table;
}

const json::StructTable& Operation::described() {
  static const auto table = json::describe<Operation>(
      "Operation", "Work on many runs, and how far it has come.",
      field<&Operation::id>("id", "Its id.").required(),
      field<&Operation::tenant>("tenant", "The tenant that owns it.").required(),
      field<&Operation::spec>("spec", "What was asked for.").required(),
      field<&Operation::state>("state", "Where it stands.").required(),
      field<&Operation::by>("by", "Who asked."),
      field<&Operation::total>("total", "Runs found so far.").required(),
      field<&Operation::done>("done", "Runs dealt with.").required(),
      field<&Operation::skipped>("skipped", "Runs that needed nothing.").required(),
      field<&Operation::detail>("detail", "Where it stands, a sentence."),
      field<&Operation::created_at>("created_at", "When it was asked for.").required(),
      field<&Operation::finished_at>("finished_at", "When it ended."));
  return table;
}

}  // namespace mainspring::model
