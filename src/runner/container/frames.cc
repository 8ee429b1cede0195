#include "runner/container/frames.h"

#include <algorithm>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

constexpr auto kNoFrame = base::Code::invalid_argument;

std::optional<FrameStream> find_stream(unsigned char byte) {
  switch (byte) {
    case 0:  // stdin: what a terminal would echo; engines send it as output
    case 1:
      return FrameStream::out;
    case 2:
      return FrameStream::err;
    case 3:
      return FrameStream::engine;
    default:
      return std::nullopt;
  }
}

}  // namespace

base::Result<void> FrameParser::feed(std::string_view bytes, const Sink& sink) {
  if (is_broken_) return base::fail(kNoFrame, "the engine's stream was broken before");
  while (!bytes.empty()) {
    if (left_ > 0) {
      const std::string_view piece = bytes.substr(0, left_);
      bytes.remove_prefix(piece.size());
      left_ -= static_cast<std::uint32_t>(piece.size());
      sink(stream_, piece);
      continue;
    }
    const std::size_t count = std::min(bytes.size(), header_.size() - header_size_);
    std::copy_n(bytes.begin(), count, header_.begin() + static_cast<std::ptrdiff_t>(header_size_));
    header_size_ += count;
    bytes.remove_prefix(count);
    if (header_size_ < header_.size()) break;
    if (auto read = read_header(); !read) return read;
  }
  return {};
}

base::Result<void> FrameParser::read_header() {
  header_size_ = 0;
  const auto stream = find_stream(header_[0]);
  if (!stream || header_[1] != 0 || header_[2] != 0 || header_[3] != 0) {
    is_broken_ = true;
    return base::fail(kNoFrame,
                      fmt::format("the engine sent no frame, but the bytes {:02x} {:02x} {:02x} "
                                  "{:02x}",
                                  header_[0], header_[1], header_[2], header_[3]));
  }
  stream_ = *stream;
  left_ = std::uint32_t{header_[4]} << 24 | std::uint32_t{header_[5]} << 16 |
          std::uint32_t{header_[6]} << 8 | std::uint32_t{header_[7]};
  return {};
}

}  // namespace mainspring::runner
