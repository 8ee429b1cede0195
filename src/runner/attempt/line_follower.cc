#include "runner/attempt/line_follower.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kReadLimit = 64 << 10;  // per look; what is more waits for the next one

}  // namespace

std::vector<std::string> LineFollower::read(Look look) {
  const std::string bytes = scratch_.read_from(file_, offset_, kReadLimit);
  has_moved_ = !bytes.empty();
  offset_ += static_cast<off_t>(bytes.size());
  rest_ += bytes;
  if (look == Look::last && !rest_.empty()) rest_ += '\n';
  std::vector<std::string> lines;
  std::string_view rest = rest_;
  for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
    lines.emplace_back(rest.substr(0, std::min(end, longest_ + 1)));
    rest.remove_prefix(end + 1);
  }
  rest_.erase(0, rest_.size() - rest.size());
  if (rest_.size() > longest_) rest_.resize(longest_ + 1);  // a line that never ends
  return lines;
}

}  // namespace mainspring::runner
