#include "runner/attempt/progress_reader.h"

namespace mainspring::runner {

std::optional<ProgressLine> ProgressReader::read(Look look) {
  std::optional<ProgressLine> last;
  for (const std::string& text : lines_.read(look)) {
    if (auto line = parse_progress_line(text)) last = std::move(line);
  }
  return last;
}

}  // namespace mainspring::runner
