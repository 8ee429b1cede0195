// ProgressReader: follows the file that MAINSPRING_PROGRESS_FILE names.
#pragma once

#include <optional>

#include "runner/attempt/line_follower.h"
#include "runner/attempt/result_protocol.h"

namespace mainspring::runner {

class ProgressReader {
 public:
  ProgressReader(const Scratch& scratch, const char* file)
      : lines_(scratch, file, kProgressLineLimit) {}

  // The last right line among those completed since the last call.
  std::optional<ProgressLine> read(Look look);

  // Whether the last call found bytes, right or wrong: a sign of life.
  bool has_moved() const { return lines_.has_moved(); }

 private:
  LineFollower lines_;
};

}  // namespace mainspring::runner
