#include "json/codec.h"
#include "store/store.h"

namespace mainspring::store {

using json::field;

const json::StructTable& JobChanged::described() {
  static const auto table =
      json::describe<JobChanged>("JobChanged", "A job was defined, paused, resumed or deleted.",
                                 field<&JobChanged::tenant>("tenant", "Its tenant.").required(),
                                 field<&JobChanged::job_id>("job_id", "The job.").required());
  return table;
}

const json::StructTable& RunsReady::described() {
  static const auto table = json::describe<RunsReady>(
      "RunsReady", "Runs became queued.",
      field<&RunsReady::count>("count", "How many, at least.").required());
  return table;
}

const json::StructTable& DueChanged::described() {
  static const auto table = json::describe<DueChanged>(
      "DueChanged", "Time has something to do at another instant than before.",
      field<&DueChanged::next_due>("next_due", "The instant; absent: nothing to do."));
  return table;
}

const json::StructTable& CancelAsked::described() {
  static const auto table = json::describe<CancelAsked>(
      "CancelAsked", "A run under way was asked to stop.",
      field<&CancelAsked::run_id>("run_id", "The run.").required(),
      field<&CancelAsked::worker_id>("worker_id", "The worker that runs it.").required(),
      field<&CancelAsked::mode>("mode", "How."));
  return table;
}

const json::StructTable& ExtensionGiven::described() {
  static const auto table = json::describe<ExtensionGiven>(
      "ExtensionGiven", "A run under way may take longer.",
      field<&ExtensionGiven::run_id>("run_id", "The run.").required(),
      field<&ExtensionGiven::worker_id>("worker_id", "The worker that runs it.").required(),
      field<&ExtensionGiven::extended_until>("extended_until", "Its timeout ends it at this time.")
          .required());
  return table;
}

const json::StructTable& WorkerOrdered::described() {
  static const auto table = json::describe<WorkerOrdered>(
      "WorkerOrdered", "People told a worker something, or removed it.",
      field<&WorkerOrdered::worker_id>("worker_id", "The worker.").required());
  return table;
}

const json::StructTable& OperationChanged::described() {
  static const auto table = json::describe<OperationChanged>(
      "OperationChanged", "An operation on many runs began, or ended.",
      field<&OperationChanged::id>("id", "The operation.").required());
  return table;
}

const json::StructTable& LogGrew::described() {
  static const auto table =
      json::describe<LogGrew>("LogGrew", "There is more of a log.",
                              field<&LogGrew::run_id>("run_id", "The run.").required());
  return table;
}

const json::StructTable& EventsAdded::described() {
  static const auto table = json::describe<EventsAdded>(
      "EventsAdded", "There are more events.",
      field<&EventsAdded::last_position>("last_position", "Where the last of them stands.")
          .required());
  return table;
}

const json::StructTable& NoticesLost::described() {
  static const auto table =
      json::describe<NoticesLost>("NoticesLost", "Others wrote more than is known of.");
  return table;
}

}  // namespace mainspring::store
