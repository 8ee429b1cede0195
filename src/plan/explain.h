// Why an occurrence ended as it did, or did not happen at all, and why a run stands where it
// stands: a chain of sentences for a person, the first one the answer. What `jobctl why`, the API
// and the UI show.
//
// Pure. The texts are for reading; nothing parses them. No line repeats what another one says.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/durations.h"
#include "model/job.h"
#include "model/occurrence.h"
#include "model/run.h"

namespace mainspring::plan {

struct SlotUse {
  int busy = 0;
  int all = 0;  // of the workers that are online
};

// What is known around a question. What is absent is left out of the answer.
struct Facts {
  base::Instant now;
  SlotUse slots = {};
  const model::Schedule* schedule = nullptr;        // of the occurrence; null: retired since
  const model::JobVersion* replaced_by = nullptr;   // the version that retired it
  const model::Occurrence* occurrence = nullptr;    // that the run was fired for
  const model::Run* run = nullptr;                  // that the occurrence names
  std::span<const model::Obstacle> obstacles = {};  // of the run
  const model::ExpectSpec* expect = nullptr;        // of the run's version of the job
  std::optional<model::TypicalRun> typical = {};    // of the run's job
  std::optional<model::SuccessWatch> watch = {};    // of the job
};

using Lines = std::vector<std::string>;

// "2026-03-29T02:30:00 Europe/Berlin: skipped, because the clock jumped from 02:00 to 03:00
// (dst.gap: skip)". Covers every ending, ranges, and occurrences without an ending; the run's own
// lines follow.
Lines explain(const model::Occurrence& occurrence, const Facts& facts);

// "run_0190...: queued since 2026-01-01T10:00:01.003Z; it waits for a slot: 4 of 4 are busy".
Lines explain_run(const model::Run& run, const Facts& facts);

// The job's next fire, or why there is none; then its newest run, which is `facts.run`.
Lines explain_job(const model::Job& job, std::span<const model::Schedule> schedules,
                  const Facts& facts);

// That nobody does what time does, where no node of the store may plan.
std::string no_scheduler_words();

// For an instant that no row of the ledger covers: whether it is still to come, else the nearest
// occurrences of the job's schedules before and after it.
std::string explain_missing(std::span<const model::Schedule> schedules, base::Instant at);

}  // namespace mainspring::plan
