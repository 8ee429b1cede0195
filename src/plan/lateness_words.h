// What is said of a run that is late or probably will be, and of a job that should have succeeded.
// Internal to this module; pure.
#pragma once

#include <string>

#include "plan/explain.h"

namespace mainspring::plan {

// Nothing for a run that meets what facts.expect says, and for one that an operation made.
Lines lateness_words(const model::Run& run, const Facts& facts);

// "a success is expected by 2026-01-02T11:00:00.000Z (expect.every: 1d1h)".
std::string watch_words(const model::SuccessWatch& watch, base::Instant now);

}  // namespace mainspring::plan
