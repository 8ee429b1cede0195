// Internal: a fixed set of intervals, each with a note, for the question what covers a point and
// what lies around it.
//
// Immutable; any thread. Each question costs a binary search, and a step for each interval that
// overlaps the one found.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mainspring::plan {

struct Interval {
  std::chrono::seconds begin;
  std::chrono::seconds end;  // [begin, end), not empty
  std::string note;
};

class IntervalSet {
 public:
  explicit IntervalSet(std::vector<Interval> intervals);

  // Of those that hold the point, the one that begins last; null where none does.
  const Interval* find_covering(std::chrono::seconds point) const;

  // The latest end at or before, and the earliest begin after, a point that none covers.
  std::optional<std::chrono::seconds> last_end(std::chrono::seconds point) const;
  std::optional<std::chrono::seconds> next_begin(std::chrono::seconds point) const;

 private:
  std::size_t count_begun(std::chrono::seconds point) const;

  std::vector<Interval> intervals_;         // by begin
  std::vector<std::chrono::seconds> ends_;  // ends_[i] is the latest of intervals 0 to i
};

}  // namespace mainspring::plan
