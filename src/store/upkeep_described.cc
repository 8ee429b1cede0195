// Tables of the commands on queues, calendars, operations and history, and of their replies.

#include "json/codec.h"
#include "store/commands.h"

namespace mainspring::store {

using json::field;

const json::StructTable& PutQueue::described() {
  static const auto table = json::describe<PutQueue>(
      "PutQueue", "Sets the limits of a queue.",
      field<&PutQueue::tenant>("tenant", "The tenant.").required(),
      field<&PutQueue::spec>("spec", "The limits.").required(),
      field<&PutQueue::by>("by", "Who asks."), field<&PutQueue::now>("now", "When.").required());
  return table;
}

const json::StructTable& DeleteQueue::described() {
  static const auto table =
      json::describe<DeleteQueue>("DeleteQueue", "Forgets the limits of a queue.",
                                  field<&DeleteQueue::tenant>("tenant", "The tenant.").required(),
                                  field<&DeleteQueue::name>("name", "The queue.").required(),
                                  field<&DeleteQueue::by>("by", "Who asks."),
                                  field<&DeleteQueue::now>("now", "When.").required());
  return table;
}

const json::StructTable& PauseQueue::described() {
  static const auto table =
      json::describe<PauseQueue>("PauseQueue", "Pauses or resumes a queue.",
                                 field<&PauseQueue::tenant>("tenant", "The tenant.").required(),
                                 field<&PauseQueue::name>("name", "The queue.").required(),
                                 field<&PauseQueue::pause>("pause", "The pause; absent: resume."),
                                 field<&PauseQueue::by>("by", "Who asks."),
                                 field<&PauseQueue::now>("now", "When.").required());
  return table;
}

const json::StructTable& PutCalendar::described() {
  static const auto table =
      json::describe<PutCalendar>("PutCalendar", "Stores a calendar.",
                                  field<&PutCalendar::tenant>("tenant", "The tenant.").required(),
                                  field<&PutCalendar::spec>("spec", "The calendar.").required(),
                                  field<&PutCalendar::by>("by", "Who asks."),
                                  field<&PutCalendar::now>("now", "When.").required());
  return table;
}

const json::StructTable& DeleteCalendar::described() {
  static const auto table = json::describe<DeleteCalendar>(
      "DeleteCalendar", "Removes a calendar that no schedule uses.",
      field<&DeleteCalendar::tenant>("tenant", "The tenant.").required(),
      field<&DeleteCalendar::name>("name", "The calendar.").required(),
      field<&DeleteCalendar::by>("by", "Who asks."),
      field<&DeleteCalendar::now>("now", "When.").required());
  return table;
}

const json::StructTable& PutConnection::described() {
  static const auto table = json::describe<PutConnection>(
      "PutConnection", "Stores a connection.",
      field<&PutConnection::tenant>("tenant", "The tenant.").required(),
      field<&PutConnection::spec>("spec", "The connection.").required(),
      field<&PutConnection::by>("by", "Who asks."),
      field<&PutConnection::now>("now", "When.").required());
  return table;
}

const json::StructTable& DeleteConnection::described() {
  static const auto table = json::describe<DeleteConnection>(
      "DeleteConnection", "Removes a connection that no job uses.",
      field<&DeleteConnection::tenant>("tenant", "The tenant.").required(),
      field<&DeleteConnection::name>("name", "The connection.").required(),
      field<&DeleteConnection::by>("by", "Who asks."),
      field<&DeleteConnection::now>("now", "When.").required());
  return table;
}

const json::StructTable& StartOperation::described() {
  static const auto table = json::describe<StartOperation>(
      "StartOperation", "Begins work on many runs.",
      field<&StartOperation::id>("id", "Its id.").required(),
      field<&StartOperation::tenant>("tenant", "The tenant.").required(),
      field<&StartOperation::spec>("spec", "What to do.").required(),
      field<&StartOperation::by>("by", "Who asks."),
      field<&StartOperation::now>("now", "When.").required());
  return table;
}

const json::StructTable& OperationStarted::described() {
  static const auto table =
      json::describe<OperationStarted>("OperationStarted", "The operation that was begun.",
                                       field<&OperationStarted::id>("id", "Its id.").required());
  return table;
}

const json::StructTable& AdvanceOperation::described() {
  static const auto table = json::describe<AdvanceOperation>(
      "AdvanceOperation", "Does the next piece of an operation.",
      field<&AdvanceOperation::id>("id", "The operation.").required(),
      field<&AdvanceOperation::limit>("limit", "Runs to look at.").required().min(1),
      field<&AdvanceOperation::ids>("ids", "For new runs."),
      field<&AdvanceOperation::fires>("fires", "Of a backfill: its next fires."),
      field<&AdvanceOperation::planned_from>("planned_from", "Where they begin."),
      field<&AdvanceOperation::planned_until>("planned_until", "Where they end."),
      field<&AdvanceOperation::now>("now", "When.").required());
  return table;
}

const json::StructTable& OperationAdvanced::described() {
  static const auto table = json::describe<OperationAdvanced>(
      "OperationAdvanced", "How far an operation has come.",
      field<&OperationAdvanced::state>("state", "Where it stands.").required(),
      field<&OperationAdvanced::done>("done", "Runs dealt with by this piece.").required());
  return table;
}

const json::StructTable& CancelOperation::described() {
  static const auto table = json::describe<CancelOperation>(
      "CancelOperation", "Stops an operation.",
      field<&CancelOperation::tenant>("tenant", "The tenant.").required(),
      field<&CancelOperation::id>("id", "The operation.").required(),
      field<&CancelOperation::by>("by", "Who asks."),
      field<&CancelOperation::now>("now", "When.").required());
  return table;
}

const json::StructTable& TrimHistory::described() {
  static const auto table = json::describe<TrimHistory>(
      "TrimHistory", "Removes what is no longer kept.",
      field<&TrimHistory::defaults>("defaults", "Where a job says nothing.").required(),
      field<&TrimHistory::limit>("limit", "Rows at most.").required().min(1),
      field<&TrimHistory::now>("now", "When.").required(),
      field<&TrimHistory::events_age>("events_age", "How long events are kept."));
  return table;
}

const json::StructTable& HistoryTrimmed::described() {
  static const auto table = json::describe<HistoryTrimmed>(
      "HistoryTrimmed", "What was removed.",
      field<&HistoryTrimmed::runs>("runs", "Runs.").required(),
      field<&HistoryTrimmed::log_chunks>("log_chunks", "Pieces of logs.").required(),
      field<&HistoryTrimmed::occurrences>("occurrences", "Entries of the ledger.").required(),
      field<&HistoryTrimmed::events>("events", "Events.").required(),
      field<&HistoryTrimmed::has_more>("has_more", "Whether there is more to remove.").required());
  return table;
}

const json::StructTable& CheckExpectations::described() {
  static const auto table =
      json::describe<CheckExpectations>("CheckExpectations", "Tells what is late or silent.",
                                        field<&CheckExpectations::now>("now", "When.").required());
  return table;
}

const json::StructTable& ExpectationsChecked::described() {
  static const auto table = json::describe<ExpectationsChecked>(
      "ExpectationsChecked", "What was late or silent.",
      field<&ExpectationsChecked::told>("told", "Events added.").required(),
      field<&ExpectationsChecked::next_due>("next_due", "When to look again."));
  return table;
}

const json::StructTable& RecordPing::described() {
  static const auto table = json::describe<RecordPing>(
      "RecordPing", "A real execution by another scheduler.",
      field<&RecordPing::tenant>("tenant", "The tenant.").required(),
      field<&RecordPing::job_id>("job_id", "The job.").required(),
      field<&RecordPing::started_at>("started_at", "When it started.").required(),
      field<&RecordPing::finished_at>("finished_at", "When it ended."),
      field<&RecordPing::exit_code>("exit_code", "Its exit code."),
      field<&RecordPing::host>("host", "Where."),
      field<&RecordPing::now>("now", "When.").required());
  return table;
}

}  // namespace mainspring::store
