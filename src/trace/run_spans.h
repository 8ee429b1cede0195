// The spans of a run, from what the store knows of it once it, or an attempt of it, has ended.
#pragma once

#include <optional>
#include <vector>

#include "model/run.h"
#include "trace/span.h"

namespace mainspring::trace {

// From when it was first due to its end. Absent while it goes on, and where its trace is not
// recorded.
std::optional<Span> make_run_span(const model::Run& run, const Policy& policy);

// Under the run's. Absent where there is no such attempt, while it goes on, and where the trace is
// not recorded.
std::optional<Span> make_attempt_span(const model::Run& run, int number, const Policy& policy);

inline constexpr std::size_t kAttributeLimit = 1'024;  // bytes of a text; longer ones are cut

}  // namespace mainspring::trace
