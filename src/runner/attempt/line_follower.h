// LineFollower: reads the lines that a program appends to a file of its scratch directory, for as
// long as it runs.
//
// The file is looked at every kLookInterval, not watched: closing an inotify watch waits for the
// kernel, longer than a short program takes to run.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "runner/attempt/scratch.h"

namespace mainspring::runner {

inline constexpr base::Duration kLookInterval{500};  // as often as logs are flushed

// Whether the program still runs; when it does not, a last line without a line end counts.
enum class Look { running, last };

class LineFollower {
 public:
  // A line of more than `longest` bytes comes cut, one byte longer than that.
  LineFollower(const Scratch& scratch, const char* file, std::size_t longest)
      : scratch_(scratch), file_(file), longest_(longest) {}

  // The lines completed since the last call.
  std::vector<std::string> read(Look look);

  // Whether the last call found bytes: a sign of life.
  bool has_moved() const { return has_moved_; }

 private:
  const Scratch& scratch_;
  const char* file_;
  const std::size_t longest_;
  off_t offset_ = 0;
  std::string rest_;  // the beginning of a line
  bool has_moved_ = false;
};

}  // namespace mainspring::runner
