// Chunked transfer coding, both ways.
//
// Source: RFC 9112, section 7.1. Extensions are ignored, trailers are read and dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "http/message.h"

namespace mainspring::http {

// Reads one chunked body. The result does not depend on how the bytes were split.
class ChunkReader {
 public:
  // Appends what it decodes to `body`; returns how many bytes of `bytes` it took, which is all of
  // them unless the body ended. Errors: 400, 413, 431; the reader is of no use after one.
  std::expected<std::size_t, Refusal> read(std::string_view bytes, std::string& body,
                                           const Limits& limits);
  bool done() const { return state_ == State::done; }

 private:
  enum class State : std::uint8_t { size_line, content, content_end, trailer, done };

  std::expected<void, Refusal> end_line(std::size_t body_size, const Limits& limits);
  std::expected<void, Refusal> begin_chunk(std::size_t body_size, const Limits& limits);

  State state_ = State::size_line;
  std::string line_;  // the line being read, with its CR
  std::uint64_t chunk_left_ = 0;
  std::size_t trailer_bytes_ = 0;
};

void append_chunk(std::string& out, std::string_view bytes);  // of no bytes: nothing
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace mainspring::http
