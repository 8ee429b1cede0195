// Why an occurrence ended as it did, or did not happen at all, in sentences for a person: what
// `jobctl why nightly-backup@2026-03-29T02:30`, the API and the UI show.
//
// Pure. The texts are for reading; nothing parses them.
#pragma once

#include <span>
#include <string>

#include "base/time.h"
#include "model/occurrence.h"
#include "model/run.h"

namespace mainspring::plan {

struct SlotUse {
  int busy = 0;
  int all = 0;  // of the workers that are online
};

// What is known around an occurrence. The pointers may be null: the sentence then says less.
struct Surroundings {
  base::Instant now;
  const model::Schedule* schedule = nullptr;  // null: retired since
  const model::RunSummary* run = nullptr;     // that it became, or was coalesced into
  SlotUse slots;
};

// "2026-03-29T02:30:00 Europe/Berlin: skipped, because the clock jumped from 02:00 to 03:00
// (dst.gap: skip)". Covers every ending, ranges, and occurrences without an ending.
std::string explain(const model::Occurrence& occurrence, const Surroundings& around);

// "run_0190...: queued since 2026-01-01T10:00:01.003Z, waiting for a slot: 4 of 4 slots are busy".
std::string explain_run(const model::RunSummary& run, const SlotUse& slots);

// For an instant that no row of the ledger covers: names the nearest occurrences of the job's
// schedules before and after it.
std::string explain_missing(std::span<const model::Schedule> schedules, base::Instant at);

}  // namespace mainspring::plan
