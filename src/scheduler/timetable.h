// Timetable: the scheduler without its thread. It knows when each job is to be planned again, reads
// the schedules of those whose time has come, and has the store write what they become.
//
// A job wakes half to three quarters of a horizon before its next occurrence (spread by a hash of
// its id, so that a million jobs at the full hour are not planned in one second), and is then
// planned a whole horizon ahead: a frequent schedule is planned a few times per horizon, not once
// per fire, and every fire is in the store half a horizon before it is due.
//
// Belongs to one thread. Throws store::Unavailable where the store cannot be read; nothing is lost
// by that, the work is due again.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "env/clock.h"
#include "env/random.h"
#include "plan/occurrences.h"
#include "plan/share.h"
#include "scheduler/wake_queue.h"
#include "store/store.h"

namespace mainspring::scheduler {

// One look at the queue plans so many jobs at most, or so many fires, then due runs are promoted:
// some 30 ms apart, since a fire takes 0.1 ms to write and nothing else is written meanwhile.
inline constexpr std::size_t kJobsPerBatch = 200;
inline constexpr std::size_t kFiresPerBatch = 250;
// A job whose schedule cannot be planned (its time zone has gone, the store refuses the plan) is
// tried again after this, and at once when it is changed.
inline constexpr base::Duration kBadPlanPause = std::chrono::minutes{5};
// Before a plan is repeated that somebody else seems to have made.
inline constexpr base::Duration kReplanPause{1'000};

inline constexpr base::Instant kNoWake = base::Instant::max();

class Timetable {
 public:
  struct Parts {
    store::Writer& writer;
    store::Reads& reads;
    const env::Clock& clock;
    env::Random& random;
    base::Log log;
  };
  struct Settings {
    base::Duration horizon{60'000};
    base::Instant node_started_at;  // @reboot schedules fire for it
  };
  Timetable(Parts parts, const Settings& settings);

  // Jobs that are not in it are others' to plan. All schedules are read again.
  void set_share(plan::Share share);
  // All schedules are read again, a page per plan_some().
  void reload();
  void job_changed(base::JobId job) { changed_.insert(job); }

  // Plans up to kJobsPerBatch jobs whose time has come. Errors: what the store said; the same work
  // is due again.
  base::Result<void> plan_some();

  // When plan_some() has something to do; in the past while there is more to do at once.
  std::optional<base::Instant> next_wake() const;

  // The earliest fire written by plan_some() since the last call.
  std::optional<base::Instant> take_earliest_fire();

  std::size_t job_count() const { return queue_.size(); }

 private:
  // What one look at a job decided: plans for the store, and when to look again.
  struct JobPlan {
    Wake wake;  // at kNoWake: no schedule of the job will fire again
    std::vector<model::SchedulePlan> plans;
  };
  using Batch = std::vector<JobPlan>;

  base::Result<void> load_page();
  base::Result<void> plan_taken(const std::vector<Wake>& taken);
  std::vector<Wake> take_due();
  JobPlan plan_job(const Wake& taken);
  // Adds what the schedule needs now, and brings the wake forward to when it needs more.
  void plan_one(const model::Schedule& schedule, JobPlan& job);
  void add(const model::Schedule& schedule, plan::Planned planned, JobPlan& job);
  base::Instant wake_for(const model::Schedule& schedule, const plan::Planned& planned) const;

  base::Result<void> write(const Batch& batch);
  base::Result<void> write_one_by_one(const Batch& batch);
  base::Result<store::Materialised> materialise(std::span<const JobPlan> jobs);
  void settle(const JobPlan& job, base::Instant not_later_than);

  const Parts parts_;
  const Settings settings_;
  plan::Share share_;
  WakeQueue queue_;
  std::set<base::JobId> changed_;
  std::optional<base::ScheduleId> load_after_;  // set while a reload is under way
  std::optional<base::Instant> earliest_fire_;
};

}  // namespace mainspring::scheduler
