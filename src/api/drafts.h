// From the body of a request to the commands that store definitions.
#pragma once

#include "api/call.h"
#include "model/manifest.h"
#include "store/commands.h"

namespace mainspring::api {

// The body as a manifest that this build can carry out. Errors: those of parse_manifest(),
// unsupported.
base::Result<model::Manifest> read_manifest(const Call& call);

// Errors: unsupported, with every feature that this build lacks.
base::Result<void> check_supported(std::span<const model::JobSpec> specs);

// With fresh ids, for a name that may be new.
store::JobDraft make_draft(const env::Clock& clock, env::Random& random, model::JobSpec spec);
store::JobDraft make_draft(const Call& call, model::JobSpec spec);

// One job as `job` names it becomes `spec`.
store::ApplyJobs make_change(const Call& call, model::JobSpec spec,
                             std::optional<std::int64_t> if_version);

// For the `settle` of a command: what the schedules of a job have come to by now.
std::vector<model::SchedulePlan> settle_job(const Call& call, base::JobId id);

// After a command: a reader's thread answers with the job as it stands now.
void answer_job_later(Call& call, base::JobId id);

}  // namespace mainspring::api
