#include "runner/command/progress_reader.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kReadLimit = 64 << 10;  // per look; what is more waits for the next one

}  // namespace

std::optional<ProgressLine> ProgressReader::read(Ask ask) {
  const std::string bytes = scratch_.read_from(file_, offset_, kReadLimit);
  has_moved_ = !bytes.empty();
  offset_ += static_cast<off_t>(bytes.size());
  rest_ += bytes;
  if (ask == Ask::final) rest_ += '\n';
  std::optional<ProgressLine> last;
  std::string_view lines = rest_;
  for (std::size_t end = lines.find('\n'); end != lines.npos; end = lines.find('\n')) {
    if (auto line = parse_progress_line(lines.substr(0, end))) last = std::move(line);
    lines.remove_prefix(end + 1);
  }
  rest_.erase(0, rest_.size() - lines.size());
  // A line that never ends is none; what follows its end is read again.
  if (rest_.size() > kProgressLineLimit) rest_.resize(kProgressLineLimit + 1);
  return last;
}

}  // namespace mainspring::runner
