// EndingWriter: gives every instant of a stretch of time that becomes no fire its ending. Internal
// to plan.
//
// Belongs to one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "cron/occurrence.h"
#include "model/occurrence.h"
#include "plan/gate.h"
#include "plan/timeline.h"

namespace mainspring::plan {

// How instants ended.
struct Verdict {
  model::Ending ending = model::Ending::missed_expired;
  std::string detail;
  std::optional<base::RunId> run_id;
};

// Without a verdict the instants that the gate lets through are fires, and only the others end.
struct Segment {
  cron::Period period;
  std::optional<Verdict> verdict;
};

// The part of a period within another; one that ends where it begins when there is none.
cron::Period overlap_of(const cron::Period& period, const cron::Period& bounds);

class EndingWriter {
 public:
  EndingWriter(const Timeline& line, const Gate& gate, std::vector<model::PlannedEnding>& rows)
      : line_(line), gate_(gate), rows_(rows) {}

  // The newest kEndingsPerPlan instants get a row each, so write the newest segment first; older
  // ones share one row for each stretch that the gate treats alike.
  void write(const Segment& segment);

  bool is_exact() const { return is_exact_; }  // false: some count is a lower bound

 private:
  base::Instant begin_of_alike(const Stretch& stretch, base::Instant bound);
  void write_alike(const cron::Period& period, const Verdict& verdict);
  void write_range(const cron::Period& period, const Verdict& verdict);

  const Timeline& line_;
  const Gate& gate_;
  std::vector<model::PlannedEnding>& rows_;
  std::size_t listed_ = 0;
  std::size_t stretches_ = 0;
  bool is_exact_ = true;
};

}  // namespace mainspring::plan
