#include "runner/script/install_report.h"

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kTail = 4 << 10;  // more is in the log
constexpr int kLastLines = 8;

}  // namespace

void InstallReport::output(model::LogStream stream, std::string_view bytes) {
  to_.output(model::LogStream::system, bytes);
  if (stream == model::LogStream::system) return;  // a note
  tail_ += bytes;
  if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
}

void InstallReport::progress(double fraction, std::string_view message) {
  to_.progress(fraction, message);
}

void InstallReport::note(std::string_view sentence) {
  to_.output(model::LogStream::system, fmt::format("[{}]\n", sentence));
}

std::string InstallReport::last_lines() const {
  std::string lines;
  std::string_view rest = tail_;
  for (int count = 0; !rest.empty() && count < kLastLines;) {
    const std::size_t begin = rest.rfind('\n') + 1;  // 0 where there is none
    const std::string_view line = rest.substr(begin);
    rest = rest.substr(0, begin == 0 ? 0 : begin - 1);
    if (line.empty() || !base::is_utf8(line)) continue;
    lines.insert(0, fmt::format("\n{}", line));
    ++count;
  }
  if (!lines.empty()) lines.erase(0, 1);
  return lines;
}

}  // namespace mainspring::runner
