// One attempt, from a claimed run to the report of its outcome. Internal to worker.
//
// Threads: runs wholly on its slot's thread.
#pragma once

#include <string>

#include "model/run.h"
#include "trace/context.h"
#include "worker/desk.h"

namespace mainspring::worker {

// The order that a runner gets for a claimed run, with the run's values in its spec. Errors: an
// expression that cannot be evaluated, as model::resolve() says it.
base::Result<execution::Order> make_order(const store::ClaimedRun& claimed,
                                          const trace::Policy& policy = {});

// Runs it, ships its output, then reports its outcome for as long as the lease lives. Never throws.
void work(Desk& desk, const Assignment& assignment);

}  // namespace mainspring::worker
