// Placing: which worker a run goes to. Workers ask for runs, so each question is whether the one
// that asks should take the run or leave it to another.
//
// - It takes only what it has the labels and the room for.
// - Where workers with room are better (fewer attempts of a job that spreads, then higher
//   preferences), it leaves the run to them, for kPatience: delay scheduling (Zaharia et al. 2010).
// - A run for which nobody has room is waited for by one worker, the one that lacks the least: that
//   takes nothing else until the run fits, so that small ones do not keep it out for ever. The
//   others go on.
//
// Belongs to the writer's thread. Pure: `now` comes in. Internal to this module.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/worker.h"
#include "sql/live_index.h"

namespace mainspring::sql {

struct WorkerRow {
  WorkerKey key = 0;
  base::WorkerId id;
  std::string name;
  model::WorkerState state = model::WorkerState::online;
  std::int64_t slots = 1;
  std::map<std::string, std::string> labels;
  Take has;  // cpu and memory of 0 are not known, and not counted
  bool is_remote = false;
  bool is_cordoned = false;
  std::optional<base::Instant> drain_until;

  bool takes_runs() const { return state == model::WorkerState::online && !is_cordoned; }
};
using Workers = std::map<WorkerKey, WorkerRow>;

Take take_of(const model::ResourceSpec& resources);
Take take_of(const model::WorkerResources& resources);
model::WorkerResources resources_of(const Take& take);

WishRef wish_of(const model::PlacementSpec& placement, JobKey job);

// Whether the worker could take it with nothing else to do.
bool fits(const Needs& needs, const WorkerRow& worker);
bool has_room(const Needs& needs, const WorkerRow& worker, const Use& use);
// What it lacks, each as words: "8 slots (it has 4)", "zone in (eu-1)"; none: it fits.
std::vector<std::string> misfits(const Needs& needs, const WorkerRow& worker);
// What is used up of a worker that fits: "slots", "cpu", "memory" or "gpus"; "": nothing.
std::string_view scarce(const Needs& needs, const WorkerRow& worker, const Use& use);

// Since when runs were left to better workers. Nothing that must be kept: who starts anew is
// patient anew.
using LeftSince = std::unordered_map<base::RunId, base::Instant>;

// How long a run is left to others. They hear of it at once; who has not taken it by then does not
// work as it says.
inline constexpr base::Duration kPatience = std::chrono::seconds{2};

// The questions of one claim.
class Placing {
 public:
  struct Parts {
    const Workers& workers;  // all that are present
    const LiveIndex& live;
    LeftSince& left;
  };
  // `free_slots`: of the worker, as it says itself.
  Placing(const Parts& parts, const WorkerRow& asking, std::int64_t free_slots, base::Instant now)
      : parts_(parts), asking_(asking), free_slots_(free_slots), now_(now) {}

  Verdict judge(const Needs& needs, const ReadyKey& head);
  // The asking worker takes it; call it before the index knows.
  void note_taken(const Needs& needs, base::RunId run);

  std::int64_t free_slots() const { return free_slots_; }
  // When the patience with a run that was left ends: worth asking again.
  std::optional<base::Instant> next_look() const { return next_look_; }

 private:
  using Score = std::pair<std::int64_t, int>;  // less is better
  using Places = std::map<std::string_view, std::int64_t>;

  Use use_of(const WorkerRow& worker) const;
  bool is_candidate(const WorkerRow& worker, const Needs& needs) const;
  bool is_better_elsewhere(const Needs& needs) const;
  bool has_room_elsewhere(const Needs& needs) const;
  bool lacks_least(const Needs& needs) const;
  bool is_impatient(base::RunId run);
  Places count_places(const Wish& wish) const;
  Score score(const Wish& wish, const WorkerRow& worker, const Places& places) const;

  const Parts parts_;
  const WorkerRow& asking_;
  std::int64_t free_slots_;
  const base::Instant now_;
  std::optional<base::Instant> next_look_;
};

}  // namespace mainspring::sql
