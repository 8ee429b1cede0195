// AttemptGroup: the control group of one attempt with what its job says about resources: whether
// the limits hold, what its log should say about them, and what was used.
//
// Threads: that of the attempt.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "execution/runner.h"
#include "runner/attempt/masked_report.h"
#include "runner/process/cgroup_root.h"

namespace mainspring::runner {

class AttemptGroup {
 public:
  // `root` may be null: a node that was started without. Errors: unsupported: a limit cannot be
  // enforced and the job does not say best_effort; with best_effort the report is told instead.
  static base::Result<AttemptGroup> make(const CgroupRoot* root, const execution::Order& order,
                                         MaskedReport& report);

  Cgroup* group() const { return group_.get(); }  // null: the machine offers none

  // While it runs, now and then; and once when everything has ended.
  void look(MaskedReport& report);
  CgroupUse finish(MaskedReport& report);

 private:
  explicit AttemptGroup(std::int64_t pids_limit) : pids_limit_(pids_limit) {}
  void tell_refused_forks(const CgroupUse& use, MaskedReport& report);

  std::unique_ptr<Cgroup> group_;
  std::int64_t pids_limit_;
  bool has_told_pids_ = false;
};

// "64MiB", "0.5 cores", "20 processes".
std::string limit_text(Limit limit, const model::ResourceSpec& resources);

}  // namespace mainspring::runner
