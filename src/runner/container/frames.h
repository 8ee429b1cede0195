// FrameParser: what a container writes, out of the frames in which an engine carries both of its
// streams over one connection. However the bytes were cut on the way, each stream comes out byte
// for byte, and in its own order; between the two there is none.
//
// A frame is a byte for the stream, three zeros, the length of the payload (32 bits, big-endian),
// and the payload. Nothing of a payload is kept: pieces are passed on as they come.
//
// Pure. Threads: one owner. Errors: invalid_argument, for bytes that are no frame; what comes after
// them means nothing, and the parser takes no more.
// Source: Docker Engine API, "Attach to a container", "Stream format".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/error.h"

namespace mainspring::runner {

enum class FrameStream {
  out,
  err,
  engine,  // a message of the engine's own about this connection, such as why it ends it
};

class FrameParser {
 public:
  using Sink = std::function<void(FrameStream, std::string_view)>;

  base::Result<void> feed(std::string_view bytes, const Sink& sink);

  // Whether the bytes so far end with a whole frame.
  bool is_whole() const { return left_ == 0 && header_size_ == 0; }

 private:
  base::Result<void> read_header();

  std::array<unsigned char, 8> header_{};
  std::size_t header_size_ = 0;
  std::uint32_t left_ = 0;  // bytes of the payload that are still to come
  FrameStream stream_ = FrameStream::out;
  bool is_broken_ = false;
};

}  // namespace mainspring::runner
