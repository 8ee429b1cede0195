// Admission: what becomes of a run whose time has come, before a worker may take it. The order:
// its job's pause, the dedupe window, the queue's depth, overlap; then its concurrency key.
// Internal to this module; the writer's thread.
#pragma once

#include <optional>
#include <string>

#include "model/job.h"
#include "sql/moves.h"

namespace mainspring::sql {

enum class Admitted { queued, held, ended };

// `run` is scheduled, and its time has come.
Admitted admit(Core& core, const LiveRun& run, base::Instant now);

// What has become possible or needless by the command under way: buffered runs with nothing in
// their way go on, runs over a limit end or make others end. A bounded amount; the next command
// goes on.
void settle(Core& core, base::Instant now);

// ---- what a job's spec says of a run -------------------------------------------------------

// Queue, needs and concurrency key of a run of this version; `run.priority` stays. Errors:
// invalid_argument (the key's template).
base::Result<void> describe(LiveRun& run, const JobRow& job, const model::JobSpec& spec,
                            const Params& params);
// The same for a run that nobody waits for: a template that fails counts as it is written.
void describe_fire(LiveRun& run, const JobRow& job, const model::JobSpec& spec,
                   const Params& params);

// The text of a key's template for a run with these params; empty: the run has no key of its own.
base::Result<std::string> evaluate_key(const std::string& text, const model::JobSpec& spec,
                                       const Params& params);

// ---- dedupe windows ------------------------------------------------------------------------

// The run that was accepted under this key, while its window lasts.
std::optional<base::RunId> find_duplicate(Core& core, JobKey job, const std::string& key,
                                          base::Instant now);

struct DedupeEntry {
  std::string key;
  base::RunId run;
  base::Instant until;
};
void remember_key(Core& core, JobKey job, const DedupeEntry& entry, base::Instant now);

}  // namespace mainspring::sql
