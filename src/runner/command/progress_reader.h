// ProgressReader: follows the file that MAINSPRING_PROGRESS_FILE names.
//
// It is looked at every kProgressInterval while the program runs, not watched: closing an inotify
// watch waits for the kernel, longer than a short program takes to run.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "runner/command/result_protocol.h"
#include "runner/command/scratch.h"

namespace mainspring::runner {

inline constexpr base::Duration kProgressInterval{500};  // as often as logs are flushed

class ProgressReader {
 public:
  ProgressReader(const Scratch& scratch, const char* file) : scratch_(scratch), file_(file) {}

  // The last right line among those completed since the last call. `is_final`: no more will come,
  // so a last line without a line end counts.
  enum class Ask { running, final };
  std::optional<ProgressLine> read(Ask ask);

  // Whether the last call found bytes, right or wrong: a sign of life.
  bool has_moved() const { return has_moved_; }

 private:
  const Scratch& scratch_;
  const char* file_;
  off_t offset_ = 0;
  std::string rest_;  // the beginning of a line
  bool has_moved_ = false;
};

}  // namespace mainspring::runner
