// One function per command: what it means in SQL and in the live index. Each runs inside a
// savepoint that its failure takes back. Internal to this module; the writer's thread.
#pragma once

#include "base/error.h"
#include "sql/core.h"
#include "store/commands.h"

namespace mainspring::sql {

base::Result<store::JobsApplied> apply(Core& core, const store::ApplyJobs& command);
base::Result<store::Done> apply(Core& core, const store::PauseJob& command);
base::Result<store::Done> apply(Core& core, const store::ResumeJob& command);
base::Result<store::Done> apply(Core& core, const store::DeleteJob& command);

base::Result<store::Done> apply(Core& core, const store::PutQueue& command);
base::Result<store::Done> apply(Core& core, const store::DeleteQueue& command);
base::Result<store::Done> apply(Core& core, const store::PauseQueue& command);

base::Result<store::Done> apply(Core& core, const store::PutCalendar& command);
base::Result<store::Done> apply(Core& core, const store::DeleteCalendar& command);

base::Result<store::Done> apply(Core& core, const store::PutConnection& command);
base::Result<store::Done> apply(Core& core, const store::DeleteConnection& command);

base::Result<store::RunsSubmitted> apply(Core& core, const store::SubmitRuns& command);
base::Result<store::RunCancelled> apply(Core& core, const store::CancelRun& command);
base::Result<store::Done> apply(Core& core, const store::ExtendRun& command);

base::Result<store::OperationStarted> apply(Core& core, const store::StartOperation& command);
base::Result<store::OperationAdvanced> apply(Core& core, const store::AdvanceOperation& command);
base::Result<store::Done> apply(Core& core, const store::CancelOperation& command);

base::Result<store::HistoryTrimmed> apply(Core& core, const store::TrimHistory& command);
base::Result<store::ExpectationsChecked> apply(Core& core, const store::CheckExpectations& command);
base::Result<store::Done> apply(Core& core, const store::RecordPing& command);

base::Result<store::Materialised> apply(Core& core, const store::Materialise& command);
base::Result<store::DueState> apply(Core& core, const store::PromoteDue& command);

base::Result<store::RunsClaimed> apply(Core& core, const store::ClaimRuns& command);
base::Result<store::LeasesRenewed> apply(Core& core, const store::RenewLeases& command);
base::Result<store::Done> apply(Core& core, const store::AppendLog& command);
base::Result<store::Done> apply(Core& core, const store::ReportProgress& command);
base::Result<store::AttemptFinished> apply(Core& core, const store::FinishAttempt& command);
base::Result<store::DueState> apply(Core& core, const store::ExpireLeases& command);

base::Result<store::Done> apply(Core& core, const store::RegisterWorker& command);
base::Result<store::Done> apply(Core& core, const store::SetWorkerState& command);
base::Result<store::Done> apply(Core& core, const store::OrderWorker& command);
base::Result<store::Done> apply(Core& core, const store::RemoveWorker& command);
base::Result<store::Done> apply(Core& core, const store::PutJoinToken& command);
base::Result<store::Done> apply(Core& core, const store::DeleteJoinToken& command);
base::Result<store::WorkerJoined> apply(Core& core, const store::JoinWorker& command);
base::Result<store::Done> apply(Core& core, const store::PutToken& command);
base::Result<store::Done> apply(Core& core, const store::DeleteToken& command);
base::Result<store::Done> apply(Core& core, const store::RecordBackup& command);
base::Result<store::NodesKnown> apply(Core& core, const store::RegisterNode& command);
base::Result<store::NodesKnown> apply(Core& core, const store::NodeHeartbeat& command);
base::Result<store::Done> apply(Core& core, const store::RemoveNode& command);

// Of Materialise, and of the commands that settle schedules before they change them.
store::Materialised materialise(Core& core, const std::vector<model::SchedulePlan>& plans,
                                base::Instant now);
// Tells a fact about a worker, unless its node is known, which tells its own.
struct WorkerFact {
  std::string_view type;  // "node.joined"
  base::WorkerId id;
  std::string name;
  base::Instant now;
};
void tell(Core& core, const WorkerFact& fact);
// It is not heard of any more.
void give_up_worker(Core& core, base::WorkerId id, base::Instant now);
// Shared by PromoteDue and ClaimRuns.
store::DueState promote_due(Core& core, base::Instant now);

}  // namespace mainspring::sql
