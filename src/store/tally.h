// Tally: what a group of commands did, as facts to count. Unlike a notice it wakes nobody, and
// unlike an event it is kept nowhere: a number is only good for the life of the node.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/job.h"
#include "model/occurrence.h"
#include "model/run.h"

namespace mainspring::store {

struct RunAccepted {
  model::Trigger trigger = model::Trigger::api;
};  // written, to be due now or later
struct RunStarted {
  model::Trigger trigger = model::Trigger::api;
  base::Duration delay{0};  // since it was due
};  // its first attempt was claimed
struct AttemptEnded {
  model::OutcomeStatus status = model::OutcomeStatus::success;
  base::Duration took{0};
};
struct RunRetried {};  // an attempt ended, another will follow
struct RunEnded {
  model::RunState state = model::RunState::succeeded;
};
struct OccurrencesEnded {
  model::Ending ending = model::Ending::ran;
  std::int64_t count = 1;
};
using Fact =
    std::variant<RunAccepted, RunStarted, AttemptEnded, RunRetried, RunEnded, OccurrencesEnded>;

struct Tally {
  std::vector<Fact> facts;           // of the commands that succeeded; none where the group failed
  std::int64_t commands = 0;         // all of the group
  std::chrono::nanoseconds took{0};  // the transaction, until it was on disk
  bool is_durable = true;            // else nothing of the group happened
};

// Called on a thread of the writer's for every group, one after another, before anybody is
// answered: count and return. Must not throw.
using Observer = std::function<void(const Tally&)>;

}  // namespace mainspring::store
